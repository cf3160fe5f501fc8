#include "types/datetime/datetime.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "types/describe_status.h"
#include "types/io.h"

namespace omen {
namespace {

struct TextCase {
  const char* type;
  const char* text;
  const char* expected;
};

// Texts with what PostgreSQL 15 makes of them in New York; see testdata/datetime_cases.py.
constexpr TextCase kTextCases[] = {
#include "types/testdata/datetime_cases.inc"
};

TEST(DateTime, ReadsAndPrintsAsPostgres) {
  TextStyle style;
  style.time_zone = "America/New_York";
  for (const TextCase& c : kTextCases) {
    Type type{FindTypeByName(c.type)->oid};
    Result<Value> value = ParseText(type, c.text, style);
    std::string actual = value.ok() ? ToText(type, *value, style) : Describe(value.status());
    EXPECT_EQ(actual, c.expected) << c.type << " '" << c.text << "'";
  }
}

struct CalendarCase {
  const char* operation;
  const char* session_zone;
  const char* a;
  const char* b;
  const char* expected;
};

// Date and interval arithmetic with PostgreSQL 15's answers; see testdata/calendar_cases.py.
constexpr CalendarCase kCalendarCases[] = {
#include "types/testdata/calendar_cases.inc"
};

/// One case's operands, read as an operation wants them.
class Operands {
 public:
  explicit Operands(const CalendarCase& c) : case_(c) { style_.time_zone = c.session_zone; }

  std::string_view zone() const { return case_.session_zone; }
  std::string_view text_b() const { return case_.b; }
  int64_t a(Oid type) const { return Read(type, case_.a).AsInt(); }
  int64_t b(Oid type) const { return Read(type, case_.b).AsInt(); }
  IntervalData interval_a() const { return Read(oid::kInterval, case_.a).AsInterval(); }
  IntervalData interval_b() const { return Read(oid::kInterval, case_.b).AsInterval(); }
  double double_b() const { return Read(oid::kFloat8, case_.b).AsDouble(); }

  std::string Show(Oid type, Result<int64_t> value) const {
    return value.ok() ? ToText({type}, Value::Int(*value), style_) : Describe(value.status());
  }
  std::string Show(Result<IntervalData> value) const {
    return value.ok() ? ToText({oid::kInterval}, Value::Interval(*value), style_)
                      : Describe(value.status());
  }
  /// Operand a rounded to operand b's number of places.
  std::string Round(Oid type) const {
    int precision = std::stoi(case_.b);
    int32_t typmod =
        type == oid::kInterval ? IntervalTypmod(interval_field::kAll, precision) : precision;
    return ToText({type}, *ApplyTypmod({type, typmod}, Read(type, case_.a), true), style_);
  }

