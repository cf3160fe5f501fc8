#include "sql/clause/group.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/clause/target_match.h"
#include "sql/operand/operate.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

using Sets = std::vector<std::vector<int>>;

constexpr size_t kMaxSets = 4096;

Status TooManySets() {
  return Status(SqlState("54011"),
                fmt::format("too many grouping sets present (maximum {})", kMaxSets));
}

/// Every set of `a` joined with every set of `b`.
Result<Sets> Cross(const Sets& a, const Sets& b) {
  if (a.size() * b.size() > kMaxSets) return TooManySets();
  Sets all;
  for (const auto& left : a) {
    for (const auto& right : b) {
      std::vector<int> joined = left;
      for (int index : right) {
        if (std::find(joined.begin(), joined.end(), index) == joined.end()) joined.push_back(index);
      }
      all.push_back(std::move(joined));
    }
  }
  return all;
}

int TargetEqualTo(const Query& query, const Expr& expr) {
  const auto found = std::ranges::find_if(
      query.targets, [&](const TargetEntry& entry) { return SameExpr(*entry.expr, expr); });
  return found == query.targets.end() ? -1 : static_cast<int>(found - query.targets.begin());
}

/// Is a group key one that its expression does not tell from others of the query?
bool NeedsName(const Query& query, size_t key) {
  const Expr& expr = *query.group_by[key];
  return expr.kind == ExprKind::kConst ||
         std::ranges::count_if(query.group_by,
                               [&](const ExprPtr& other) { return SameExpr(*other, expr); }) > 1;
}

/// Grouping sets go by the outputs that they name: in `1 AS x`, x is null where a set leaves it
/// out, another 1 never is, and of two outputs with one expression each has its own set.
void NameGroupKeys(Scope* scope) {
  Query* query = scope->query;
  for (size_t i = 0; i < query->group_by.size(); ++i) {
    const int target = scope->group_targets[i];
    if (target < 0 || !NeedsName(*query, i)) continue;
    ExprPtr& expr = query->targets[static_cast<size_t>(target)].expr;
    auto key = std::make_unique<Expr>(ExprKind::kGroupKey, expr->type, expr->location);
    key->column = static_cast<int>(i);
    expr = std::move(key);
  }
}

bool HasGroupingSets(const List* clause) {
  for (const Node* node : Items<>(clause)) {
    if (NodeAs<GroupingSet>(node, T_GroupingSet)) return true;
  }
  return false;
}

}  // namespace

Result<int> GroupBinder::IndexOf(const Node* node) {
  std::vector<ExprPtr>& group_by = scope_.query->group_by;
  OMEN_ASSIGN_OR_RETURN(int target, TargetMatcher(binding_).IndexOf(node, Clause::kGroupBy));
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, TargetMatcher(binding_).Match(node, Clause::kGroupBy));
  OMEN_ASSIGN_OR_RETURN(expr, ResolveUnknown(binding_.state(), std::move(expr)));
  OMEN_RETURN_IF_ERROR(NeedEquality(*expr));
  if (target < 0) target = TargetEqualTo(*scope_.query, *expr);
  for (size_t i = 0; i < group_by.size(); ++i) {
    const bool apart = scope_.has_grouping_sets && scope_.group_targets[i] != target;
    if (!apart && SameExpr(*group_by[i], *expr)) return static_cast<int>(i);
  }
  group_by.push_back(std::move(expr));
  scope_.group_targets.push_back(target);
  return static_cast<int>(group_by.size()) - 1;
}

Status GroupBinder::BindKeys(const Node* node, std::vector<int>* indexes) {
  const auto* row = NodeAs<RowExpr>(node, T_RowExpr);
  if (row != nullptr && row->row_format == COERCE_IMPLICIT_CAST) {
    for (const Node* field : Items<>(row->args)) OMEN_RETURN_IF_ERROR(BindKeys(field, indexes));
    return Status::Ok();
  }
  OMEN_ASSIGN_OR_RETURN(int index, IndexOf(node));
  if (std::find(indexes->begin(), indexes->end(), index) == indexes->end()) {
    indexes->push_back(index);
  }
  return Status::Ok();
}

Status GroupBinder::BindItem(const Node* node, std::vector<std::vector<int>>* sets) {
  if (const auto* set = NodeAs<GroupingSet>(node, T_GroupingSet)) return BindSet(*set, sets);
  std::vector<int> indexes;
  OMEN_RETURN_IF_ERROR(BindKeys(node, &indexes));
  sets->push_back(std::move(indexes));
  return Status::Ok();
}

