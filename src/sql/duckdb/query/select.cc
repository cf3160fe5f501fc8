#include "sql/duckdb/query/select.h"

#include <fmt/format.h>

#include "base/blame.h"
#include "sql/duckdb/expr/condition.h"
#include "sql/duckdb/expr/order.h"
#include "sql/duckdb/query/cte.h"
#include "sql/duckdb/query/from.h"
#include "sql/duckdb/query/group.h"

namespace omen::sql::duckdb {

Result<QueryText> SelectPrinter::Print() {
  OMEN_ASSIGN_OR_RETURN(std::string ctes, CtePrinter(printing_, level_).Print());
  OMEN_RETURN_IF_ERROR(PrintParts());
  OMEN_ASSIGN_OR_RETURN(std::string sql, PrintWhole());
  return QueryText{ctes + sql, std::move(forms_)};
}

Status SelectPrinter::PrintParts() {
  const bool sorted = level_.blocking || !query_.order_by.empty();
  const bool grouped = query_.has_aggregates || !query_.group_by.empty() ||
                       !query_.grouping_sets.empty() || query_.having != nullptr;
  level_.blocking = sorted || grouped;
  OMEN_RETURN_IF_ERROR(PrintBody());
  level_.blocking = sorted;
  level_.grouped = grouped;
  OMEN_ASSIGN_OR_RETURN(QueryText targets, output_.PrintTargets(&items_));
  forms_ = std::move(targets.forms);
  // Where every aggregate is folded away, what is left still is one row.
  const bool one_row = query_.group_by.empty() && query_.grouping_sets.empty();
  if (query_.has_aggregates && one_row) body_ += " GROUP BY ()";
  if (query_.having != nullptr) {
    OMEN_ASSIGN_OR_RETURN(std::string having, ConditionPrinter(printing_).Print(*query_.having));
    body_ += " HAVING " + having;
  }
  return Status::Ok();
}

Status SelectPrinter::PrintBody() {
  OMEN_ASSIGN_OR_RETURN(body_, FromPrinter(printing_, level_).Print());
  if (query_.where != nullptr) {
    OMEN_ASSIGN_OR_RETURN(std::string where, ConditionPrinter(printing_).Print(*query_.where));
    body_ += " WHERE " + where;
  }
  OMEN_ASSIGN_OR_RETURN(std::string group, GroupPrinter(printing_, level_).Print());
  body_ += group;
  return Status::Ok();
}

Result<std::string> SelectPrinter::PrintWhole() {
  if (query_.with_ties) return PrintWithTies();
  OMEN_ASSIGN_OR_RETURN(std::string limit, output_.PrintLimit());
  if (query_.distinct && query_.distinct_on.empty() && HasBlob(forms_)) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintVariableDistinct());
    return sql + limit;
  }
  std::string distinct = query_.distinct ? "DISTINCT " : "";
  if (!query_.distinct_on.empty()) {
    OMEN_ASSIGN_OR_RETURN(distinct, PrintDistinctOn());
  }
  OMEN_ASSIGN_OR_RETURN(std::string order,
                        OrderPrinter(printing_, query_, forms_).Print(query_.order_by));
  return fmt::format("SELECT {}{}{}{}{}", distinct, items_.empty() ? "1" : Join(items_, ", "),
                     body_, order, limit);
}

Result<std::string> SelectPrinter::PrintDistinctOn() {
  std::vector<std::string> keys;
  for (const ExprPtr& expr : query_.distinct_on) {
    OMEN_ASSIGN_OR_RETURN(Text key, exprs_.PrintSortable(*expr));
    keys.push_back(std::move(key.sql));
  }
  return "DISTINCT ON (" + Join(keys, ", ") + ") ";
}

Result<std::string> SelectPrinter::PrintWithTies() {
  if (query_.distinct || !query_.distinct_on.empty()) {
    return Refusal("DISTINCT with WITH TIES on columns");
  }
  OMEN_ASSIGN_OR_RETURN(std::string limit, output_.PrintCount());
  OMEN_ASSIGN_OR_RETURN(std::string offset, output_.PrintSkip());
  if (offset.empty()) offset = "0";
  std::vector<std::string> inner = items_, order, shown;
  for (const SortKey& key : query_.order_by) {
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.PrintSortable(*key.expr));
    inner.push_back(std::move(text.sql));
    order.push_back(fmt::format("d.c{}{}", inner.size(), Direction(key)));
  }
  for (size_t i = 0; i < items_.size(); ++i) shown.push_back(fmt::format("c{}", i + 1));
  std::string over = "OVER (ORDER BY " + Join(order, ", ") + ")";
  std::string ranked =
      fmt::format("SELECT d.*, row_number() {0} AS n, rank() {0} AS r FROM {1}", over,
                  Derived("SELECT " + Join(inner, ", ") + body_, "d", inner.size()));
  std::string last = limit.empty() ? "" : fmt::format(" AND r <= {} + {}", offset, limit);
  return fmt::format("SELECT {} FROM ({}) WHERE n > {}{} ORDER BY n", Join(shown, ", "), ranked,
                     offset, last);
}

Result<std::string> SelectPrinter::PrintVariableDistinct() {
  std::string alias = printing_.NewAlias('d');
  std::vector<std::string> keys = Columns(alias, forms_, /*by_key=*/true), order;
  for (const SortKey& key : query_.order_by) {
    int position = TargetOf(key, query_);
    if (position < 0) return PathFault("DISTINCT sorted by what is not selected");
    order.push_back(keys[static_cast<size_t>(position)] + Direction(key));
  }
  return fmt::format("SELECT DISTINCT ON ({}) {} FROM {}{}", Join(keys, ", "),
                     Join(Columns(alias, forms_, false), ", "),
                     Derived("SELECT " + Join(items_, ", ") + body_, alias, forms_.size()),
                     order.empty() ? "" : " ORDER BY " + Join(order, ", "));
}

}  // namespace omen::sql::duckdb
