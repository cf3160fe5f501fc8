// Truth: the conditions of WHERE, ON and HAVING, connectives and tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// While it plans, the engine compares each condition of a list with all others, and no cancel
/// reaches it there: of a long list it is shown some, and the rest within calls that it does not
/// look into.
std::string JoinConditions(const std::vector<std::string>& parts, std::string_view separator);

/// Prints what is true, false or null at the current level. One thread, made where it is used; it
/// refuses what the expressions in it refuse.
class ConditionPrinter {
 public:
  explicit ConditionPrinter(Printing& printing) : printing_(printing), exprs_(printing) {}

  /// A whole WHERE, ON or HAVING, where null counts as false.
  Result<std::string> Print(const Expr& condition);
  /// AND, OR and NOT inside an expression.
  Result<Text> PrintBoolean(const Expr& expr);
  /// IS NULL and its like, IS DISTINCT FROM.
  Result<Text> PrintTest(const Expr& expr);

 private:
  Result<std::string> PrintConjunct(const Expr& conjunct);
  bool JoinsPlainly(const Expr& conjunct) const;

  Printing& printing_;
  ExprPrinter exprs_;
};

}  // namespace omen::sql::duckdb
