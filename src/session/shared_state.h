// What all sessions of one server share.
#pragma once

#include "session/plan_cache.h"
#include "session/statement_timer.h"

namespace omen::session {

/// Outlives its sessions. Any thread.
struct SharedState {
  StatementTimer timer;
  SharedPlans plans;
};

}  // namespace omen::session
