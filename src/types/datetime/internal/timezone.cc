#include "types/datetime/internal/timezone.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "base/bytes.h"
#include "types/datetime/datetime.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

constexpr const char* kZoneFolder = "/usr/share/zoneinfo";
/// Rules are unbounded in number, so the cache of zones is not let grow without end.
constexpr size_t kCachedZones = 2000;
constexpr int64_t kUnixEpochDays = -kUnixToPgSeconds / 86400;

bool IsZoneName(std::string_view name) {
  if (name.empty() || name.size() > 255 || name[0] == '/' || name[0] == '.') return false;
  for (size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    if (!IsAlpha(c) && !IsDigit(c) && c != '_' && c != '-' && c != '+' && c != '/') return false;
  }
  return true;
}

/// The file below `folder` that `name` spells in any case; empty if there is none.
std::string ResolveName(std::string_view name) {
  namespace fs = std::filesystem;
  std::string resolved;
  fs::path folder = kZoneFolder;
  while (!name.empty()) {
    std::string_view part = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(part.size() + 1, name.size()));
    std::string lower;
    for (char c : part) lower.push_back(ToLower(c));
    std::string found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      std::string candidate = entry.path().filename().string();
      if (EqualsLower(candidate, lower)) found = candidate;
      if (found == part) break;
    }
    if (found.empty()) return {};
    folder /= found;
    if (!resolved.empty()) resolved.push_back('/');
    resolved += found;
  }
  return resolved;
}

std::string ReadWholeFile(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int64_t SwitchDay(const YearlySwitch& s, int64_t year) {
  int64_t first = DaysFromCivil({year, 1, 1});
  bool leap = DaysFromCivil({year + 1, 1, 1}) - first == 366;
  if (s.kind == YearlySwitch::Kind::kZeroBasedDay) return first + s.day;
  // J60 is March 1 in every year.
  if (s.kind == YearlySwitch::Kind::kJulian) return first + s.day - 1 + (leap && s.day >= 60);
  int64_t month = DaysFromCivil({year, s.month, 1});
  int64_t next =
      s.month == 12 ? DaysFromCivil({year + 1, 1, 1}) : DaysFromCivil({year, s.month + 1, 1});
  int64_t day = month + (s.day - IsoDayOfWeek(month) % 7 + 7) % 7 + 7 * (s.week - 1);
  while (day >= next) day -= 7;
  return day;
}

/// Unix seconds at which the switch happens, where clocks before it are `offset` east.
int64_t SwitchTime(const YearlySwitch& s, int64_t year, int offset) {
  return (SwitchDay(s, year) - kUnixEpochDays) * 86400 + s.seconds - offset;
}

int64_t YearOf(int64_t unix_seconds) {
  int64_t days = unix_seconds / 86400 - (unix_seconds % 86400 < 0);
  return CivilFromDays(days + kUnixEpochDays).year;
}

int RuleOffset(const PosixRule& rule, int64_t utc) {
  if (!rule.has_daylight) return rule.standard;
  int64_t year = YearOf(utc + rule.standard);
  int64_t begin = SwitchTime(rule.begin, year, rule.standard);
  int64_t end = SwitchTime(rule.end, year, rule.daylight);
  bool daylight = begin < end ? utc >= begin && utc < end : utc >= begin || utc < end;
  return daylight ? rule.daylight : rule.standard;
}

std::optional<int64_t> NextRuleSwitch(const PosixRule& rule, int64_t utc) {
  if (!rule.has_daylight) return std::nullopt;
  int64_t year = YearOf(utc);
  std::optional<int64_t> next;
  for (int64_t y = year - 1; y <= year + 1; ++y) {
    for (int64_t time :
         {SwitchTime(rule.begin, y, rule.standard), SwitchTime(rule.end, y, rule.daylight)}) {
      if (time > utc && (!next || time < *next)) next = time;
    }
  }
  return next;
}

}  // namespace

// TZif, RFC 8536: a header, a body with 32-bit times, then for version 2 and later the same
// again with 64-bit times and a POSIX rule for what comes after them.

