#include "index/version/version_read.h"

#include "index/version/version_cursor.h"

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
void VersionRead<Keys>::InRuns(const RunSet<Keys>& runs, const Key* keys, size_t n,
                               const SortedRun<Keys>** of, const typename Keys::Entry** entries) {
  typename Keys::Probe probes[kMost] = {};
  runs.ForBatch(keys, n, of);
  for (size_t i = 0; i < n; ++i) probes[i] = of[i]->ProbeFor(keys[i]);
  if (kMost == 1) {
    entries[0] = of[0]->Find(probes[0]);
  } else {
    SortedRun<Keys>::FindBatch(of, probes, n, entries);
  }
}

template <typename Keys>
template <size_t kMost>
void VersionRead<Keys>::TraceRuns(const RunSet<Keys>& runs, const Key* keys, size_t n,
                                  Traces* traces) {
  const SortedRun<Keys>* of[kMost] = {};
  const typename Keys::Entry* entries[kMost];
  InRuns<kMost>(runs, keys, n, of, entries);
  for (size_t i = 0; i < n; ++i) {
    traces[i].run = of[i];
    traces[i].entry = entries[i];
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

// Of a key about which the trees say one thing, that one of its pairs is gone: the first of its
// pairs in the run that is not that one. False where the run ends before that is known.
template <typename Keys>
bool VersionRead<Keys>::Outlives(const Traces& traces, const TreeHit& dead, Found& found) {
  const auto* entry = traces.entry;
  found = {};
  if (entry == nullptr) return true;
  if (entry->payload() == dead.payload) {
    if (++entry == traces.run->end()) return false;
    if (Keys::Compare(entry->key(), traces.entry->key()) != 0) return true;
  }
  found = {entry->payload(), true};
  return true;
}

// A key whose first delta entry is live has no tombstone below that entry's payload, so the
// smallest payload found anywhere is live. A first entry that is dead may need the slow walk.
template <typename Keys>
Found VersionRead<Keys>::Resolve(const Version<Keys>& version, Key key, const Traces& traces) {
  Found found;
  if (traces.entry != nullptr) found = {traces.entry->payload(), true};
  if (version.tail.count != 0) InTail(version.tail, key, found);
  const TreeHit &newer = traces.newer, &older = traces.older;
  if (newer.state == TreeHit::kNone && older.state == TreeHit::kNone) return found;
  if (newer.state >= TreeHit::kDead || older.state >= TreeHit::kDead) {
    const TreeHit& one = newer.state == TreeHit::kNone ? older : newer;
    const bool alone = newer.state == TreeHit::kNone || older.state == TreeHit::kNone;
    if (alone && one.state == TreeHit::kOnlyDead && version.tail.count == 0 &&
        Outlives(traces, one, found))
      return found;
    return FirstLive(version, key);
  }
  for (const TreeHit* hit : {&newer, &older})
    if (hit->state == TreeHit::kLive && (!found.found || hit->payload < found.payload))
      found = {hit->payload, true};
  return found;
}

template <typename Keys>
template <size_t kMost>
void VersionRead<Keys>::FindGroup(const Version<Keys>& version, const Key* keys, size_t n,
                                  Found* found) {
  Traces traces[kMost];
  if (version.runs != nullptr && !version.runs->empty())
    TraceRuns<kMost>(*version.runs, keys, n, traces);
  TreeHit hits[kMost];
  if (!version.active.root.empty()) {
    InDelta<kMost>(version.active, keys, n, hits);
    for (size_t i = 0; i < n; ++i) traces[i].newer = hits[i];
  }
  if (!version.sealed.root.empty()) {
    InDelta<kMost>(version.sealed, keys, n, hits);
    for (size_t i = 0; i < n; ++i) traces[i].older = hits[i];
  }
  for (size_t i = 0; i < n; ++i) found[i] = Resolve(version, keys[i], traces[i]);
}

template <typename Keys>
Found VersionRead<Keys>::Find(const Version<Keys>& version, Key key) {
  const RunSet<Keys>* const runs = version.only_runs;
  if (runs == nullptr) return FindAmongLayers(version, key);
  const SortedRun<Keys>& run = *runs->run(runs->For(key, 0));
  const auto* entry = run.Find(run.ProbeFor(key));
  if (entry == nullptr) return {};
  return {entry->payload(), true};
}

template <typename Keys>
Found VersionRead<Keys>::FindAmongLayers(const Version<Keys>& version, Key key) {
  Found found;
  FindGroup<1>(version, &key, 1, &found);
  return found;
}

template <typename Keys>
void VersionRead<Keys>::FindInRuns(const RunSet<Keys>& runs, const Key* keys, size_t n,
                                   Found* found) {
  const SortedRun<Keys>* of[kBatch] = {};
  const typename Keys::Entry* entries[kBatch];
  InRuns<kBatch>(runs, keys, n, of, entries);
  for (size_t i = 0; i < n; ++i)
    found[i] = entries[i] == nullptr ? Found{} : Found{entries[i]->payload(), true};
}

template <typename Keys>
void VersionRead<Keys>::FindBatch(const Version<Keys>& version, const Key* keys, size_t count,
                                  Found* found) {
  if (count == 1) {
    *found = Find(version, *keys);
    return;
  }
  for (size_t done = 0; done < count; done += kBatch) {
    const size_t n = std::min(kBatch, count - done);
    if (version.only_runs != nullptr) {
      FindInRuns(*version.only_runs, keys + done, n, found + done);
    } else {
      FindGroup<kBatch>(version, keys + done, n, found + done);
    }
  }
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
