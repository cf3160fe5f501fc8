// Points, then ranges, then inserts, then points again: does the structure follow?
#include <algorithm>

#include "ask.h"
#include "parts.h"
#include "sets.h"

namespace omen::bench {

namespace {

using Index = Ours<index::IntKeys>;
using Set = KeySet<index::IntKeys>;

/// One form's way through the phases. A phase goes in slices, so that one sees when the structure
/// has followed; all of its time counts, that of waiting for its last merge included.
class Passage {
 public:
  Passage(Form form, const std::string& name, const Set& set, Measurements& out)
      : index_(form, {}), name_(name), set_(set), out_(out), operations_(set.writes.size()) {
    index_.Load(set.loaded);
  }
  void Run() {
    Phase("1_points", true, [&](size_t from, size_t to) { Points(from, to); });
    Phase("2_ranges", false, [&](size_t from, size_t to) { Ranges(from, to); });
    Phase("3_inserts", false, [&](size_t from, size_t to) { Inserts(from, to); });
    Phase("4_points", true, [&](size_t from, size_t to) { Points(from, to); });
    index_.Decisions(name_ + "/decisions", out_);
  }
  uint64_t Sum() { return SumOfAll<index::IntKeys>(index_); }

 private:
  static constexpr size_t kSlices = 64;

  void Points(size_t from, size_t to) {
    Found found[kBatch];
    for (; from < to; from += kBatch) {
      const size_t at = from % (set_.present.size() - kBatch);
      index_.FindBatch(&set_.present[at], std::min(kBatch, to - from), found);
    }
  }
  void Ranges(size_t from, size_t to) {
    for (; from < to; ++from) index_.Scan(set_.present[from % set_.present.size()], kScan);
  }
  void Inserts(size_t from, size_t to) {
    for (; from < to; from += kBatch) index_.Apply(&set_.writes[from], std::min(kBatch, to - from));
    if (to == operations_) index_.Settle();
  }

  // Hashes are wanted while single keys are asked, and nowhere else.
  bool Follows(bool hashes_wanted) {
    const index::IndexStatistics now = index_.index().statistics();
    return now.hash_runs == (hashes_wanted ? now.runs : 0);
  }
  template <typename Work>
  void Phase(const std::string& phase, bool hashes_wanted, Work work) {
    const std::string name = name_ + "/" + phase;
    const uint64_t merges = index_.index().statistics().merges;
    double followed_at = -1, followed_merges = -1;
    out_.TimeAllCores(name, operations_, [&] {
      for (size_t slice = 0; slice < kSlices; ++slice) {
        if (followed_at < 0 && Follows(hashes_wanted)) {
          followed_at = static_cast<double>(slice) / kSlices;
          followed_merges = static_cast<double>(index_.index().statistics().merges - merges);
        }
        work(operations_ * slice / kSlices, operations_ * (slice + 1) / kSlices);
      }
    });
    if (followed_at < 0 && Follows(hashes_wanted)) followed_at = 1;
    const index::IndexStatistics now = index_.index().statistics();
    out_.Add(name + "_runs", static_cast<double>(now.runs));
    out_.Add(name + "_hashed_runs", static_cast<double>(now.hash_runs));
    out_.Add(name + "_merges", static_cast<double>(now.merges - merges));
    out_.Add(name + "_followed", Follows(hashes_wanted));
    out_.Add(name + "_followed_at", followed_at);
    out_.Add(name + "_followed_merges", followed_merges);
  }

  Index index_;
  const std::string name_;
  const Set& set_;
  Measurements& out_;
  const size_t operations_;
};

}  // namespace

// Every round has all forms, each in an index of its own that is gone before the next; who comes
// first changes from round to round.
void Phases(const Task& task, Measurements& out) {
  const SetShape shape{task.keys, 5 * task.keys, SetShape::Writes::kInserts, 8 << 20};
  const Set set = MakeIntSet(task.set, shape, task.seed);
  struct Named {
    Form form;
    const char* name;
  };
  Named forms[] = {{Form::kAuto, "auto"},
                   {Form::kLearned, "learned"},
                   {Form::kTree, "tree"},
                   {Form::kHash, "hash"}};
  Truth truth;
  for (int round = 0; round < task.rounds; ++round) {
    for (const Named& one : forms) {
      Passage passage(one.form, one.name, set, out);
      passage.Run();
      truth.Agree(passage.Sum(), one.name);
    }
    std::rotate(std::begin(forms), std::begin(forms) + 1, std::end(forms));
  }
}

}  // namespace omen::bench
