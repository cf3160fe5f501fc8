// Plans one query level for the row path: access paths, join order, then the steps above.
// What it cannot do it refuses with 0A000 and the feature's name; another path may still run
// the statement.
#pragma once

#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exec/cost/cost_model.h"
#include "exec/expr/expr_text.h"
#include "exec/planner/access_path.h"
#include "exec/planner/estimates.h"
#include "exec/planner/unnest.h"
#include "exec/rows/join.h"
#include "exec/rows/scan.h"
#include "exec/rows/shape.h"
#include "exec/statement/options.h"
#include "exec/statement/storage_ages.h"
#include "exec/statement/table_statistics.h"
#include "sql/tree/expr_walk.h"

namespace omen::exec {

/// What planning uses; outlives the plans.
struct PlanningServices {
  TableStatistics* statistics = nullptr;
  const HiddenIndexes* hidden = nullptr;
  const SystemSources* system = nullptr;
  const Costs* costs = nullptr;  // null: the built-in ones
};

/// A node that is a part of the statement.
struct PlannedPart {
  PartRows expected;
  int node;
};

/// Shared by the levels of one statement while it is planned.
struct PlanEnvironment {
  static constexpr double kUsualMemory = ExecOptions().work_memory_bytes;
  /// Of a run's memory, what estimates may give away.
  static constexpr double kMemoryShare = 0.75;

  /// `statement`: the query whose parts and sensitive conditions are noted; null for none.
  /// `params`: what to plan for; null: any values. `memory`: what a run may take, in bytes.
  PlanEnvironment(const PlanningServices& services, uint64_t catalog_version,
                  const sql::Query* statement = nullptr, const Row* params = nullptr,
                  double memory = kUsualMemory)
      : services(services),
        params(params),
        memory(memory),
        costs(services.costs != nullptr ? services.costs->model() : CostModel()),
        hidden(services.hidden->Of(catalog_version)),
        statement(statement),
        parts_of(statement != nullptr && sql::HasPlainParts(*statement) ? statement : nullptr) {}

  /// Has the node counted as the part of the statement that reads these relations; nothing in
  /// other levels than its own.
  void NotePart(const sql::Query& level, sql::PlanPart::Kind kind, uint64_t relations,
                PlanNode* node);

  const PlanningServices& services;
  const Row* const params;
  const double memory;
  const CostModel costs;
  std::shared_ptr<const HiddenIndexes::Set> hidden;  // not to be read; null: none
  const sql::Query* const statement;
  const sql::Query* const parts_of;
  int nodes = 0;                   // numbered for what counts them
  int trials = 0;                  // plans made only to be compared
  double touched = 0;              // rows read from storage, estimated
  std::vector<HandedRows> handed;  // of tables in the ranges of keys that a mixed run reads
  double engine_us = 0;            // what the column engine would need
  double kept_bytes = 0;           // in hash tables and copies, all at once
  double refused_bytes = std::numeric_limits<double>::infinity();  // the least that had no room
  std::vector<PlannedPart> parts;                                  // of the statement
  std::vector<SensitiveCondition> sensitive;  // of all levels, as they are planned
  std::deque<Unnested> unnested;              // what was planned in place of levels as written
  std::deque<sql::ExprPtr> conditions;        // handed down from one level to another
};

/// One level being planned. One thread, one use.
class LevelPlanner final : public SubqueryPlanner {
 public:
  LevelPlanner(PlanEnvironment* environment, const sql::Query& query, LevelPlanner* outer);
  ~LevelPlanner() override;

  Result<std::unique_ptr<LevelPlan>> PlanSelect();

  // The pieces, for statements that are not a SELECT.
  Status PlanCommonTables();
  /// FROM and WHERE, with `extra` joined to FROM (the target of UPDATE and DELETE).
  Result<PlanNodePtr> PlanFrom(int extra_relation = -1);
  /// Makes the scan of a base table leave its rows, as they are stored, or their keys in a slot.
  enum class RowPart : uint8_t { kKey, kStored };
  int RequireRow(RowPart part, int relation);
  /// WHERE and inner join conditions, to test again on newer versions of the rows.
  Result<EvaluatorPtr> CompileRecheck();
  Scope* scope() { return &scope_; }
  /// Completes the level: `outputs` over the rows of `root`.
  std::unique_ptr<LevelPlan> Finish(PlanNodePtr root, std::vector<EvaluatorPtr> outputs,
                                    std::vector<Type> types);
  /// A condition from the level around, already in this level's terms.
  void AddCondition(sql::ExprPtr condition);

  Result<std::unique_ptr<SubPlan>> PlanSubquery(const sql::Query& query, Scope* outer) override;
  Result<EvaluatorPtr> CompileSubquery(const sql::Expr& expr, Scope* scope) override;

 private:
  struct Unit;
  class GroupPlanner;
  class Joiner;
  class SemiPlanner;
  class DerivedPlanner;
  class WindowPlanner;
  class KeptRows;
  class Outputs;

