// What the structures take, over the bytes of the keys and payloads in them.
#include "ask.h"
#include "parts.h"
#include "sets.h"

namespace omen::bench {

namespace {

size_t PlainBytes(uint64_t key) { return sizeof key; }
size_t PlainBytes(std::string_view key) { return key.size(); }

/// Counts what is in an index as it is filled, and relates what the index has taken to it.
template <typename Keys>
class Weighed {
 public:
  Weighed(Form form, bool background, const KeySet<Keys>& set)
      : set_(set), ours_(form, Options(background)) {
    ours_.Load(set.loaded);
    for (const auto& pair : set.loaded) plain_ += PlainBytes(pair.key) + sizeof pair.payload;
  }
  void Insert(size_t count) {
    Demand(written_ + count <= set_.writes.size(), "too few keys to insert");
    for (size_t done = 0; done < count; done += kBatch) {
      const Change<Keys>* changes = &set_.writes[written_];
      const size_t n = std::min(kBatch, count - done);
      ours_.Apply(changes, n);
      for (size_t i = 0; i < n; ++i)
        plain_ += PlainBytes(changes[i].key) + sizeof changes[i].payload;
      written_ += n;
    }
  }
  /// Merges what is left, then commits nothing until the commits before are no longer remembered.
  void ComeToRest() {
    const HybridOptions defaults;
    Demand(ours_.index().Merge().ok(), "a merge was refused");
    for (uint32_t i = 0; i < 2 * defaults.remembered_commits; ++i) ours_.Apply(nullptr, 0);
  }
  double Rest() { return Ratio(ours_.memory().allocated()); }
  double Peak() { return Ratio(ours_.memory().peak()); }
  Ours<Keys>& operator*() { return ours_; }
  Ours<Keys>* operator->() { return &ours_; }

 private:
  static HybridOptions Options(bool background) {
    HybridOptions options;
    options.background = background;
    return options;
  }
  double Ratio(size_t bytes) const {
    return static_cast<double>(bytes) / static_cast<double>(plain_);
  }
  const KeySet<Keys>& set_;
  Ours<Keys> ours_;
  size_t plain_ = 0, written_ = 0;
};

// A delta as large as it gets before it is merged, then the merge.
template <typename Keys>
void WeighMerge(Form form, const std::string& name, const KeySet<Keys>& set, Measurements& out) {
  Weighed<Keys> weighed(form, false, set);
  out.Add(name + "/loaded", weighed.Rest());
  const HybridOptions defaults;
  const size_t full = std::max(defaults.delta_minimum, set.loaded.size() / defaults.delta_fraction);
  weighed.Insert(full - 2 * kBatch);
  const size_t waiting = weighed->index().statistics().delta_entries;
  Demand(waiting > full - full / 20, name + ": the delta to be merged is not full");
  out.Add(name + "/full_delta", weighed.Rest());
  weighed->memory().RestartPeak();
  Demand(weighed->index().Merge().ok(), "a merge was refused");
  out.Add(name + "/merge_peak", weighed.Peak());
  out.Add(name + "/merged", weighed.Rest());
  weighed.ComeToRest();
  out.Add(name + "/rest", weighed.Rest());
  Demand(weighed->index().statistics().delta_entries == 0, name + ": the delta was not merged");
}

// As many random inserts as half of what was loaded, as fast as they can be taken.
template <typename Keys>
void WeighWrites(Form form, const std::string& name, const KeySet<Keys>& set, Measurements& out) {
  Weighed<Keys> weighed(form, true, set);
  out.Add(name + "/loaded", weighed.Rest());
  weighed->memory().RestartPeak();
  weighed.Insert(set.loaded.size() / 2);
  weighed->Settle();
  out.Add(name + "/written_peak", weighed.Peak());
  out.Add(name + "/written", weighed.Rest());
  weighed.ComeToRest();
  out.Add(name + "/rest", weighed.Rest());
}

template <typename Keys>
void WeighAll(const KeySet<Keys>& set, Measurements& out) {
  WeighMerge(Form::kAuto, "learned", set, out);
  WeighMerge(Form::kHash, "hash", set, out);
  WeighWrites(Form::kAuto, "learned_busy", set, out);
  WeighWrites(Form::kTree, "tree", set, out);
}

}  // namespace

void Memory(const Task& task, Measurements& out) {
  const SetShape shape{task.keys, task.keys / 2 + kBatch};
  if (task.set == "urls") return WeighAll(MakeStringSet(shape, task.seed), out);
  WeighAll(MakeIntSet(task.set, shape, task.seed), out);
}

}  // namespace omen::bench
