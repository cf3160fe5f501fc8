#include "functions/datetime/datetime_picture.h"

#include "base/work.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

struct DatetimeKeyword {
  std::string_view word;
  PictureField field;
  LetterCase letter_case;
  bool is_digits;
};

/// Longer words first, so that the longest match wins.
constexpr DatetimeKeyword kDatetimeKeywords[] = {
    {"MONTH", PictureField::kMonthName, LetterCase::kUpper, false},
    {"Month", PictureField::kMonthName, LetterCase::kTitle, false},
    {"SSSSS", PictureField::kSecondOfDay, LetterCase::kUpper, true},
    {"Y,YYY", PictureField::kYearComma, LetterCase::kUpper, true},
    {"month", PictureField::kMonthName, LetterCase::kLower, false},
    {"sssss", PictureField::kSecondOfDay, LetterCase::kLower, true},
    {"y,yyy", PictureField::kYearComma, LetterCase::kLower, true},
    {"A.D.", PictureField::kEraDots, LetterCase::kUpper, false},
    {"A.M.", PictureField::kMeridiemDots, LetterCase::kUpper, false},
    {"B.C.", PictureField::kEraDots, LetterCase::kUpper, false},
    {"HH12", PictureField::kHour12, LetterCase::kUpper, true},
    {"HH24", PictureField::kHour24, LetterCase::kUpper, true},
    {"IDDD", PictureField::kIsoDayOfYear, LetterCase::kUpper, true},
    {"IYYY", PictureField::kIsoYear, LetterCase::kUpper, true},
    {"P.M.", PictureField::kMeridiemDots, LetterCase::kUpper, false},
    {"SSSS", PictureField::kSecondOfDay, LetterCase::kUpper, true},
    {"YYYY", PictureField::kYear, LetterCase::kUpper, true},
    {"a.d.", PictureField::kEraDots, LetterCase::kLower, false},
    {"a.m.", PictureField::kMeridiemDots, LetterCase::kLower, false},
    {"b.c.", PictureField::kEraDots, LetterCase::kLower, false},
    {"hh12", PictureField::kHour12, LetterCase::kLower, true},
    {"hh24", PictureField::kHour24, LetterCase::kLower, true},
    {"iddd", PictureField::kIsoDayOfYear, LetterCase::kLower, true},
    {"iyyy", PictureField::kIsoYear, LetterCase::kLower, true},
    {"p.m.", PictureField::kMeridiemDots, LetterCase::kLower, false},
    {"ssss", PictureField::kSecondOfDay, LetterCase::kLower, true},
    {"yyyy", PictureField::kYear, LetterCase::kLower, true},
    {"DAY", PictureField::kDayName, LetterCase::kUpper, false},
    {"DDD", PictureField::kDayOfYear, LetterCase::kUpper, true},
    {"Day", PictureField::kDayName, LetterCase::kTitle, false},
    {"FF1", PictureField::kFraction, LetterCase::kUpper, true},
    {"FF2", PictureField::kFraction, LetterCase::kUpper, true},
    {"FF3", PictureField::kFraction, LetterCase::kUpper, true},
    {"FF4", PictureField::kFraction, LetterCase::kUpper, true},
    {"FF5", PictureField::kFraction, LetterCase::kUpper, true},
    {"FF6", PictureField::kFraction, LetterCase::kUpper, true},
    {"IYY", PictureField::kIsoYear, LetterCase::kUpper, true},
    {"MON", PictureField::kMonthShort, LetterCase::kUpper, false},
    {"Mon", PictureField::kMonthShort, LetterCase::kTitle, false},
    {"TZH", PictureField::kZoneHours, LetterCase::kUpper, false},
    {"TZM", PictureField::kZoneMinutes, LetterCase::kUpper, true},
    {"YYY", PictureField::kYear, LetterCase::kUpper, true},
    {"day", PictureField::kDayName, LetterCase::kLower, false},
    {"ddd", PictureField::kDayOfYear, LetterCase::kLower, true},
    {"ff1", PictureField::kFraction, LetterCase::kLower, true},
    {"ff2", PictureField::kFraction, LetterCase::kLower, true},
    {"ff3", PictureField::kFraction, LetterCase::kLower, true},
    {"ff4", PictureField::kFraction, LetterCase::kLower, true},
    {"ff5", PictureField::kFraction, LetterCase::kLower, true},
    {"ff6", PictureField::kFraction, LetterCase::kLower, true},
    {"iyy", PictureField::kIsoYear, LetterCase::kLower, true},
    {"mon", PictureField::kMonthShort, LetterCase::kLower, false},
    {"tzh", PictureField::kZoneHours, LetterCase::kLower, false},
    {"tzm", PictureField::kZoneMinutes, LetterCase::kLower, true},
    {"yyy", PictureField::kYear, LetterCase::kLower, true},
    {"AD", PictureField::kEra, LetterCase::kUpper, false},
    {"AM", PictureField::kMeridiem, LetterCase::kUpper, false},
    {"BC", PictureField::kEra, LetterCase::kUpper, false},
    {"CC", PictureField::kCentury, LetterCase::kUpper, true},
    {"DD", PictureField::kDay, LetterCase::kUpper, true},
    {"DY", PictureField::kDayShort, LetterCase::kUpper, false},
    {"Dy", PictureField::kDayShort, LetterCase::kTitle, false},
    {"FX", PictureField::kFixed, LetterCase::kUpper, false},
    {"HH", PictureField::kHour12, LetterCase::kUpper, true},
    {"ID", PictureField::kIsoWeekday, LetterCase::kUpper, true},
    {"IW", PictureField::kIsoWeek, LetterCase::kUpper, true},
    {"IY", PictureField::kIsoYear, LetterCase::kUpper, true},
    {"MI", PictureField::kMinute, LetterCase::kUpper, true},
    {"MM", PictureField::kMonth, LetterCase::kUpper, true},
    {"MS", PictureField::kMillisecond, LetterCase::kUpper, true},
    {"OF", PictureField::kOffset, LetterCase::kUpper, false},
    {"PM", PictureField::kMeridiem, LetterCase::kUpper, false},
    {"RM", PictureField::kRoman, LetterCase::kUpper, false},
    {"SS", PictureField::kSecond, LetterCase::kUpper, true},
    {"TZ", PictureField::kZone, LetterCase::kUpper, false},
    {"US", PictureField::kMicrosecond, LetterCase::kUpper, true},
    {"WW", PictureField::kWeek, LetterCase::kUpper, true},
    {"YY", PictureField::kYear, LetterCase::kUpper, true},
    {"ad", PictureField::kEra, LetterCase::kLower, false},
    {"am", PictureField::kMeridiem, LetterCase::kLower, false},
    {"bc", PictureField::kEra, LetterCase::kLower, false},
    {"cc", PictureField::kCentury, LetterCase::kLower, true},
    {"dd", PictureField::kDay, LetterCase::kLower, true},
    {"dy", PictureField::kDayShort, LetterCase::kLower, false},
    {"fx", PictureField::kFixed, LetterCase::kLower, false},
    {"hh", PictureField::kHour12, LetterCase::kLower, true},
    {"id", PictureField::kIsoWeekday, LetterCase::kLower, true},
    {"iw", PictureField::kIsoWeek, LetterCase::kLower, true},
    {"iy", PictureField::kIsoYear, LetterCase::kLower, true},
    {"mi", PictureField::kMinute, LetterCase::kLower, true},
    {"mm", PictureField::kMonth, LetterCase::kLower, true},
    {"ms", PictureField::kMillisecond, LetterCase::kLower, true},
    {"of", PictureField::kOffset, LetterCase::kLower, false},
    {"pm", PictureField::kMeridiem, LetterCase::kLower, false},
    {"rm", PictureField::kRoman, LetterCase::kLower, false},
    {"ss", PictureField::kSecond, LetterCase::kLower, true},
    {"tz", PictureField::kZone, LetterCase::kLower, false},
    {"us", PictureField::kMicrosecond, LetterCase::kLower, true},
    {"ww", PictureField::kWeek, LetterCase::kLower, true},
    {"yy", PictureField::kYear, LetterCase::kLower, true},
    {"D", PictureField::kWeekday, LetterCase::kUpper, true},
    {"I", PictureField::kIsoYear, LetterCase::kUpper, true},
    {"J", PictureField::kJulian, LetterCase::kUpper, true},
    {"Q", PictureField::kQuarter, LetterCase::kUpper, true},
    {"W", PictureField::kWeekOfMonth, LetterCase::kUpper, true},
    {"Y", PictureField::kYear, LetterCase::kUpper, true},
    {"d", PictureField::kWeekday, LetterCase::kLower, true},
    {"i", PictureField::kIsoYear, LetterCase::kLower, true},
    {"j", PictureField::kJulian, LetterCase::kLower, true},
    {"q", PictureField::kQuarter, LetterCase::kLower, true},
    {"w", PictureField::kWeekOfMonth, LetterCase::kLower, true},
    {"y", PictureField::kYear, LetterCase::kLower, true},
};

