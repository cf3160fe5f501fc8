#include <immintrin.h>

#include <cstdlib>
#include <thread>

#include "contenders.h"
#include "parts.h"
#include "sets.h"

namespace omen::bench {

namespace {

constexpr size_t kBatch = 32, kScan = 100;
constexpr size_t kQueries = 2 << 20, kSingles = 1 << 19, kScans = 1 << 16;

// Every contender must find the same: the first one's sum is the truth of a run.
void Agree(uint64_t sum, uint64_t& truth) {
  if (truth == 0) truth = sum;
  if (sum == truth) return;
  std::fprintf(stderr, "contenders disagree\n");
  std::exit(1);
}

template <typename Keys, typename Contender>
uint64_t Batches(Contender& contender, const std::vector<typename Keys::Key>& keys) {
  uint64_t sum = 1;
  Found found[kBatch];
  for (size_t i = 0; i + kBatch <= keys.size(); i += kBatch) {
    contender.FindBatch(keys.data() + i, kBatch, found);
    for (const Found& one : found) sum += one.found;
  }
  return sum;
}

template <bool fenced, typename Keys, typename Contender>
uint64_t Singles(Contender& contender, const std::vector<typename Keys::Key>& keys) {
  uint64_t sum = 1;
  for (size_t i = 0; i < std::min(kSingles, keys.size()); ++i) {
    sum += contender.Find(keys[i]).found;
    if (fenced) _mm_lfence();
  }
  return sum;
}

template <typename Keys, typename Contender>
uint64_t Scans(Contender& contender, const std::vector<typename Keys::Key>& keys) {
  uint64_t sum = 1;
  for (size_t i = 0; i < std::min(kScans, keys.size()); ++i) sum += contender.Scan(keys[i], kScan);
  return sum;
}

/// The same questions to each contender in turn, in every round.
template <typename Keys>
class Comparison {
 public:
  Comparison(const KeySet<Keys>& set, Measurements& out) : set_(set), out_(out) {}

  template <typename Contender>
  void Points(Contender& contender, const std::string& name) {
    Timed(name + "/batch", kQueries, sums_[0],
          [&] { return Batches<Keys>(contender, set_.present); });
    Timed(name + "/single", kSingles, sums_[1],
          [&] { return Singles<false, Keys>(contender, set_.present); });
    Timed(name + "/fenced", kSingles, sums_[1],
          [&] { return Singles<true, Keys>(contender, set_.present); });
    if (set_.absent.empty()) return;
    Timed(name + "/batch_absent", kQueries, sums_[2],
          [&] { return Batches<Keys>(contender, set_.absent); });
    Timed(name + "/single_absent", kSingles, sums_[3],
          [&] { return Singles<false, Keys>(contender, set_.absent); });
  }
  template <typename Contender>
  void Ranges(Contender& contender, const std::string& name, bool with_delta) {
    Timed(name + (with_delta ? "/scan_delta" : "/scan"), kScans, sums_[4 + with_delta],
          [&] { return Scans<Keys>(contender, set_.present); });
  }

