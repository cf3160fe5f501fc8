// Membership and queries inside expressions: IN lists, ANY and ALL, EXISTS, scalar subqueries.
#pragma once

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Is a query printed for the expression, or for a part of it?
bool PrintsQuery(const Expr& expr);

/// Prints comparisons of a value with several, and queries as values. One thread, made where it is
/// used. It refuses operators and types that DuckDB compares otherwise.
class MembershipPrinter {
 public:
  explicit MembershipPrinter(Printing& printing) : printing_(printing), exprs_(printing) {}

  Result<Text> PrintInList(const Expr& expr);
  Result<Text> PrintAnyAll(const Expr& expr);
  /// As a value, EXISTS, or ARRAY().
  Result<Text> PrintSubquery(const Expr& expr);
  Result<Text> PrintInSubquery(const Expr& expr);

 private:
  /// ANY or ALL over an array as one over a query.
  Result<Text> PrintUnnested(const Expr& expr);
  Result<QueryText> PrintComparedQuery(const Query& query);
  Result<Text> PrintRowInSubquery(const Expr& expr);

  Printing& printing_;
  ExprPrinter exprs_;
};

}  // namespace omen::sql::duckdb
