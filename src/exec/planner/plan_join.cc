// FROM: inner joins are pooled and ordered greedily by estimated cost; outer joins keep
// their shape.
#include <algorithm>
#include <limits>

#include "base/blame.h"
#include "exec/planner/joiner.h"

namespace omen::exec {

using sql::Expr;
using sql::ExprKind;
using sql::FromItem;
using sql::JoinType;

uint64_t RelationsIn(const FromItem& item) {
  if (item.relation >= 0) return uint64_t{1} << item.relation;
  return RelationsIn(*item.left) | RelationsIn(*item.right);
}

/// Chooses the order of one pool of inner-joined units, one unit at a time.
class LevelPlanner::GroupPlanner {
 public:
  /// `available`: relations outside the pool whose columns are known.
  GroupPlanner(LevelPlanner* planner, std::vector<Unit> units, std::vector<Conjunct>* conjuncts,
               bool driving, uint64_t available)
      : planner_(planner),
        joiner_(planner),
        semis_(planner),
        kept_rows_(planner),
        units_(std::move(units)),
        conjuncts_(*conjuncts),
        driving_(driving),
        reads_before_(planner->scope_.outer_reads),
        available_(available),
        placed_(available) {
    for (const Unit& unit : units_) {
      if (unit.semi == nullptr) members_ |= unit.relations;
    }
  }

  Result<PlanNodePtr> Plan() {
    OMEN_RETURN_IF_ERROR(PlanFixedUnits());
    while (!units_.empty()) {
      const size_t best = Choose();
      Unit unit = std::move(units_[best]);
      units_.erase(units_.begin() + static_cast<ptrdiff_t>(best));
      OMEN_RETURN_IF_ERROR(Place(std::move(unit)));
    }
    return std::move(node_);
  }

 private:
  bool IsTable(const Unit& unit) const {
    return unit.relation >= 0 &&
           planner_->query_.relations[static_cast<size_t>(unit.relation)].kind ==
               sql::RelationKind::kTable;
  }

  Status PlanFixedUnits() {
    const auto joins = [](const Unit& unit) { return unit.semi == nullptr; };
    const bool alone = std::ranges::count_if(units_, joins) == 1;
    for (Unit& unit : units_) {
      if (unit.semi != nullptr) OMEN_RETURN_IF_ERROR(semis_.Measure(&unit));
      if (unit.semi != nullptr || IsTable(unit) || unit.needs != 0) continue;
      const bool driving = driving_ && alone && unit.join != nullptr;
      OMEN_ASSIGN_OR_RETURN(unit.planned, PlanUnit(unit, driving));
    }
    return Status::Ok();
  }

  Result<PlanNodePtr> PlanUnit(const Unit& unit, bool driving) {
    return planner_->Tracked([&]() -> Result<PlanNodePtr> {
      if (unit.join != nullptr) return planner_->PlanOuterJoin(*unit.join, &conjuncts_, driving);
      const uint64_t available = unit.needs != 0 || node_ == nullptr ? placed_ : 0;
      return planner_->PlanRelation(unit.relation, available, &conjuncts_, driving);
    });
  }

  AccessPath PathOf(const Unit& unit, uint64_t available, bool ordered) const {
    return planner_->PathTo(unit.relation, available, conjuncts_, ordered);
  }

  double FilteredRows(const Unit& unit, const AccessPath& path, uint64_t available) const {
    std::vector<Conjunct> own;
    for (const Conjunct& conjunct : conjuncts_) {
      if ((conjunct.relations & unit.relations) != 0) own.push_back(conjunct);
    }
    Estimates& estimates = planner_->estimates_;
    const double share = estimates.Share(unit.relation, DecidedBy(available | unit.relations, own));
    return std::max(1.0, std::min(path.rows, estimates.TableRows(unit.relation) * share));
  }

  bool UsesPlaced(const AccessPath& path) const {
    const auto placed = [&](const KeyMatch& match) {
      return (conjuncts_[match.conjunct].relations & placed_) != 0;
    };
    return std::ranges::any_of(path.terms, placed) || std::ranges::any_of(path.limits, placed);
  }

  bool HashableWith(const Unit& unit) const {
    const Expr *left, *right;
    return std::ranges::any_of(conjuncts_, [&](const Conjunct& conjunct) {
      return !conjunct.used && !conjunct.is_volatile &&
             HashSides(*conjunct.expr, placed_, unit.relations, &left, &right);
    });
  }

