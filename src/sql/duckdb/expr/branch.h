// Expressions that choose one of several values: CASE, COALESCE, GREATEST, LEAST, NULLIF.
#pragma once

#include <vector>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints one choice between values. One thread, made where it is used. It refuses branches that
/// DuckDB would evaluate where PostgreSQL does not, and values without an order that shows.
class BranchPrinter {
 public:
  explicit BranchPrinter(Printing& printing) : printing_(printing), exprs_(printing) {}

  Result<Text> PrintCase(const Expr& expr);
  Result<Text> PrintCoalesce(const Expr& expr);
  /// GREATEST and LEAST.
  Result<Text> PrintExtreme(const Expr& expr);
  Result<Text> PrintNullIf(const Expr& expr);

 private:
  Printing& printing_;
  ExprPrinter exprs_;
};

}  // namespace omen::sql::duckdb
