// GROUP BY and GROUPING().
#pragma once

#include <string>
#include <vector>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints what one SELECT is grouped by, and keeps it in its level. One thread, used once. A
/// refusal for keys that DuckDB would merge, or whose equal values it does not find.
class GroupPrinter {
 public:
  GroupPrinter(Printing& printing, Level& level)
      : exprs_(printing), query_(*level.query), level_(level) {}

  /// " GROUP BY ..." or empty.
  Result<std::string> Print();

 private:
  Status PrintKey(const Expr& expr);

  ExprPrinter exprs_;
  const Query& query_;
  Level& level_;
  std::vector<Text> keys_;  // printed so far
};

}  // namespace omen::sql::duckdb
