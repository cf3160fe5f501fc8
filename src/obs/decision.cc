#include "obs/decision.h"

namespace omen::obs {

void DecisionLog::Add(Decision decision) {
  const std::lock_guard lock(mutex_);
  decision.id = next_id_++;
  ring_[decision.id % ring_.size()] = decision;
}

std::vector<Decision> DecisionLog::Recent() const {
  const std::lock_guard lock(mutex_);
  std::vector<Decision> recent;
  const uint64_t size = ring_.size();
  for (uint64_t id = next_id_ > size ? next_id_ - size : 1; id < next_id_; ++id)
    recent.push_back(ring_[id % size]);
  return recent;
}

}  // namespace omen::obs
