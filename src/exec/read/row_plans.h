// The row path's plans of one read. Which one is best depends on the values it is run with, on the
// memory that it may take, and on what the tables hold: so there is one for any values and the
// usual memory, others for values that are expected to keep far more or far fewer rows and for
// memory that the general one is not made for, and all are made anew when the statistics change
// they were made with. What is made later is charged to nobody, so long statements keep the plan
// they were made with.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "exec/planner/planner.h"

namespace omen::exec {

/// Immutable; any thread.
struct RowPlan {
  std::unique_ptr<const LevelPlan> level;    // null where rows cannot
  Status refusal;                            // why they cannot
  int nodes = 0;                             // of the level, numbered for what counts them
  std::vector<PlannedPart> parts;            // of the level
  std::vector<PartRows> expected;            // of those parts
  double kept_bytes = 0, refused_bytes = 0;  // as the planning of it noted them

  /// What a table was taken for.
  struct Basis {
    catalog::StorageId storage;
    statistics::TableStatisticsPtr statistics;
    double rows;
  };
  std::vector<Basis> based_on;
  /// Conditions of a relation that depend on parameters; `share`: what they keep of its rows for
  /// any values, one alone and all together.
  struct Sensitive {
    const sql::Query* level;
    int relation;
    std::vector<const sql::Expr*> conditions;
    double share;
  };
  std::vector<Sensitive> sensitive;
  CompiledValues compiled;        // what those compare with
  std::deque<Unnested> unnested;  // where levels are not as written, and conditions neither
  std::deque<sql::ExprPtr> handed_down;
};

using RowPlanPtr = std::shared_ptr<const RowPlan>;

/// Any thread.
class RowPlans {
 public:
  /// Both outlive it.
  RowPlans(const PlanningServices& services, const sql::Query& query)
      : services_(services), query_(query) {}

  /// Makes the plan for any values. A refusal is kept as the plan's why_not; other errors are the
  /// statement's.
  Status Prepare(uint64_t catalog_version);
  /// For these values and a run that may take so much memory, as the statistics are now. In a
  /// microsecond where that plan is there; at once, and no longer than this object, where rows are
  /// found by key.
  RowPlanPtr For(const Row& params, int64_t memory_bytes) const;
  /// For any values.
  RowPlanPtr General() const;

 private:
  /// By what is sensitive: how many powers of a ratio its share is away from the general one. The
  /// last is of memory: which power of two it is, where the general plan is not made for so much.
  using Class = std::vector<int>;

  Result<RowPlanPtr> Make(const Row* params, double memory_bytes) const;
  void NoteSensitive(const std::vector<SensitiveCondition>& conditions, RowPlan* plan) const;
  bool IsCurrent(const RowPlan& plan) const;
  Class ClassOf(const RowPlan& general, const Row& params, int64_t memory_bytes) const;

  const PlanningServices& services_;
  const sql::Query& query_;
  uint64_t catalog_version_ = 0;
  bool adapts_ = false;  // is small enough to be planned again
  RowPlanPtr by_key_;    // finds its rows by key, whatever the values; else null
  mutable std::mutex mutex_;
  mutable RowPlanPtr general_;
  mutable std::map<Class, RowPlanPtr> special_;
};

}  // namespace omen::exec
