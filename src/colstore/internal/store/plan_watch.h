// What the engine's own profiler knows of a query, taken out of it: its operators when it has been
// planned, and what each has done when it has run.
#pragma once

#include <unordered_map>

#include "colstore/engine_plan.h"
#include "duckdb.hpp"
#include "duckdb/main/profiling_node.hpp"

namespace omen::colstore {

/// Has the context count for each operator its rows and its time, two readings of the clock a
/// vector; with `details` also how it was set up, which costs its text.
void WatchOperators(duckdb::ClientContext& context, bool details);

/// The plan of one query. The connection's thread; no other query has begun since.
class PlanWatch {
 public:
  /// Once it is planned, before it runs: later the engine forgets its operators.
  explicit PlanWatch(duckdb::ClientContext& context);
  /// What was planned. The engine's threads begin at once, so that what they have counted by now
  /// means nothing: left out.
  PlanOperator Planned() const { return Read(Counts::kLeftOut); }
  /// With what each operator has done. Whole once the query has ended by itself.
  PlanOperator Ran() const { return Read(Counts::kRead); }

 private:
  struct Known {
    PlanOperator::Kind kind;
    std::string name;
    catalog::StorageId storage;
    int source;
    double estimated_rows;
  };
  enum class Counts { kLeftOut, kRead };
  PlanOperator Read(Counts counts) const;
  PlanOperator Read(duckdb::ProfilingNode& node, Counts counts) const;

  duckdb::ClientContext& context_;
  std::unordered_map<const duckdb::ProfilingNode*, Known> known_;
};

}  // namespace omen::colstore
