#include "sql/expr/sort_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/operand/operate.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// Whether a sort item is written with an operator (USING) that means DESC.
Result<bool> IsDescending(const SortBy& item) {
  if (item.sortby_dir == SORTBY_DESC) return true;
  if (item.sortby_dir != SORTBY_USING) return false;
  std::string_view name = Text(Items<>(item.useOp).back());
  if (name == ">") return true;
  if (name == "<") return false;
  return Status(sqlstate::kWrongObjectType,
                fmt::format("operator {} is not a valid ordering operator", name))
      .Hint("Ordering operators must be \"<\" or \">\" members of btree operator families.")
      .At(item.location);
}

}  // namespace

Status AddSortKey(BindState* state, const SortBy& item, ExprPtr expr, std::vector<SortKey>* keys) {
  OMEN_ASSIGN_OR_RETURN(expr, ResolveUnknown(state, std::move(expr)));
  OMEN_RETURN_IF_ERROR(NeedOrdering(*expr));
  OMEN_ASSIGN_OR_RETURN(bool descending, IsDescending(item));
  bool nulls_first = item.sortby_nulls == SORTBY_NULLS_FIRST ||
                     (item.sortby_nulls == SORTBY_NULLS_DEFAULT && descending);
  bool repeated = std::any_of(keys->begin(), keys->end(),
                              [&](const SortKey& key) { return SameExpr(*key.expr, *expr); });
  if (!repeated) keys->push_back({std::move(expr), descending, nulls_first});
  return Status::Ok();
}

Status BindSortKeys(Binding& binding, const List* clause, Clause where,
                    std::vector<SortKey>* keys) {
  for (const SortBy* item : Items<SortBy>(clause)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr, ExprBinder(binding).BindExpr(item->node, where));
    OMEN_RETURN_IF_ERROR(AddSortKey(binding.state(), *item, std::move(expr), keys));
  }
  return Status::Ok();
}

}  // namespace omen::sql
