// Keys that only grow: a commit whose pairs all lie behind everything that is there is appended
// to a run under construction, the tail, and needs no tree. Readers of an older version see
// fewer of its entries. A full tail becomes a run.
#include <algorithm>

#include "index/hybrid_index.h"

namespace omen::index {

namespace {

template <typename Keys>
int Order(const typename Keys::Entry& entry, const Change<Keys>& change) {
  const int order = Keys::Compare(entry.key(), change.key);
  if (order != 0) return order;
  return entry.payload() < change.payload ? -1 : entry.payload() > change.payload;
}

// Tombstones count: one for a pair would hide that pair in the tail.
template <typename Keys>
typename Keys::Entry LastOf(const TreeRoot<Keys>& root) {
  const TreeNode<Keys>* node = root.node;
  while (node->height > 1) node = static_cast<const TreeInner<Keys>*>(node)->child[node->count - 1];
  return {node->heads[node->count - 1], node->rest[node->count - 1]};
}

// Whether all changes lie behind everything that is there.
template <typename Keys>
bool Grows(const Version<Keys>& version, std::span<const Change<Keys>> changes) {
  if (changes.empty() || changes[0].erase) return false;
  const Change<Keys>& first = changes[0];
  if (version.tail.count != 0) {
    if (Order(version.tail.run->begin()[version.tail.count - 1], first) >= 0) return false;
  } else if (version.runs != nullptr && !version.runs->empty()) {
    if (Order(version.runs->run(version.runs->count() - 1)->last(), first) >= 0) return false;
  }
  for (const DeltaState<Keys>* state : {&version.active, &version.sealed})
    if (!state->root.empty() && Order(LastOf(state->root), first) >= 0) return false;
  for (size_t i = 1; i < changes.size(); ++i) {
    const int order = Keys::Compare(changes[i - 1].key, changes[i].key);
    if (changes[i].erase || order > 0) return false;
    if (order == 0 && changes[i - 1].payload >= changes[i].payload) return false;
  }
  return true;
}

}  // namespace

// Whether the changes go to the tail, which then has room for them. A refusal on the way sends
// them to the delta.
template <typename Keys>
bool HybridIndex<Keys>::TailReady(const V& version, std::span<const Change<Keys>> changes) {
  if (options_.form == Form::kTree || !Grows(version, changes)) return false;
  if (tail_.room() >= changes.size()) return true;
  const uint64_t entries = version.runs == nullptr ? 0 : version.runs->entries();
  if (!CloseTail().ok()) return false;
  const size_t most = options_.run_bytes / sizeof(typename Keys::Entry);
  const size_t wanted =
      std::clamp<size_t>(entries / 8, options_.tail_minimum, std::max(options_.tail_minimum, most));
  const size_t capacity = std::max(wanted, changes.size());
  return tail_.Start(changes.front().key, changes.back().key, capacity).ok();
}

template <typename Keys>
Status HybridIndex<Keys>::CloseTail() {
  if (!tail_.started()) return Status::Ok();
  const RunPolicy policy = shaping_.Policy(chain_.current()->runs);
  MadeRuns<Keys> made(memory_);
  const RunSet<Keys>* old = chain_.current()->runs;
  auto* set = Place<RunSet<Keys>>(memory_, memory_);
  if (set == nullptr) return learn::OutOfMemory();
  bool room = chain_.ReserveGarbage(1);
  for (uint32_t i = 0; old != nullptr && i < old->count() && room; ++i)
    room = set->Add(old->run(i));
  V* next = room ? chain_.Successor() : nullptr;
  const bool finished = next != nullptr && FinishRun(tail_, policy, made).ok();
  if (finished)
    for (Run* run : made.all()) room = room && set->Add(run);
  if (!finished || !room || !set->Seal()) {
    // A finished tail that finds no place is not lost: it is kept as the tail until it does.
    for (Run* run : made.all()) tail_.Resume(run);
    made.Taken();
    tail_.Truncate(tail_.run()->size());
    chain_.Discard(next);
    Unplace(memory_, set);
    return learn::OutOfMemory();
  }
  next->runs = set;
  next->tail = {};
  for (const Run* run : made.all())
    decisions_.Run(run->trial(), run->choice(), run->size(), counts_.merges);
  made.Taken();
  if (old != nullptr)
    chain_.AddGarbage({&VersionChain<Keys>::FreeRunSet, &memory_, const_cast<RunSet<Keys>*>(old)});
  chain_.Publish(next);
  return Status::Ok();
}

template class HybridIndex<IntKeys>;
template class HybridIndex<StringKeys>;

}  // namespace omen::index
