// `omendb check`: does everything a stopped database holds agree with itself?
#pragma once

#include <string>
#include <vector>

#include "app/instance.h"

namespace omen::app {

/// Reads every row, index entry and column: checksums of files, rows that decode and match
/// their constraints' keys, indexes against rows both ways, columns against rows. One line per
/// fault; empty when all is well.
Result<std::vector<std::string>> CheckDatabase(Instance* instance);

}  // namespace omen::app
