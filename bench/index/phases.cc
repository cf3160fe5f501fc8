// Points, then ranges, then inserts, then points again: does the structure follow?
#include <algorithm>

#include "contenders.h"
#include "parts.h"
#include "sets.h"

namespace omen::bench {

namespace {

constexpr size_t kBatch = 32, kScan = 100;

Form FormNamed(const std::string& name) {
  if (name == "learned") return Form::kLearned;
  if (name == "tree") return Form::kTree;
  return name == "hash" ? Form::kHash : Form::kAuto;
}

void Points(Ours<index::IntKeys>& ours, const KeySet<index::IntKeys>& set, size_t operations) {
  Found found[kBatch];
  for (size_t done = 0, at = 0; done < operations; done += kBatch, at += kBatch) {
    if (at + kBatch > set.present.size()) at = 0;
    ours.FindBatch(&set.present[at], kBatch, found);
  }
}

void Ranges(Ours<index::IntKeys>& ours, const KeySet<index::IntKeys>& set, size_t operations) {
  for (size_t done = 0; done < operations; ++done)
    ours.Scan(set.present[done % set.present.size()], kScan);
}

void Inserts(Ours<index::IntKeys>& ours, const KeySet<index::IntKeys>& set) {
  for (size_t at = 0; at < set.kept_back.size(); at += kBatch)
    ours.Apply(&set.kept_back[at], std::min(kBatch, set.kept_back.size() - at));
  ours.Settle();
}

}  // namespace

void Phases(const Task& task, Measurements& out) {
  const auto set = MakeIntSet("uniform", task.keys, 500, false, 1 << 20, task.seed);
  const size_t operations = 5 * task.keys;
  Ours<index::IntKeys> ours(FormNamed(task.set), {});
  ours.Load(set.loaded);
  const auto phase = [&](const char* name, auto work) {
    out.Time(name, operations, work);
    const index::IndexStatistics now = ours.index().statistics();
    out.Add(std::string(name) + "/hashed_runs", static_cast<double>(now.hash_runs));
    out.Add(std::string(name) + "/runs", static_cast<double>(now.runs));
  };
  phase("1_points", [&] { Points(ours, set, operations); });
  phase("2_ranges", [&] { Ranges(ours, set, operations); });
  phase("3_inserts", [&] { Inserts(ours, set); });
  phase("4_points", [&] { Points(ours, set, operations); });
}

}  // namespace omen::bench
