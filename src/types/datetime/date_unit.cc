#include "types/datetime/date_unit.h"

#include <algorithm>
#include <array>

#include "types/datetime/datetime.h"

namespace omen {
namespace {

struct UnitWord {
  std::string_view word;
  DateUnit unit;
};

/// Sorted; longer words are cut to kDateWordLength.
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
      {"dow", kDayOfWeek},
      {"doy", kDayOfYear},
      {"epoch", kEpoch},
      {"h", kHour},
      {"hour", kHour},
      {"hours", kHour},
      {"hr", kHour},
      {"hrs", kHour},
      {"isodow", kIsoDayOfWeek},
      {"isoyear", kIsoYear},
      {"julian", kJulian},
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
      {"timezone_h", kTimezoneHour},
      {"timezone_m", kTimezoneMinute},
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

DateUnit FindWord(std::string_view word) {
  word = word.substr(0, kDateWordLength);
  const auto* found = std::ranges::lower_bound(kUnitWords, word, {}, &UnitWord::word);
  return found != kUnitWords.end() && found->word == word ? found->unit : DateUnit::kUnknown;
}

}  // namespace

DateUnit FindDateUnit(std::string_view word) {
  const DateUnit unit = FindWord(word);
  const bool of_moments = unit >= DateUnit::kJulian && unit <= DateUnit::kEpoch;
  return of_moments ? DateUnit::kUnknown : unit;
}

DateUnit FindDatePart(std::string_view word) {
  const DateUnit unit = FindWord(word);
  return unit <= DateUnit::kEpoch ? unit : DateUnit::kUnknown;
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

}  // namespace omen
