// Semi and anti joins: rows that have a partner, or none.
#include <algorithm>

#include "base/check.h"
#include "exec/planner/joiner.h"

namespace omen::exec {

using sql::Expr;

namespace {

/// Plans that are made only to be compared, of one statement: subqueries within subqueries must
/// not multiply them.
constexpr int kTrialsMax = 24;
/// Of a LIMIT.
constexpr double kLimitUnknown = 100;

bool IsWithin(const SemiJoin& semi, const Expr* condition) {
  return std::ranges::any_of(semi.within,
                             [&](const SemiJoin& inner) { return inner.condition == condition; });
}

std::vector<const sql::FromItem*> ItemsOf(const SemiJoin& semi) {
  std::vector<const sql::FromItem*> items;
  for (const sql::FromItem& item : semi.from) items.push_back(&item);
  return items;
}

bool IsOf(const Conjunct& conjunct, uint64_t relations) {
  return conjunct.relations != 0 && (conjunct.relations & ~relations) == 0;
}

}  // namespace

/// Forgets what was planned since it was made, unless that is kept.
class LevelPlanner::SemiPlanner::Trial {
 public:
  explicit Trial(LevelPlanner* level)
      : level_(*level),
        environment_(*level->environment_),
        touched_(environment_.touched),
        engine_us_(environment_.engine_us),
        kept_bytes_(environment_.kept_bytes),
        parts_(environment_.parts.size()),
        sensitive_(environment_.sensitive.size()),
        subplans_(level->scope_.subplans.size()),
        handed_(environment_.handed.size()),
        key_lookup_(level->key_lookup_),
        nullable_(level->nullable_) {
    ++environment_.trials;
  }
  ~Trial() {
    if (kept_) return;
    environment_.touched = touched_;
    environment_.handed.resize(handed_);
    environment_.engine_us = engine_us_;
    environment_.kept_bytes = kept_bytes_;
    environment_.parts.resize(parts_);
    environment_.sensitive.resize(sensitive_);
    level_.scope_.subplans.resize(subplans_);
    level_.key_lookup_ = key_lookup_;
    level_.nullable_ = nullable_;
  }
  void Keep() { kept_ = true; }

