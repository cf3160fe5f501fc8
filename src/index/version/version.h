// One state of an index: what a reader sees from its first look to its last.
//
//   active   the tree that takes writes           newest
//   sealed   a tree that is being merged away
//   tail     entries behind all runs, still growing: keys that only grow need no tree
//   runs     sorted runs with disjoint ranges     oldest
//
// A tree above runs holds tombstones; a newer entry hides an older one of the same (key, payload).
// With no runs the active tree is the whole index: that is the B-tree.
#pragma once

#include <atomic>
#include <cstdint>

#include "index/delta/cow_tree.h"
#include "index/delta/key_filter.h"
#include "index/memory/row_slots.h"
#include "index/run/sorted_run.h"

namespace omen::index {

/// A tree and the filter before it. One writer.
template <typename Keys>
struct Delta {
  Delta(learn::Memory& memory, const typename Keys::Heads& heads)
      : tree(memory, heads), filter(memory) {}
  CowTree<Keys> tree;
  KeyFilter filter;
  bool filtered = false;
  /// One change of a transaction of the tree. `tombstones`: the pair may be below as well.
  Status Change(TreeRoot<Keys>& root, typename Keys::Key key, uint64_t payload, bool erase,
                bool tombstones) {
    if (filtered) filter.Add(Keys::Hash(key));
    if (erase && !tombstones) return tree.Remove(root, key, payload);
    return tree.Put(root, key, payload, erase);
  }
  size_t bytes() const { return tree.bytes() + filter.bytes() + sizeof *this; }
};

/// A run under construction at one moment: its first `count` entries stay as they are while the
/// writer appends behind them.
template <typename Keys>
struct TailState {
  const SortedRun<Keys>* run = nullptr;
  uint32_t count = 0;
};

/// A delta at one moment.
template <typename Keys>
struct DeltaState {
  Delta<Keys>* delta = nullptr;
  TreeRoot<Keys> root;
};

/// Runs in key order, no two overlapping. Immutable; any thread.
template <typename Keys>
class RunSet {
 public:
  using Run = SortedRun<Keys>;
  using Key = typename Keys::Key;

  explicit RunSet(learn::Memory& memory) : runs_(memory), bounds_(memory) {}
  /// False when memory is refused. Runs are added in order; then Seal.
  [[nodiscard]] bool Add(Run* run) { return runs_.Append(run); }
  [[nodiscard]] bool Seal() {
    if (runs_.size() == 0) return true;
    heads_ = Keys::Heads::Shared(runs_[0]->begin()->key(), runs_.back()->last().key());
    for (Run* run : runs_)
      if (!bounds_.Append(heads_.Of(run->last().key()))) return false;
    while (bounds_.size() % learn::kVectorKeys != 0)
      if (!bounds_.Append(~uint64_t{0})) return false;
    return true;
  }

  uint32_t count() const { return static_cast<uint32_t>(runs_.size()); }
  bool empty() const { return runs_.size() == 0; }
  Run* run(uint32_t i) const { return runs_[i]; }
  uint64_t entries() const {
    uint64_t sum = 0;
    for (const Run* run : runs_) sum += run->size();
    return sum;
  }
  /// The first run whose last entry is not below (key, payload); the last one if there is none.
  uint32_t For(Key key, uint64_t payload) const {
    if (count() == 1) return 0;
    const uint64_t head = heads_.Of(key);
    const auto bounds = static_cast<uint32_t>(bounds_.size());
    return Settle(search_->count_less(bounds_.data(), bounds, head), head, key, payload);
  }
  /// The same for the first payload of each key.
  void ForBatch(const Key* keys, size_t n, const Run** found) const {
    for (size_t i = 0; i < n; ++i) found[i] = runs_[For(keys[i], 0)];
  }

 private:
  uint32_t Settle(uint32_t at, uint64_t head, Key key, uint64_t payload) const {
    if (!Keys::kHeadIsKey || payload != 0) {
      while (at < count() && bounds_[at] == head && Below(runs_[at]->last(), key, payload)) ++at;
    }
    return at < count() ? at : count() - 1;
  }
  static bool Below(const typename Keys::Entry& entry, Key key, uint64_t payload) {
    const int order = Keys::Compare(entry.key(), key);
    return order != 0 ? order < 0 : entry.payload() < payload;
  }
  learn::Array<Run*> runs_;
  learn::Array<uint64_t> bounds_;  // whole vectors, filled up with ~0
  typename Keys::Heads heads_{};
  const learn::ModelSearch* search_ = &learn::BestModelSearch();
};

/// Something to free when no reader can see it any more.
struct Garbage {
  void (*free)(void* owner, void* object);
  void* owner;
  void* object;
};

/// Published once, then read only; versions form a chain from the oldest to the current one.
template <typename Keys>
struct Version {
  explicit Version(learn::Memory& memory) : garbage(memory), nodes(memory) {}
  uint64_t commit_id = 0;
  DeltaState<Keys> active, sealed;
  TailState<Keys> tail;
  const RunSet<Keys>* runs = nullptr;
  const RunSet<Keys>* only_runs = nullptr;  // the same, where there is nothing else

  std::atomic<uint32_t> holders{0};  // snapshots
  bool remembered = false;           // still answers Snapshot(commit_id)
  uint64_t retired_at = 0;           // the epoch in which a newer one was published
  Version* newer = nullptr;
  // What the next version no longer needs.
  learn::Array<Garbage> garbage;
  size_t garbage_bytes = 0;             // of runs and deltas
  learn::Array<TreeNode<Keys>*> nodes;  // of active.delta
  SlotList erased_rows;
};

}  // namespace omen::index
