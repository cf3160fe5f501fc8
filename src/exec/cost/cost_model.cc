#include "exec/cost/cost_model.h"

#include "base/check.h"

namespace omen::exec {
namespace {

using M = CostModel;
using P = MachinePace;

constexpr Coefficient kCoefficients[] = {
    {"get", &M::get, &P::rows, "a row by its key, cached"},
    {"open", &M::open, &P::rows, "an iterator placed"},
    {"step", &M::step, &P::rows, "a row of a scan, decoded and filtered"},
    {"fetch", &M::fetch, &P::rows, "the row behind an entry of a secondary index, in memory"},
    {"fetch_far", &M::fetch_far, &P::rows, "the same where many are read"},
    {"hash_row", &M::hash_row, &P::rows, "a row put into a hash table or looked up there"},
    {"pair_row", &M::pair_row, &P::rows, "a pair of rows that a nested loop compares"},
    {"group_row", &M::group_row, &P::rows, "a row put into its group, and as much for each call"},
    {"sort_row", &M::sort_row, &P::rows, "a row sorted"},
    {"lock_row", &M::lock_row, &P::rows, "a row locked"},
    {"output_row", &M::output_row, &P::rows, "a row's expressions, values for the client"},
    {"engine_start", &M::engine_start, &P::engine_start, "a reader, a plan, the first task"},
    {"engine_table", &M::engine_table, &P::engine_start, "each table's part of the plan"},
    {"engine_value", &M::engine_value, &P::engine_rows, "a value read and filtered"},
    {"engine_join_row", &M::engine_join_row, &P::engine_rows, "a row joined"},
    {"engine_group_row", &M::engine_group_row, &P::engine_rows, "a row grouped or sorted"},
    {"engine_output_value", &M::engine_output_value, &P::rows, "a value that leaves the engine"},
    {"engine_output_field", &M::engine_output_field, &P::rows, "the same on its way to a client"},
    {"mixed_row", &M::mixed_row, &P::rows, "a row handed over to the engine"},
};

}  // namespace

std::span<const Coefficient> Coefficients() { return kCoefficients; }

CostModel CostsAt(const MachinePace& pace) {
  CostModel model;
  for (const Coefficient& each : kCoefficients) {
    OMEN_CHECK(pace.*each.pace > 0);
    model.*each.value *= pace.*each.pace;
  }
  return model;
}

CostModel Costs::model() const {
  std::lock_guard lock(mutex_);
  return model_;
}

MachinePace Costs::pace() const {
  std::lock_guard lock(mutex_);
  return pace_;
}

void Costs::Set(const MachinePace& pace) {
  std::lock_guard lock(mutex_);
  pace_ = pace;
  model_ = CostsAt(pace);
}

}  // namespace omen::exec
