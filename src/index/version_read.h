// Reading one version: deltas first, then runs, joined so that newer entries hide older ones.
#pragma once

#include "index/index.h"
#include "index/version.h"

namespace omen::index {

/// Pure functions of a version that is kept alive by the caller. Any thread.
template <typename Keys>
class VersionRead {
 public:
  using Key = typename Keys::Key;
  static constexpr size_t kBatch = SortedRun<Keys>::kBatch;

  static void FindBatch(const Version<Keys>& version, const Key* keys, size_t count, Found* found);
  static void Scan(const Version<Keys>& version, Key key, uint64_t payload, size_t limit,
                   Visitor<Keys>& visitor);

 private:
  struct Hits;
  static void FindGroup(const Version<Keys>& version, const Key* keys, size_t n, Found* found);
  static void InDelta(const DeltaState<Keys>& state, const Key* keys, size_t n, TreeHit* hits);
  static void InRuns(const RunSet<Keys>& runs, const Key* keys, size_t n, Found* found);
  static Found FirstLive(const Version<Keys>& version, Key key);
};

extern template class VersionRead<IntKeys>;
extern template class VersionRead<StringKeys>;

}  // namespace omen::index
