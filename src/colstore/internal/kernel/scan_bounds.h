// What the engine tells a scan of its columns, as bounds of our values.
#pragma once

#include <vector>

#include "colstore/colstore.h"
#include "duckdb.hpp"
#include "duckdb/planner/table_filter.hpp"

namespace omen::colstore {

/// `columns`: those that the filters number, as indexes into `types`. Only of types whose values
/// are equal and ordered in the engine just as they are in keys; what else the filters ask is left
/// to the steps above the scan.
std::vector<ColumnBound> BoundsOf(const duckdb::TableFilterSet& filters,
                                  const duckdb::vector<duckdb::column_t>& columns,
                                  const std::vector<Type>& types);

}  // namespace omen::colstore
