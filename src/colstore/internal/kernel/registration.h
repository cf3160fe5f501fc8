// Adds our functions to an opened engine (types/column_functions.h lists them).
#pragma once

#include "duckdb.hpp"
#include "duckdb/function/function.hpp"

namespace omen::colstore {

void RegisterRowSource(duckdb::DatabaseInstance& database);
/// i of what omen_rows(i) was bound to; -1 for another function's.
int RowSourceIndex(const duckdb::FunctionData* binding);
void RegisterScalarAdapters(duckdb::DatabaseInstance& database);
void RegisterAggregateAdapters(duckdb::DatabaseInstance& database);
void RegisterNumericFunctions(duckdb::DatabaseInstance& database);
void RegisterMomentAggregates(duckdb::DatabaseInstance& database);
void RegisterNumericAggregates(duckdb::DatabaseInstance& database);
void RegisterArithmetic(duckdb::DatabaseInstance& database);

}  // namespace omen::colstore
