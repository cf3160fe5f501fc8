// Zones by what users call them.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "types/datetime/internal/datetime_text.h"
#include "types/datetime/internal/timestamps.h"
#include "types/datetime/internal/timezone.h"
#include "types/text/scalar_text.h"
#include "types/type.h"

namespace omen {

using namespace types_internal;  // NOLINT: the zones of this folder

namespace {

Status NotRecognized(std::string_view zone) {
  return Status(sqlstate::kInvalidParameter, fmt::format("time zone \"{}\" not recognized", zone));
}

struct ResolvedZone {
  std::string asked;
  const ZoneAbbreviation* abbreviation = nullptr;
  std::shared_ptr<const TimeZone> zone;
};

/// An abbreviation goes before a name. The last zone asked for is kept per thread, since a
/// statement asks for the same one for every row.
const ResolvedZone* Resolve(std::string_view name) {
  thread_local ResolvedZone last;
  if (!last.asked.empty() && last.asked == name) return &last;
  ResolvedZone found;
  found.asked = name;
  std::string lower;
  for (char c : name) lower.push_back(ToLower(c));
  found.abbreviation = FindZoneAbbreviation(lower);
  if (found.abbreviation == nullptr) found.zone = TimeZone::Find(name);
  if (found.abbreviation == nullptr && found.zone == nullptr) return nullptr;
  last = std::move(found);
  return &last;
}

}  // namespace

Result<int> ZoneOffsetAtUtc(std::string_view zone, int64_t utc_micros) {
  if (zone == "UTC") return 0;
  const ResolvedZone* resolved = Resolve(zone);
  if (resolved == nullptr) return NotRecognized(zone);
  int64_t seconds = UnixSeconds(utc_micros);
  if (resolved->abbreviation == nullptr) return resolved->zone->OffsetAt(seconds);
  std::optional<int> offset = AbbreviationOffsetAtUtc(*resolved->abbreviation, seconds);
  if (!offset) return NotRecognized(zone);
  return *offset;
}

Result<int64_t> UtcToLocal(std::string_view zone, int64_t utc_micros) {
  if (IsInfinite(utc_micros)) return utc_micros;
  OMEN_ASSIGN_OR_RETURN(int offset, ZoneOffsetAtUtc(zone, utc_micros));
  int64_t local = utc_micros + offset * kMicrosPerSecond;
  if (!TimestampInRange(local)) {
    return Status(sqlstate::kDatetimeOverflow, "timestamp out of range");
  }
  return local;
}

Result<int> ZoneOffsetOfLocal(std::string_view zone, int64_t local_micros) {
  const ResolvedZone* resolved = Resolve(zone);
  if (resolved == nullptr) return NotRecognized(zone);
  int64_t seconds = UnixSeconds(local_micros);
  std::optional<int> offset = resolved->abbreviation == nullptr
                                  ? resolved->zone->OffsetOfLocal(seconds)
                                  : AbbreviationOffset(*resolved->abbreviation, seconds);
  if (!offset) return NotRecognized(zone);
  return *offset;
}

Result<int64_t> LocalToUtc(std::string_view zone, int64_t local_micros) {
  if (IsInfinite(local_micros) || zone == "UTC") return local_micros;
  OMEN_ASSIGN_OR_RETURN(const int offset, ZoneOffsetOfLocal(zone, local_micros));
  int64_t utc;
  if (__builtin_sub_overflow(local_micros, offset * kMicrosPerSecond, &utc) ||
      !TimestampInRange(utc)) {
    return Status(sqlstate::kDatetimeOverflow, "timestamp out of range");
  }
  return utc;
}

namespace {

/// <-07>+07: POSIX counts west, the display name east.
std::string FixedOffsetName(int seconds_east) {
  int size = std::abs(seconds_east);
  std::string clock = fmt::format("{:02}", size / 3600);
  if (size % 3600 != 0) clock += fmt::format(":{:02}", size / 60 % 60);
  if (size % 60 != 0) clock += fmt::format(":{:02}", size % 60);
  bool east = seconds_east >= 0;
  return fmt::format("<{}{}>{}{}", east ? '+' : '-', clock, east ? '-' : '+', clock);
}

// The text between the quotes of INTERVAL '...'.
std::optional<std::string_view> ZoneInterval(std::string_view setting) {
  constexpr std::string_view kWord = "interval";
  if (setting.size() <= kWord.size()) return std::nullopt;
  for (size_t i = 0; i < kWord.size(); ++i) {
    if ((setting[i] | 0x20) != kWord[i]) return std::nullopt;
  }
  const size_t open = setting.find('\''), close = setting.rfind('\'');
  if (open == std::string_view::npos || close <= open) return std::nullopt;
  return setting.substr(open + 1, close - open - 1);
}

}  // namespace

Result<std::string> CanonicalTimeZone(std::string_view setting) {
  Status invalid(sqlstate::kInvalidParameter,
                 fmt::format("invalid value for parameter \"TimeZone\": \"{}\"", setting));
  if (const auto interval = ZoneInterval(setting)) {
    const auto parsed = ParseInterval(*interval, interval_field::kAll);
    if (!parsed.ok()) return invalid;
    const IntervalData& data = *parsed;
    const bool clock = data.months == 0 && data.days == 0;
    const int64_t seconds = data.micros / kMicrosPerSecond;
    if (!clock || std::abs(seconds) > 167 * 3600) return invalid;
    return FixedOffsetName(static_cast<int>(seconds));
  }
  std::string_view number = setting.starts_with('+') ? setting.substr(1) : setting;
  double hours;
  auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), hours);
  if (error == std::errc() && end == number.data() + number.size()) {
    if (!(std::fabs(hours) <= 167)) return invalid;
    return FixedOffsetName(static_cast<int>(hours * 3600));
  }
  auto zone = TimeZone::Find(setting);
  if (zone == nullptr) return invalid;
  return zone->name();
}

}  // namespace omen
