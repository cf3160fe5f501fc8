// Hashes beside the runs of an index, for where single keys are asked.
#pragma once

#include <mutex>

#include "base/clock.h"
#include "index/version/version_chain.h"

namespace omen::index {

/// Readers meet each hash as it is attached. One thread at a time, which keeps merges out; takes
/// `writing` where it publishes. What is refused (53200) is left as far as it came.
template <typename Keys>
class RunHashes {
 public:
  /// All outlive this.
  RunHashes(VersionChain<Keys>& chain, learn::Memory& memory, const Clock& clock,
            std::mutex& writing)
      : chain_(chain), memory_(memory), clock_(clock), writing_(writing) {}

  /// Gives each run one. `gain`: what a lookup cost before over what it costs then.
  Status Add(double& gain);
  Status Drop();

 private:
  double SampledNanos() const;
  SortedRun<Keys>* RunAt(uint32_t place) const;

  VersionChain<Keys>& chain_;
  learn::Memory& memory_;
  const Clock& clock_;
  std::mutex& writing_;
};

extern template class RunHashes<IntKeys>;
extern template class RunHashes<StringKeys>;

}  // namespace omen::index
