#include "index/version_read.h"

#include "index/version_cursor.h"

namespace omen::index {

// Asks the filter about all keys, then the tree about those that may be there.
template <typename Keys>
template <size_t kMost>
void VersionRead<Keys>::InDelta(const DeltaState<Keys>& state, const Key* keys, size_t n,
                                TreeHit* hits) {
  const Delta<Keys>& delta = *state.delta;
  uint64_t hashes[kMost] = {};
  typename Keys::Probe probes[kMost];
  uint8_t asked[kMost];
  TreeHit found[kMost];
  size_t candidates = 0;
  if (delta.filtered) {
    for (size_t i = 0; i < n; ++i) {
      hashes[i] = Keys::Hash(keys[i]);
      delta.filter.Prefetch(hashes[i]);
    }
  }
  for (size_t i = 0; i < n; ++i) {
    hits[i] = {};
    if (delta.filtered && !delta.filter.MayHold(hashes[i])) continue;
    probes[candidates] = Keys::MakeProbe(delta.tree.heads(), keys[i], 0);
    asked[candidates++] = static_cast<uint8_t>(i);
  }
  if (candidates == 0) return;
  CowTree<Keys>::FindBatch(state.root, probes, candidates, found);
  for (size_t i = 0; i < candidates; ++i) hits[asked[i]] = found[i];
}

template <typename Keys>
template <size_t kMost>
void VersionRead<Keys>::InRuns(const RunSet<Keys>& runs, const Key* keys, size_t n, Found* found) {
  const SortedRun<Keys>* of[kMost];
  typename Keys::Probe probes[kMost];
  const typename Keys::Entry* entries[kMost];
  runs.ForBatch(keys, n, of);
  for (size_t i = 0; i < n; ++i) {
    probes[i] = of[i]->ProbeFor(keys[i]);
  }
  if (kMost == 1) {
    entries[0] = of[0]->Find(probes[0]);
  } else {
    SortedRun<Keys>::FindBatch(of, probes, n, entries);
  }
  for (size_t i = 0; i < n; ++i) {
    found[i] = {};
    if (entries[i] != nullptr) found[i] = {entries[i]->payload(), true};
  }
}

// The tail is behind all runs; the last key of the runs may go on in it.
template <typename Keys>
void VersionRead<Keys>::InTail(const TailState<Keys>& tail, Key key, Found& found) {
  if (found.found || Keys::Compare(key, tail.run->begin()->key()) < 0) return;
  const uint32_t at = tail.run->LowerBoundAmong(tail.run->ProbeFor(key), tail.count);
  const auto* entry = tail.run->begin() + at;
  if (at < tail.count && Keys::Compare(entry->key(), key) == 0) found = {entry->payload(), true};
}

template <typename Keys>
Found VersionRead<Keys>::FirstLive(const Version<Keys>& version, Key key) {
  VersionCursor<Keys> cursor(version);
  cursor.Seek(key, 0);
  const auto [entry, count] = cursor.Take(1);
  if (count == 0 || Keys::Compare(entry->key(), key) != 0) return {};
  return {entry->payload(), true};
}

// A key whose first delta entry is live has no tombstone below that entry's payload, so the
// smallest payload found anywhere is live. A first entry that is dead needs the slow walk.
template <typename Keys>
template <size_t kMost>
void VersionRead<Keys>::FindGroup(const Version<Keys>& version, const Key* keys, size_t n,
                                  Found* found) {
  if (version.runs != nullptr && !version.runs->empty()) {
    InRuns<kMost>(*version.runs, keys, n, found);
  } else {
    for (size_t i = 0; i < n; ++i) found[i] = {};
  }
  if (version.tail.count != 0) {
    for (size_t i = 0; i < n; ++i) InTail(version.tail, keys[i], found[i]);
  }
  bool settled[kMost] = {};
  for (const DeltaState<Keys>* state : {&version.active, &version.sealed}) {
    if (state->root.empty()) continue;
    TreeHit hits[kMost];
    InDelta<kMost>(*state, keys, n, hits);
    for (size_t i = 0; i < n; ++i) {
      if (hits[i].state == TreeHit::kNone || settled[i]) continue;
      if (hits[i].state == TreeHit::kDead) {
        found[i] = FirstLive(version, keys[i]);
        settled[i] = true;
      } else if (!found[i].found || hits[i].payload < found[i].payload) {
        found[i] = {hits[i].payload, true};
      }
    }
  }
}

template <typename Keys>
Found VersionRead<Keys>::Find(const Version<Keys>& version, Key key) {
  Found found;
  if (version.runs == nullptr || version.tail.count != 0 || !version.active.root.empty() ||
      !version.sealed.root.empty()) {
    FindGroup<1>(version, &key, 1, &found);
  } else if (!version.runs->empty()) {
    const SortedRun<Keys>& run = *version.runs->run(version.runs->For(key, 0));
    if (const auto* entry = run.Find(run.ProbeFor(key)); entry != nullptr)
      found = {entry->payload(), true};
  }
  return found;
}

template <typename Keys>
void VersionRead<Keys>::FindBatch(const Version<Keys>& version, const Key* keys, size_t count,
                                  Found* found) {
  if (count == 1) return FindGroup<1>(version, keys, 1, found);
  for (size_t done = 0; done < count; done += kBatch)
    FindGroup<kBatch>(version, keys + done, std::min(kBatch, count - done), found + done);
}

template <typename Keys>
void VersionRead<Keys>::Scan(const Version<Keys>& version, Key key, uint64_t payload, size_t limit,
                             Visitor<Keys>& visitor) {
  VersionCursor<Keys> cursor(version);
  cursor.Seek(key, payload);
  while (limit != 0) {
    const auto [entries, count] = cursor.Take(limit);
    if (count == 0 || !visitor.Visit(entries, count)) return;
    limit -= count;
  }
}

template class VersionRead<IntKeys>;
template class VersionRead<StringKeys>;

}  // namespace omen::index
