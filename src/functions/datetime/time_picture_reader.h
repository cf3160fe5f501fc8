// What the fields of a to_timestamp() picture say about a text, before it adds up to a time.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace omen::functions {

/// What the fields said. Zero means unsaid, as in PostgreSQL.
struct PictureFields {
  int hour = 0, minute = 0, second = 0, second_of_day = 0, millisecond = 0, microsecond = 0;
  int year = 0, year_digits = 4, century = 0, month = 0, day = 0, day_of_year = 0;
  int weekday = 0;  // from Sunday, 1, to 7
  int week = 0, week_of_month = 0, julian = 0;
  bool twelve_hours = false;
  int afternoon = 0, before_christ = 0;
  bool iso = false, gregorian = false;
  std::optional<int> zone_sign;
  int zone_hours = 0, zone_minutes = 0;
  int precision = 0;  // of FF1 to FF6
};

/// Walks the picture and the text together. 22007 where they do not agree.
Result<PictureFields> ReadByPicture(std::string_view picture, std::string_view text);

}  // namespace omen::functions
