#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

#include "contenders.h"
#include "parts.h"
#include "sets.h"

namespace omen::bench {

namespace {

constexpr size_t kBatch = 32;

/// One sequence of batches of kBatch operations, `writes` of each being inserts.
template <typename Keys, typename Contender>
uint64_t RunMix(Contender& contender, const KeySet<Keys>& set, size_t operations,
                size_t write_percent) {
  Found found[kBatch];
  uint64_t sum = 0;
  size_t written = 0, read = 0, owed = 0;
  for (size_t done = 0; done < operations; done += kBatch) {
    owed += kBatch * write_percent;
    const size_t writes = std::min(owed / 100, set.kept_back.size() - written);
    owed %= 100;
    const size_t reads = kBatch - writes;
    if (read + reads > set.present.size()) read = 0;
    contender.FindBatch(&set.present[read], reads, found);
    for (size_t i = 0; i < reads; ++i) sum += found[i].found;
    contender.Apply(&set.kept_back[written], writes);
    written += writes;
    read += reads;
  }
  contender.Settle();
  return sum;
}

template <typename Keys, typename Contender>
void TimedMix(Contender&& contender, const KeySet<Keys>& set, const std::string& name,
              size_t operations, size_t percent, Measurements& out) {
  contender.Load(set.loaded);
  out.Time(name + "/mix" + std::to_string(percent), operations,
           [&] { RunMix<Keys>(contender, set, operations, percent); });
}

template <typename Keys>
void CompareMixes(const KeySet<Keys>& set, const Task& task, Measurements& out) {
  const size_t operations = task.keys / 2;
  for (int round = 0; round < task.rounds; ++round) {
    for (size_t percent : {10, 50, 90}) {
      TimedMix<Keys>(Ours<Keys>(Form::kAuto, {}), set, "learned", operations, percent, out);
      TimedMix<Keys>(Ours<Keys>(Form::kTree, {}), set, "tree", operations, percent, out);
      if (round == 0) TimedMix<Keys>(Absl<Keys>(), set, "absl", operations, percent, out);
    }
  }
}

template <typename Contender>
void TimedAppend(Contender&& contender, const KeySet<index::IntKeys>& set, const std::string& name,
                 Measurements& out) {
  contender.Load(set.loaded);
  out.Time(name + "/append", set.kept_back.size(), [&] {
    for (size_t i = 0; i < set.kept_back.size(); i += kBatch)
      contender.Apply(&set.kept_back[i], std::min(kBatch, set.kept_back.size() - i));
    contender.Settle();
  });
}

double Percentile(std::vector<float>& values, double part) {
  const auto at = static_cast<ptrdiff_t>(static_cast<double>(values.size()) * part);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<size_t>(at)];
}

std::vector<float> Latencies(Ours<index::IntKeys>& ours, const std::vector<uint64_t>& keys,
                             const std::atomic<bool>& stop, size_t at_least) {
  std::vector<float> nanos;
  nanos.reserve(std::max<size_t>(at_least, 8 << 20));
  for (size_t i = 0; i < at_least || !stop.load(std::memory_order_relaxed); ++i) {
    const double started = Seconds();
    const bool found = ours.Find(keys[i % keys.size()]).found;
    const double taken = Seconds() - started;
    if (!found) std::exit(1);
    nanos.push_back(static_cast<float>(taken * 1e9));
  }
  return nanos;
}

void AddPercentiles(const std::string& name, std::vector<float> nanos, Measurements& out) {
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

}  // namespace

void Mixes(const Task& task, Measurements& out) {
  if (task.set == "urls")
    return CompareMixes(MakeStringSet(task.keys, 50, 1 << 20, task.seed), task, out);
  CompareMixes(MakeIntSet(task.set, task.keys, 50, false, 1 << 20, task.seed), task, out);
}

void Append(const Task& task, Measurements& out) {
  const auto set = MakeIntSet(task.set, task.keys, 100, true, 1 << 10, task.seed);
  for (int round = 0; round < task.rounds; ++round) {
    TimedAppend(Ours<index::IntKeys>(Form::kAuto, {}), set, "learned", out);
    TimedAppend(Ours<index::IntKeys>(Form::kTree, {}), set, "tree", out);
    TimedAppend(Absl<index::IntKeys>(), set, "absl", out);
  }
}

// Quiet; while a merge runs beside the reader; and while, besides, a writer writes as fast as it
// can, which on two cores measures the scheduler too.
void MergeTail(const Task& task, Measurements& out) {
  const auto set = MakeIntSet(task.set, task.keys, 50, false, 1 << 20, task.seed);
  HybridOptions options;
  options.background = false;
  options.delta_fraction = 1;
  for (int round = 0; round < task.rounds; ++round) {
    Ours<index::IntKeys> ours(Form::kAuto, options);
    ours.Load(set.loaded);
    std::atomic<bool> stop{true};
    AddPercentiles("quiet", Latencies(ours, set.present, stop, 1 << 21), out);
    std::vector<float> merging;
    const size_t part = set.kept_back.size() / 8 / kBatch * kBatch;
    for (size_t from = 0; from + part <= set.kept_back.size(); from += part) {
      for (size_t i = from; i < from + part; i += kBatch) ours.Apply(&set.kept_back[i], kBatch);
      const auto some = WhileRunning(ours, set.present, [&] {
        const Status merged = ours.index().Merge();
        if (!merged.ok()) std::exit(1);
      });
      merging.insert(merging.end(), some.begin(), some.end());
    }
    out.Add("merges", static_cast<double>(ours.index().statistics().merges));
    AddPercentiles("merging", std::move(merging), out);

    Ours<index::IntKeys> busy(Form::kAuto, {});
    busy.Load(set.loaded);
    AddPercentiles("saturated",
                   WhileRunning(busy, set.present,
                                [&] {
                                  for (size_t i = 0; i < set.kept_back.size(); i += kBatch)
                                    busy.Apply(&set.kept_back[i],
                                               std::min(kBatch, set.kept_back.size() - i));
                                  busy.Settle();
                                }),
                   out);
  }
}

}  // namespace omen::bench
