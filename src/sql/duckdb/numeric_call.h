// Functions and operators of numerics.
#pragma once

#include <vector>

#include "sql/duckdb/expr.h"

namespace omen::sql::duckdb {

/// Prints calls whose arguments are numeric. One thread, made where it is used; it refuses what the
/// arguments refuse.
class NumericCallPrinter {
 public:
  explicit NumericCallPrinter(Printing& printing) : printing_(printing), exprs_(printing) {}

  /// `*handled` says whether it is one of those.
  Result<Text> Print(const Expr& call, bool* handled);

 private:
  Printing& printing_;
  ExprPrinter exprs_;
};

}  // namespace omen::sql::duckdb