  // planner.cc
  Result<CommonTablePlan> PlanRecursive(const sql::CommonTable& table);
  Result<PlanNodePtr> PlanSetOperation();
  Result<PlanNodePtr> PlanBody();
  template <typename Node>
  std::unique_ptr<Node> Numbered(std::unique_ptr<Node> node) {
    node->id = environment_->nodes++;
    return node;
  }

  // plan_join.cc; `driving`: rows keep the order of the first table read
  // `available`: relations of the level outside `items` whose columns are known
  Result<PlanNodePtr> PlanGroup(const std::vector<const sql::FromItem*>& items,
                                std::vector<Conjunct> conjuncts, bool driving,
                                const std::vector<SemiJoin>& semis = {}, uint64_t available = 0);
  Status Flatten(const sql::FromItem& item, std::vector<Unit>* units,
                 std::vector<Conjunct>* conjuncts);
  Result<PlanNodePtr> PlanOuterJoin(const sql::FromItem& item, std::vector<Conjunct>* above,
                                    bool driving);
  Result<PlanNodePtr> PlanNullableSide(PlanNodePtr left, uint64_t left_rels,
                                       const sql::FromItem& right, uint64_t right_rels,
                                       std::vector<Conjunct> on);
  Result<PlanNodePtr> AddLeftOvers(PlanNodePtr node, std::vector<Conjunct>* conjuncts);

  // plan_scan.cc
  /// The cheapest way to read a table once `available` relations are; `ordered`: in the order that
  /// is wanted, where that helps.
  AccessPath PathTo(int relation, uint64_t available, const std::vector<Conjunct>& conjuncts,
                    bool ordered);
  Result<PlanNodePtr> PlanRelation(int relation, uint64_t available,
                                   std::vector<Conjunct>* conjuncts, bool driving);
  Status ClaimFilters(uint64_t visible, std::vector<Conjunct>* conjuncts, EvaluatorPtr* filter,
                      std::string* text);
  Result<PlanNodePtr> BuildTableScan(int relation, const AccessPath& path, uint64_t available,
                                     std::vector<Conjunct>* conjuncts);
  uint64_t LateralNeeds(int relation) const;
  /// Relations of this level outside `relations` whose columns these read (LATERAL). Nothing
  /// made of `relations` may be kept while a row of those changes.
  uint64_t NeedsOf(uint64_t relations);
  /// Runs `plan` and tells its node whether anything outside the level was read.
  template <typename Plan>
  Result<PlanNodePtr> Tracked(const Plan& plan) {
    const int before = scope_.outer_reads;
    Result<PlanNodePtr> node = plan();
    if (node.ok()) (*node)->reads_outer = scope_.outer_reads != before;
    return node;
  }

  // plan_derived.cc
  Result<std::unique_ptr<DerivedScan>> PlanDerived(int relation, std::vector<Conjunct>* conjuncts);

  // plan_window.cc
  Result<PlanNodePtr> PlanWindows(PlanNodePtr node);

  // plan_shape.cc
  Result<PlanNodePtr> PlanGrouping(PlanNodePtr node);
  Result<AggregateCall> CompileAggregate(const sql::Expr& expr);
  Result<PlanNodePtr> PlanSetFunctions(PlanNodePtr node);
  Result<PlanNodePtr> PlanTargets(PlanNodePtr node);
  Result<PlanNodePtr> PlanOrder(PlanNodePtr node);
  Result<PlanNodePtr> PlanLocks(PlanNodePtr node);
  Result<PlanNodePtr> PlanLimit(PlanNodePtr node);
  Result<std::vector<SortTerm>> CompileSort(const std::vector<sql::SortKey>& keys);
  void FindWantedOrder();
  void FindExtreme();

  PlanEnvironment* environment_;
  const Unnested& unnested_;
  const sql::Query& query_;  // with the relations of what was unnested
  LevelPlanner* outer_;
  Estimates estimates_;
  Scope scope_;
  double from_rows_ = 1;  // that FROM and WHERE give
  std::vector<CommonTablePlan> ctes_;
  std::vector<ExpectedOutput> cte_outputs_;
  std::vector<double> arm_values_;               // of a set operation, by column
  const sql::CommonTable* recursing_ = nullptr;  // the one whose recursive arm is being planned
  std::vector<const sql::Expr*> added_;          // conditions handed down, and made here
  std::vector<int> key_slots_, row_slots_;       // per relation: its row's; -1: not wanted
  std::vector<double> scanned_;                  // per relation: rows in the range of its keys
  std::vector<uint64_t> lateral_needs_;          // per relation, once asked
  std::vector<double> kept_widths_;              // per relation, once asked: bytes of a row
  uint64_t nullable_ = 0;                        // relations whose rows an outer join may lack
  std::vector<const sql::Expr*> recheck_;
  size_t rechecks_ = 0, rechecks_end_ = 0;  // the subplans that only it asks
  WantedOrder order_;                       // what ORDER BY asks of the driving table
  bool order_satisfied_ = false;
  bool extreme_ = false;    // only min() or max() of one column is wanted
  bool key_lookup_ = true;  // until something reads more
};

}  // namespace omen::exec
