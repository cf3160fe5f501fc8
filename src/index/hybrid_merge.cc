// The background half of the hybrid index: a sealed delta is woven into the runs, one run at a
// time, each published as soon as it is ready. Until the last is done the sealed delta stays in
// place: what it says about finished runs is merely said twice. A refused allocation therefore
// loses nothing, and the merge can begin anew.
#include "index/hybrid_index.h"

namespace omen::index {

namespace {
// How often an idle index looks whether what is asked of it has turned.
constexpr std::chrono::milliseconds kLookInterval{50};

// What was merged away may stay for the commits that are remembered, up to a part of the runs or,
// where they are small, some megabytes.
template <typename Keys>
size_t KeptForOldCommits(const RunSet<Keys>& runs) {
  size_t bytes = 0;
  for (uint32_t i = 0; i < runs.count(); ++i) bytes += runs.run(i)->memory().total();
  return std::max(size_t{16} << 20, bytes / 4);
}
}  // namespace

template <typename Keys>
Status HybridIndex<Keys>::Replace(uint32_t first, uint32_t count, MadeRuns<Keys>& made,
                                  uint64_t commit_id) {
  const RunSet<Keys>* old = chain_.current()->runs;
  auto* set = Place<RunSet<Keys>>(memory_, memory_);
  if (set == nullptr) return learn::OutOfMemory();
  bool room = chain_.ReserveGarbage(count + 1);
  for (uint32_t i = 0; i < first && room; ++i) room = set->Add(old->run(i));
  for (Run* run : made.all()) room = room && set->Add(run);
  for (uint32_t i = first + count; old != nullptr && i < old->count() && room; ++i)
    room = set->Add(old->run(i));
  V* next = room && set->Seal() ? chain_.Successor() : nullptr;
  if (next == nullptr) {
    Unplace(memory_, set);
    return learn::OutOfMemory();
  }
  next->runs = set;
  if (commit_id != 0) next->commit_id = commit_id;
  for (uint32_t i = first; i < first + count; ++i)
    chain_.AddGarbage({&VersionChain<Keys>::FreeRun, &memory_, old->run(i)},
                      old->run(i)->memory().total());
  if (old != nullptr)
    chain_.AddGarbage({&VersionChain<Keys>::FreeRunSet, &memory_, const_cast<RunSet<Keys>*>(old)});
  counts_.merged_entries += made.entries();
  for (const Run* run : made.all())
    decisions_.Run(run->trial(), run->choice(), run->size(), counts_.merges);
  made.Taken();
  chain_.Publish(next);
  chain_.ForgetBeyond(KeptForOldCommits(*set));
  return Status::Ok();
}

template <typename Keys>
Status HybridIndex<Keys>::DropSealed() {
  const std::lock_guard lock(write_mutex_);
  chain_.Reclaim(true);
  V* next = chain_.ReserveGarbage(1) ? chain_.Successor() : nullptr;
  if (next == nullptr) return learn::OutOfMemory();
  const size_t bytes = next->sealed.delta->bytes();
  chain_.AddGarbage({&VersionChain<Keys>::FreeDelta, &memory_, next->sealed.delta}, bytes);
  next->sealed = {};
  chain_.Publish(next);
  if (next->runs != nullptr) chain_.ForgetBeyond(KeptForOldCommits(*next->runs));
  return Status::Ok();
}

// One step: the run at `index` with the part of the delta that falls into it, or, behind the last
// run, the rest of the delta as runs of its own: keys that only grow rewrite nothing.
template <typename Keys>
Status HybridIndex<Keys>::MergePart(TreeCursor<Keys>& delta, uint32_t& index, bool& done) {
  // The set of runs may be replaced by a writer who closes a tail, but the runs in it stay, and
  // what is new comes behind them.
  uint32_t count = 0;
  const Run* run = nullptr;
  RunPolicy policy;
  {
    const std::lock_guard lock(write_mutex_);
    chain_.Reclaim(true);  // what the step before replaced, before this one takes as much again
    const RunSet<Keys>* runs = chain_.current()->runs;
    policy = shaping_.Policy(runs);
    if (runs != nullptr) count = runs->count();
    if (index < count) run = runs->run(index);
    if (run != nullptr) shaping_.Inherit(*run, counts_.merges, policy);
  }
  done = !delta.valid();
  if (done) return Status::Ok();
  MadeRuns<Keys> made(memory_);
  if (index >= count) {
    OMEN_RETURN_IF_ERROR(MergeRun<Keys>(nullptr, delta, nullptr, policy, memory_, made));
    const std::lock_guard lock(write_mutex_);
    return Replace(count, 0, made);
  }
  const bool small_last = index + 1 == count && run->entry_bytes() < options_.run_bytes / 2;
  const auto* bound = small_last ? nullptr : &run->last();
  if (bound != nullptr && DeltasCursor<Keys>::Order(delta.entry(), *bound) > 0) {
    ++index;
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(MergeRun(run, delta, bound, policy, memory_, made));
  const auto fresh = static_cast<uint32_t>(made.all().size());
  {
    const std::lock_guard lock(write_mutex_);
    OMEN_RETURN_IF_ERROR(Replace(index, 1, made));
  }
  index += fresh;
  return Status::Ok();
}

template <typename Keys>
Status HybridIndex<Keys>::MergeSealed() {
  DeltaState<Keys> sealed;
  {
    const std::lock_guard lock(write_mutex_);
    sealed = chain_.current()->sealed;
  }
  if (sealed.delta == nullptr) return Status::Ok();
  const int64_t started = clock_.MonotonicNanos();
  TreeCursor<Keys> delta(sealed.root);
  delta.Seek(Keys::MakeProbe(sealed.delta->tree.heads(), Key{}, 0));
  uint32_t index = 0;
  Status merged;
  for (bool done = false; !done && merged.ok();) merged = MergePart(delta, index, done);
  if (merged.ok()) merged = DropSealed();
  CountMerge(merged, clock_.MonotonicNanos() - started);
  return merged;
}

template <typename Keys>
void HybridIndex<Keys>::CountMerge(const Status& status, int64_t nanos) {
  const std::lock_guard lock(write_mutex_);
  ++(status.ok() ? counts_.merges : counts_.refused_merges);
  counts_.merge_nanos += static_cast<uint64_t>(nanos);
  const uint32_t before = shaping_.fraction();
  if (status.ok() && shaping_.Merged(nanos))
    decisions_.Pace(before, shaping_.fraction(), nanos, shaping_.fill_nanos());
  // After a refusal: not again before the delta has grown by as much as makes it worth a try.
  retry_above_ = status.ok() ? 0 : chain_.current()->active.root.entries + options_.delta_minimum;
  chain_.Reclaim(true);
}

template <typename Keys>
Status HybridIndex<Keys>::Merge() {
  Reconsider();
  const std::lock_guard merging(merge_mutex_);
  return MergeAll();
}

template <typename Keys>
Status HybridIndex<Keys>::MergeAll() {
  OMEN_RETURN_IF_ERROR(MergeSealed());
  if (options_.form == Form::kTree) return Status::Ok();
  {
    const std::lock_guard lock(write_mutex_);
    if (chain_.current()->active.root.empty()) return Status::Ok();
    OMEN_RETURN_IF_ERROR(Seal());
  }
  return MergeSealed();
}

template <typename Keys>
void HybridIndex<Keys>::MergeLoop() {
  std::unique_lock lock(write_mutex_);
  for (;;) {
    const auto look = std::chrono::steady_clock::now() + kLookInterval;
    wake_.WaitInBackground(lock, look, [&] { return stop_ || MergeWanted(); });
    if (stop_) return;
    if (!MergeWanted()) {
      lock.unlock();
      Reconsider();
      lock.lock();
      continue;
    }
    merging_ = true;
    lock.unlock();
    {
      const std::lock_guard merging(merge_mutex_);
      const Status merged = MergeSealed();
    }
    lock.lock();
    merging_ = false;
    if (SealDue()) {
      const Status sealed = Seal();
    }
    idle_.NotifyAll();
  }
}

template <typename Keys>
void HybridIndex<Keys>::WaitForMerges() {
  std::unique_lock lock(write_mutex_);
  if (merger_.joinable()) idle_.WaitInBackground(lock, [&] { return !merging_ && !MergeWanted(); });
}

template class HybridIndex<IntKeys>;
template class HybridIndex<StringKeys>;

}  // namespace omen::index
