// Time zones: the system's TZif files, POSIX rules such as EST5EDT,M3.2.0,M11.1.0 and <+03>-3,
// and abbreviations. Zones are read once, immutable, and kept for the life of the process.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace omen::types_internal {

/// The part of a POSIX rule that says when in a year daylight time begins or ends.
struct YearlySwitch {
  enum class Kind : uint8_t { kJulian, kZeroBasedDay, kMonthWeekDay };
  Kind kind = Kind::kMonthWeekDay;
  int day = 0;  // of the year, or of the week with 0 = Sunday
  int week = 0;
  int month = 0;
  int seconds = 7200;
};

/// A POSIX TZ rule.
struct PosixRule {
  int standard = 0;  // seconds east of UTC
  bool has_daylight = false;
  int daylight = 0;
  YearlySwitch begin, end;
};

/// False when `text` is not a rule.
bool ParsePosixRule(std::string_view text, PosixRule* rule);

/// One zone's history. Immutable; any thread.
class TimeZone {
 public:
  /// By name, in any case, or by POSIX rule. Null when there is no such zone.
  static std::shared_ptr<const TimeZone> Find(std::string_view name);

  /// As the file is spelled; upper case for a rule.
  const std::string& name() const { return name_; }
  /// Seconds east of UTC; times are Unix seconds.
  int OffsetAt(int64_t utc) const;
  /// The offset that applies to a local time: of a gap the one before, of an overlap the one after.
  int OffsetOfLocal(int64_t local) const;
  /// What `abbreviation` (upper case) meant in this zone at about `utc`, if it ever meant anything.
  std::optional<int> OffsetOfAbbreviation(std::string_view abbreviation, int64_t utc) const;

 private:
  struct Period {
    int offset = 0;
    std::string abbreviation;
  };
  static std::shared_ptr<const TimeZone> Load(std::string_view name);
  bool ParseFile(std::string_view bytes);
  bool ParseBody(std::string_view bytes, size_t counts_at);
  /// First switch after `utc`, if there is one.
  std::optional<int64_t> NextSwitch(int64_t utc) const;

  std::string name_;
  std::vector<int64_t> switches_;  // ascending
  std::vector<uint8_t> period_of_switch_;
  std::vector<Period> periods_;    // the first one holds before any switch
  std::optional<PosixRule> rule_;  // after the last switch
};

/// An abbreviation of PostgreSQL's default set, in lower case.
struct ZoneAbbreviation {
  std::string_view name;
  int offset;
  std::string_view zone;  // where not empty, its history decides
};
/// Null if there is none.
const ZoneAbbreviation* FindZoneAbbreviation(std::string_view lower);
/// Offset of an abbreviation at a local time, in seconds east; nullopt if its zone is missing.
std::optional<int> AbbreviationOffset(const ZoneAbbreviation& abbreviation, int64_t local);
/// The same at an instant, in Unix seconds.
std::optional<int> AbbreviationOffsetAtUtc(const ZoneAbbreviation& abbreviation, int64_t utc);

}  // namespace omen::types_internal