Status GroupBinder::BindSet(const GroupingSet& node, std::vector<std::vector<int>>* sets) {
  DepthGuard guard(binding_.state());
  OMEN_RETURN_IF_ERROR(guard.Check(node.location));
  if (node.kind == GROUPING_SET_EMPTY) {
    sets->push_back({});
    return Status::Ok();
  }
  Sets parts;
  for (const Node* item : Items<>(node.content)) {
    if (node.kind == GROUPING_SET_SETS) {
      OMEN_RETURN_IF_ERROR(BindItem(item, sets));
      continue;
    }
    std::vector<int> indexes;
    OMEN_RETURN_IF_ERROR(BindKeys(item, &indexes));
    parts.push_back(std::move(indexes));
  }
  if (node.kind == GROUPING_SET_ROLLUP) {
    for (size_t length = parts.size() + 1; length-- > 0;) {
      Sets prefix{{}};
      for (size_t i = 0; i < length; ++i) {
        OMEN_ASSIGN_OR_RETURN(prefix, Cross(prefix, {parts[i]}));
      }
      sets->push_back(std::move(prefix[0]));
    }
  } else if (node.kind == GROUPING_SET_CUBE) {
    if (parts.size() > 12) {
      return Status(SqlState("54011"), "CUBE is limited to 12 elements").At(node.location);
    }
    for (size_t mask = size_t{1} << parts.size(); mask-- > 0;) {
      Sets chosen{{}};
      for (size_t i = 0; i < parts.size(); ++i) {
        if ((mask >> (parts.size() - 1 - i)) & 1) {
          OMEN_ASSIGN_OR_RETURN(chosen, Cross(chosen, {parts[i]}));
        }
      }
      sets->push_back(std::move(chosen[0]));
    }
  }
  return sets->size() > kMaxSets ? TooManySets() : Status::Ok();
}

Status GroupBinder::KeepWritten(const Node* node, bool outermost,
                                std::vector<GroupingItem>* items) {
  using Kind = GroupingItem::Kind;
  const auto* set = NodeAs<GroupingSet>(node, T_GroupingSet);
  GroupingItem item;
  if (set == nullptr) {
    OMEN_RETURN_IF_ERROR(BindKeys(node, &item.exprs));
    if (!outermost) {
      items->push_back(std::move(item));
      return Status::Ok();
    }
    for (const int index : item.exprs) items->push_back({Kind::kSimple, {index}, {}});
    return Status::Ok();
  }
  // GROUPING SETS directly within others are part of them.
  const bool part = set->kind == GROUPING_SET_SETS && !outermost;
  item.kind = set->kind == GROUPING_SET_ROLLUP ? Kind::kRollup
              : set->kind == GROUPING_SET_CUBE ? Kind::kCube
              : set->kind == GROUPING_SET_SETS ? Kind::kSets
                                               : Kind::kSimple;
  for (const Node* inner : Items<>(set->content)) {
    OMEN_RETURN_IF_ERROR(KeepWritten(inner, false, part ? items : &item.items));
  }
  if (!part) items->push_back(std::move(item));
  return Status::Ok();
}

Status GroupBinder::Bind(const List* clause, bool distinct) {
  if (clause == nullptr) return Status::Ok();
  if (!HasGroupingSets(clause)) {
    std::vector<int> indexes;
    for (const Node* node : Items<>(clause)) OMEN_RETURN_IF_ERROR(BindKeys(node, &indexes));
    return Status::Ok();
  }
  scope_.has_grouping_sets = true;
  Sets all{{}};
  for (const Node* node : Items<>(clause)) {
    Sets sets;
    OMEN_RETURN_IF_ERROR(BindItem(node, &sets));
    OMEN_ASSIGN_OR_RETURN(all, Cross(all, sets));
    if (binding_.as_written()) {
      OMEN_RETURN_IF_ERROR(KeepWritten(node, true, &scope_.query->grouping_items));
    }
  }
  scope_.query->group_distinct = distinct;
  for (auto& set : all) std::sort(set.begin(), set.end());
  if (distinct) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
  scope_.query->grouping_sets = std::move(all);
  if (!binding_.as_written()) NameGroupKeys(&scope_);
  return Status::Ok();
}

}  // namespace omen::sql
