// What a query gives out: its columns, and how many rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints the targets and the LIMIT of a SELECT or a set operation. One thread, used once. Fails
/// with PostgreSQL's error for a negative LIMIT.
class OutputPrinter {
 public:
  OutputPrinter(Printing& printing, const Query& query) : exprs_(printing), query_(query) {}

  /// The items, and their forms; no text.
  Result<QueryText> PrintTargets(std::vector<std::string>* items);
  /// " LIMIT ... OFFSET ..." or parts of it.
  Result<std::string> PrintLimit();
  /// LIMIT's and OFFSET's numbers; empty for none.
  Result<std::string> PrintCount();
  Result<std::string> PrintSkip();

 private:
  Result<std::string> PrintBound(const ExprPtr& bound, SqlState negative, std::string_view clause);

  ExprPrinter exprs_;
  const Query& query_;
};

}  // namespace omen::sql::duckdb
