#include "types/datetime/internal/datetime_units.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "types/datetime/datetime.h"

namespace omen::types_internal {
namespace {

struct UnitWord {
  std::string_view word;
  DateUnit unit;
};

/// Sorted; longer words are cut to kTokenLength.
constexpr auto kUnitWords = [] {
  using enum DateUnit;
  return std::to_array<UnitWord>({
      {"@", kIgnored},
      {"ago", kAgo},
      {"c", kCentury},
      {"cent", kCentury},
      {"centuries", kCentury},
      {"century", kCentury},
      {"d", kDay},
      {"day", kDay},
      {"days", kDay},
      {"dec", kDecade},
      {"decade", kDecade},
      {"decades", kDecade},
      {"decs", kDecade},
      {"h", kHour},
      {"hour", kHour},
      {"hours", kHour},
      {"hr", kHour},
      {"hrs", kHour},
      {"m", kMinute},
      {"microsecon", kMicrosecond},
      {"mil", kMillennium},
      {"millennia", kMillennium},
      {"millennium", kMillennium},
      {"millisecon", kMillisecond},
      {"mils", kMillennium},
      {"min", kMinute},
      {"mins", kMinute},
      {"minute", kMinute},
      {"minutes", kMinute},
      {"mon", kMonth},
      {"mons", kMonth},
      {"month", kMonth},
      {"months", kMonth},
      {"ms", kMillisecond},
      {"msec", kMillisecond},
      {"msecond", kMillisecond},
      {"mseconds", kMillisecond},
      {"msecs", kMillisecond},
      {"qtr", kQuarter},
      {"quarter", kQuarter},
      {"s", kSecond},
      {"sec", kSecond},
      {"second", kSecond},
      {"seconds", kSecond},
      {"secs", kSecond},
      {"timezone", kTimezone},
      {"timezone_h", kTimezone},
      {"timezone_m", kTimezone},
      {"us", kMicrosecond},
      {"usec", kMicrosecond},
      {"usecond", kMicrosecond},
      {"useconds", kMicrosecond},
      {"usecs", kMicrosecond},
      {"w", kWeek},
      {"week", kWeek},
      {"weeks", kWeek},
      {"y", kYear},
      {"year", kYear},
      {"years", kYear},
      {"yr", kYear},
      {"yrs", kYear},
  });
}();

}  // namespace

DateUnit FindDateUnit(std::string_view word) {
  word = word.substr(0, kTokenLength);
  const auto* found =
      std::lower_bound(std::begin(kUnitWords), std::end(kUnitWords), word,
                       [](const UnitWord& a, std::string_view name) { return a.word < name; });
  return found != std::end(kUnitWords) && found->word == word ? found->unit : DateUnit::kUnknown;
}

int64_t MicrosPerUnit(DateUnit unit) {
  using enum DateUnit;
  switch (unit) {
    case kMicrosecond:
      return 1;
    case kMillisecond:
      return 1000;
    case kSecond:
      return kMicrosPerSecond;
    case kMinute:
      return 60 * kMicrosPerSecond;
    case kHour:
      return 3600 * kMicrosPerSecond;
    default:
      return kMicrosPerDay;
  }
}

}  // namespace omen::types_internal
