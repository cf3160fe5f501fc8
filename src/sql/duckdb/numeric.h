// The two carriers of numeric in generated SQL: DECIMAL where it is exact, the variable-scale
// BLOB elsewhere.
#pragma once

#include <string>

#include "sql/duckdb/text.h"
#include "types/type.h"

namespace omen::sql::duckdb {

/// The widest DECIMAL, and the widest that DuckDB computes in 64 bits.
inline constexpr int kMaxWidth = 38;
inline constexpr int kNarrowWidth = 18;

std::string DecimalType(int width, int scale);
/// The form in which a stored column or adapter result of the type arrives.
NumericForm FormOf(Type type);
/// The display scale of a value in this form, as SQL; not of a BLOB.
std::string ScaleOf(const NumericForm& form);

}  // namespace omen::sql::duckdb