 private:
  Value Read(Oid type, const char* text) const {
    Result<Value> value = ParseText({type}, text, style_);
    EXPECT_TRUE(value.ok()) << text;
    return *value;
  }
  const CalendarCase& case_;
  TextStyle style_;
};

using DatetimeOperation = std::function<std::string(const Operands&)>;

std::string ShowIsoWeek(const Operands& o) {
  int64_t day = *TruncateTimestamp(DateUnit::kDay, o.a(oid::kTimestamp)) / kMicrosPerDay;
  int64_t year;
  int week;
  IsoWeek(day, &year, &week);
  // extract() counts years BC from -1.
  return fmt::format("{} {}", year > 0 ? year : year - 1, week);
}

std::string ShowIsoDay(const Operands& o) {
  int64_t day = *TruncateTimestamp(DateUnit::kDay, o.a(oid::kTimestamp)) / kMicrosPerDay;
  return std::to_string(IsoDayOfWeek(day));
}

Result<int64_t> CutTimestamp(std::string_view word, int64_t timestamp) {
  OMEN_ASSIGN_OR_RETURN(const DateUnit unit, TruncationUnit(word, "timestamp without time zone"));
  return TruncateTimestamp(unit, timestamp);
}

Result<int64_t> CutInstant(std::string_view zone, std::string_view word, int64_t instant) {
  OMEN_ASSIGN_OR_RETURN(const DateUnit unit, TruncationUnit(word, "timestamp with time zone"));
  return TruncateTimestamptz(zone, unit, instant);
}

const std::map<std::string, DatetimeOperation>& DatetimeOperations() {
  using O = const Operands&;
  constexpr Oid kTs = oid::kTimestamp, kTz = oid::kTimestamptz;
  static const std::map<std::string, DatetimeOperation> kOperations = {
      {"ts_add", [](O o) { return o.Show(kTs, AddInterval(o.a(kTs), o.interval_b())); }},
      {"tz_add",
       [](O o) { return o.Show(kTz, AddIntervalInZone(o.zone(), o.a(kTz), o.interval_b())); }},
      {"iv_add", [](O o) { return o.Show(AddIntervals(o.interval_a(), o.interval_b())); }},
      {"iv_neg", [](O o) { return o.Show(NegateInterval(o.interval_a())); }},
      {"iv_mul", [](O o) { return o.Show(MultiplyInterval(o.interval_a(), o.double_b())); }},
      {"iv_div", [](O o) { return o.Show(DivideInterval(o.interval_a(), o.double_b())); }},
      {"justify_hours", [](O o) { return o.Show(JustifyHours(o.interval_a())); }},
      {"justify_days", [](O o) { return o.Show(JustifyDays(o.interval_a())); }},
      {"justify_interval", [](O o) { return o.Show(JustifyInterval(o.interval_a())); }},
      {"ts_sub", [](O o) { return o.Show(SubtractTimestamps(o.a(kTs), o.b(kTs))); }},
      {"age", [](O o) { return o.Show(Age(o.a(kTs), o.b(kTs))); }},
      {"trunc_ts", [](O o) { return o.Show(kTs, CutTimestamp(o.text_b(), o.a(kTs))); }},
      {"trunc_tz", [](O o) { return o.Show(kTz, CutInstant(o.zone(), o.text_b(), o.a(kTz))); }},
      {"trunc_iv", [](O o) { return o.Show(TruncateInterval(o.text_b(), o.interval_a())); }},
      {"to_local", [](O o) { return o.Show(kTs, UtcToLocal(o.text_b(), o.a(kTz))); }},
      {"to_utc", [](O o) { return o.Show(kTz, LocalToUtc(o.text_b(), o.a(kTs))); }},
      {"isodow", ShowIsoDay},
      {"isoweek", ShowIsoWeek},
      {"round_ts", [](O o) { return o.Round(kTs); }},
      {"round_time", [](O o) { return o.Round(oid::kTime); }},
      {"round_iv", [](O o) { return o.Round(oid::kInterval); }},
  };
  return kOperations;
}

TEST(DateTime, CalculatesAsPostgres) {
  for (const CalendarCase& c : kCalendarCases) {
    EXPECT_EQ(DatetimeOperations().at(c.operation)(Operands(c)), c.expected)
        << c.operation << " '" << c.a << "' '" << c.b << "' in " << c.session_zone;
  }
}

TEST(DateTime, CanonicalZoneNames) {
  auto name = [](std::string_view setting) {
    Result<std::string> zone = CanonicalTimeZone(setting);
    return zone.ok() ? *zone : Describe(zone.status());
  };
  EXPECT_EQ(name("america/new_york"), "America/New_York");
  EXPECT_EQ(name("-7"), "<-07>+07");
  EXPECT_EQ(name("5.5"), "<+05:30>-05:30");
  EXPECT_EQ(name("utc"), "UTC");
  EXPECT_EQ(name("PST8PDT,M3.2.0,M11.1.0"), "PST8PDT,M3.2.0,M11.1.0");
  EXPECT_EQ(name("xx"), "22023 invalid value for parameter \"TimeZone\": \"xx\"");
  EXPECT_EQ(name("../etc/passwd"),
            "22023 invalid value for parameter \"TimeZone\": \"../etc/passwd\"");
}

TEST(DateTime, CivilDatesRoundTrip) {
  for (int64_t days = kDateLeast; days < 200'000'000; days += 7919) {
    CivilDate date = CivilFromDays(days);
    ASSERT_EQ(DaysFromCivil(date), days);
    ASSERT_LE(date.day, DaysInMonth(date.year, date.month));
  }
}

}  // namespace
}  // namespace omen
