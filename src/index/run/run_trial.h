// Chooses how a run is searched: tries what could serve on the run itself.
#pragma once

#include "index/run/placed.h"
#include "index/run/sorted_run.h"
#include "learn/key_sets.h"

namespace omen::index {

/// For a run that nobody else sees yet. One thread. 53200 leaves the entries as they are.
template <typename Keys>
class RunTrialist {
 public:
  RunTrialist(SortedRun<Keys>& run, const TrialPlan& plan) : run_(run), plan_(plan) {}

  /// A model from the wished epsilon up, the first that is small enough, or one of twice its
  /// epsilon where that is faster; a tree where no model is small enough, or where lookups run
  /// clearly faster through the tree. What loses is dropped. Where the plan wants it, a hash
  /// for single keys beside it, if that is clearly faster.
  Status Choose(uint32_t epsilon);

 private:
  static constexpr uint32_t kMaxEpsilon = 64;
  static constexpr size_t kSample = 512;
  static constexpr uint32_t kSmall = 4096;  // below it nothing can be gained

  Status BuildSmallEnough(uint32_t epsilon);
  Status ChooseOrder(uint32_t epsilon);
  void TryOtherEpsilon();
  void TryHash();
  size_t Allowed() const;
  void KeepTree(const char* reason);
  void KeepModel(const char* reason);
  double SampledNanos(bool learned);
  double SampledFinds() const;
  void Evict(uint32_t position) const;
  void Draw(learn::Random& random, typename Keys::Probe* probes) const;
  template <typename Ask>
  double Sampled(Ask ask) const;

  SortedRun<Keys>& run_;
  const TrialPlan plan_;
};

extern template class RunTrialist<IntKeys>;
extern template class RunTrialist<StringKeys>;

}  // namespace omen::index
