// FROM: every relation gets an alias of its own in the whole statement, so that correlated and
// lateral references need no care.
#pragma once

#include <string>
#include <vector>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints the relations of a level, and keeps their columns' names in it. One thread, used once. A
/// refusal for relations and joins that DuckDB reads otherwise.
class FromPrinter {
 public:
  FromPrinter(Printing& printing, Level& level)
      : printing_(printing), exprs_(printing), level_(level) {}

  /// " FROM ..." or empty.
  Result<std::string> Print();

 private:
  Result<std::string> PrintItem(const FromItem& item);
  /// The relation of this index in the query.
  Result<std::string> PrintRelation(size_t index);
  std::string PrintTable(size_t index);
  Result<std::string> PrintDerived(size_t index);
  Result<std::string> PrintValues(size_t index);
  Result<std::string> PrintFunction(size_t index);
  /// The rows that the function of a relation returns; without the form of their ordinality.
  Result<QueryText> PrintSet(size_t index);
  Result<QueryText> PrintRow(const Relation& relation);
  Result<std::string> PrintCteScan(size_t index);
  std::string NameColumns(size_t index, const std::string& alias,
                          const std::vector<NumericForm>& forms);
  const Relation& RelationAt(size_t index) const { return level_.query->relations[index]; }

  Printing& printing_;
  ExprPrinter exprs_;
  Level& level_;
};

}  // namespace omen::sql::duckdb