 private:
  LevelPlanner& level_;
  PlanEnvironment& environment_;
  const double touched_, engine_us_, kept_bytes_;
  const size_t parts_, sensitive_, subplans_, handed_;
  const bool key_lookup_;
  const uint64_t nullable_;
  bool kept_ = false;
};

LevelPlanner::Unit LevelPlanner::SemiPlanner::UnitOf(const SemiJoin& semi) {
  Unit unit;
  unit.semi = &semi;
  for (const sql::FromItem& item : semi.from) unit.relations |= RelationsIn(item);
  for (const sql::ExprPtr& condition : semi.on) {
    if (IsWithin(semi, condition.get())) continue;
    unit.on.push_back(MakeConjunct(condition.get()));
    unit.needs |= unit.on.back().relations & ~unit.relations;
  }
  return unit;
}

// With `available` relations' columns known all conditions are the inner side's, else its own.
Result<LevelPlanner::SemiPlanner::Side> LevelPlanner::SemiPlanner::PlanInner(const Unit& unit,
                                                                             uint64_t available) {
  Side side;
  std::vector<Conjunct> own;
  for (const Conjunct& conjunct : unit.on) {
    const bool inner = available != 0 || IsOf(conjunct, unit.relations);
    (inner ? own : side.on).push_back(conjunct);
  }
  // Its conditions are not the outer rows' own.
  const size_t rechecked = level_.recheck_.size();
  Result<PlanNodePtr> node = level_.Tracked([&] {
    return level_.PlanGroup(ItemsOf(*unit.semi), std::move(own), false, unit.semi->within,
                            available);
  });
  level_.recheck_.resize(rechecked);
  if (!node.ok()) return std::move(node).status();
  side.node = std::move(node).value();
  return side;
}

Status LevelPlanner::SemiPlanner::Measure(Unit* unit) {
  if (level_.environment_->trials >= kTrialsMax) return Status::Ok();
  const Trial trial(&level_);
  OMEN_ASSIGN_OR_RETURN(const Side side, PlanInner(*unit, 0));
  unit->rows = side.node->rows;
  unit->cost = side.node->cost;
  return Status::Ok();
}

bool LevelPlanner::SemiPlanner::Hashes(const Unit& unit, uint64_t left_rels) const {
  const Expr *left, *right;
  return std::ranges::any_of(unit.on, [&](const Conjunct& conjunct) {
    return HashSides(*conjunct.expr, left_rels, unit.relations, &left, &right);
  });
}

double LevelPlanner::SemiPlanner::Share(const Unit& unit, uint64_t left_rels) const {
  const Expr *left, *right;
  double share = 1;
  for (const Conjunct& conjunct : unit.on) {
    if (IsOf(conjunct, unit.relations) || conjunct.relations == 0) continue;
    share *= HashSides(*conjunct.expr, left_rels, unit.relations, &left, &right)
                 ? level_.estimates_.SemiJoinShare(*left, *right, unit.rows)
                 : level_.estimates_.JoinShare(*conjunct.expr);
  }
  return share;
}

double LevelPlanner::SemiPlanner::AloneCost(const Unit& unit, double left_rows,
                                            uint64_t left_rels) const {
  const double compared = Hashes(unit, left_rels)
                              ? (left_rows + unit.rows) * level_.environment_->costs.hash_row
                              : left_rows * unit.rows * level_.environment_->costs.pair_row / 2;
  return unit.cost + compared * kept_rows_.Factor(KeptBytes(unit));
}

double LevelPlanner::SemiPlanner::Cost(const Unit& unit, double left_rows,
                                       uint64_t left_rels) const {
  double cost = AloneCost(unit, left_rows, left_rels);
  const int relation = unit.semi->from.size() == 1 ? unit.semi->from[0].relation : -1;
  if (relation < 0) return cost;
  const sql::Relation& source = level_.query_.relations[static_cast<size_t>(relation)];
  if (source.kind != sql::RelationKind::kTable) return cost;
  return std::min(cost, left_rows * level_.PathTo(relation, left_rels, unit.on, false).cost);
}

// The first partner ends the search for more.
double LevelPlanner::SemiPlanner::LookupCost(const Unit& unit, const PlanNode& inner,
                                             uint64_t left_rels) const {
  const double with = Share(unit, left_rels);
  const double read = with * std::min(1.0, 2 / (inner.rows + 1)) + 1 - with;
  return inner.startup + (inner.cost - inner.startup) * read;
}

Result<PlanNodePtr> LevelPlanner::SemiPlanner::JoinByLookups(Unit* unit, PlanNodePtr* left,
                                                             uint64_t left_rels, double wanted) {
  const bool hashes = Hashes(*unit, left_rels);
  if (level_.environment_->trials >= kTrialsMax && hashes) return PlanNodePtr();
  Trial trial(&level_);
  OMEN_ASSIGN_OR_RETURN(Side side, PlanInner(*unit, left_rels));
  const double lookup = LookupCost(*unit, *side.node, left_rels);
  if (wanted * lookup > AloneCost(*unit, wanted, left_rels)) return PlanNodePtr();
  trial.Keep();
  const double cost = (*left)->cost + (*left)->rows * lookup;
  OMEN_ASSIGN_OR_RETURN(PlanNodePtr join,
                        Joiner(&level_).Nest(unit->semi->kind, std::move(*left),
                                             std::move(side.node), &side.on, left_rels));
  join->cost = cost;
  return join;
}

Result<PlanNodePtr> LevelPlanner::SemiPlanner::Join(Unit* unit, PlanNodePtr left,
                                                    uint64_t left_rels) {
  const double share = Share(*unit, left_rels);
  const bool anti = unit->semi->kind == JoinKind::kAnti;
  const double rows = std::max(1.0, left->rows * (anti ? 1 - share : share));
  double wanted = FirstRows() / std::max(anti ? 1 - share : share, 1e-6);
  wanted = wanted > 0 ? std::min(left->rows, wanted) : left->rows;
  OMEN_ASSIGN_OR_RETURN(PlanNodePtr join, JoinByLookups(unit, &left, left_rels, wanted));
  if (join == nullptr) {
    OMEN_ASSIGN_OR_RETURN(Side side, PlanInner(*unit, 0));
    OMEN_ASSIGN_OR_RETURN(
        join, Joiner(&level_).Join(unit->semi->kind, std::move(left), left_rels,
                                   std::move(side.node), unit->relations, &side.on, false));
  }
  join->rows = rows;
  return join;
}

double LevelPlanner::SemiPlanner::FirstRows() const {
  const sql::Query& query = level_.query_;
  if (level_.order_.relation >= 0) return level_.order_satisfied_ ? level_.order_.wanted : 0;
  const auto sets = [](const sql::TargetEntry& target) { return HasSetFunction(*target.expr); };
  if (query.limit == nullptr || !query.order_by.empty() || query.has_aggregates ||
      !query.group_by.empty() || !query.grouping_sets.empty() || !query.windows.empty() ||
      query.distinct || std::ranges::any_of(query.targets, sets)) {
    return 0;
  }
  return std::max(1.0, level_.estimates_.NumberOf(query.limit.get(), kLimitUnknown) +
                           level_.estimates_.NumberOf(query.offset.get(), 0));
}

bool LevelPlanner::SemiPlanner::KeysDecide(const Unit& unit) const {
  const Expr *left, *right;
  return unit.needs != 0 && std::ranges::all_of(unit.on, [&](const Conjunct& conjunct) {
           return IsOf(conjunct, unit.relations) ||
                  HashSides(*conjunct.expr, unit.needs, unit.relations, &left, &right);
         });
}

bool LevelPlanner::SemiPlanner::CanDrive(const Unit& unit) const {
  return unit.semi->kind == JoinKind::kSemi && KeysDecide(unit);
}

double LevelPlanner::SemiPlanner::KeptBytes(const Unit& unit) const {
  const size_t keys = KeysOf(unit).size();
  return KeysDecide(unit) ? kept_rows_.Bytes(0, keys, DrivingRows(unit))
                          : kept_rows_.Bytes(unit.relations, keys, unit.rows);
}

std::vector<const Expr*> LevelPlanner::SemiPlanner::KeysOf(const Unit& unit) const {
  std::vector<const Expr*> keys;
  const Expr *left, *right;
  for (const Conjunct& conjunct : unit.on) {
    if (HashSides(*conjunct.expr, unit.needs, unit.relations, &left, &right)) keys.push_back(right);
  }
  return keys;
}

double LevelPlanner::SemiPlanner::DrivingRows(const Unit& unit) const {
  return level_.estimates_.Groups(KeysOf(unit), unit.rows);
}

double LevelPlanner::SemiPlanner::DrivingCost(const Unit& unit) const {
  return unit.cost +
         unit.rows * level_.environment_->costs.hash_row * kept_rows_.Factor(KeptBytes(unit));
}

Result<PlanNodePtr> LevelPlanner::SemiPlanner::Drive(Unit* unit) {
  OMEN_CHECK(CanDrive(*unit));
  OMEN_ASSIGN_OR_RETURN(Side side, PlanInner(*unit, 0));
  auto distinct = level_.Numbered(std::make_unique<Distinct>(std::move(side.node)));
  for (const Expr* key : KeysOf(*unit)) {
    OMEN_ASSIGN_OR_RETURN(EvaluatorPtr value, Compile(*key, &level_.scope_));
    distinct->keys.push_back(std::move(value));
    distinct->types.push_back(key->type);
    if (!distinct->text.empty()) distinct->text += ", ";
    distinct->text += ExprText(*key, level_.query_);
  }
  const PlanNode& child = *distinct->child;
  distinct->rows = DrivingRows(*unit);
  kept_rows_.Keep(KeptBytes(*unit));
  distinct->cost = child.cost + child.rows * level_.environment_->costs.hash_row;
  distinct->startup = child.startup;
  level_.environment_->engine_us += child.rows * level_.environment_->costs.engine_group_row;
  unit->on = std::move(side.on);
  return PlanNodePtr(std::move(distinct));
}

}  // namespace omen::exec
