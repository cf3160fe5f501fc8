// Set operations. A UNION ALL is printed as one flat chain: DuckDB 1.4 loses rows of a streamed
// result where the second arm of a UNION ALL is itself one.
#pragma once

#include <string>
#include <vector>

#include "sql/duckdb/text/printing.h"

namespace omen::sql::duckdb {

/// An arm of a set operation, its numerics brought to the carrier of `forms`.
std::string CoerceArm(Printing& printing, const QueryText& arm,
                      const std::vector<NumericForm>& forms);

/// Prints the set operation of a level. One thread, used once. A refusal for what DuckDB answers
/// otherwise.
class SetOperationPrinter {
 public:
  SetOperationPrinter(Printing& printing, Level& level)
      : printing_(printing), query_(*level.query), level_(level) {}

  Result<QueryText> Print();

 private:
  /// The arms alone, without what the query makes of their rows.
  Result<QueryText> PrintArms();
  Result<QueryText> PrintUnionAll();
  Status PrintChain(const Query& query, Level& level, std::vector<QueryText>* arms);
  /// Of arms that have numerics of variable scale.
  std::string PrintByKey(const std::string& left, const std::string& right,
                         const std::vector<NumericForm>& forms);

  Printing& printing_;
  const Query& query_;
  Level& level_;
};

}  // namespace omen::sql::duckdb
