#include "index/version/version_chain.h"

#include <algorithm>

namespace omen::index {

template <typename Keys>
VersionChain<Keys>::~VersionChain() {
  Version<Keys>* last = current();
  if (last == nullptr) return;
  while (oldest_ != last) FreeOldest();
  for (uint32_t i = 0; last->runs != nullptr && i < last->runs->count(); ++i)
    Unplace(memory_, last->runs->run(i));
  Unplace(memory_, const_cast<RunSet<Keys>*>(last->runs));
  Unplace(memory_, last->active.delta);
  Unplace(memory_, last->sealed.delta);
  Unplace(memory_, last);
}

template <typename Keys>
Status VersionChain<Keys>::Start() {
  if (!remembered_.Reserve(remember_ + 1)) return learn::OutOfMemory();
  Version<Keys>* first = Place<Version<Keys>>(memory_, memory_);
  if (first == nullptr) return learn::OutOfMemory();
  oldest_ = first;
  Remember(first);
  current_.store(first, std::memory_order_release);
  return Status::Ok();
}

template <typename Keys>
Version<Keys>* VersionChain<Keys>::Successor() {
  Version<Keys>* next = Place<Version<Keys>>(memory_, memory_);
  if (next == nullptr) return nullptr;
  const Version<Keys>& now = *current();
  next->commit_id = now.commit_id;
  next->active = now.active;
  next->sealed = now.sealed;
  next->tail = now.tail;
  next->runs = now.runs;
  return next;
}

template <typename Keys>
bool VersionChain<Keys>::ReserveGarbage(size_t count) {
  auto& garbage = current()->garbage;
  return garbage.Reserve(garbage.size() + count);
}

template <typename Keys>
void VersionChain<Keys>::AddGarbage(Garbage piece, size_t bytes) {
  current()->garbage_bytes += bytes;
  const bool room = current()->garbage.Append(piece);
  OMEN_CHECK(room);
}

// A version of the same commit (a merge's) takes its predecessor's place.
template <typename Keys>
void VersionChain<Keys>::Remember(Version<Keys>* next) {
  const std::lock_guard lock(remembered_mutex_);
  next->remembered = true;
  const size_t size = remembered_.size();
  if (size != 0 && remembered_.back()->commit_id == next->commit_id) {
    remembered_.back()->remembered = false;
    remembered_.back() = next;
    return;
  }
  if (size > remember_) ForgetFirst();
  const bool room = remembered_.Append(next);
  OMEN_CHECK(room);
}

template <typename Keys>
void VersionChain<Keys>::ForgetFirst() {
  remembered_[0]->remembered = false;
  std::copy(remembered_.begin() + 1, remembered_.end(), remembered_.begin());
  remembered_.Truncate(remembered_.size() - 1);
}

template <typename Keys>
void VersionChain<Keys>::ForgetBeyond(size_t bytes) {
  const std::lock_guard lock(remembered_mutex_);
  size_t kept = 0;
  for (const Version<Keys>* v = remembered_[0]; v != nullptr; v = v->newer)
    kept += v->garbage_bytes;
  while (kept > bytes && remembered_.size() > 1) {
    for (const Version<Keys>* v = remembered_[0]; v != remembered_[1]; v = v->newer)
      kept -= v->garbage_bytes;
    ForgetFirst();
  }
}

template <typename Keys>
void VersionChain<Keys>::Publish(Version<Keys>* next) {
  Version<Keys>* before = current();
  const bool more =
      next->tail.count != 0 || !next->active.root.empty() || !next->sealed.root.empty();
  next->only_runs = more || next->runs == nullptr || next->runs->empty() ? nullptr : next->runs;
  before->newer = next;
  ++versions_since_;
  bytes_since_ += before->nodes.size() * sizeof(TreeNode<Keys>);
  bytes_since_ += before->erased_rows.count * rows_.stride();
  Remember(next);
  current_.store(next, std::memory_order_seq_cst);
  before->retired_at = epochs_.Now();
}

template <typename Keys>
bool VersionChain<Keys>::Reachable(const Version<Keys>& version) const {
  return version.remembered || version.holders.load(std::memory_order_acquire) != 0 ||
         !epochs_.Passed(version.retired_at);
}

template <typename Keys>
void VersionChain<Keys>::FreeOldest() {
  Version<Keys>* version = oldest_;
  oldest_ = version->newer;
  for (TreeNode<Keys>* node : version->nodes) version->active.delta->tree.Free(node);
  for (const Garbage& piece : version->garbage) piece.free(piece.owner, piece.object);
  if (version->erased_rows.count != 0) rows_.Reuse(version->erased_rows);
  Unplace(memory_, version);
}

template <typename Keys>
void VersionChain<Keys>::Reclaim(bool at_once) {
  if (versions_since_ >= kVersions || bytes_since_ >= kBytes || at_once) {
    epochs_.TryAdvance();
    // What was retired just now is free after a second step, if nobody is reading.
    if (at_once) epochs_.TryAdvance();
    versions_since_ = 0;
    bytes_since_ = 0;
  }
  while (oldest_ != current() && !Reachable(*oldest_)) FreeOldest();
}

template <typename Keys>
Version<Keys>* VersionChain<Keys>::Hold(uint64_t commit_id) const {
  const std::lock_guard lock(remembered_mutex_);
  if (commit_id > remembered_[remembered_.size() - 1]->commit_id) return nullptr;
  for (size_t i = remembered_.size(); i-- > 0;) {
    Version<Keys>* version = remembered_[i];
    if (version->commit_id > commit_id) continue;
    version->holders.fetch_add(1, std::memory_order_relaxed);
    return version;
  }
  return nullptr;
}

template <typename Keys>
void VersionChain<Keys>::FreeRun(void* memory, void* run) {
  Unplace(*static_cast<learn::Memory*>(memory), static_cast<SortedRun<Keys>*>(run));
}
template <typename Keys>
void VersionChain<Keys>::FreeRunSet(void* memory, void* set) {
  Unplace(*static_cast<learn::Memory*>(memory), static_cast<RunSet<Keys>*>(set));
}
template <typename Keys>
void VersionChain<Keys>::FreeDelta(void* memory, void* delta) {
  Unplace(*static_cast<learn::Memory*>(memory), static_cast<Delta<Keys>*>(delta));
}

template <typename Keys>
void VersionChain<Keys>::FreeHash(void* memory, void* hash) {
  Unplace(*static_cast<learn::Memory*>(memory), static_cast<PositionHash*>(hash));
}

template class VersionChain<IntKeys>;
template class VersionChain<StringKeys>;

}  // namespace omen::index
