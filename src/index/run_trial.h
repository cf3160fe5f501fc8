// Chooses how a run is searched: tries what could serve on the run itself.
#pragma once

#include "base/clock.h"
#include "index/sorted_run.h"

namespace omen::index {

/// For a run that nobody else sees yet. One thread.
template <typename Keys>
class RunTrialist {
 public:
  RunTrialist(SortedRun<Keys>& run, const Clock& clock) : run_(run), clock_(clock) {}

  /// A model from the wished epsilon up, the first that is small enough; a tree where none is,
  /// or where a sample of lookups runs clearly faster through the tree. What loses is dropped.
  Status Choose(uint32_t epsilon);

 private:
  static constexpr size_t kSample = 512;
  static constexpr uint32_t kSmall = 4096;  // below it nothing can be gained
  static constexpr uint32_t kMaxEpsilon = 64;

  bool SmallEnough() const;
  Status KeepTree(const char* reason);
  void KeepModel(const char* reason);
  double SampledNanos(bool learned);

  SortedRun<Keys>& run_;
  const Clock& clock_;
};

extern template class RunTrialist<IntKeys>;
extern template class RunTrialist<StringKeys>;

}  // namespace omen::index
