#include "types/datetime/internal/datetime_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "types/datetime/date_unit.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {

Status MakeDateTimeError(DateTimeError error, std::string_view text, std::string_view type) {
  auto field = [&](const char* what) { return fmt::format("{} out of range: \"{}\"", what, text); };
  static constexpr SqlState kZoneDisplacement{"22009"};
  switch (error) {
    case DateTimeError::kFieldOverflow:
      return Status(sqlstate::kDatetimeOverflow, field("date/time field value"));
    case DateTimeError::kMonthDayOverflow:
      return Status(sqlstate::kDatetimeOverflow, field("date/time field value"))
          .Hint("Perhaps you need a different \"datestyle\" setting.");
    case DateTimeError::kIntervalOverflow:
      return Status(sqlstate::kIntervalOverflow, field("interval field value"));
    case DateTimeError::kOutOfRange:
      return Status(sqlstate::kDatetimeOverflow, fmt::format("{} out of range", type));
    case DateTimeError::kZoneOverflow:
      return Status(kZoneDisplacement, field("time zone displacement"));
    case DateTimeError::kBadFormat:
    case DateTimeError::kNone:
      break;
  }
  return Status(sqlstate::kDatetimeFormat,
                fmt::format("invalid input syntax for type {}: \"{}\"", type, text));
}

namespace {

constexpr size_t kMaxFields = 25;
/// PostgreSQL's work buffer for the fields and their ends.
constexpr size_t kMaxBytes = 153;

constexpr bool IsPunctuation(char c) { return c > ' ' && c < 127 && !IsDigit(c) && !IsAlpha(c); }
constexpr bool IsAlphanumeric(char c) { return IsDigit(c) || IsAlpha(c); }

class Scanner {
 public:
  Scanner(std::string_view text, std::vector<DateTimeField>* fields)
      : text_(text), fields_(*fields) {}

