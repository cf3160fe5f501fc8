// How long single reads take at worst, quiet and while merges run.
#include <atomic>
#include <thread>

#include "ask.h"
#include "parts.h"
#include "sets.h"

namespace omen::bench {

namespace {

std::vector<float> Latencies(Ours<index::IntKeys>& ours, const std::vector<uint64_t>& keys,
                             const std::atomic<bool>& stop, size_t at_least) {
  std::vector<float> nanos;
  nanos.reserve(std::max<size_t>(at_least, 8 << 20));
  for (size_t i = 0; i < at_least || !stop.load(std::memory_order_relaxed); ++i) {
    const double started = Seconds();
    const bool found = ours.Find(keys[i % keys.size()]).found;
    const double taken = Seconds() - started;
    Demand(found, "a loaded key was not found");
    nanos.push_back(static_cast<float>(taken * 1e9));
  }
  return nanos;
}

void AddPercentiles(const std::string& name, std::vector<float> nanos, Measurements& out) {
  out.Add(name + "/samples", static_cast<double>(nanos.size()));
  for (double part : {0.5, 0.99, 0.999})
    out.Add(name + "/p" + std::to_string(part * 100).substr(0, 4), Percentile(nanos, part));
}

// Reads on a thread of its own from before `work` until it is done.
template <typename Work>
std::vector<float> WhileRunning(Ours<index::IntKeys>& ours, const std::vector<uint64_t>& keys,
                                Work work) {
  std::atomic<bool> stop{false};
  std::vector<float> nanos;
  std::thread reader([&] { nanos = Latencies(ours, keys, stop, 0); });
  work();
  stop = true;
  reader.join();
  return nanos;
}

void BesideMerges(const KeySet<index::IntKeys>& set, Measurements& out) {
  HybridOptions options;
  options.background = false;
  options.delta_fraction = 1;
  Ours<index::IntKeys> ours(Form::kAuto, options);
  ours.Load(set.loaded);
  std::atomic<bool> stop{true};
  AddPercentiles("quiet", Latencies(ours, set.present, stop, 1 << 21), out);
  std::vector<float> merging;
  const size_t part = set.writes.size() / 8 / kBatch * kBatch;
  for (size_t from = 0; from + part <= set.writes.size(); from += part) {
    for (size_t i = from; i < from + part; i += kBatch) ours.Apply(&set.writes[i], kBatch);
    const auto some = WhileRunning(
        ours, set.present, [&] { Demand(ours.index().Merge().ok(), "a merge was refused"); });
    merging.insert(merging.end(), some.begin(), some.end());
  }
  out.Add("merges", static_cast<double>(ours.index().statistics().merges));
  AddPercentiles("merging", std::move(merging), out);
}

// A writer besides writes as fast as it can, which on two cores measures the scheduler too.
void Saturated(const KeySet<index::IntKeys>& set, Measurements& out) {
  Ours<index::IntKeys> busy(Form::kAuto, {});
  busy.Load(set.loaded);
  auto nanos = WhileRunning(busy, set.present, [&] {
    WriteAll<index::IntKeys>(busy, set.writes);
    busy.Settle();
  });
  AddPercentiles("saturated", std::move(nanos), out);
}

}  // namespace

void MergeTail(const Task& task, Measurements& out) {
  const SetShape shape{task.keys, task.keys / 2, SetShape::Writes::kInserts, 1 << 20};
  const auto set = MakeIntSet(task.set, shape, task.seed);
  for (int round = 0; round < task.rounds; ++round) {
    BesideMerges(set, out);
    Saturated(set, out);
  }
}

}  // namespace omen::bench