namespace {

constexpr size_t kHeaderSize = 44;

/// The six counts of a header: isutc, isstd, leap, time, type, char.
struct Counts {
  uint32_t isutc, isstd, leap, time, type, chars;
  size_t BodySize(size_t time_size) const {
    return time * (time_size + 1) + type * 6 + chars + leap * (time_size + 4) + isstd + isutc;
  }
};

bool ReadCounts(std::string_view bytes, size_t at, Counts* counts) {
  if (bytes.size() < at + kHeaderSize || bytes.substr(at, 4) != "TZif") return false;
  uint32_t* fields[] = {&counts->isutc, &counts->isstd, &counts->leap,
                        &counts->time,  &counts->type,  &counts->chars};
  for (size_t i = 0; i < 6; ++i) {
    *fields[i] = LoadBigEndian<uint32_t>(bytes.data() + at + 20 + i * 4);
    if (*fields[i] > 1'000'000) return false;
  }
  return counts->type > 0 && counts->type < 256;
}

}  // namespace

bool TimeZone::ParseFile(std::string_view bytes) {
  Counts first;
  if (!ReadCounts(bytes, 0, &first) || bytes[4] < '2') return false;
  return ParseBody(bytes, kHeaderSize + first.BodySize(4));
}

bool TimeZone::ParseBody(std::string_view bytes, size_t header) {
  Counts counts;
  if (!ReadCounts(bytes, header, &counts)) return false;
  size_t at = header + kHeaderSize;
  if (bytes.size() < at + counts.BodySize(8)) return false;
  size_t indexes = at + counts.time * 8;
  size_t types = indexes + counts.time;
  size_t names = types + counts.type * 6;
  for (uint32_t i = 0; i < counts.time; ++i) {
    switches_.push_back(static_cast<int64_t>(LoadBigEndian<uint64_t>(bytes.data() + at + i * 8)));
    auto period = static_cast<uint8_t>(bytes[indexes + i]);
    if (period >= counts.type) return false;
    period_of_switch_.push_back(period);
  }
  for (uint32_t i = 0; i < counts.type; ++i) {
    const char* type = bytes.data() + types + i * 6;
    auto name = static_cast<uint8_t>(type[5]);
    if (name >= counts.chars) return false;
    std::string_view text = bytes.substr(names + name, counts.chars - name);
    periods_.push_back({static_cast<int32_t>(LoadBigEndian<uint32_t>(type)),
                        std::string(text.substr(0, text.find('\0')))});
  }
  std::string_view footer = bytes.substr(at + counts.BodySize(8));
  PosixRule rule;
  if (footer.size() > 2 && ParsePosixRule(footer.substr(1, footer.size() - 2), &rule)) {
    rule_ = rule;
  }
  return std::is_sorted(switches_.begin(), switches_.end());
}

std::shared_ptr<const TimeZone> TimeZone::Load(std::string_view name) {
  auto zone = std::make_shared<TimeZone>();
  std::string resolved = IsZoneName(name) ? ResolveName(name) : std::string();
  if (!resolved.empty()) {
    std::string bytes = ReadWholeFile(std::string(kZoneFolder) + "/" + resolved);
    zone->name_ = resolved;
    if (zone->ParseFile(bytes)) return zone;
  }
  PosixRule rule;
  bool utc = EqualsLower(name, "utc") || EqualsLower(name, "gmt");
  if (!utc && !ParsePosixRule(name, &rule)) return nullptr;
  zone = std::make_shared<TimeZone>();
  zone->rule_ = rule;
  for (char c : name) zone->name_.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
  return zone;
}

std::shared_ptr<const TimeZone> TimeZone::Find(std::string_view name) {
  static std::shared_mutex mutex;
  static auto* const cache =
      new std::map<std::string, std::shared_ptr<const TimeZone>, std::less<>>;
  {
    std::shared_lock lock(mutex);
    auto found = cache->find(name);
    if (found != cache->end()) return found->second;
  }
  auto zone = Load(name);
  if (zone == nullptr) return nullptr;
  std::unique_lock lock(mutex);
  if (cache->size() < kCachedZones) cache->emplace(name, zone);
  return zone;
}

