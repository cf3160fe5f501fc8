// ORDER BY, of queries, aggregates and windows.
#pragma once

#include <string>
#include <vector>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// " DESC NULLS FIRST" and its like.
std::string Direction(const SortKey& key);
/// Position of the sort key among the returned targets, -1 if it is none of them.
int TargetOf(const SortKey& key, const Query& query);

/// Prints sort keys. One thread, made where it is used. A refusal for types whose order DuckDB has
/// not.
class OrderPrinter {
 public:
  explicit OrderPrinter(Printing& printing) : printing_(printing), exprs_(printing) {}
  /// Keys that are targets of the SELECT are named by position; `forms` are those of the targets.
  OrderPrinter(Printing& printing, const Query& select, const std::vector<NumericForm>& forms)
      : printing_(printing), exprs_(printing), select_(&select), forms_(&forms) {}

  /// " ORDER BY ..." or empty.
  Result<std::string> Print(const std::vector<SortKey>& keys);

 private:
  /// Of the target that the key may be named by, else -1.
  int PositionOf(const SortKey& key) const;

  Printing& printing_;
  ExprPrinter exprs_;
  const Query* select_ = nullptr;
  const std::vector<NumericForm>* forms_ = nullptr;
};

}  // namespace omen::sql::duckdb
