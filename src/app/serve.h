// `omendb serve`: an instance, its listeners, and the life of the process.
#pragma once

#include "app/config.h"
#include "base/result.h"

namespace omen::app {

/// Serves until SIGTERM or SIGINT: then no new work, a grace for running statements, a clean
/// stop. A second signal cuts the grace short. Errors are those of the start.
Status Serve(const Config& config);

}  // namespace omen::app
