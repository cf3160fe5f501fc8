#include "ask.h"
#include "parts.h"
#include "sets.h"

namespace omen::bench {

namespace {

// Batches of kBatch operations, `write_percent` of them writes.
template <typename Keys, typename Contender>
uint64_t RunMix(Contender& contender, const KeySet<Keys>& set, size_t operations,
                size_t write_percent) {
  Found found[kBatch];
  uint64_t sum = 0;
  size_t written = 0, read = 0, owed = 0;
  for (size_t done = 0; done < operations; done += kBatch) {
    owed += kBatch * write_percent;
    const size_t writes = std::min(owed / 100, set.writes.size() - written);
    owed %= 100;
    const size_t reads = kBatch - writes;
    if (read + reads > set.present.size()) read = 0;
    contender.FindBatch(&set.present[read], reads, found);
    for (size_t i = 0; i < reads; ++i) sum += found[i].found;
    contender.Apply(&set.writes[written], writes);
    written += writes;
    read += reads;
  }
  contender.Settle();
  return sum;
}

void AddStatistics(const index::IndexStatistics& statistics, const std::string& name,
                   Measurements& out) {
  out.Add(name + "_merges", static_cast<double>(statistics.merges));
  out.Add(name + "_runs", static_cast<double>(statistics.runs));
  out.Add(name + "_learned_runs", static_cast<double>(statistics.learned_runs));
}

/// All contenders do the same operations in every round, and must then hold the same.
template <typename Keys>
class MixComparison {
 public:
  MixComparison(const KeySet<Keys>& set, size_t percent, Measurements& out)
      : set_(set), percent_(percent), out_(out) {}
  void Ours(Form form, const std::string& who) {
    bench::Ours<Keys> ours(form, {});
    Timed(ours, who);
    if (form == Form::kTree) return;
    AddStatistics(ours.index().statistics(), Name(who), out_);
    ours.Decisions(Name(who) + "_decisions", out_);
  }
  void Absl() {
    bench::Absl<Keys> absl;
    Timed(absl, "absl");
  }

 private:
  std::string Name(const std::string& who) const {
    return who + "/mix" + std::to_string(percent_);
  }
  template <typename Contender>
  void Timed(Contender& contender, const std::string& who) {
    contender.Load(set_.loaded);
    uint64_t found = 0;
    out_.TimeAllCores(Name(who), set_.loaded.size(),
                      [&] { found = RunMix<Keys>(contender, set_, set_.loaded.size(), percent_); });
    during_.Agree(found, Name(who));
    after_.Agree(SumOfAll<Keys>(contender), Name(who));
  }
  const KeySet<Keys>& set_;
  const size_t percent_;
  Measurements& out_;
  Truth during_, after_;
};

template <typename Keys>
void CompareMixes(const KeySet<Keys>& set, const Task& task, Measurements& out) {
  for (size_t percent : {10, 50, 90}) {
    MixComparison<Keys> mix(set, percent, out);
    for (int round = 0; round < task.rounds; ++round) {
      mix.Ours(Form::kAuto, "learned");
      mix.Ours(Form::kTree, "tree");
      if (round == 0) mix.Absl();
    }
  }
}

template <typename Contender>
void TimedAppend(Contender& contender, const KeySet<index::IntKeys>& set, const std::string& who,
                 Truth& truth, Measurements& out) {
  contender.Load(set.loaded);
  out.TimeAllCores(who + "/append", set.writes.size(), [&] {
    WriteAll<index::IntKeys>(contender, set.writes);
    contender.Settle();
  });
  truth.Agree(SumOfAll<index::IntKeys>(contender), who + "/append");
}

}  // namespace

void Mixes(const Task& task, Measurements& out) {
  const SetShape shape{task.keys, task.keys / 100 * 91, SetShape::Writes::kMixed, 4 << 20};
  if (task.set == "urls") return CompareMixes(MakeStringSet(shape, task.seed), task, out);
  CompareMixes(MakeIntSet(task.set, shape, task.seed), task, out);
}

void Append(const Task& task, Measurements& out) {
  const SetShape shape{task.keys, task.keys, SetShape::Writes::kGrowing};
  const auto set = MakeIntSet(task.set, shape, task.seed);
  Truth truth;
  for (int round = 0; round < task.rounds; ++round) {
    {
      Ours<index::IntKeys> learned(Form::kAuto, {});
      TimedAppend(learned, set, "learned", truth, out);
      AddStatistics(learned.index().statistics(), "learned/append", out);
      learned.Decisions("learned/append_decisions", out);
    }
    {
      Ours<index::IntKeys> tree(Form::kTree, {});
      TimedAppend(tree, set, "tree", truth, out);
    }
    Absl<index::IntKeys> absl;
    TimedAppend(absl, set, "absl", truth, out);
  }
}

}  // namespace omen::bench
