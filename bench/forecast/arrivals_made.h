// Made arrivals: how often each of many templates runs in each hour of two weeks.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace forecast {

/// Why templates run.
enum class Kind : uint8_t {
  kVisitors,  // people all day, more by day and on weekdays; tens to thousands an hour
  kOffice,    // people at work: a few an hour, none at night
  kCron,      // by the clock: hourly to weekly; late or left out at times
  kDrift,     // visitors that become more or less, or from one hour to the next others
  kSpikes,    // little, and much of a sudden: some at set times of the week, some at any
  kSessions,  // somebody looks into something for some hours, at any time of working days
  kRare,      // at random, from once a day to some times an hour
  kWander,    // a rate that walks at random, by no clock
};
inline constexpr int kKinds = 8;
std::string_view NameOf(Kind kind);

struct Series {
  Kind kind;
  std::vector<double> runs;  // by hour
};

/// The same for the same seed. Hour 0 begins some day of the week at midnight; the load of all
/// templates has a noise of its own, and in some two weeks a weekday is a holiday.
std::vector<Series> MakeArrivals(uint64_t seed, int templates, int hours);

}  // namespace forecast
