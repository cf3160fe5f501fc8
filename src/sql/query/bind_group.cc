// GROUP BY with grouping sets, and the rule that every column is grouped or aggregated.

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/query/binder.h"

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

/// Checks one expression of a grouped query.
class GroupChecker {
 public:
  explicit GroupChecker(const Query& query) : query_(query) {}

  Status Check(const Expr& expr, int depth = 0) {
    if (depth == 0 && IsGrouped(expr)) return Status::Ok();
    if (expr.kind == ExprKind::kAggregate && depth == 0) return Status::Ok();
    if (expr.kind == ExprKind::kGrouping && depth == 0) return CheckGrouping(expr);
    if (expr.kind == ExprKind::kColumn) return CheckColumn(expr, depth);
    for (const ExprPtr& arg : expr.args) OMEN_RETURN_IF_ERROR(Check(*arg, depth));
    for (const SortKey& key : expr.order_by) OMEN_RETURN_IF_ERROR(Check(*key.expr, depth));
    if (expr.filter) OMEN_RETURN_IF_ERROR(Check(*expr.filter, depth));
    if (!expr.subquery) return Status::Ok();
    Status status;
    ForEachExpr(
        *expr.subquery,
        [&](const Expr& inner, int inner_depth) {
          if (status.ok()) status = Check2(inner, inner_depth);
        },
        depth + 1);
    return status;
  }

 private:
  /// Within a subquery ForEachExpr visits nested queries itself.
  Status Check2(const Expr& expr, int depth) {
    if (expr.kind == ExprKind::kColumn) return CheckColumn(expr, depth);
    for (const ExprPtr& arg : expr.args) OMEN_RETURN_IF_ERROR(Check2(*arg, depth));
    for (const SortKey& key : expr.order_by) OMEN_RETURN_IF_ERROR(Check2(*key.expr, depth));
    return expr.filter ? Check2(*expr.filter, depth) : Status::Ok();
  }

  bool IsGrouped(const Expr& expr) const {
    return std::any_of(query_.group_by.begin(), query_.group_by.end(),
                       [&](const ExprPtr& group) { return SameExpr(*group, expr); });
  }

  bool ColumnGrouped(int rel, int column) const {
    return std::any_of(query_.group_by.begin(), query_.group_by.end(), [&](const ExprPtr& group) {
      return group->kind == ExprKind::kColumn && group->levels_up == 0 && group->rel == rel &&
             group->column == column;
    });
  }

  /// True when the table's whole primary key is grouped: its other columns follow from it.
  bool KeyGrouped(int rel) const {
    const Relation& relation = query_.relations[static_cast<size_t>(rel)];
    const catalog::Index* key = relation.table ? relation.table->primary_key() : nullptr;
    if (key == nullptr || !query_.grouping_sets.empty()) return false;
    for (const catalog::IndexColumn& part : key->columns) {
      auto at = std::find(relation.attnums.begin(), relation.attnums.end(), part.attnum);
      if (!ColumnGrouped(rel, static_cast<int>(at - relation.attnums.begin()))) return false;
    }
    return true;
  }

  Status CheckColumn(const Expr& expr, int depth) const {
    if (expr.levels_up != depth || expr.rel < 0) return Status::Ok();
    if (ColumnGrouped(expr.rel, expr.column) || KeyGrouped(expr.rel)) return Status::Ok();
    const Relation& relation = query_.relations[static_cast<size_t>(expr.rel)];
    std::string name = fmt::format("{}.{}", relation.alias,
                                   relation.columns[static_cast<size_t>(expr.column)].name);
    return Status(sqlstate::kGroupingError,
                  depth == 0
                      ? fmt::format("column \"{}\" must appear in the GROUP BY clause or be "
                                    "used in an aggregate function",
                                    name)
                      : fmt::format("subquery uses ungrouped column \"{}\" from outer query", name))
        .At(expr.location);
  }

  Status CheckGrouping(const Expr& expr) const {
    for (const ExprPtr& arg : expr.args) {
      if (IsGrouped(*arg)) continue;
      return Status(
                 sqlstate::kGroupingError,
                 "arguments to GROUPING must be grouping expressions of the associated query level")
          .At(arg->location);
    }
    return Status::Ok();
  }

  const Query& query_;
};

}  // namespace

ExprPtr AsGroupKey(const Query& query, ExprPtr expr) {
  for (const TargetEntry& entry : query.targets) {
    if (entry.expr->kind != ExprKind::kGroupKey) continue;
    const Expr& key = *query.group_by[static_cast<size_t>(entry.expr->column)];
    if (key.kind != ExprKind::kConst && SameExpr(key, *expr)) return CloneExpr(*entry.expr);
  }
  return expr;
}

Status Binder::CheckGroupTarget(const Expr& expr) {
  if (expr.kind == ExprKind::kAggregate || expr.kind == ExprKind::kGrouping) {
    return Status(sqlstate::kGroupingError, "aggregate functions are not allowed in GROUP BY")
        .At(expr.location);
  }
  if (expr.kind == ExprKind::kWindow) {
    return Status(sqlstate::kWindowingError, "window functions are not allowed in GROUP BY")
        .At(expr.location);
  }
  for (const ExprPtr& arg : expr.args) OMEN_RETURN_IF_ERROR(CheckGroupTarget(*arg));
  return Status::Ok();
}

