// Casts, and the modifiers of types that they apply.
#pragma once

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints casts. One thread, made where it is used. A refusal for casts that neither DuckDB nor an
/// adapter makes as PostgreSQL does.
class CastPrinter {
 public:
  explicit CastPrinter(Printing& printing) : printing_(printing), exprs_(printing) {}

  Result<Text> Print(const Expr& cast);

 private:
  /// Without the modifier.
  Result<Text> PrintUnmodified(const Expr& cast);
  /// From or to numeric, if `*handled`.
  Result<Text> PrintNumeric(const Expr& cast, bool* handled);
  Result<Text> PrintBinary(const Expr& cast);
  Result<Text> PrintArray(const Expr& cast);
  Result<Text> PrintThroughText(const Expr& cast);

  Printing& printing_;
  ExprPrinter exprs_;
};

}  // namespace omen::sql::duckdb