  // Looking every row up costs less than reading the table once.
  bool LooksUp(const Unit& unit, const AccessPath& dependent) const {
    if (!UsesPlaced(dependent)) return false;
    if (!HashableWith(unit)) return true;
    const AccessPath alone = PathOf(unit, 0, false);
    const double hashed =
        alone.cost + (node_->rows + alone.rows) * planner_->environment_->costs.hash_row;
    return node_->rows * dependent.cost <
           hashed * kept_rows_.Factor(HashedBytes(unit, FilteredRows(unit, alone, 0)));
  }

  bool Swappable() const { return !driving_ && available_ == 0; }

  // Of the side that a hash join keeps.
  double HashedBytes(const Unit& unit, double rows) const {
    const double bytes = kept_rows_.Bytes(unit.relations, 1, rows);
    return Swappable() ? std::min(bytes, kept_rows_.Bytes(placed_, 1, node_->rows)) : bytes;
  }

  double FirstScore(const Unit& unit) const {
    if (unit.semi != nullptr) return std::numeric_limits<double>::infinity();
    if (unit.planned != nullptr) return unit.planned->rows + unit.planned->cost * 0.001;
    if (!IsTable(unit)) return 1000;
    const AccessPath path = PathOf(unit, available_, driving_);
    return FilteredRows(unit, path, available_) + path.cost * 0.001;
  }

  // Where the best unit to begin with is a table, its partners' keys may find its rows sooner.
  bool DrivesBetter(const Unit& semi, const Unit& first) const {
    if (!IsTable(first) || (semi.needs & ~first.relations) != 0 || !semis_.CanDrive(semi)) {
      return false;
    }
    std::vector<Conjunct> conditions = conjuncts_;
    conditions.insert(conditions.end(), semi.on.begin(), semi.on.end());
    const AccessPath looked = planner_->PathTo(first.relation, semi.relations, conditions, false);
    const AccessPath path = PathOf(first, 0, driving_);
    const double rows = FilteredRows(first, path, 0);
    double whole = path.cost + semis_.Cost(semi, rows, first.relations);
    const double wanted = planner_->order_.wanted;
    if (path.ordered && wanted > 0) {
      whole *= std::min(1.0, wanted / (rows * semis_.Share(semi, first.relations) + 1));
    }
    return semis_.DrivingCost(semi) + semis_.DrivingRows(semi) * looked.cost < whole;
  }

  double Score(const Unit& unit) const {
    if ((unit.needs & members_ & ~placed_) != 0) return std::numeric_limits<double>::infinity();
    if (node_ == nullptr) return FirstScore(unit);
    if (unit.semi != nullptr) return semis_.Cost(unit, node_->rows, placed_);
    if (!IsTable(unit)) {
      const double rows = unit.planned != nullptr ? unit.planned->rows : 100;
      const double cost = unit.planned != nullptr ? unit.planned->cost : 100 * node_->rows;
      return HashableWith(unit)
                 ? cost + (node_->rows + rows) * planner_->environment_->costs.hash_row
                 : cost + node_->rows * rows;
    }
    const AccessPath dependent = PathOf(unit, placed_, false);
    if (LooksUp(unit, dependent)) {
      return node_->rows * (dependent.cost + FilteredRows(unit, dependent, placed_));
    }
    const AccessPath alone = PathOf(unit, 0, false);
    const double rows = FilteredRows(unit, alone, 0);
    return HashableWith(unit)
               ? alone.cost + (node_->rows + rows) * (planner_->environment_->costs.hash_row + 1)
               : alone.cost + 10 * node_->rows * rows;
  }

  size_t Choose() const {
    size_t best = 0;
    double lowest = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < units_.size(); ++i) {
      const double score = Score(units_[i]);
      if (score < lowest) {
        lowest = score;
        best = i;
      }
    }
    if (node_ != nullptr || available_ != 0) return best;
    for (size_t i = 0; i < units_.size(); ++i) {
      if (units_[i].semi != nullptr && DrivesBetter(units_[i], units_[best])) return i;
    }
    return best;
  }

  // Rows of what only partners are looked for in are not there afterwards.
  Status PlaceSemi(Unit* unit) {
    if (node_ == nullptr) {
      OMEN_ASSIGN_OR_RETURN(node_, semis_.Drive(unit));
      conjuncts_.insert(conjuncts_.end(), unit->on.begin(), unit->on.end());
      placed_ |= unit->relations;
      return Status::Ok();
    }
    OMEN_ASSIGN_OR_RETURN(node_, semis_.Join(unit, std::move(node_), placed_));
    return Status::Ok();
  }

