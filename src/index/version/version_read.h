// Reading one version: deltas first, then runs, joined so that newer entries hide older ones.
#pragma once

#include "index/version/index.h"
#include "index/version/version.h"

namespace omen::index {

/// Pure functions of a version that is kept alive by the caller. Any thread.
template <typename Keys>
class VersionRead {
 public:
  using Key = typename Keys::Key;
  static constexpr size_t kBatch = SortedRun<Keys>::kBatch;

  static void FindBatch(const Version<Keys>& version, const Key* keys, size_t count, Found* found);
  static Found Find(const Version<Keys>& version, Key key);
  static void Scan(const Version<Keys>& version, Key key, uint64_t payload, size_t limit,
                   Visitor<Keys>& visitor);

 private:
  // kMost: room for a batch, or for one lookup that should not pay for a batch's arrays.
  template <size_t kMost>
  static void FindGroup(const Version<Keys>& version, const Key* keys, size_t n, Found* found);
  template <size_t kMost>
  static void InDelta(const DeltaState<Keys>& state, const Key* keys, size_t n, TreeHit* hits);
  /// What the layers say of a key: where it is in the runs, and its first entry in each tree.
  struct Traces {
    const SortedRun<Keys>* run = nullptr;
    const typename Keys::Entry* entry = nullptr;
    TreeHit newer, older;
  };
  template <size_t kMost>
  static void InRuns(const RunSet<Keys>& runs, const Key* keys, size_t n,
                     const SortedRun<Keys>** of, const typename Keys::Entry** entries);
  template <size_t kMost>
  static void TraceRuns(const RunSet<Keys>& runs, const Key* keys, size_t n, Traces* traces);
  static void FindInRuns(const RunSet<Keys>& runs, const Key* keys, size_t n, Found* found);
  static Found FindAmongLayers(const Version<Keys>& version, Key key);
  static Found Resolve(const Version<Keys>& version, Key key, const Traces& traces);
  static bool Outlives(const Traces& traces, const TreeHit& dead, Found& found);
  static void InTail(const TailState<Keys>& tail, Key key, Found& found);
  static Found FirstLive(const Version<Keys>& version, Key key);
};

extern template class VersionRead<IntKeys>;
extern template class VersionRead<StringKeys>;

}  // namespace omen::index
