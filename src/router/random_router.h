// A router that answers at random. Under it the whole SQL suite must give the answers it always
// gives: what chooses a path may cost time, never correctness.
#pragma once

#include <atomic>

#include "router/router.h"

namespace omen::router {

/// Any of the paths that can run the statement, each as likely. Any thread.
class RandomRouter final : public Router {
 public:
  explicit RandomRouter(uint64_t seed) : state_(seed) {}
  Choice Choose(const Features& features) const override;
  bool wants_every_read() const override { return true; }

 private:
  mutable std::atomic<uint64_t> state_;
};

}  // namespace omen::router