bool Take(std::string_view* picture, std::string_view upper, std::string_view lower) {
  if (!picture->starts_with(upper) && !picture->starts_with(lower)) return false;
  picture->remove_prefix(upper.size());
  return true;
}

bool TakeField(std::string_view* picture, PictureNode* node) {
  for (const DatetimeKeyword& keyword : kDatetimeKeywords) {
    if (!picture->starts_with(keyword.word)) continue;
    node->field = keyword.field;
    node->letter_case = keyword.letter_case;
    node->is_digits = keyword.is_digits;
    node->text = keyword.word;
    picture->remove_prefix(keyword.word.size());
    return true;
  }
  return false;
}

void TakeSuffixes(std::string_view* picture, PictureNode* node) {
  for (;;) {
    if (picture->starts_with("TH")) {
      node->ordinal = 'T';
    } else if (picture->starts_with("th")) {
      node->ordinal = 't';
    } else if (!picture->starts_with("SP")) {
      return;
    }
    picture->remove_prefix(2);
  }
}

bool IsSeparator(char c) {
  return c > 0x20 && c < 0x7F && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
         !(c >= '0' && c <= '9');
}

PictureNode TakeCharacter(std::string_view* picture, bool quoted) {
  PictureNode node;
  size_t length = std::min(CharacterLength(picture->front()), picture->size());
  node.text = picture->substr(0, length);
  picture->remove_prefix(length);
  if (quoted) return node;
  if (IsSeparator(node.text[0])) node.field = PictureField::kSeparator;
  if (std::string_view(" \t\n\r\f\v").find(node.text[0]) != std::string_view::npos) {
    node.field = PictureField::kBlank;
  }
  return node;
}

