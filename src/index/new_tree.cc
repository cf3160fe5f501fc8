#include "index/new_tree.h"

namespace omen::index {

template <typename Keys>
Status StartTree(learn::Memory& memory, Version<Keys>& next, const typename Keys::Heads& heads,
                 size_t capacity) {
  auto* delta = Place<Delta<Keys>>(memory, memory, heads);
  if (delta == nullptr) return learn::OutOfMemory();
  delta->filtered = capacity != 0;
  if (delta->filtered && !delta->filter.Reserve(capacity)) {
    Unplace(memory, delta);
    return learn::OutOfMemory();
  }
  next.active = {delta, {}};
  return Status::Ok();
}

template <typename Keys>
Status CompactTree(learn::Memory& memory, VersionChain<Keys>& chain) {
  const DeltaState<Keys> old = chain.current()->active;
  if (old.delta == nullptr || !old.delta->tree.Wasteful(old.root)) return Status::Ok();
  Version<Keys>* next = chain.ReserveGarbage(1) ? chain.Successor() : nullptr;
  if (next == nullptr) return learn::OutOfMemory();
  Status copied = StartTree(memory, *next, old.delta->tree.heads(), 0);
  if (copied.ok()) {
    next->active.delta->tree.Begin();
    TreeCursor<Keys> cursor(old.root);
    cursor.Seek(Keys::MakeProbe(old.delta->tree.heads(), typename Keys::Key{}, 0));
    for (; cursor.valid() && copied.ok(); cursor.Next()) {
      const auto entry = cursor.entry();
      copied = next->active.delta->tree.Append(next->active.root, entry.key(), entry.payload());
    }
    if (!copied.ok()) Unplace(memory, next->active.delta);
  }
  if (!copied.ok()) {
    chain.Discard(next);
    return copied;
  }
  next->active.delta->tree.Commit();
  chain.AddGarbage({&VersionChain<Keys>::FreeDelta, &memory, old.delta});
  chain.Publish(next);
  return Status::Ok();
}

template <typename Keys>
Status LoadTree(learn::Memory& memory, VersionChain<Keys>& chain,
                std::span<const Change<Keys>> sorted, uint64_t commit_id) {
  Version<Keys>* next = chain.Successor();
  if (next == nullptr) return learn::OutOfMemory();
  next->commit_id = commit_id;
  const auto heads = Keys::Heads::Shared(sorted.front().key, sorted.back().key);
  Status loaded = StartTree(memory, *next, heads, 0);
  Delta<Keys>* const delta = next->active.delta;
  if (loaded.ok()) delta->tree.Begin();
  for (size_t i = 0; i < sorted.size() && loaded.ok(); ++i)
    loaded = delta->tree.Append(next->active.root, sorted[i].key, sorted[i].payload);
  if (!loaded.ok()) {
    Unplace(memory, delta);
    chain.Discard(next);
    return loaded;
  }
  delta->tree.Commit();
  chain.Publish(next);
  return Status::Ok();
}

template Status StartTree(learn::Memory&, Version<IntKeys>&, const IntKeys::Heads&, size_t);
template Status LoadTree(learn::Memory&, VersionChain<IntKeys>&, std::span<const Change<IntKeys>>,
                         uint64_t);
template Status CompactTree(learn::Memory&, VersionChain<IntKeys>&);
template Status StartTree(learn::Memory&, Version<StringKeys>&, const StringKeys::Heads&, size_t);
template Status LoadTree(learn::Memory&, VersionChain<StringKeys>&,
                         std::span<const Change<StringKeys>>, uint64_t);
template Status CompactTree(learn::Memory&, VersionChain<StringKeys>&);

}  // namespace omen::index