int TimeZone::OffsetAt(int64_t utc) const {
  if (rule_ && (switches_.empty() || utc >= switches_.back())) return RuleOffset(*rule_, utc);
  auto after = std::upper_bound(switches_.begin(), switches_.end(), utc);
  if (after == switches_.begin()) return periods_.front().offset;
  return periods_[period_of_switch_[after - switches_.begin() - 1]].offset;
}

std::optional<int64_t> TimeZone::NextSwitch(int64_t utc) const {
  auto next = std::upper_bound(switches_.begin(), switches_.end(), utc);
  if (next != switches_.end()) return *next;
  return rule_ ? NextRuleSwitch(*rule_, utc) : std::nullopt;
}

int TimeZone::OffsetOfLocal(int64_t local) const {
  // A day earlier is before any switch that can concern this local time.
  int64_t earlier = local - 86400;
  int before = OffsetAt(earlier);
  std::optional<int64_t> boundary = NextSwitch(earlier);
  if (!boundary) return before;
  int after = OffsetAt(*boundary);
  int64_t with_before = local - before;
  int64_t with_after = local - after;
  if (with_before < *boundary && with_after < *boundary) return before;
  if (with_before > *boundary && with_after >= *boundary) return after;
  return with_before > with_after ? before : after;
}

std::optional<int> TimeZone::OffsetOfAbbreviation(std::string_view abbreviation,
                                                  int64_t utc) const {
  auto meaning = [&](size_t i) -> const Period* {
    const Period& period = periods_[period_of_switch_[i]];
    return period.abbreviation == abbreviation ? &period : nullptr;
  };
  size_t begun = std::upper_bound(switches_.begin(), switches_.end(), utc) - switches_.begin();
  for (size_t i = begun; i-- > 0;) {
    if (const Period* period = meaning(i)) return period->offset;
  }
  if (!periods_.empty() && periods_.front().abbreviation == abbreviation) {
    return periods_.front().offset;
  }
  for (size_t i = begun; i < switches_.size(); ++i) {
    if (const Period* period = meaning(i)) return period->offset;
  }
  return std::nullopt;
}

namespace {
constexpr ZoneAbbreviation kAbbreviations[] = {
#include "types/datetime/internal/zone_abbreviations.inc"
};
}  // namespace

const ZoneAbbreviation* FindZoneAbbreviation(std::string_view lower) {
  auto* found = std::lower_bound(
      std::begin(kAbbreviations), std::end(kAbbreviations), lower,
      [](const ZoneAbbreviation& a, std::string_view name) { return a.name < name; });
  return found != std::end(kAbbreviations) && found->name == lower ? found : nullptr;
}

namespace {

/// What the zone calls so at an instant; `usual` where it has never called anything so.
int OffsetAsNamed(const TimeZone& zone, std::string_view lower, int64_t utc, int usual) {
  std::string upper;
  for (char c : lower) upper.push_back(static_cast<char>(c - (c >= 'a') * 32));
  return zone.OffsetOfAbbreviation(upper, utc).value_or(usual);
}

}  // namespace

std::optional<int> AbbreviationOffset(const ZoneAbbreviation& abbreviation, int64_t local) {
  if (abbreviation.zone.empty()) return abbreviation.offset;
  auto zone = TimeZone::Find(abbreviation.zone);
  if (zone == nullptr) return std::nullopt;
  const int usual = zone->OffsetOfLocal(local);
  return OffsetAsNamed(*zone, abbreviation.name, local - usual, usual);
}

std::optional<int> AbbreviationOffsetAtUtc(const ZoneAbbreviation& abbreviation, int64_t utc) {
  if (abbreviation.zone.empty()) return abbreviation.offset;
  auto zone = TimeZone::Find(abbreviation.zone);
  if (zone == nullptr) return std::nullopt;
  return OffsetAsNamed(*zone, abbreviation.name, utc, zone->OffsetAt(utc));
}

}  // namespace omen::types_internal
