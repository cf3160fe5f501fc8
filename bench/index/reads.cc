#include "cold.h"
#include "comparison.h"
#include "external.h"
#include "parts.h"

namespace omen::bench {

namespace {

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
  Yardsticks(const KeySet<Keys>& set, Comparison<Keys>& comparison, Measurements& out)
      : set_(set),
        comparison_(comparison),
        out_(out),
        learned_(Form::kAuto, Foreground()),
        tree_(Form::kTree, Foreground()) {}

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
  Comparison<Keys>& comparison_;
  Measurements& out_;
  Ours<Keys> learned_, tree_;
  Absl<Keys> absl_;
};

template <typename Keys>
void CompareReads(const KeySet<Keys>& set, Comparison<Keys>& comparison, int rounds,
                  Measurements& out) {
  Yardsticks<Keys> yardsticks(set, comparison, out);
  yardsticks.Load();
  yardsticks.Clean(rounds);
  yardsticks.WithDelta(rounds);
}

template <typename Contender>
void Alone(Contender& contender, const std::string& name, const KeySet<index::IntKeys>& set,
           Comparison<index::IntKeys>& comparison, int rounds) {
  contender.Load(set.loaded);
  for (int round = 0; round < rounds; ++round) comparison.Points(contender, name);
}

}  // namespace

void Reads(const Task& task, Measurements& out) {
  SetShape shape{task.keys, task.keys / 20, SetShape::Writes::kMixed, kQueries};
  if (task.set == "urls") {
    const auto set = MakeStringSet(shape, task.seed);
    Comparison<index::StringKeys> comparison(set, out);
    return CompareReads(set, comparison, task.rounds, out);
  }
  shape.absent = kQueries;
  const auto set = MakeIntSet(task.set, shape, task.seed);
  BuildRate(set, out);
  Comparison<index::IntKeys> comparison(set, out);
  CompareReads(set, comparison, task.rounds, out);
  const int fewer = std::min(task.rounds, 2);
  {
    Ours<index::IntKeys> hash(Form::kHash, Yardsticks<index::IntKeys>::Foreground());
    Alone(hash, "hash", set, comparison, fewer);
  }
  {
    Sorted sorted;
    Alone(sorted, "sorted", set, comparison, fewer);
  }
  ReadExternals(set, comparison, fewer, out);
}

}  // namespace omen::bench
