// The data set that `./dev run` starts with: a small shop, large enough that analytics and
// transactions have something to do.
#pragma once

#include <string>

#include "app/instance.h"

namespace omen::app {

/// Creates and fills the sample tables, with a progress bar on a terminal.
Status LoadSample(Instance* instance);
/// Three statements to try.
std::string SampleStatements();

}  // namespace omen::app
