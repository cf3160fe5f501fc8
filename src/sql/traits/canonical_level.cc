// One level taken apart, and the names of its relations.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "sql/traits/canonical.h"
#include "sql/tree/expr_walk.h"

namespace omen::sql {
namespace {

constexpr int kRounds = 3;
/// Beyond so many pairs of relation and condition, relations are numbered as they are written.
constexpr size_t kPairsMax = 4096;
constexpr char kSelf[] = "\x01";

/// May the expression stand in another level for the column that it computes?
bool StandsAlone(const Expr& expr) {
  bool alone = true;
  WalkExpr(expr, [&](const Expr& node, int) {
    const bool call =
        node.function != nullptr && (node.function->returns_set ||
                                     node.function->volatility == functions::Volatility::kVolatile);
    alone = alone && !call && node.subquery == nullptr && node.kind != ExprKind::kAggregate &&
            node.kind != ExprKind::kWindow;
    return alone;
  });
  return alone;
}

/// A SELECT of rows as they are: nothing is gathered, ordered, cut off or named apart.
bool IsPlain(const Query& query) {
  return query.kind == QueryKind::kSelect && query.set_op == SetOp::kNone && query.ctes.empty() &&
         !query.from.empty() && !query.has_aggregates && query.group_by.empty() &&
         query.grouping_sets.empty() && query.having == nullptr && query.windows.empty() &&
         !query.distinct && query.distinct_on.empty() && query.order_by.empty() &&
         query.limit == nullptr && query.offset == nullptr && query.locks.empty();
}

/// On the nullable side of an outer join only columns: a computed one would be null there.
bool IsMergeable(const Relation& relation, bool nullable) {
  if (relation.kind != RelationKind::kSubquery || relation.lateral || !IsPlain(*relation.subquery))
    return false;
  return std::ranges::all_of(relation.subquery->targets, [&](const TargetEntry& target) {
    return !target.junk &&
           (nullable ? target.expr->kind == ExprKind::kColumn && target.expr->levels_up == 0
                     : StandsAlone(*target.expr));
  });
}

void Enter(const Query& query, CanonicalFrame* outer, CanonicalFrame* frame) {
  frame->query = &query;
  frame->outer = outer;
  frame->names.assign(query.relations.size(), "");
  frame->merged.resize(query.relations.size());
}

}  // namespace

void SplitAnd(const Expr* expr, CanonicalFrame* frame, std::vector<CanonicalCondition>* out) {
  std::vector<const Expr*> parts;
  SplitConjunction(expr, &parts);
  for (const Expr* part : parts) out->push_back({part, frame});
}

void CanonicalWriter::TakeApart(const Query& query, CanonicalLevel* level) {
  Enter(query, level->frame.outer, &level->frame);
  for (const FromItem& item : query.from) AddItem(item, &level->frame, "", level, &level->group);
  SplitAnd(query.where.get(), &level->frame, &level->group.conditions);
}

void CanonicalWriter::AddItem(const FromItem& item, CanonicalFrame* frame, const std::string& role,
                              CanonicalLevel* level, CanonicalGroup* group) {
  if (item.relation >= 0) {
    const auto number = static_cast<size_t>(item.relation);
    const Relation& relation = frame->query->relations[number];
    if (!IsMergeable(relation, !role.empty())) {
      group->leaves.push_back(level->leaves.size());
      level->leaves.push_back({frame, item.relation, role});
      return;
    }
    frame->merged[number] = std::make_unique<CanonicalFrame>();
    CanonicalFrame* inner = frame->merged[number].get();
    Enter(*relation.subquery, frame, inner);
    for (const FromItem& part : relation.subquery->from) AddItem(part, inner, role, level, group);
    SplitAnd(relation.subquery->where.get(), inner, &group->conditions);
    return;
  }
  if (item.join == JoinType::kInner || item.join == JoinType::kCross) {
    AddItem(*item.left, frame, role, level, group);
    AddItem(*item.right, frame, role, level, group);
    SplitAnd(item.condition.get(), frame, &group->conditions);
    return;
  }
  const bool full = item.join == JoinType::kFull, right = item.join == JoinType::kRight;
  CanonicalGroup::OuterJoin join{
      full, std::make_unique<CanonicalGroup>(), std::make_unique<CanonicalGroup>(), {}};
  const FromItem& kept = right ? *item.right : *item.left;
  const FromItem& other = right ? *item.left : *item.right;
  AddItem(kept, frame, full ? role + "f" : role, level, join.left.get());
  AddItem(other, frame, role + (full ? "f" : "n"), level, join.right.get());
  SplitAnd(item.condition.get(), frame, &join.conditions);
  group->outer_joins.push_back(std::move(join));
}

std::vector<CanonicalCondition> CanonicalWriter::AllConditions(const CanonicalGroup& group) const {
  std::vector<CanonicalCondition> all = group.conditions;
  for (const CanonicalGroup::OuterJoin& join : group.outer_joins) {
    all.insert(all.end(), join.conditions.begin(), join.conditions.end());
    for (const CanonicalGroup* side : {join.left.get(), join.right.get()}) {
      const std::vector<CanonicalCondition> inner = AllConditions(*side);
      all.insert(all.end(), inner.begin(), inner.end());
    }
  }
  return all;
}

void CanonicalWriter::NameRelations(const Query& query, CanonicalLevel* level) {
  ++quiet_;
  std::vector<CanonicalLeaf>& leaves = level->leaves;
  const auto name = [&](size_t leaf) -> std::string& {
    return leaves[leaf].frame->names[static_cast<size_t>(leaves[leaf].relation)];
  };
  std::vector<std::string> colours;
  for (const CanonicalLeaf& leaf : leaves) {
    const Relation& relation = leaf.frame->query->relations[static_cast<size_t>(leaf.relation)];
    colours.push_back(
        fmt::format("{:016x}", StableHash(leaf.role + WriteRelation(relation, leaf.frame))));
  }
  const size_t pairs = leaves.size() * (AllConditions(level->group).size() + query.targets.size());
  for (int round = 0; round < kRounds && leaves.size() > 1 && pairs < kPairsMax; ++round) {
    for (size_t i = 0; i < leaves.size(); ++i) name(i) = colours[i];
    colours = Refined(query, level, colours);
  }
  std::vector<size_t> order(leaves.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](size_t leaf) { return colours[leaf]; });
  for (size_t i = 0; i < order.size(); ++i) name(order[i]) = fmt::format("r{}", i);
  --quiet_;
}

std::vector<std::string> CanonicalWriter::Refined(const Query& query, CanonicalLevel* level,
                                                  const std::vector<std::string>& colours) {
  const std::vector<CanonicalCondition> conditions = AllConditions(level->group);
  std::vector<std::string> refined;
  for (size_t i = 0; i < level->leaves.size(); ++i) {
    CanonicalLeaf& leaf = level->leaves[i];
    std::string& name = leaf.frame->names[static_cast<size_t>(leaf.relation)];
    name = kSelf;
    std::vector<std::string> mentions;
    const auto note = [&](std::string text) {
      if (text.find(kSelf) != std::string::npos) mentions.push_back(std::move(text));
    };
    for (const CanonicalCondition& c : conditions) note(WriteExpr(*c.expr, c.frame));
    for (size_t t = 0; t < query.targets.size(); ++t) {
      note(fmt::format("{}={}", t, WriteExpr(*query.targets[t].expr, &level->frame)));
    }
    name = colours[i];
    std::ranges::sort(mentions);
    refined.push_back(fmt::format(
        "{:016x}", StableHash(colours[i] + fmt::format("{}", fmt::join(mentions, "\x02")))));
  }
  return refined;
}

}  // namespace omen::sql
