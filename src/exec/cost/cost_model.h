// What steps cost: one model for the row path and for the column engine, in microseconds of the
// statement's elapsed time. Its coefficients were measured on two cores by `./dev bench routes`; on
// another machine they are scaled by what its calibration finds (exec/database/calibration.h).
#pragma once

#include <mutex>
#include <span>
#include <string_view>

namespace omen::exec {

/// How long this machine takes for the work of the one where the coefficients were measured.
struct MachinePace {
  double rows = 1;          // the row path's own work
  double engine_start = 1;  // the column engine's before and after its rows
  double engine_rows = 1;   // its work on rows, on all its threads
};

/// So many rows behind an index's entries are likely in memory.
inline constexpr double kNearRows = 10'000;

struct CostModel {
  // Rows.
  double get = 2.5;         // a row by its key, cached
  double open = 3;          // an iterator placed
  double step = 0.13;       // a row of a scan, decoded and filtered
  double fetch = 0.8;       // the row behind an entry of a secondary index, from memory
  double fetch_far = 3.5;   // the same of many rows, most of which are not there
  double hash_row = 0.25;   // a row put into a hash table or looked up there
  double pair_row = 0.05;   // a pair of rows that a nested loop compares
  double group_row = 0.06;  // a row put into its group, and as much for each call
  double sort_row = 0.4;
  double lock_row = 5;
  double output_row = 0.2;  // a row's expressions, values for the client

  // The column engine.
  double engine_start = 1'200;   // a reader, a plan, the first task
  double engine_table = 120;     // each table: its part of the plan
  double engine_value = 0.0012;  // a value read and filtered
  double engine_join_row = 0.015;
  double engine_group_row = 0.015;
  double engine_output_value = 0.08;  // a value that leaves the engine
  double engine_output_field = 0.03;  // the same on its way to a client, as text
  // The engine over rows.
  double mixed_row = 0.3;  // a row handed over
};

/// One coefficient: where it stands, what it is of, and what it is scaled by.
struct Coefficient {
  std::string_view name;
  double CostModel::*value;
  double MachinePace::*pace;
  std::string_view meaning;
};
std::span<const Coefficient> Coefficients();

CostModel CostsAt(const MachinePace& pace);

/// The model that plans are made with now. Any thread.
class Costs {
 public:
  CostModel model() const;
  MachinePace pace() const;
  /// Plans made from now on.
  void Set(const MachinePace& pace);

 private:
  mutable std::mutex mutex_;
  MachinePace pace_;
  CostModel model_;
};

}  // namespace omen::exec
