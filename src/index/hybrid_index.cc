#include "index/hybrid_index.h"

#include <algorithm>
#include <system_error>

#include "index/new_tree.h"

namespace omen::index {

template <typename Keys>
Result<std::unique_ptr<HybridIndex<Keys>>> HybridIndex<Keys>::Make(const HybridOptions& options,
                                                                   learn::Memory& memory,
                                                                   const Clock& clock,
                                                                   obs::DecisionLog* log) {
  if (options.row_bytes > RowSlots::kLargestRow)
    return Status(sqlstate::kInvalidParameter, "rows are too large for an index");
  std::unique_ptr<HybridIndex> index(new (std::nothrow) HybridIndex(options, memory, clock, log));
  if (index == nullptr) return learn::OutOfMemory();
  OMEN_RETURN_IF_ERROR(index->chain_.Start());
  if (!options.background || options.form == Form::kTree) return index;
  try {
    index->merger_ = std::thread([self = index.get()] { self->MergeLoop(); });
  } catch (const std::system_error& error) {
    return Status(sqlstate::kOutOfMemory, "no thread for an index's merges");
  }
  return index;
}

template <typename Keys>
HybridIndex<Keys>::~HybridIndex() {
  {
    const std::lock_guard lock(write_mutex_);
    stop_ = true;
  }
  wake_.NotifyAll();
  if (merger_.joinable()) merger_.join();
}

template <typename Keys>
Found HybridIndex<Keys>::Find(Key key) const {
  const uint32_t thread = ThreadNumber();
  reads_.Points(thread, 1);
  const EpochGuard guard(chain_.epochs(), thread);
  return VersionRead<Keys>::Find(*chain_.current(), key);
}

template <typename Keys>
void HybridIndex<Keys>::FindBatch(const Key* keys, size_t count, Found* found) const {
  const uint32_t thread = ThreadNumber();
  reads_.Batched(thread, count);
  const EpochGuard guard(chain_.epochs(), thread);
  VersionRead<Keys>::FindBatch(*chain_.current(), keys, count, found);
}

template <typename Keys>
void HybridIndex<Keys>::Scan(Key key, size_t limit, Visitor<Keys>& visitor) const {
  const uint32_t thread = ThreadNumber();
  reads_.Ranges(thread, 1);
  const EpochGuard guard(chain_.epochs(), thread);
  VersionRead<Keys>::Scan(*chain_.current(), key, 0, limit, visitor);
}

template <typename Keys>
Status HybridIndex<Keys>::Insert(Key key, uint64_t payload) {
  const Change<Keys> change{key, payload};
  return Apply({&change, 1}, 0);
}

template <typename Keys>
Status HybridIndex<Keys>::Erase(Key key, uint64_t payload) {
  const Change<Keys> change{key, payload, true};
  return Apply({&change, 1}, 0);
}

template <typename Keys>
uint64_t HybridIndex<Keys>::commit_id() const {
  const EpochGuard guard(chain_.epochs());
  return chain_.current()->commit_id;
}

template <typename Keys>
Result<IndexSnapshot<Keys>> HybridIndex<Keys>::Snapshot(uint64_t commit_id) const {
  V* held = chain_.Hold(commit_id);
  if (held == nullptr)
    return Status(sqlstate::kNotInPrerequisiteState,
                  "not here: the index does not hold this commit");
  return IndexSnapshot<Keys>(held, rows_);
}

template <typename Keys>
bool HybridIndex<Keys>::SealDue() const {
  const V& now = *chain_.current();
  if (options_.form == Form::kTree || now.sealed.delta != nullptr) return false;
  if (now.active.root.entries >= shaping_.DeltaLimit(now)) return true;
  return now.active.delta != nullptr && now.active.delta->tree.Wasteful(now.active.root);
}

template <typename Keys>
bool HybridIndex<Keys>::MergeWanted() const {
  const V& now = *chain_.current();
  return now.sealed.delta != nullptr && now.active.root.entries >= retry_above_;
}

// A delta far too large: the writer waits for the merge instead of outrunning it for ever.
template <typename Keys>
Status HybridIndex<Keys>::MakeWay(std::unique_lock<std::mutex>& lock) {
  const auto too_large = [&] {
    const V& now = *chain_.current();
    const uint64_t most = (now.runs == nullptr ? 0 : now.runs->entries()) / options_.delta_most;
    return now.sealed.delta != nullptr && now.active.root.entries >= shaping_.DeltaLimit(now) &&
           now.active.root.entries >= std::max<uint64_t>(4 * options_.delta_minimum, most);
  };
  if (!too_large()) return Status::Ok();
  retry_above_ = 0;
  if (!merger_.joinable()) {
    lock.unlock();
    Status merged = Merge();
    lock.lock();
    return merged;
  }
  const uint64_t refused = counts_.refused_merges;
  wake_.NotifyAll();
  // A writer is who applies commits, no statement: nothing but the merge's end can end this.
  idle_.WaitInBackground(lock, [&] { return !too_large() || counts_.refused_merges != refused; });
  return too_large() ? learn::OutOfMemory() : Status::Ok();
}

template <typename Keys>
Status HybridIndex<Keys>::Apply(std::span<const Change<Keys>> changes, uint64_t commit_id) {
  std::unique_lock lock(write_mutex_);
  OMEN_RETURN_IF_ERROR(MakeWay(lock));
  const uint64_t now = chain_.current()->commit_id;
  if (commit_id == 0) commit_id = now + 1;
  if (commit_id <= now)
    return Status(sqlstate::kNotInPrerequisiteState, "an index takes commits in order");
  OMEN_RETURN_IF_ERROR(rows_.enabled() ? ApplySlots(changes, commit_id)
                                       : ApplyLocked(changes, commit_id));
  // What follows only makes later work cheaper; a refusal leaves it for the next time.
  if (options_.form == Form::kTree && !CompactTree(memory_, chain_).ok()) return Status::Ok();
  if (SealDue() && !Seal().ok()) return Status::Ok();
  if (!MergeWanted()) return Status::Ok();
  if (merger_.joinable()) {
    wake_.NotifyAll();
    return Status::Ok();
  }
  lock.unlock();
  const Status merged = Merge();
  return Status::Ok();
}

namespace {

template <typename Keys>
Status AppendToTail(RunBuilder<Keys>& tail, Version<Keys>& next,
                    std::span<const Change<Keys>> changes) {
  const uint32_t before = next.tail.count;
  for (const Change<Keys>& change : changes) {
    const Status added = tail.Add(change.key, change.payload);
    if (added.ok()) continue;
    tail.Truncate(before);
    return learn::OutOfMemory();
  }
  next.tail = {tail.run(), before + static_cast<uint32_t>(changes.size())};
  return Status::Ok();
}

// A large tree's paths are fetched for all changes together before the first is made.
template <typename Keys>
void FetchPaths(const DeltaState<Keys>& state, std::span<const Change<Keys>> changes) {
  constexpr size_t kGroup = VersionRead<Keys>::kBatch, kInCache = 32 << 10;
  if (changes.size() < 2 || state.root.entries < kInCache) return;
  typename Keys::Probe probes[kGroup];
  TreeHit hits[kGroup];
  for (size_t done = 0; done < changes.size(); done += kGroup) {
    const size_t n = std::min(kGroup, changes.size() - done);
    for (size_t i = 0; i < n; ++i) {
      const Change<Keys>& change = changes[done + i];
      probes[i] = Keys::MakeProbe(state.delta->tree.heads(), change.key, change.payload);
    }
    CowTree<Keys>::FindBatch(state.root, probes, n, hits);
  }
}

}  // namespace

template <typename Keys>
Status HybridIndex<Keys>::ApplyLocked(std::span<const Change<Keys>> changes, uint64_t commit_id) {
  chain_.Reclaim();
  const bool grows = TailReady(*chain_.current(), changes);
  V* next = chain_.Successor();
  if (next == nullptr) return learn::OutOfMemory();
  next->commit_id = commit_id;
  if (grows) {
    Status appended = AppendToTail(tail_, *next, changes);
    if (appended.ok()) counts_.inserts += changes.size();
    appended.ok() ? chain_.Publish(next) : chain_.Discard(next);
    return appended;
  }
  Status applied = ApplyTo(*next, changes);
  Delta<Keys>* const before = chain_.current()->active.delta;
  Delta<Keys>* const delta = next->active.delta;
  if (!applied.ok()) {
    if (before == nullptr) {
      Unplace(memory_, delta);
    } else {
      delta->tree.Abort();
    }
    chain_.Discard(next);
    return applied;
  }
  if (before != nullptr) {
    chain_.current()->nodes = delta->tree.Commit();
  } else if (delta != nullptr) {  // a new tree: no version before this one has nodes of it
    for (TreeNode<Keys>* node : delta->tree.Commit()) delta->tree.Free(node);
  }
  for (const Change<Keys>& change : changes) ++(change.erase ? counts_.erases : counts_.inserts);
  chain_.Publish(next);
  return Status::Ok();
}

template <typename Keys>
Status HybridIndex<Keys>::ApplyTo(V& next, std::span<const Change<Keys>> changes) {
  if (changes.empty()) return Status::Ok();
  const bool above_others = next.sealed.delta != nullptr || next.tail.count != 0 ||
                            (next.runs != nullptr && !next.runs->empty());
  if (next.active.delta == nullptr) {
    Key least = changes[0].key, most = least;
    for (const Change<Keys>& change : changes) {
      if (Keys::Compare(change.key, least) < 0) least = change.key;
      if (Keys::Compare(change.key, most) > 0) most = change.key;
    }
    const size_t capacity = above_others ? 2 * shaping_.DeltaLimit(next) : 0;
    OMEN_RETURN_IF_ERROR(StartTree(memory_, next, Keys::Heads::Shared(least, most), capacity));
  }
  Delta<Keys>& delta = *next.active.delta;
  delta.tree.Begin();
  FetchPaths(next.active, changes);
  if (rows_.enabled()) return pair_rows_.Apply(next, changes, above_others);
  for (const Change<Keys>& change : changes)
    OMEN_RETURN_IF_ERROR(
        delta.Change(next.active.root, change.key, change.payload, change.erase, above_others));
  return Status::Ok();
}

template <typename Keys>
Status HybridIndex<Keys>::Seal() {
  // A delta that is merged must lie above runs only: what it says of the tail goes there too.
  OMEN_RETURN_IF_ERROR(CloseTail());
  const bool full = chain_.current()->active.root.entries >= shaping_.DeltaLimit(*chain_.current());
  V* next = chain_.Successor();
  if (next == nullptr) return learn::OutOfMemory();
  next->sealed = next->active;
  const Status made =
      StartTree(memory_, *next, next->sealed.delta->tree.heads(), 2 * shaping_.DeltaLimit(*next));
  if (!made.ok()) {
    chain_.Discard(next);
    return learn::OutOfMemory();
  }
  chain_.Publish(next);
  shaping_.Sealed(full, chain_.current()->runs, reads_.Sum());
  return Status::Ok();
}

template <typename Keys>
Status HybridIndex<Keys>::Load(std::span<const Change<Keys>> sorted, uint64_t commit_id) {
  const std::lock_guard merging(merge_mutex_);
  // Held to the end: what a writer put beside the runs to come would be beneath them.
  const std::lock_guard lock(write_mutex_);
  const V& now = *chain_.current();
  if (now.active.delta != nullptr || now.tail.count != 0 || now.runs != nullptr ||
      commit_id <= now.commit_id)
    return Status(sqlstate::kNotInPrerequisiteState, "only an empty index can be loaded");
  if (sorted.empty()) return Status::Ok();
  OMEN_RETURN_IF_ERROR(pair_rows_.Insert(sorted));
  Status loaded;
  if (options_.form == Form::kTree) {
    loaded = LoadTree(memory_, chain_, sorted, commit_id);
  } else {
    MadeRuns<Keys> made(memory_);
    loaded = BuildRuns(sorted, shaping_.Policy(nullptr, sorted.size()), memory_, made);
    if (loaded.ok()) loaded = Replace(0, 0, made, commit_id);
  }
  if (!loaded.ok()) pair_rows_.Uninsert(sorted);
  return loaded;
}

template <typename Keys>
MemoryUse HybridIndex<Keys>::memory() const {
  const std::lock_guard lock(write_mutex_);
  const V& now = *chain_.current();
  MemoryUse use;
  for (uint32_t i = 0; now.runs != nullptr && i < now.runs->count(); ++i)
    use += now.runs->run(i)->memory();
  if (tail_.started()) use += tail_.run()->memory();
  for (const DeltaState<Keys>* state : {&now.active, &now.sealed}) {
    if (state->delta == nullptr) continue;
    use.entries += state->delta->tree.bytes();
    use.other += state->delta->filter.bytes();
  }
  use.entries += rows_.bytes();
  return use;
}

template <typename Keys>
IndexStatistics HybridIndex<Keys>::statistics() const {
  const std::lock_guard lock(write_mutex_);
  const V& now = *chain_.current();
  IndexStatistics result = counts_;
  const ReadCounters::Sums reads = reads_.Sum();
  result.points = reads.points;
  result.batched_points = reads.batched;
  result.ranges = reads.ranges;
  result.stored_rows = rows_.stored();
  result.live_rows = rows_.live();
  result.erased_rows = rows_.erased();
  result.free_rows = rows_.free();
  result.delta_entries = now.active.root.entries + now.sealed.root.entries;
  result.entries = result.delta_entries + now.tail.count;
  for (uint32_t i = 0; now.runs != nullptr && i < now.runs->count(); ++i) {
    const Run& run = *now.runs->run(i);
    result.entries += run.size();
    ++result.runs;
    ++(run.choice().search == Search::kLearned ? result.learned_runs
       : run.choice().search == Search::kTree  ? result.tree_runs
                                               : result.hash_runs);
  }
  return result;
}

template class HybridIndex<IntKeys>;
template class HybridIndex<StringKeys>;

}  // namespace omen::index
