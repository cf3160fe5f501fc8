// How two plans of one level are joined. What the planner's own parts share; not for others.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "exec/planner/planner.h"

namespace omen::exec {

uint64_t RelationsIn(const sql::FromItem& item);

/// The sides of an equality that can be hashed: one from each side of the join.
bool HashSides(const sql::Expr& expr, uint64_t left_rels, uint64_t right_rels,
               const sql::Expr** left, const sql::Expr** right);

/// What the rows take that a level's joins keep, against what the statement may take.
class LevelPlanner::KeptRows {
 public:
  explicit KeptRows(LevelPlanner* level) : level_(*level) {}

  /// Of rows of these relations in a hash table or a copy, `keys` values beside each.
  double Bytes(uint64_t relations, size_t keys, double rows) const;
  bool HasRoom(double bytes) const;
  /// What the cost of keeping them is multiplied by: there may be no room.
  double Factor(double bytes) const;
  void Keep(double bytes) { level_.environment_->kept_bytes += bytes; }

 private:
  void MeasureWidths() const;

  LevelPlanner& level_;
};

/// What the rows of a planned level are expected to hold.
class LevelPlanner::Outputs {
 public:
  explicit Outputs(LevelPlanner* level) : level_(*level) {}

  ExpectedOutput Expected(double rows) const;
  /// Of a set operation: what its arms give.
  void NoteArms(const ExpectedOutput& left, const ExpectedOutput& right);

 private:
  double ValuesOf(const sql::Expr& expr) const;

  LevelPlanner& level_;
};

/// One thing to join: a relation, an outer join that is planned whole, or what rows must have or
/// lack a partner in.
struct LevelPlanner::Unit {
  int relation = -1;
  const sql::FromItem* join = nullptr;
  const SemiJoin* semi = nullptr;
  uint64_t relations = 0;
  uint64_t needs = 0;               // what must be placed before it, in this pool or outside
  PlanNodePtr planned;              // where its plan does not depend on the order
  std::vector<Conjunct> on = {};    // of a semi join
  double rows = 1000, cost = 1000;  // of a semi join's inner side read alone
};

/// Joins two plans: by hashing where a condition allows it, else by nesting.
class LevelPlanner::Joiner {
 public:
  explicit Joiner(LevelPlanner* level) : level_(*level), kept_rows_(level) {}

  Result<PlanNodePtr> Join(JoinKind kind, PlanNodePtr left, uint64_t left_rels, PlanNodePtr right,
                           uint64_t right_rels, std::vector<Conjunct>* conjuncts, bool swappable);
  /// A nested loop; what conditions are left for it, it tests on each pair.
  Result<PlanNodePtr> Nest(JoinKind kind, PlanNodePtr left, PlanNodePtr right,
                           std::vector<Conjunct>* conjuncts, uint64_t visible);

 private:
  void NoteJoinKeys(JoinKind kind, double outer_rows, const PlanNode& inner);
  Result<std::vector<JoinKey>> TakeHashKeys(uint64_t left_rels, uint64_t right_rels,
                                            std::vector<Conjunct>* conjuncts,
                                            std::vector<const sql::Expr*>* taken);

  LevelPlanner& level_;
  KeptRows kept_rows_;
};

/// Joins rows with those that they must have, or must not have, a partner among.
class LevelPlanner::SemiPlanner {
 public:
  explicit SemiPlanner(LevelPlanner* level) : level_(*level), kept_rows_(level) {}

  Unit UnitOf(const SemiJoin& semi);
  /// Plans the inner side alone, for what it takes; nothing of it is kept.
  Status Measure(Unit* unit);
  /// What joining so many rows of `left_rels` takes.
  double Cost(const Unit& unit, double left_rows, uint64_t left_rels) const;
  /// Share of the left rows that have a partner.
  double Share(const Unit& unit, uint64_t left_rels) const;
  /// By lookups of each row's partners, or through a hash table or copy of the inner side.
  Result<PlanNodePtr> Join(Unit* unit, PlanNodePtr left, uint64_t left_rels);

  /// The inner side's keys, each once, can come first: then rows are their partners in an inner
  /// join.
  bool CanDrive(const Unit& unit) const;
  double DrivingRows(const Unit& unit) const;
  double DrivingCost(const Unit& unit) const;
  /// Leaves the conditions of that join in the unit.
  Result<PlanNodePtr> Drive(Unit* unit);

 private:
  struct Side {
    PlanNodePtr node;
    std::vector<Conjunct> on;  // conditions that are left for the join
  };
  class Trial;

  Result<Side> PlanInner(const Unit& unit, uint64_t available);
  /// Rows that a LIMIT lets be read, in the order they come in; 0: all.
  double FirstRows() const;
  /// `wanted`: rows of `left` that are likely to be read. Null where another way is faster.
  Result<PlanNodePtr> JoinByLookups(Unit* unit, PlanNodePtr* left, uint64_t left_rels,
                                    double wanted);
  bool Hashes(const Unit& unit, uint64_t left_rels) const;
  double AloneCost(const Unit& unit, double left_rows, uint64_t left_rels) const;
  double LookupCost(const Unit& unit, const PlanNode& inner, uint64_t left_rels) const;
  /// Nothing but equal keys tells who is a partner.
  bool KeysDecide(const Unit& unit) const;
  /// Of the inner side, in a hash table.
  double KeptBytes(const Unit& unit) const;
  std::vector<const sql::Expr*> KeysOf(const Unit& unit) const;

  LevelPlanner& level_;
  KeptRows kept_rows_;
};

}  // namespace omen::exec
