#include "sql/traits/one_answer.h"

#include <algorithm>

#include "sql/tree/expr_walk.h"

namespace omen::sql {

using functions::Meaning;

namespace {

/// Whether equal values of the type print alike.
bool EqualIsSame(Type type) {
  const TypeInfo& info = InfoOf(type.oid);
  if (info.element == oid::kInvalid) {
    return (info.facts & kEqualsDiffer) == 0 || (type.oid == oid::kNumeric && type.typmod >= 0);
  }
  const TypeInfo& element = InfoOf(info.element);
  return (element.facts & kEqualsDiffer) == 0 && element.carrier != Carrier::kDouble;
}

bool HasKey(const std::vector<SortKey>& order, const Expr& expr) {
  return std::ranges::any_of(order, [&](const SortKey& key) { return SameExpr(*key.expr, expr); });
}

bool HasColumn(const std::vector<SortKey>& order, int relation, int column) {
  return std::ranges::any_of(order, [&](const SortKey& key) {
    const Expr& expr = *key.expr;
    return expr.kind == ExprKind::kColumn && expr.levels_up == 0 && expr.rel == relation &&
           expr.column == column;
  });
}

/// One table is read and the order has all of its primary key.
bool OrdersByKey(const Query& query, const std::vector<SortKey>& order) {
  if (query.from.size() != 1 || query.from[0].relation < 0) return false;
  const int number = query.from[0].relation;
  const Relation& relation = query.relations[static_cast<size_t>(number)];
  if (relation.kind != RelationKind::kTable) return false;
  const catalog::Index* key = relation.table->primary_key();
  if (key == nullptr) return false;
  return std::ranges::all_of(key->columns, [&](const catalog::IndexColumn& part) {
    const auto found = std::ranges::find(relation.attnums, part.attnum);
    return found != relation.attnums.end() &&
           HasColumn(order, number, static_cast<int>(found - relation.attnums.begin()));
  });
}

/// Rows that are equal in the order are equal in what is returned.
bool OrdersByAllTargets(const Query& query) {
  return std::ranges::all_of(query.targets, [&](const TargetEntry& target) {
    return target.junk || (EqualIsSame(target.expr->type) && HasKey(query.order_by, *target.expr));
  });
}

bool ChoosesAmongTies(const Query& query) {
  if (query.limit == nullptr && query.offset == nullptr && query.distinct_on.empty()) return false;
  const bool one_row = query.has_aggregates && query.group_by.empty() &&
                       query.grouping_sets.empty() && query.distinct_on.empty();
  if (one_row) return false;
  if (query.has_aggregates || !query.group_by.empty()) return !OrdersByAllTargets(query);
  return !OrdersByKey(query, query.order_by) && !OrdersByAllTargets(query);
}

bool MergesUnlike(const Query& query) {
  const auto unlike = [](const ExprPtr& expr) { return !EqualIsSame(expr->type); };
  if (std::ranges::any_of(query.group_by, unlike)) return true;
  if (!query.distinct &&
      (query.set_op == SetOp::kNone || (query.set_op == SetOp::kUnion && query.set_all))) {
    return false;
  }
  return std::ranges::any_of(query.targets,
                             [&](const TargetEntry& target) { return unlike(target.expr); });
}

std::string_view WhyLevel(const Query& query) {
  if (!query.locks.empty()) return "row locks";
  for (const Relation& relation : query.relations) {
    if (relation.kind == RelationKind::kSystem) return "a system relation";
  }
  if (ChoosesAmongTies(query)) return "rows chosen by an order with ties";
  if (MergesUnlike(query)) return "equal values that are not the same";
  for (const WindowDef& window : query.windows) {
    if (window.frame == WindowDef::Frame::kRows && !OrdersByKey(query, window.order_by)) {
      return "a window over ties";
    }
  }
  return {};
}

bool KnowsPeersOnly(Meaning window_function) {
  constexpr Meaning kKnown[] = {Meaning::kRank, Meaning::kDenseRank, Meaning::kPercentRank,
                                Meaning::kCumeDist};
  return std::ranges::find(kKnown, window_function) != std::end(kKnown);
}

bool DependsOnOrder(const Expr& call) {
  const std::string_view name = call.aggregate->name;
  const Meaning meaning = call.aggregate->meaning;
  if (meaning == Meaning::kMode) return true;
  if (call.aggregate->IsExtreme() || meaning == Meaning::kPercentileDisc) {
    return !call.args.empty() && !EqualIsSame(call.args.back()->type);
  }
  if (!name.ends_with("_agg")) return false;
  if (call.args.empty() || !EqualIsSame(call.args[0]->type)) return true;
  if (name.find("object") != std::string_view::npos) return true;
  return !call.distinct && !HasKey(call.order_by, *call.args[0]);
}

std::string_view WhyNode(const Query& query, const Expr& node) {
  if (node.kind == ExprKind::kAggregate && DependsOnOrder(node)) {
    return "an aggregate that depends on the order";
  }
  if (node.kind == ExprKind::kWindow) {
    const WindowDef& window = query.windows[static_cast<size_t>(node.window)];
    const bool keyed = OrdersByKey(query, window.order_by);
    if (node.window_function != nullptr && !KnowsPeersOnly(node.window_function->meaning) &&
        !keyed) {
      return "a window over ties";
    }
    if (node.aggregate != nullptr && DependsOnOrder(node) && !keyed) return "a window over ties";
  }
  if (node.kind == ExprKind::kArraySubquery && !OrdersByAllTargets(*node.subquery)) {
    return "an array of rows without order";
  }
  return {};
}

}  // namespace

std::string_view WhyManyAnswers(const Query& query) {
  std::string_view why;
  WalkQueries(query, [&](const Query& level) {
    if (why.empty()) why = WhyLevel(level);
    WalkQuery(
        level,
        [&](const Expr& node, int depth) {
          if (depth == 0 && why.empty()) why = WhyNode(level, node);
          return depth == 0;
        },
        0);
  });
  if (!why.empty()) return why;
  bool changing = false;
  WalkQuery(
      query,
      [&](const Expr& node, int) {
        changing = changing || (node.function != nullptr &&
                                node.function->volatility == functions::Volatility::kVolatile);
        return !changing;
      },
      0);
  return changing ? std::string_view("a volatile call") : std::string_view();
}

}  // namespace omen::sql
