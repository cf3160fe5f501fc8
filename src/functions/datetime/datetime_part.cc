#include "functions/datetime/datetime_part.h"

#include <algorithm>
#include <iterator>

#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

using enum DatetimePart;

struct PartWord {
  std::string_view word;
  DatetimePart part;
};

/// Words are told apart by their first ten characters, as in PostgreSQL.
constexpr size_t kTokenLength = 10;

/// Sorted.
constexpr PartWord kWords[] = {
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
    {"microsecon", kMicroseconds},
    {"mil", kMillennium},
    {"millennia", kMillennium},
    {"millennium", kMillennium},
    {"millisecon", kMilliseconds},
    {"mils", kMillennium},
    {"min", kMinute},
    {"mins", kMinute},
    {"minute", kMinute},
    {"minutes", kMinute},
    {"mon", kMonth},
    {"mons", kMonth},
    {"month", kMonth},
    {"months", kMonth},
    {"ms", kMilliseconds},
    {"msec", kMilliseconds},
    {"msecond", kMilliseconds},
    {"mseconds", kMilliseconds},
    {"msecs", kMilliseconds},
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
    {"us", kMicroseconds},
    {"usec", kMicroseconds},
    {"usecond", kMicroseconds},
    {"useconds", kMicroseconds},
    {"usecs", kMicroseconds},
    {"w", kWeek},
    {"week", kWeek},
    {"weeks", kWeek},
    {"y", kYear},
    {"year", kYear},
    {"years", kYear},
    {"yr", kYear},
    {"yrs", kYear},
};

}  // namespace

DatetimePart FindDatetimePart(std::string_view word) {
  std::string lower = LowerAscii(word.substr(0, kTokenLength));
  auto found = std::lower_bound(std::begin(kWords), std::end(kWords), lower,
                                [](const PartWord& a, const std::string& b) { return a.word < b; });
  return found != std::end(kWords) && found->word == lower ? found->part : kUnknown;
}

}  // namespace omen::functions