  Status Place(Unit unit) {
    if (unit.semi != nullptr) return PlaceSemi(&unit);
    if (node_ == nullptr) {
      node_ = std::move(unit.planned);
      if (node_ == nullptr) {
        OMEN_ASSIGN_OR_RETURN(node_, PlanUnit(unit, driving_));
      }
    } else {
      OMEN_RETURN_IF_ERROR(PlaceNext(&unit));
    }
    placed_ |= unit.relations;
    return Status::Ok();
  }

  Status PlaceNext(Unit* unit) {
    const uint64_t visible = placed_ | unit->relations;
    if (unit->planned == nullptr && IsTable(*unit)) {
      const AccessPath path = PathOf(*unit, placed_, false);
      if (LooksUp(*unit, path)) {
        OMEN_ASSIGN_OR_RETURN(PlanNodePtr right,
                              planner_->BuildTableScan(unit->relation, path, placed_, &conjuncts_));
        OMEN_ASSIGN_OR_RETURN(node_, joiner_.Nest(JoinKind::kInner, std::move(node_),
                                                  std::move(right), &conjuncts_, visible));
        return Status::Ok();
      }
    }
    if (unit->planned == nullptr) {
      OMEN_ASSIGN_OR_RETURN(unit->planned, PlanUnit(*unit, false));
    }
    node_->reads_outer = planner_->scope_.outer_reads != reads_before_;
    OMEN_ASSIGN_OR_RETURN(
        node_, joiner_.Join(JoinKind::kInner, std::move(node_), placed_, std::move(unit->planned),
                            unit->relations, &conjuncts_, Swappable()));
    return Status::Ok();
  }

  LevelPlanner* planner_;
  Joiner joiner_;
  SemiPlanner semis_;
  KeptRows kept_rows_;
  std::vector<Unit> units_;
  std::vector<Conjunct>& conjuncts_;
  bool driving_;
  const int reads_before_;  // outer reads when the pool's planning began
  const uint64_t available_;
  uint64_t members_ = 0, placed_;
  PlanNodePtr node_;
};

Status LevelPlanner::Flatten(const FromItem& item, std::vector<Unit>* units,
                             std::vector<Conjunct>* conjuncts) {
  Unit unit;
  unit.relations = RelationsIn(item);
  unit.needs = NeedsOf(unit.relations);
  if (item.relation >= 0) {
    unit.relation = item.relation;
    units->push_back(std::move(unit));
    return Status::Ok();
  }
  bool inner = item.join == JoinType::kInner || item.join == JoinType::kCross;
  if (item.join == JoinType::kLeft || item.join == JoinType::kRight) {
    // A condition above that no null-extended row passes makes the join an inner one.
    const uint64_t nullable = RelationsIn(item.join == JoinType::kLeft ? *item.right : *item.left);
    inner = std::ranges::any_of(*conjuncts, [&](const Conjunct& conjunct) {
      return RejectsNulls(*conjunct.expr, nullable);
    });
  }
  if (!inner) {
    unit.join = &item;
    units->push_back(std::move(unit));
    return Status::Ok();
  }
  std::vector<const Expr*> parts;
  SplitConjunction(item.condition.get(), &parts);
  for (const Expr* part : parts) {
    conjuncts->push_back(MakeConjunct(part));
    recheck_.push_back(part);
  }
  OMEN_RETURN_IF_ERROR(Flatten(*item.left, units, conjuncts));
  return Flatten(*item.right, units, conjuncts);
}

Result<PlanNodePtr> LevelPlanner::PlanGroup(const std::vector<const FromItem*>& items,
                                            std::vector<Conjunct> conjuncts, bool driving,
                                            const std::vector<SemiJoin>& semis,
                                            uint64_t available) {
  std::vector<Unit> units;
  for (const FromItem* item : items) OMEN_RETURN_IF_ERROR(Flatten(*item, &units, &conjuncts));
  for (const SemiJoin& semi : semis) units.push_back(SemiPlanner(this).UnitOf(semi));
  PlanNodePtr node;
  if (units.empty()) {
    node = Numbered(std::make_unique<OneRow>());
    node->cost = 0.1;
  } else {
    GroupPlanner group(this, std::move(units), &conjuncts, driving, available);
    OMEN_ASSIGN_OR_RETURN(node, group.Plan());
  }
  return AddLeftOvers(std::move(node), &conjuncts);
}

