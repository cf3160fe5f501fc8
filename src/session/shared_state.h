// What all sessions of one server share.
#pragma once

#include <cstdint>
#include <memory>

#include "base/memory_account.h"
#include "session/compile/plan_cache.h"
#include "session/statement_timer.h"

namespace omen::session {

/// Outlives its sessions. Any thread.
struct SharedState {
  StatementTimer timer;
  /// What all sessions may take together; set before the first one.
  MemoryAccountPtr memory =
      std::make_shared<MemoryAccount>(INT64_MAX, nullptr, MemoryAccount::Owner::kServer);
  SharedPlans plans;
};

}  // namespace omen::session
