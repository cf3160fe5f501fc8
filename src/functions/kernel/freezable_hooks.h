// Hooks whose answers can be had by value, for kernels that run on other threads than the
// session's.
#pragma once

#include <memory>

#include "functions/kernel/function.h"

namespace omen::functions {

/// As SessionHooks.
class FreezableHooks : public SessionHooks {
 public:
  /// The answers of now, for any thread; they refuse what would change the session.
  virtual std::shared_ptr<SessionHooks> Freeze() = 0;
};

}  // namespace omen::functions
