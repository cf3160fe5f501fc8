#include "sql/clause/order.h"

#include <algorithm>

#include "sql/clause/target_match.h"
#include "sql/expr/sort_keys.h"
#include "sql/operand/operate.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

Status OrderBinder::Bind(const List* clause) {
  for (const SortBy* item : Items<SortBy>(clause)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr,
                          TargetMatcher(binding_).Match(item->node, Clause::kOrderBy));
    OMEN_RETURN_IF_ERROR(
        AddSortKey(binding_.state(), *item, std::move(expr), &scope_.query->order_by));
  }
  return Status::Ok();
}

Status OrderBinder::BindDistinct(const List* clause) {
  if (clause == nullptr) return Status::Ok();
  return Items<>(clause)[0] == nullptr ? BindPlainDistinct() : BindDistinctOn(clause);
}

Status OrderBinder::BindPlainDistinct() {
  Query* query = scope_.query;
  query->distinct = true;
  for (const TargetEntry& entry : query->targets) OMEN_RETURN_IF_ERROR(NeedEquality(*entry.expr));
  for (const SortKey& key : query->order_by) {
    bool listed =
        std::any_of(query->targets.begin(), query->targets.end(),
                    [&](const TargetEntry& entry) { return SameExpr(*entry.expr, *key.expr); });
    if (listed) continue;
    return Status(sqlstate::kInvalidColumnReference,
                  "for SELECT DISTINCT, ORDER BY expressions must appear in select list")
        .At(LocationOf(*key.expr));
  }
  return Status::Ok();
}

Status OrderBinder::BindDistinctOn(const List* clause) {
  Query* query = scope_.query;
  for (const Node* item : Items<>(clause)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr, TargetMatcher(binding_).Match(item, Clause::kDistinctOn));
    OMEN_ASSIGN_OR_RETURN(expr, ResolveUnknown(binding_.state(), std::move(expr)));
    OMEN_RETURN_IF_ERROR(NeedEquality(*expr));
    bool repeated = std::any_of(query->distinct_on.begin(), query->distinct_on.end(),
                                [&](const ExprPtr& other) { return SameExpr(*other, *expr); });
    if (!repeated) query->distinct_on.push_back(std::move(expr));
  }
  // The initial ORDER BY keys must be exactly the DISTINCT ON expressions.
  size_t covered = std::min(query->order_by.size(), query->distinct_on.size());
  for (size_t i = 0; i < covered; ++i) {
    const Expr& key = *query->order_by[i].expr;
    bool listed = std::any_of(query->distinct_on.begin(), query->distinct_on.end(),
                              [&](const ExprPtr& expr) { return SameExpr(*expr, key); });
    if (listed) continue;
    return Status(sqlstate::kInvalidColumnReference,
                  "SELECT DISTINCT ON expressions must match initial ORDER BY expressions")
        .At(LocationOf(*query->distinct_on[0]));
  }
  return Status::Ok();
}

}  // namespace omen::sql