void TakeQuoted(std::string_view* picture, std::vector<PictureNode>* nodes) {
  picture->remove_prefix(1);
  while (!picture->empty()) {
    if (Take(picture, "\"", "\"")) return;
    if (picture->front() == '\\' && picture->size() > 1) picture->remove_prefix(1);
    nodes->push_back(TakeCharacter(picture, true));
  }
}

}  // namespace

std::vector<PictureNode> ParsePicture(std::string_view picture) {
  std::vector<PictureNode> nodes;
  while (!picture.empty()) {
    Work::Poll();
    PictureNode node;
    // One prefix; a second is plain text.
    if (Take(&picture, "FM", "fm")) {
      node.fill_mode = true;
    } else if (Take(&picture, "TM", "tm")) {
      node.translated = true;
    }
    if (picture.empty()) break;
    if (TakeField(&picture, &node)) {
      TakeSuffixes(&picture, &node);
      nodes.push_back(std::move(node));
    } else if (picture.front() == '"') {
      TakeQuoted(&picture, &nodes);
    } else {
      if (picture.starts_with("\\\"")) picture.remove_prefix(1);
      nodes.push_back(TakeCharacter(&picture, false));
    }
  }
  return nodes;
}

std::string OrdinalSuffix(std::string_view number, bool upper) {
  char last = number.empty() ? '0' : number.back();
  if (number.size() > 1 && number[number.size() - 2] == '1') last = '0';
  std::string suffix = last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th";
  return upper ? UpperAscii(suffix) : suffix;
}

}  // namespace omen::functions
