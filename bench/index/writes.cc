#include "external.h"
#include "mixes.h"
#include "parts.h"

namespace omen::bench {

namespace {

void AddStatistics(const index::IndexStatistics& statistics, const std::string& name,
                   Measurements& out) {
  out.Add(name + "_merges", static_cast<double>(statistics.merges));
  out.Add(name + "_runs", static_cast<double>(statistics.runs));
  out.Add(name + "_learned_runs", static_cast<double>(statistics.learned_runs));
}

template <typename Keys>
void OurMix(Form form, const std::string& who, MixComparison<Keys>& mix, Measurements& out) {
  Ours<Keys> ours(form, {});
  mix.Run(ours, who);
  if (form == Form::kTree) return;
  AddStatistics(ours.index().statistics(), mix.Name(who), out);
  ours.Decisions(mix.Name(who) + "_decisions", out);
}

template <typename Keys>
void CompareMixes(const KeySet<Keys>& set, const Task& task, Measurements& out) {
  for (size_t percent : {10, 50, 90}) {
    MixComparison<Keys> mix(set, percent, out);
    for (int round = 0; round < task.rounds; ++round) {
      OurMix(Form::kAuto, "learned", mix, out);
      OurMix(Form::kTree, "tree", mix, out);
      if (round != 0) continue;
      {
        Absl<Keys> absl;
        mix.Run(absl, "absl");
      }
      if constexpr (Keys::kHeadIsKey) MixExternals(set, mix, out);
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
