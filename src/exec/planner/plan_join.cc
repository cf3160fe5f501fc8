// FROM: inner joins are pooled and ordered greedily by estimated cost; outer joins keep
// their shape.
#include <algorithm>
#include <limits>

#include "base/blame.h"
#include "exec/planner/planner.h"

namespace omen::exec {

using sql::Expr;
using sql::ExprKind;
using sql::FromItem;
using sql::JoinType;

namespace {

uint64_t RelationsIn(const FromItem& item) {
  if (item.relation >= 0) return uint64_t{1} << item.relation;
  return RelationsIn(*item.left) | RelationsIn(*item.right);
}

// The sides of an equality that can be hashed: one from each side of the join.
bool HashSides(const Expr& expr, uint64_t left_rels, uint64_t right_rels, const Expr** left,
               const Expr** right) {
  CompareOp op;
  if (expr.kind != ExprKind::kFunction || expr.args.size() != 2 || !ComparisonOf(expr.op, &op) ||
      op != CompareOp::kEq ||
      FamilyOf(expr.args[0]->type, expr.args[1]->type) == ValueFamily::kNone) {
    return false;
  }
  for (size_t side = 0; side < 2; ++side) {
    const uint64_t one = RelationsOf(*expr.args[side]);
    const uint64_t other = RelationsOf(*expr.args[1 - side]);
    if (one == 0 || other == 0 || (one & ~left_rels) != 0 || (other & ~right_rels) != 0) continue;
    *left = expr.args[side].get();
    *right = expr.args[1 - side].get();
    return true;
  }
  return false;
}

// An outer join keeps the rows of its sides that have no partner.
double JoinedRows(JoinKind kind, double matched, const PlanNode& left, const PlanNode& right) {
  double rows = std::max(matched, 1.0);
  if (kind == JoinKind::kLeft || kind == JoinKind::kFull) rows = std::max(rows, left.rows);
  if (kind == JoinKind::kFull) rows = std::max(rows, right.rows);
  return rows;
}

}  // namespace

// One thing to join: a relation, or an outer join that is planned whole.
struct LevelPlanner::Unit {
  int relation = -1;
  const FromItem* join = nullptr;
  uint64_t relations = 0;
  uint64_t needs = 0;   // lateral: what must be placed before it, in this pool or outside
  PlanNodePtr planned;  // where its plan does not depend on the order
};

/// Joins two plans: by hashing where a condition allows it, else by nesting.
class LevelPlanner::Joiner {
 public:
  explicit Joiner(LevelPlanner* level) : level_(*level) {}

  Result<PlanNodePtr> Join(JoinKind kind, PlanNodePtr left, uint64_t left_rels, PlanNodePtr right,
                           uint64_t right_rels, std::vector<Conjunct>* conjuncts, bool swappable);
  /// A nested loop; what conditions are left for it, it tests on each pair.
  Result<PlanNodePtr> Nest(JoinKind kind, PlanNodePtr left, PlanNodePtr right,
                           std::vector<Conjunct>* conjuncts, uint64_t visible);

 private:
  Result<std::vector<JoinKey>> TakeHashKeys(uint64_t left_rels, uint64_t right_rels,
                                            std::vector<Conjunct>* conjuncts,
                                            std::vector<const Expr*>* taken);

  LevelPlanner& level_;
};

/// Chooses the order of one pool of inner-joined units, one unit at a time.
class LevelPlanner::GroupPlanner {
 public:
  GroupPlanner(LevelPlanner* planner, std::vector<Unit> units, std::vector<Conjunct>* conjuncts,
               bool driving)
      : planner_(planner),
        joiner_(planner),
        units_(std::move(units)),
        conjuncts_(*conjuncts),
        driving_(driving),
        reads_before_(planner->scope_.outer_reads) {
    for (const Unit& unit : units_) members_ |= unit.relations;
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
    const bool alone = units_.size() == 1;
    for (Unit& unit : units_) {
      if (IsTable(unit) || unit.needs != 0) continue;
      const bool driving = driving_ && alone && unit.join != nullptr;
      OMEN_ASSIGN_OR_RETURN(unit.planned, PlanUnit(unit, driving));
    }
    return Status::Ok();
  }

