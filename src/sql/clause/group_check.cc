#include "sql/clause/group_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/tree/expr_walk.h"
#include "sql/tree/parts.h"
#include "sql/typing/state.h"

namespace omen::sql {
namespace {

/// Checks one expression of a grouped query.
class GroupChecker {
 public:
  explicit GroupChecker(const Query& query) : query_(query) {}

  Status Check(const Expr& expr) {
    if (IsGrouped(expr)) return Status::Ok();
    if (expr.kind == ExprKind::kAggregate) return CheckDirect(expr);
    if (expr.kind == ExprKind::kGrouping) return CheckGrouping(expr);
    if (expr.kind == ExprKind::kColumn) return CheckColumn(expr, 0);
    Status status;
    ForEachOperand(expr, [&](const ExprPtr& operand) {
      if (status.ok()) status = Check(*operand);
    });
    OMEN_RETURN_IF_ERROR(std::move(status));
    return expr.subquery ? CheckInner(*expr.subquery) : Status::Ok();
  }

 private:
  /// Whatever a subquery reads of the grouped query must be grouped.
  Status CheckInner(const Query& subquery) const {
    Status status;
    WalkQuery(
        subquery,
        [&](const Expr& expr, int depth) {
          if (status.ok() && expr.kind == ExprKind::kColumn) status = CheckColumn(expr, depth);
          return status.ok();
        },
        1);
    return status;
  }

  /// What an aggregate is given once for a group, beside the group's rows.
  Status CheckDirect(const Expr& call) {
    if (!call.aggregate->ordered_set) return Status::Ok();
    const size_t direct = call.args.size() - call.order_by.size();
    for (size_t i = 0; i < direct; ++i) OMEN_RETURN_IF_ERROR(Check(*call.args[i]));
    return Status::Ok();
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

Status CheckGroupTarget(const Expr& expr) {
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

Status CheckGroups(const Query& query) {
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
