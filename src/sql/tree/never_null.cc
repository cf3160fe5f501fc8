#include "sql/tree/never_null.h"

#include <algorithm>

#include "sql/tree/expr_walk.h"

namespace omen::sql {
namespace {

bool Contains(const FromItem& item, int relation) {
  if (item.relation >= 0) return item.relation == relation;
  return Contains(*item.left, relation) || Contains(*item.right, relation);
}

/// An outer join may put nulls in place of the relation's rows.
bool MayLackRows(const FromItem& item, int relation) {
  if (item.relation >= 0) return false;
  const bool left = Contains(*item.left, relation);
  const bool kept = item.join == JoinType::kInner || item.join == JoinType::kCross ||
                    item.join == (left ? JoinType::kLeft : JoinType::kRight);
  return !kept || MayLackRows(left ? *item.left : *item.right, relation);
}

/// No row passes the condition in which the column is null.
bool Requires(const Expr& condition, const Expr& column) {
  const bool compares = condition.kind == ExprKind::kFunction && condition.op != nullptr &&
                        condition.function->strict;
  return (compares || condition.kind == ExprKind::kIsNotNull) &&
         std::ranges::any_of(condition.args,
                             [&](const ExprPtr& arg) { return SameExpr(*arg, column); });
}

bool IsNeverNullColumn(const Query& level, const Expr& column) {
  if (column.levels_up != 0 || column.rel < 0) return false;
  std::vector<const Expr*> conditions;
  SplitConjunction(level.where.get(), &conditions);
  if (std::ranges::any_of(conditions,
                          [&](const Expr* condition) { return Requires(*condition, column); })) {
    return true;
  }
  const auto from = std::ranges::find_if(
      level.from, [&](const FromItem& item) { return Contains(item, column.rel); });
  if (from == level.from.end() || MayLackRows(*from, column.rel)) return false;
  const Relation& relation = level.relations[static_cast<size_t>(column.rel)];
  if (relation.kind != RelationKind::kTable) return false;
  return relation.table->column(relation.attnums[static_cast<size_t>(column.column)]).not_null;
}

bool KeepsValues(const Expr& cast) {
  const auto is_whole = [](Oid type) {
    return type == oid::kInt2 || type == oid::kInt4 || type == oid::kInt8;
  };
  return cast.cast_method == functions::CastMethod::kBinary ||
         (is_whole(cast.type.oid) && is_whole(cast.args[0]->type.oid));
}

}  // namespace

bool IsNeverNull(const Query& level, const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kConst:
      return !expr.value.is_null();
    case ExprKind::kColumn:
      return level.grouping_sets.empty() && IsNeverNullColumn(level, expr);
    case ExprKind::kCast:
      return KeepsValues(expr) && IsNeverNull(level, *expr.args[0]);
    case ExprKind::kAggregate:
      return expr.aggregate->meaning == functions::Meaning::kCount;
    default:
      return false;
  }
}

bool ReturnsNoNulls(const Query& query) {
  if (query.set_op != SetOp::kNone) {
    return ReturnsNoNulls(*query.left) && ReturnsNoNulls(*query.right);
  }
  return query.kind == QueryKind::kSelect &&
         std::ranges::all_of(query.targets, [&](const TargetEntry& target) {
           return target.junk || IsNeverNull(query, *target.expr);
         });
}

}  // namespace omen::sql
