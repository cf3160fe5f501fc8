// Walks all live pairs of a version in order, a stretch at a time.
#pragma once

#include <algorithm>

#include "index/version/version.h"

namespace omen::index {

/// The older side of a version: entries of disjoint runs and then of the tail, one stretch of
/// memory after another.
template <typename Keys>
class RunsCursor {
 public:
  using Entry = typename Keys::Entry;

  explicit RunsCursor(const Version<Keys>& version) : runs_(version.runs), tail_(version.tail) {}
  void Seek(typename Keys::Key key, uint64_t payload) {
    if (InTail(tail_, key, payload)) {
      const uint32_t from =
          tail_.run->LowerBoundAmong(tail_.run->ProbeFor(key, payload), tail_.count);
      return EnterTail(from);
    }
    if (runs_ == nullptr || runs_->empty()) return EnterTail(0);
    run_ = runs_->For(key, payload);
    const SortedRun<Keys>& run = *runs_->run(run_);
    at_ = run.begin() + run.LowerBound(run.ProbeFor(key, payload));
    end_ = run.end();
    if (at_ == end_) NextRun();
  }
  /// Whether the first pair not below (key, payload) can only be in the tail.
  static bool InTail(const TailState<Keys>& tail, typename Keys::Key key, uint64_t payload) {
    if (tail.count == 0) return false;
    const int order = Keys::Compare(key, tail.run->begin()->key());
    return order > 0 || (order == 0 && payload >= tail.run->begin()->payload());
  }
  bool valid() const { return at_ != end_; }
  const Entry* at() const { return at_; }
  size_t stretch() const { return static_cast<size_t>(end_ - at_); }
  void Skip(size_t entries) {
    at_ += entries;
    if (at_ == end_) NextRun();
  }

 private:
  void NextRun() {
    if (in_tail_) return;
    if (++run_ >= runs_->count()) return EnterTail(0);
    at_ = runs_->run(run_)->begin();
    end_ = runs_->run(run_)->end();
  }
  void EnterTail(uint32_t from) {
    in_tail_ = true;
    if (tail_.count == 0) return;
    at_ = tail_.run->begin() + from;
    end_ = tail_.run->begin() + tail_.count;
  }
  const RunSet<Keys>* runs_;
  const TailState<Keys> tail_;
  bool in_tail_ = false;
  uint32_t run_ = 0;
  const Entry* at_ = nullptr;
  const Entry* end_ = nullptr;
};

/// The newer side: one or two trees, the newer first. Stands on tombstones too.
template <typename Keys>
class DeltasCursor {
 public:
  using Entry = typename Keys::Entry;

  explicit DeltasCursor(const Version<Keys>& version)
      : version_(version), newer_(version.active.root), older_(version.sealed.root) {}
  void Seek(typename Keys::Key key, uint64_t payload) {
    SeekOne(version_.active, newer_, key, payload);
    SeekOne(version_.sealed, older_, key, payload);
    Settle();
  }
  bool valid() const { return newer_.valid() || older_.valid(); }
  bool dead() const { return use_newer_ ? newer_.dead() : older_.dead(); }
  Entry entry() const { return use_newer_ ? newer_.entry() : older_.entry(); }
  void Next() {
    if (both_) older_.Next();
    if (use_newer_) {
      newer_.Next();
    } else {
      older_.Next();
    }
    Settle();
  }
  /// Order of two pairs that may come from different structures.
  static int Order(const Entry& a, const Entry& b) {
    const int order = Keys::Compare(a.key(), b.key());
    if (order != 0) return order;
    return a.payload() < b.payload() ? -1 : a.payload() > b.payload();
  }

 private:
  static void SeekOne(const DeltaState<Keys>& state, TreeCursor<Keys>& cursor,
                      typename Keys::Key key, uint64_t payload) {
    if (state.root.empty()) return;
    cursor.Seek(Keys::MakeProbe(state.delta->tree.heads(), key, payload));
    cursor.FetchTexts();
  }
  void Settle() {
    both_ = false;
    use_newer_ = newer_.valid();
    if (!newer_.valid() || !older_.valid()) return;
    const int order = Order(newer_.entry(), older_.entry());
    use_newer_ = order <= 0;
    both_ = order == 0;
  }
  const Version<Keys>& version_;
  TreeCursor<Keys> newer_, older_;
  bool use_newer_ = false, both_ = false;
};

/// Both sides. After Seek, valid() stretches of live entries can be taken.
template <typename Keys>
class VersionCursor {
 public:
  using Entry = typename Keys::Entry;

  explicit VersionCursor(const Version<Keys>& version) : deltas_(version), runs_(version) {}
  void Seek(typename Keys::Key key, uint64_t payload) {
    deltas_.Seek(key, payload);  // first: its texts come while the runs are searched
    runs_.Seek(key, payload);
  }
  /// Up to `limit` live entries that lie side by side; none at the end. Valid until the next
  /// call.
  std::pair<const Entry*, size_t> Take(size_t limit) {
    while (deltas_.valid()) {
      const Entry next = deltas_.entry();
      if (const size_t before = EntriesBefore(next, limit); before != 0) return TakeRun(before);
      const bool hides = runs_.valid() && DeltasCursor<Keys>::Order(*runs_.at(), next) == 0;
      if (hides) runs_.Skip(1);
      const bool dead = deltas_.dead();
      deltas_.Next();
      if (dead) continue;
      single_ = next;
      return {&single_, 1};
    }
    if (!runs_.valid()) return {nullptr, 0};
    return TakeRun(std::min(limit, runs_.stretch()));
  }

 private:
  std::pair<const Entry*, size_t> TakeRun(size_t count) {
    const Entry* first = runs_.at();
    runs_.Skip(count);
    return {first, count};
  }
  size_t EntriesBefore(const Entry& next, size_t limit) const {
    if (!runs_.valid()) return 0;
    const size_t most = std::min(limit, runs_.stretch());
    size_t count = 0;
    while (count < most && DeltasCursor<Keys>::Order(runs_.at()[count], next) < 0) ++count;
    return count;
  }
  DeltasCursor<Keys> deltas_;
  RunsCursor<Keys> runs_;
  Entry single_{};
};

}  // namespace omen::index
