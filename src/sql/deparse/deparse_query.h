// Queries, clause by clause, with PostgreSQL's line breaks.
#pragma once

#include <vector>

#include "sql/deparse/deparse_expr.h"
#include "sql/deparse/deparse_sort.h"

namespace omen::sql {

/// Prints queries. `names` are a view's columns, or null; `visible`: someone sees the columns'
/// names. One thread, made where it is used.
class QueryDeparser {
 public:
  using Columns = std::vector<catalog::Column>;
  explicit QueryDeparser(Deparsing& text) : text_(text), exprs_(text), sort_(text) {}

  void Print(const Query& query, const Columns* names, bool visible);
  void PrintValues(const Relation& relation);

 private:
  void PrintWith(const Query& query);
  void PrintPlain(const Query& query, const Columns* names, bool visible);
  void PrintSetOperation(const Query& query, const Columns* names, bool visible);
  void PrintArm(const Query& arm, const Columns* names, bool visible);
  void PrintTargets(const Query& query, const Columns* names, bool visible);
  void PrintDistinctOn(const Query& query);
  void PrintGroupBy(const Query& query);
  void PrintGrouping(const Query& query, const GroupingItem& item, bool bare);
  void PrintWindows(const Query& query);
  void PrintLimits(const Query& query);
  void PrintLocks(const Query& query);

  Deparsing& text_;
  ExprDeparser exprs_;
  SortDeparser sort_;
};

}  // namespace omen::sql
