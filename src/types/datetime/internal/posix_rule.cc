// Time zones given as a rule ("CET-1CEST,M3.5.0,M10.5.0/3").
#include "types/datetime/internal/timezone.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

/// Reads one rule from left to right; every Take leaves `rest_` after what it took.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  bool Read(PosixRule* rule) {
    if (!SkipName() || !TakeTime(167, &rule->standard)) return false;
    rule->standard = -rule->standard;  // POSIX counts west
    if (rest_.empty()) return true;
    std::string_view before = rest_;
    if (!SkipName() || rest_.size() == before.size()) return false;
    rule->has_daylight = true;
    rule->daylight = rule->standard + 3600;
    if (!rest_.empty() && rest_[0] != ',') {
      if (!TakeTime(167, &rule->daylight)) return false;
      rule->daylight = -rule->daylight;
    }
    if (rest_.empty()) rest_ = ",M3.2.0,M11.1.0";
    return TakeSwitch(&rule->begin) && TakeSwitch(&rule->end) && rest_.empty();
  }

 private:
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Letters, or anything within <>. May be empty.
  bool SkipName() {
    if (Take('<')) {
      size_t end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    size_t i = 0;
    while (i < rest_.size() && IsAlpha(rest_[i])) ++i;
    rest_.remove_prefix(i);
    return true;
  }

  bool TakeNumber(int least, int most, int* number) {
    if (rest_.empty() || !IsDigit(rest_[0])) return false;
    *number = 0;
    while (!rest_.empty() && IsDigit(rest_[0])) {
      *number = *number * 10 + (rest_[0] - '0');
      if (*number > most) return false;
      rest_.remove_prefix(1);
    }
    return *number >= least;
  }

  /// [+-]hh[:mm[:ss]] in seconds.
  bool TakeTime(int most_hours, int* seconds) {
    bool negative = Take('-');
    if (!negative) Take('+');
    int hours, minutes = 0, rest = 0;
    if (!TakeNumber(0, most_hours, &hours)) return false;
    if (Take(':')) {
      if (!TakeNumber(0, 59, &minutes)) return false;
      if (Take(':') && !TakeNumber(0, 60, &rest)) return false;
    }
    *seconds = hours * 3600 + minutes * 60 + rest;
    if (negative) *seconds = -*seconds;
    return true;
  }

  bool TakeSwitch(YearlySwitch* out) {
    if (!Take(',')) return false;
    if (Take('J')) {
      out->kind = YearlySwitch::Kind::kJulian;
      if (!TakeNumber(1, 365, &out->day)) return false;
    } else if (Take('M')) {
      out->kind = YearlySwitch::Kind::kMonthWeekDay;
      if (!TakeNumber(1, 12, &out->month) || !Take('.') || !TakeNumber(1, 5, &out->week) ||
          !Take('.') || !TakeNumber(0, 6, &out->day)) {
        return false;
      }
    } else {
      out->kind = YearlySwitch::Kind::kZeroBasedDay;
      if (!TakeNumber(0, 365, &out->day)) return false;
    }
    return !Take('/') || TakeTime(167, &out->seconds);
  }

  std::string_view rest_;
};

}  // namespace

bool ParsePosixRule(std::string_view text, PosixRule* rule) {
  *rule = PosixRule();
  return !text.empty() && RuleReader(text).Read(rule);
}

}  // namespace omen::types_internal
