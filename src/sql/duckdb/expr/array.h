// Arrays, which are lists in DuckDB, and sets of rows made of lists.
#pragma once

#include <string>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints lists. One thread, made where it is used. It refuses what DuckDB's lists are not: of
/// several dimensions, or with a first index other than 1.
class ArrayPrinter {
 public:
  explicit ArrayPrinter(Printing& printing) : printing_(printing), exprs_(printing) {}

  Result<Text> PrintArray(const Expr& expr);
  Result<Text> PrintSubscript(const Expr& expr);
  Result<Text> PrintSlice(const Expr& expr);
  /// Set-returning call as a list: unnest() of it gives the rows.
  Result<Text> PrintSetAsList(const Expr& call);
  /// generate_series over integers as DuckDB's own; empty for other calls.
  Result<std::string> PrintSeries(const Expr& call);

 private:
  Printing& printing_;
  ExprPrinter exprs_;
};

}  // namespace omen::sql::duckdb