  Result<PlanNodePtr> PlanUnit(const Unit& unit, bool driving) {
    return planner_->Tracked([&]() -> Result<PlanNodePtr> {
      if (unit.join != nullptr) return planner_->PlanOuterJoin(*unit.join, &conjuncts_, driving);
      const uint64_t available = unit.needs != 0 ? placed_ : 0;
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
    const AccessPath alone = PathOf(unit, 0, false);
    return !HashableWith(unit) ||
           node_->rows * dependent.cost <
               alone.cost + (node_->rows + alone.rows) * planner_->environment_->costs.hash_row;
  }

  double Score(const Unit& unit) const {
    if ((unit.needs & members_ & ~placed_) != 0) return std::numeric_limits<double>::infinity();
    if (node_ == nullptr) {
      if (unit.planned != nullptr) return unit.planned->rows + unit.planned->cost * 0.001;
      if (!IsTable(unit)) return 1000;
      const AccessPath path = PathOf(unit, 0, driving_);
      return FilteredRows(unit, path, 0) + path.cost * 0.001;
    }
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
    return best;
  }

  Status Place(Unit unit) {
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
                            unit->relations, &conjuncts_, !driving_));
    return Status::Ok();
  }

  LevelPlanner* planner_;
  Joiner joiner_;
  std::vector<Unit> units_;
  std::vector<Conjunct>& conjuncts_;
  bool driving_;
  const int reads_before_;  // outer reads when the pool's planning began
  uint64_t members_ = 0, placed_ = 0;
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
                                            std::vector<Conjunct> conjuncts, bool driving) {
  std::vector<Unit> units;
  for (const FromItem* item : items) OMEN_RETURN_IF_ERROR(Flatten(*item, &units, &conjuncts));
  PlanNodePtr node;
  if (units.empty()) {
    node = Numbered(std::make_unique<OneRow>());
    node->cost = 0.1;
  } else {
    GroupPlanner group(this, std::move(units), &conjuncts, driving);
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
    if (left->rows * path.cost <
        alone.cost + (left->rows + alone.rows) * environment_->costs.hash_row) {
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

Result<std::vector<JoinKey>> LevelPlanner::Joiner::TakeHashKeys(uint64_t left_rels,
                                                                uint64_t right_rels,
                                                                std::vector<Conjunct>* conjuncts,
                                                                std::vector<const Expr*>* taken) {
  std::vector<JoinKey> keys;
  for (Conjunct& conjunct : *conjuncts) {
    const Expr *left, *right;
    if (conjunct.used || conjunct.is_volatile ||
        !HashSides(*conjunct.expr, left_rels, right_rels, &left, &right)) {
      continue;
    }
    JoinKey key;
    OMEN_ASSIGN_OR_RETURN(key.left, Compile(*left, &level_.scope_));
    OMEN_ASSIGN_OR_RETURN(key.right, Compile(*right, &level_.scope_));
    key.type = FamilyType(FamilyOf(left->type, right->type), left->type);
    keys.push_back(std::move(key));
    taken->push_back(conjunct.expr);
    conjunct.used = true;
  }
  return keys;
}

Result<PlanNodePtr> LevelPlanner::Joiner::Join(JoinKind kind, PlanNodePtr left, uint64_t left_rels,
                                               PlanNodePtr right, uint64_t right_rels,
                                               std::vector<Conjunct>* conjuncts, bool swappable) {
  const uint64_t visible = left_rels | right_rels;
  if ((level_.NeedsOf(right_rels) & left_rels) != 0) {
    return Nest(kind, std::move(left), std::move(right), conjuncts, visible);
  }
  if (kind == JoinKind::kInner && swappable && left->rows * 4 < right->rows) {
    std::swap(left, right);
    std::swap(left_rels, right_rels);
  }
  std::vector<const Expr*> taken, residual;
  OMEN_ASSIGN_OR_RETURN(std::vector<JoinKey> keys,
                        TakeHashKeys(left_rels, right_rels, conjuncts, &taken));
  if (keys.empty()) {
    if (kind == JoinKind::kFull) {
      return Refusal(
          "FULL JOIN is only supported with merge-joinable or hash-joinable join conditions");
    }
    if (level_.NeedsOf(right_rels) == 0) {
      auto kept = level_.Numbered(std::make_unique<Materialize>(std::move(right)));
      kept->rows = kept->child->rows;
      kept->cost = kept->child->cost;
      kept->startup = kept->child->startup;
      right = std::move(kept);
    }
    return Nest(kind, std::move(left), std::move(right), conjuncts, visible);
  }
  double rows =
      left->rows * right->rows * level_.estimates_.KeyJoinShare(left_rels, right_rels, taken);
  for (Conjunct& conjunct : *conjuncts) {
    if (conjunct.used || (conjunct.relations & ~visible) != 0) continue;
    if (kind == JoinKind::kInner && (conjunct.relations == 0 || conjunct.is_volatile)) continue;
    residual.push_back(conjunct.expr);
    conjunct.used = true;
    rows *= level_.estimates_.JoinShare(*conjunct.expr);
  }
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr condition, CompileConjunction(residual, &level_.scope_));
  taken.insert(taken.end(), residual.begin(), residual.end());
  auto join = level_.Numbered(std::make_unique<HashJoin>(kind, std::move(left), std::move(right),
                                                         std::move(keys), std::move(condition),
                                                         ConjunctText(taken, level_.query_)));
  join->rows = JoinedRows(kind, rows, *join->left, *join->right);
  join->cost = join->left->cost + join->right->cost +
               (join->left->rows + join->right->rows) * level_.environment_->costs.hash_row;
  join->startup = join->left->startup + join->right->cost +
                  join->right->rows * level_.environment_->costs.hash_row;
  level_.environment_->engine_us +=
      (join->left->rows + join->right->rows) * level_.environment_->costs.engine_join_row;
  level_.environment_->NotePart(level_.query_, sql::PlanPart::Kind::kJoin, visible, join.get());
  return PlanNodePtr(std::move(join));
}

Result<PlanNodePtr> LevelPlanner::Joiner::Nest(JoinKind kind, PlanNodePtr left, PlanNodePtr right,
                                               std::vector<Conjunct>* conjuncts, uint64_t visible) {
  std::vector<const Expr*> exprs;
  double rows = left->rows * right->rows;
  for (Conjunct& conjunct : *conjuncts) {
    if (conjunct.used || (conjunct.relations & ~visible) != 0) continue;
    if (kind == JoinKind::kInner && (conjunct.relations == 0 || conjunct.is_volatile)) continue;
    exprs.push_back(conjunct.expr);
    conjunct.used = true;
    rows *= level_.estimates_.JoinShare(*conjunct.expr);
  }
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr condition, CompileConjunction(exprs, &level_.scope_));
  const bool kept = dynamic_cast<const Materialize*>(right.get()) != nullptr;
  const double cost = kept ? left->cost + right->cost +
                                 left->rows * right->rows * level_.environment_->costs.pair_row
                           : left->cost + left->rows * right->cost;
  const double startup = left->startup + right->startup;
  const double outer_rows = left->rows;
  auto join = level_.Numbered(std::make_unique<NestedLoop>(kind, std::move(left), std::move(right),
                                                           std::move(condition),
                                                           ConjunctText(exprs, level_.query_)));
  join->rows = JoinedRows(kind, rows, *join->left, *join->right);
  join->cost = cost;
  join->startup = startup;
  level_.environment_->engine_us += outer_rows * level_.environment_->costs.engine_join_row;
  level_.environment_->NotePart(level_.query_, sql::PlanPart::Kind::kJoin, visible, join.get());
  return PlanNodePtr(std::move(join));
}

}  // namespace omen::exec
