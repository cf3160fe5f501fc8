// Arrivals as the series that forecasts are made of.
#pragma once

#include <cstdint>
#include <vector>

#include "learn/stream/arrivals.h"

namespace omen::learn {

/// Counts of the hours of which the last ends before minute `until`, the oldest first: from the
/// first in which something arrived on, four weeks of them at most. A coarse hour counts whole for
/// the one in which its middle is.
std::vector<double> RunsByHour(const Arrivals& arrivals, int64_t until);

}  // namespace omen::learn