  DateTimeError Scan() {
    size_t bytes = 0;
    while (true) {
      while (IsSpace(Peek())) ++at_;
      if (at_ == text_.size()) return DateTimeError::kNone;
      char c = Peek();
      size_t before = fields_.size();
      if (IsDigit(c)) {
        ScanDigits();
      } else if (c == '.') {
        Begin(FieldKind::kNumber);
        TakeOne();
        TakeWhile([](char d) { return IsDigit(d); });
      } else if (IsAlpha(c)) {
        ScanWord();
      } else if (c == '+' || c == '-') {
        if (!ScanSigned()) return DateTimeError::kBadFormat;
      } else if (IsPunctuation(c)) {
        ++at_;
      } else {
        return DateTimeError::kBadFormat;
      }
      if (fields_.size() > before) bytes += fields_.back().text.size() + 1;
      if (fields_.size() > kMaxFields || bytes > kMaxBytes) return DateTimeError::kBadFormat;
    }
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void Begin(FieldKind kind) { fields_.push_back({kind, {}}); }
  void SetKind(FieldKind kind) { fields_.back().kind = kind; }
  void TakeOne() { fields_.back().text.push_back(ToLower(text_[at_++])); }
  template <typename Test>
  void TakeWhile(Test test) {
    while (at_ < text_.size() && test(text_[at_])) TakeOne();
  }

  /// A number, or by what follows it a time or a date.
  void ScanDigits() {
    Begin(FieldKind::kNumber);
    TakeWhile([](char c) { return IsDigit(c); });
    char delimiter = Peek();
    if (delimiter == ':') {
      SetKind(FieldKind::kTime);
      TakeOne();
      TakeWhile([](char c) { return IsDigit(c) || c == ':' || c == '.'; });
      return;
    }
    if (delimiter != '-' && delimiter != '/' && delimiter != '.') return;
    TakeOne();
    if (IsDigit(Peek())) {
      if (delimiter != '.') SetKind(FieldKind::kDate);
      TakeWhile([](char c) { return IsDigit(c); });
      // A date of three parts has one delimiter.
      if (Peek() == delimiter) {
        SetKind(FieldKind::kDate);
        TakeOne();
        TakeWhile([&](char c) { return IsDigit(c) || c == delimiter; });
      }
    } else if (delimiter != '.') {
      SetKind(FieldKind::kDate);
      TakeWhile([&](char c) { return IsAlphanumeric(c) || c == delimiter; });
    }
  }

  /// A word, a date that starts with a month's name, or the name of a zone.
  void ScanWord() {
    Begin(FieldKind::kWord);
    TakeWhile([](char c) { return IsAlpha(c); });
    char next = Peek();
    bool date = next == '-' || next == '/' || next == '.';
    if (next == '+' || IsDigit(next)) {
      date = FindDateWord(fields_.back().text).kind == WordKind::kUnknown;
    }
    if (!date) return;
    SetKind(FieldKind::kDate);
    TakeWhile([](char c) {
      return IsAlphanumeric(c) || c == '+' || c == '-' || c == '/' || c == '_' || c == '.' ||
             c == ':';
    });
  }

  bool ScanSigned() {
    Begin(FieldKind::kZone);
    TakeOne();
    while (IsSpace(Peek())) ++at_;
    if (IsDigit(Peek())) {
      TakeWhile([](char c) { return IsDigit(c) || c == ':' || c == '.' || c == '-'; });
      return true;
    }
    if (!IsAlpha(Peek())) return false;
    SetKind(FieldKind::kSpecial);
    TakeWhile([](char c) { return IsAlpha(c); });
    return true;
  }

  std::string_view text_;
  std::vector<DateTimeField>& fields_;
  size_t at_ = 0;
};

constexpr int kLabelYear = static_cast<int>(Label::kYear);
constexpr int kLabelMonth = static_cast<int>(Label::kMonth);
constexpr int kLabelDay = static_cast<int>(Label::kDay);
constexpr int kLabelHour = static_cast<int>(Label::kHour);
constexpr int kLabelMinute = static_cast<int>(Label::kMinute);
constexpr int kLabelSecond = static_cast<int>(Label::kSecond);
constexpr int kLabelJulian = static_cast<int>(Label::kJulian);
constexpr int kLabelTime = static_cast<int>(Label::kTime);
constexpr int kLabelOther = static_cast<int>(Label::kOther);

/// Sorted; longer words are cut to kDateWordLength.
constexpr auto kDateWords = [] {
  using enum WordKind;
  return std::to_array<DateWord>({
      {"-infinity", kMinusInfinity, 0},
      {"ad", kEra, 0},
      {"allballs", kMidnight, 0},
      {"am", kMeridian, 0},
      {"apr", kMonth, 4},
      {"april", kMonth, 4},
      {"at", kIgnored, 0},
      {"aug", kMonth, 8},
      {"august", kMonth, 8},
      {"bc", kEra, 1},
      {"d", kLabel, kLabelDay},
      {"dec", kMonth, 12},
      {"december", kMonth, 12},
      {"dow", kLabel, kLabelOther},
      {"doy", kLabel, kLabelOther},
      {"dst", kDaylight, 3600},
      {"epoch", kEpoch, 0},
      {"feb", kMonth, 2},
      {"february", kMonth, 2},
      {"fri", kWeekday, 5},
      {"friday", kWeekday, 5},
      {"h", kLabel, kLabelHour},
      {"infinity", kInfinity, 0},
      {"isodow", kLabel, kLabelOther},
      {"isoyear", kLabel, kLabelOther},
      {"j", kLabel, kLabelJulian},
      {"jan", kMonth, 1},
      {"january", kMonth, 1},
      {"jd", kLabel, kLabelJulian},
      {"jul", kMonth, 7},
      {"julian", kLabel, kLabelJulian},
      {"july", kMonth, 7},
      {"jun", kMonth, 6},
      {"june", kMonth, 6},
      {"m", kLabel, kLabelMonth},
      {"mar", kMonth, 3},
      {"march", kMonth, 3},
      {"may", kMonth, 5},
      {"mm", kLabel, kLabelMinute},
      {"mon", kWeekday, 1},
      {"monday", kWeekday, 1},
      {"nov", kMonth, 11},
      {"november", kMonth, 11},
      {"now", kNow, 0},
      {"oct", kMonth, 10},
      {"october", kMonth, 10},
      {"on", kIgnored, 0},
      {"pm", kMeridian, 1},
      {"s", kLabel, kLabelSecond},
      {"sat", kWeekday, 6},
      {"saturday", kWeekday, 6},
      {"sep", kMonth, 9},
      {"sept", kMonth, 9},
      {"september", kMonth, 9},
      {"sun", kWeekday, 0},
      {"sunday", kWeekday, 0},
      {"t", kIsoTime, kLabelTime},
      {"thu", kWeekday, 4},
      {"thur", kWeekday, 4},
      {"thurs", kWeekday, 4},
      {"thursday", kWeekday, 4},
      {"today", kToday, 0},
      {"tomorrow", kTomorrow, 0},
      {"tue", kWeekday, 2},
      {"tues", kWeekday, 2},
      {"tuesday", kWeekday, 2},
      {"wed", kWeekday, 3},
      {"wednesday", kWeekday, 3},
      {"weds", kWeekday, 3},
      {"y", kLabel, kLabelYear},
      {"yesterday", kYesterday, 0},
  });
}();

}  // namespace

DateTimeError ScanDateTime(std::string_view text, std::vector<DateTimeField>* fields) {
  return Scanner(text, fields).Scan();
}

DateWord FindDateWord(std::string_view word) {
  word = word.substr(0, kDateWordLength);
  const auto* found =
      std::lower_bound(std::begin(kDateWords), std::end(kDateWords), word,
                       [](const DateWord& a, std::string_view name) { return a.word < name; });
  if (found != std::end(kDateWords) && found->word == word) return *found;
  return {word, WordKind::kUnknown, 0};
}

std::optional<int> TakeInt(std::string_view* rest) {
  int64_t value = 0;
  size_t i = 0;
  for (; i < rest->size() && IsDigit((*rest)[i]); ++i) {
    value = value * 10 + ((*rest)[i] - '0');
    if (value > INT32_MAX) return std::nullopt;
  }
  rest->remove_prefix(i);
  return static_cast<int>(value);
}

std::optional<int> FractionMicros(std::string_view text) {
  if (text == ".") return 0;
  double fraction = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fraction);
  if (error == std::errc::result_out_of_range) fraction = 0;
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
    return std::nullopt;
  }
  return static_cast<int>(std::rint(fraction * 1000000));
}

}  // namespace omen::types_internal
