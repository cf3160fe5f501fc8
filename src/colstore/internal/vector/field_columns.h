// The engine's vectors as fields of rows.
#pragma once

#include <memory>

#include "duckdb.hpp"
#include "types/field_rows.h"

namespace omen::colstore {

/// The vector, which must outlive it, as a column of a PostgreSQL type. Throws to the engine (or
/// into GuardEngine) as VectorReader does: values that need not fit are read at once.
std::unique_ptr<FieldColumn> MakeFieldColumn(duckdb::Vector& vector, duckdb::idx_t count,
                                             Type type);

}  // namespace omen::colstore