Result<int> Binder::GroupIndex(const Node* node) {
  std::vector<ExprPtr>& group_by = scope_->query->group_by;
  OMEN_ASSIGN_OR_RETURN(int target, TargetNamed(node, Clause::kGroupBy));
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, MatchTarget(node, Clause::kGroupBy));
  OMEN_ASSIGN_OR_RETURN(expr, ResolveUnknown(state_, std::move(expr)));
  OMEN_RETURN_IF_ERROR(NeedEquality(*expr));
  if (target < 0) target = TargetEqualTo(*scope_->query, *expr);
  for (size_t i = 0; i < group_by.size(); ++i) {
    const bool apart = scope_->has_grouping_sets && scope_->group_targets[i] != target;
    if (!apart && SameExpr(*group_by[i], *expr)) return static_cast<int>(i);
  }
  group_by.push_back(std::move(expr));
  scope_->group_targets.push_back(target);
  return static_cast<int>(group_by.size()) - 1;
}

/// One expression, or each of a parenthesised list.
Status Binder::GroupNodes(const Node* node, std::vector<int>* indexes) {
  const auto* row = NodeAs<RowExpr>(node, T_RowExpr);
  if (row != nullptr && row->row_format == COERCE_IMPLICIT_CAST) {
    for (const Node* field : Items<>(row->args)) OMEN_RETURN_IF_ERROR(GroupNodes(field, indexes));
    return Status::Ok();
  }
  OMEN_ASSIGN_OR_RETURN(int index, GroupIndex(node));
  if (std::find(indexes->begin(), indexes->end(), index) == indexes->end()) {
    indexes->push_back(index);
  }
  return Status::Ok();
}

/// The sets that one item of GROUP BY stands for.
Status Binder::GroupItem(const Node* node, std::vector<std::vector<int>>* sets) {
  if (const auto* set = NodeAs<GroupingSet>(node, T_GroupingSet)) return GroupSet(*set, sets);
  std::vector<int> indexes;
  OMEN_RETURN_IF_ERROR(GroupNodes(node, &indexes));
  sets->push_back(std::move(indexes));
  return Status::Ok();
}

Status Binder::GroupSet(const GroupingSet& node, std::vector<std::vector<int>>* sets) {
  DepthGuard guard(state_);
  OMEN_RETURN_IF_ERROR(guard.Check(node.location));
  if (node.kind == GROUPING_SET_EMPTY) {
    sets->push_back({});
    return Status::Ok();
  }
  Sets parts;
  for (const Node* item : Items<>(node.content)) {
    if (node.kind == GROUPING_SET_SETS) {
      OMEN_RETURN_IF_ERROR(GroupItem(item, sets));
      continue;
    }
    std::vector<int> indexes;
    OMEN_RETURN_IF_ERROR(GroupNodes(item, &indexes));
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

Status Binder::KeepGrouping(const Node* node, bool outermost, std::vector<GroupingItem>* items) {
  using Kind = GroupingItem::Kind;
  const auto* set = NodeAs<GroupingSet>(node, T_GroupingSet);
  GroupingItem item;
  if (set == nullptr) {
    OMEN_RETURN_IF_ERROR(GroupNodes(node, &item.exprs));
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
    OMEN_RETURN_IF_ERROR(KeepGrouping(inner, false, part ? items : &item.items));
  }
  if (!part) items->push_back(std::move(item));
  return Status::Ok();
}

Status Binder::BindGroupBy(const List* clause, bool distinct) {
  if (clause == nullptr) return Status::Ok();
  if (!HasGroupingSets(clause)) {
    std::vector<int> indexes;
    for (const Node* node : Items<>(clause)) OMEN_RETURN_IF_ERROR(GroupNodes(node, &indexes));
    return Status::Ok();
  }
  scope_->has_grouping_sets = true;
  Sets all{{}};
  for (const Node* node : Items<>(clause)) {
    Sets sets;
    OMEN_RETURN_IF_ERROR(GroupItem(node, &sets));
    OMEN_ASSIGN_OR_RETURN(all, Cross(all, sets));
    if (state_->as_written()) {
      OMEN_RETURN_IF_ERROR(KeepGrouping(node, true, &scope_->query->grouping_items));
    }
  }
  scope_->query->group_distinct = distinct;
  for (auto& set : all) std::sort(set.begin(), set.end());
  if (distinct) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
  scope_->query->grouping_sets = std::move(all);
  if (!state_->as_written()) NameGroupKeys(scope_);
  return Status::Ok();
}

Status Binder::CheckGroups() {
  const Query& query = *scope_->query;
  GroupChecker checker(query);
  for (const TargetEntry& entry : query.targets) OMEN_RETURN_IF_ERROR(checker.Check(*entry.expr));
  if (query.having) OMEN_RETURN_IF_ERROR(checker.Check(*query.having));
  for (const SortKey& key : query.order_by) OMEN_RETURN_IF_ERROR(checker.Check(*key.expr));
  for (const ExprPtr& expr : query.distinct_on) OMEN_RETURN_IF_ERROR(checker.Check(*expr));
  for (const WindowDef& window : query.windows) {
    for (const ExprPtr& expr : window.partition_by) OMEN_RETURN_IF_ERROR(checker.Check(*expr));
    for (const SortKey& key : window.order_by) OMEN_RETURN_IF_ERROR(checker.Check(*key.expr));
  }
  return Status::Ok();
}

}  // namespace omen::sql