// Conditions no step took: volatile ones, and those that no relation decides.
Result<PlanNodePtr> LevelPlanner::AddLeftOvers(PlanNodePtr node, std::vector<Conjunct>* conjuncts) {
  std::vector<const Expr*> once, rest;
  for (Conjunct& conjunct : *conjuncts) {
    if (conjunct.used) continue;
    conjunct.used = true;
    (conjunct.relations == 0 && !conjunct.is_volatile ? once : rest).push_back(conjunct.expr);
  }
  for (const bool one_time : {false, true}) {
    const std::vector<const Expr*>& exprs = one_time ? once : rest;
    if (exprs.empty()) continue;
    OMEN_ASSIGN_OR_RETURN(EvaluatorPtr condition, CompileConjunction(exprs, &scope_));
    auto filter = Numbered(std::make_unique<Filter>(std::move(node), std::move(condition),
                                                    ConjunctText(exprs, query_), one_time));
    filter->rows = filter->child->rows;
    filter->cost = filter->child->cost;
    filter->startup = filter->child->startup;
    node = std::move(filter);
  }
  return node;
}

Result<PlanNodePtr> LevelPlanner::PlanOuterJoin(const FromItem& item, std::vector<Conjunct>* above,
                                                bool driving) {
  const bool swapped = item.join == JoinType::kRight;
  const FromItem& left_item = swapped ? *item.right : *item.left;
  const FromItem& right_item = swapped ? *item.left : *item.right;
  const uint64_t left_rels = RelationsIn(left_item), right_rels = RelationsIn(right_item);
  nullable_ |= item.join == JoinType::kFull ? left_rels | right_rels : right_rels;
  std::vector<const Expr*> parts;
  SplitConjunction(item.condition.get(), &parts);
  std::vector<Conjunct> on, left_conditions;
  for (const Expr* part : parts) on.push_back(MakeConjunct(part));
  if (item.join != JoinType::kFull) {
    for (Conjunct& conjunct : *above) {
      if (conjunct.used || conjunct.is_volatile || conjunct.relations == 0 ||
          (conjunct.relations & ~left_rels) != 0) {
        continue;
      }
      left_conditions.push_back(conjunct);
      conjunct.used = true;
    }
  }
  OMEN_ASSIGN_OR_RETURN(PlanNodePtr left,
                        PlanGroup({&left_item}, std::move(left_conditions), driving));
  if (item.join == JoinType::kFull) {
    order_satisfied_ = false;
    OMEN_ASSIGN_OR_RETURN(PlanNodePtr right,
                          Tracked([&] { return PlanGroup({&right_item}, {}, false); }));
    return Joiner(this).Join(JoinKind::kFull, std::move(left), left_rels, std::move(right),
                             right_rels, &on, false);
  }
  return PlanNullableSide(std::move(left), left_rels, right_item, right_rels, std::move(on));
}

Result<PlanNodePtr> LevelPlanner::PlanNullableSide(PlanNodePtr left, uint64_t left_rels,
                                                   const FromItem& right, uint64_t right_rels,
                                                   std::vector<Conjunct> on) {
  const bool single = right.relation >= 0;
  if (single && NeedsOf(right_rels) != 0) {
    OMEN_ASSIGN_OR_RETURN(PlanNodePtr inner, PlanRelation(right.relation, left_rels, &on, false));
    return Joiner(this).Nest(JoinKind::kLeft, std::move(left), std::move(inner), &on,
                             left_rels | right_rels);
  }
  if (single &&
      query_.relations[static_cast<size_t>(right.relation)].kind == sql::RelationKind::kTable) {
    const AccessPath path = PathTo(right.relation, left_rels, on, false);
    const AccessPath alone = PathTo(right.relation, 0, on, false);
    KeptRows kept_rows(this);
    const double hashed = (alone.cost + (left->rows + alone.rows) * environment_->costs.hash_row) *
                          kept_rows.Factor(kept_rows.Bytes(right_rels, 1, alone.rows));
    if (left->rows * path.cost < hashed) {
      OMEN_ASSIGN_OR_RETURN(PlanNodePtr inner,
                            BuildTableScan(right.relation, path, left_rels, &on));
      return Joiner(this).Nest(JoinKind::kLeft, std::move(left), std::move(inner), &on,
                               left_rels | right_rels);
    }
  }
  std::vector<Conjunct> right_conditions;
  for (Conjunct& conjunct : on) {
    if (conjunct.is_volatile || conjunct.relations == 0 ||
        (conjunct.relations & ~right_rels) != 0) {
      continue;
    }
    right_conditions.push_back(conjunct);
    conjunct.used = true;
  }
  OMEN_ASSIGN_OR_RETURN(PlanNodePtr inner, Tracked([&] {
                          return PlanGroup({&right}, std::move(right_conditions), false);
                        }));
  return Joiner(this).Join(JoinKind::kLeft, std::move(left), left_rels, std::move(inner),
                           right_rels, &on, false);
}

}  // namespace omen::exec