 private:
  template <typename Work>
  void Timed(const std::string& name, size_t operations, uint64_t& truth, Work work) {
    uint64_t sum = 0;
    out_.Time(name, operations, [&] { sum = work(); });
    Agree(sum, truth);
  }
  const KeySet<Keys>& set_;
  Measurements& out_;
  uint64_t sums_[6] = {};
};

template <typename Keys, typename Contender>
void WriteDelta(Contender& contender, const KeySet<Keys>& set) {
  for (size_t i = 0; i < set.kept_back.size(); i += kBatch)
    contender.Apply(&set.kept_back[i], std::min(kBatch, set.kept_back.size() - i));
}

template <typename Keys>
void Sizes(Ours<Keys>& ours, const std::string& name, Measurements& out) {
  const index::MemoryUse use = ours.index().memory();
  out.Add(name + "/entries_bytes", static_cast<double>(use.entries));
  out.Add(name + "/guide_bytes", static_cast<double>(use.guide));
  out.Add(name + "/model_bytes", static_cast<double>(use.model));
  out.Add(name + "/total_bytes", static_cast<double>(use.total()));
  const index::IndexStatistics statistics = ours.index().statistics();
  out.Add(name + "/runs", static_cast<double>(statistics.runs));
  out.Add(name + "/learned_runs", static_cast<double>(statistics.learned_runs));
}

void BuildRate(const KeySet<index::IntKeys>& set, Measurements& out) {
  std::vector<uint64_t> keys;
  for (const auto& pair : set.loaded) keys.push_back(pair.key);
  learn::HeapMemory memory;
  for (uint32_t epsilon : {16, 32, 4096}) {
    const std::string name = "model" + std::to_string(epsilon);
    const double started = Seconds();
    const auto model = learn::Model::Build(keys, epsilon, memory);
    out.Add(name + "/keys_per_s", static_cast<double>(keys.size()) / (Seconds() - started));
    out.Add(name + "/segments", model->segments());
    out.Add(name + "/bytes", static_cast<double>(model->bytes()));
  }
}

template <typename Keys>
void CompareReads(KeySet<Keys>& set, const Task& task, Measurements& out) {
  HybridOptions options;
  options.background = false;
  Ours<Keys> learned(Form::kAuto, options), tree(Form::kTree, options);
  Absl<Keys> absl;
  out.Time("learned/load", set.loaded.size(), [&] { learned.Load(set.loaded); });
  out.Time("tree/load", set.loaded.size(), [&] { tree.Load(set.loaded); });
  out.Time("absl/load", set.loaded.size(), [&] { absl.Load(set.loaded); });
  out.Add("huge_bytes", static_cast<double>(index::HugePageBytes()));
  out.Add("mapped_bytes", static_cast<double>(learned.memory().mapped() + tree.memory().mapped()));
  Sizes(learned, "learned", out);
  Sizes(tree, "tree", out);
  Comparison<Keys> comparison(set, out);
  for (int round = 0; round < task.rounds; ++round) {
    comparison.Points(learned, "learned");
    comparison.Points(tree, "tree");
    comparison.Points(absl, "absl");
    comparison.Ranges(learned, "learned", false);
    comparison.Ranges(tree, "tree", false);
    comparison.Ranges(absl, "absl", false);
  }
  WriteDelta(learned, set);
  WriteDelta(tree, set);
  WriteDelta(absl, set);
  out.Add("learned/delta_entries", static_cast<double>(learned.index().statistics().delta_entries));
  for (int round = 0; round < task.rounds; ++round) {
    comparison.Ranges(learned, "learned", true);
    comparison.Ranges(tree, "tree", true);
    comparison.Ranges(absl, "absl", true);
  }
}

template <typename Contender>
void Alone(const KeySet<index::IntKeys>& set, Contender& contender, const std::string& name,
           const Task& task, Measurements& out) {
  contender.Load(set.loaded);
  Comparison<index::IntKeys> comparison(set, out);
  for (int round = 0; round < task.rounds; ++round) comparison.Points(contender, name);
}

}  // namespace

void Reads(const Task& task, Measurements& out) {
  if (task.set == "urls") {
    auto set = MakeStringSet(task.keys, 5, kQueries, task.seed);
    return CompareReads(set, task, out);
  }
  auto set = MakeIntSet(task.set, task.keys, 5, false, kQueries, task.seed);
  BuildRate(set, out);
  CompareReads(set, task, out);
  Task fewer = task;
  fewer.rounds = std::min(task.rounds, 2);
  HybridOptions options;
  options.background = false;
  {
    Ours<index::IntKeys> hash(Form::kHash, options);
    Alone(set, hash, "hash", fewer, out);
  }
  Sorted sorted;
  Alone(set, sorted, "sorted", fewer, out);
}

}  // namespace omen::bench
