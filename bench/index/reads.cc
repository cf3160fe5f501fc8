#include <cstdlib>

#include "ask.h"
#include "cold.h"
#include "parts.h"
#include "sets.h"

namespace omen::bench {

namespace {

constexpr size_t kQueries = 2 << 20, kSingles = 1 << 19, kScans = 1 << 16;

/// The same questions to each contender in turn, in every round.
template <typename Keys>
class Comparison {
 public:
  Comparison(const KeySet<Keys>& set, Measurements& out) : set_(set), out_(out) {}

  template <typename Contender>
  void Points(Contender& contender, const std::string& name) {
    Timed(name + "/batch", kQueries, truths_[0],
          [&] { return Batches<Keys>(contender, set_.present); });
    Timed(name + "/single", kSingles, truths_[1],
          [&] { return Singles<false, Keys>(contender, set_.present, kSingles); });
    Timed(name + "/fenced", kSingles, truths_[1],
          [&] { return Singles<true, Keys>(contender, set_.present, kSingles); });
    if (set_.absent.empty()) return;
    Timed(name + "/batch_absent", kQueries, truths_[2],
          [&] { return Batches<Keys>(contender, set_.absent); });
    Timed(name + "/single_absent", kSingles, truths_[3],
          [&] { return Singles<false, Keys>(contender, set_.absent, kSingles); });
  }
  template <typename Contender>
  void Ranges(Contender& contender, const std::string& name, bool with_delta) {
    Timed(name + (with_delta ? "/scan_delta" : "/scan"), kScans, truths_[4 + with_delta],
          [&] { return Scans<Keys>(contender, set_.present, kScans); });
  }

 private:
  template <typename Work>
  void Timed(const std::string& name, size_t operations, Truth& truth, Work work) {
    uint64_t sum = 0;
    out_.Time(name, operations, [&] { sum = work(); });
    truth.Agree(sum, name);
  }
  const KeySet<Keys>& set_;
  Measurements& out_;
  Truth truths_[6];
};

template <typename Keys>
void Sizes(Ours<Keys>& ours, const std::string& name, Measurements& out) {
  const index::MemoryUse use = ours.index().memory();
  out.Add(name + "/entries_bytes", static_cast<double>(use.entries));
  out.Add(name + "/guide_bytes", static_cast<double>(use.guide));
  out.Add(name + "/model_bytes", static_cast<double>(use.model));
  out.Add(name + "/allocated_bytes", static_cast<double>(ours.memory().allocated()));
  const index::IndexStatistics statistics = ours.index().statistics();
  out.Add(name + "/runs", static_cast<double>(statistics.runs));
  out.Add(name + "/learned_runs", static_cast<double>(statistics.learned_runs));
  ours.Decisions(name + "/decisions", out);
}

void BuildRate(const KeySet<index::IntKeys>& set, Measurements& out) {
  std::vector<uint64_t> keys;
  keys.reserve(set.loaded.size());
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

// Our index, our tree and absl's, side by side.
template <typename Keys>
class Yardsticks {
 public:
  Yardsticks(const KeySet<Keys>& set, Measurements& out)
      : set_(set),
        out_(out),
        learned_(Form::kAuto, Foreground()),
        tree_(Form::kTree, Foreground()),
        comparison_(set, out) {}

  static HybridOptions Foreground() {
    HybridOptions options;
    options.background = false;
    return options;
  }
  void Load() {
    Each([&](auto& contender, const std::string& name) {
      out_.Time(name + "/load", set_.loaded.size(), [&] { contender.Load(set_.loaded); });
    });
    out_.Add("huge_bytes", static_cast<double>(index::HugePageBytes()));
    out_.Add("mapped_bytes",
             static_cast<double>(learned_.memory().mapped() + tree_.memory().mapped()));
    Sizes(learned_, "learned", out_);
    Sizes(tree_, "tree", out_);
  }
  void Clean(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      Each([&](auto& contender, const std::string& name) { comparison_.Points(contender, name); });
      Each([&](auto& contender, const std::string& name) {
        comparison_.Ranges(contender, name, false);
      });
    }
    ColdCaches caches;
    Each([&](auto& contender, const std::string& name) {
      ColdLookups<Keys>(contender, set_, caches, name, out_);
    });
  }
  void WithDelta(int rounds) {
    Each([&](auto& contender, const std::string&) { WriteAll<Keys>(contender, set_.writes); });
    const auto delta = static_cast<double>(learned_.index().statistics().delta_entries);
    out_.Add("learned/delta_entries", delta);
    Demand(delta >= 0.04 * static_cast<double>(set_.loaded.size()),
           "the delta was merged away before scans could meet it: " +
               std::to_string(static_cast<size_t>(delta)) + " entries are left");
    for (int round = 0; round < rounds; ++round)
      Each([&](auto& contender, const std::string& name) {
        comparison_.Ranges(contender, name, true);
      });
  }

 private:
  template <typename Work>
  void Each(Work work) {
    work(learned_, "learned");
    work(tree_, "tree");
    work(absl_, "absl");
  }
  const KeySet<Keys>& set_;
  Measurements& out_;
  Ours<Keys> learned_, tree_;
  Absl<Keys> absl_;
  Comparison<Keys> comparison_;
};

template <typename Keys>
void CompareReads(const KeySet<Keys>& set, const Task& task, Measurements& out) {
  Yardsticks<Keys> yardsticks(set, out);
  yardsticks.Load();
  yardsticks.Clean(task.rounds);
  yardsticks.WithDelta(task.rounds);
}

template <typename Contender>
void Alone(const KeySet<index::IntKeys>& set, Contender& contender, const std::string& name,
           const Task& task, Measurements& out) {
  contender.Load(set.loaded);
  Comparison<index::IntKeys> comparison(set, out);
  for (int round = 0; round < std::min(task.rounds, 2); ++round) comparison.Points(contender, name);
}

}  // namespace

void Reads(const Task& task, Measurements& out) {
  SetShape shape{task.keys, task.keys / 20, SetShape::Writes::kMixed, kQueries};
  if (task.set == "urls") return CompareReads(MakeStringSet(shape, task.seed), task, out);
  shape.absent = kQueries;
  const auto set = MakeIntSet(task.set, shape, task.seed);
  BuildRate(set, out);
  CompareReads(set, task, out);
  {
    Ours<index::IntKeys> hash(Form::kHash, Yardsticks<index::IntKeys>::Foreground());
    Alone(set, hash, "hash", task, out);
  }
  Sorted sorted;
  Alone(set, sorted, "sorted", task, out);
}

}  // namespace omen::bench
