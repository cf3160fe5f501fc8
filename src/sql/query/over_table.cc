#include "sql/query/over_table.h"

#include <memory>

#include "sql/expr/expr.h"
#include "sql/from/relation.h"
#include "sql/query/query.h"

namespace omen::sql {

ExprResult BindOverTable(BindState* state, const Node* node, const catalog::Table* table,
                         Clause clause) {
  Binding binding(state, TheSubqueries());
  Query query;
  ScopeFrame scope(binding, &query);
  if (table != nullptr) {
    // The caller keeps the table; this relation only lends its names.
    std::shared_ptr<const catalog::Table> lent(std::shared_ptr<void>(), table);
    query.relations.push_back(TableRelation(std::move(lent)));
    NsItem item;
    item.alias = table->name;
    item.relation = 0;
    scope->items.push_back(std::move(item));
  }
  return ExprBinder(binding).BindExpr(node, clause);
}

}  // namespace omen::sql
