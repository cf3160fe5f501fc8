// SELECT without set operations.
#pragma once

#include <string>
#include <vector>

#include "sql/duckdb/query/output.h"

namespace omen::sql::duckdb {

/// Prints the SELECT of a level. One thread, used once. A refusal for clauses that DuckDB answers
/// otherwise.
class SelectPrinter {
 public:
  SelectPrinter(Printing& printing, Level& level)
      : printing_(printing),
        exprs_(printing),
        output_(printing, *level.query),
        query_(*level.query),
        level_(level) {}

  Result<QueryText> Print();

 private:
  Status PrintParts();
  /// FROM, WHERE and GROUP BY.
  Status PrintBody();
  Result<std::string> PrintWhole();
  Result<std::string> PrintDistinctOn();
  Result<std::string> PrintWithTies();
  /// SELECT DISTINCT where some columns are variable-scale numerics.
  Result<std::string> PrintVariableDistinct();

  Printing& printing_;
  ExprPrinter exprs_;
  OutputPrinter output_;
  const Query& query_;
  Level& level_;
  std::vector<std::string> items_;
  std::vector<NumericForm> forms_;  // of the items
  std::string body_;                // from FROM to HAVING
};

}  // namespace omen::sql::duckdb
