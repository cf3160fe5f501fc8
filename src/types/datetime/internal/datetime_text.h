// Text forms of dates, times, timestamps and intervals.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/value.h"

namespace omen::types_internal {

/// What 'now' and a missing zone mean.
struct DateTimeContext {
  std::string_view time_zone;
  int64_t now_micros;
};

Result<int64_t> ParseDate(std::string_view text, const DateTimeContext& context);
Result<int64_t> ParseTime(std::string_view text, const DateTimeContext& context);
Result<int64_t> ParseTimestamp(std::string_view text, bool with_zone,
                               const DateTimeContext& context);
/// `fields`: which ones INTERVAL YEAR TO MONTH and its like allow; they name a bare last number.
Result<IntervalData> ParseInterval(std::string_view text, int fields);

void AppendDate(int64_t days, std::string& out);
void AppendTime(int64_t micros, std::string& out);
void AppendTimestamp(int64_t micros, std::string& out);
/// UTC when the zone is not known.
void AppendTimestamptz(int64_t micros, std::string_view zone, std::string& out);
void AppendInterval(const IntervalData& interval, std::string& out);

}  // namespace omen::types_internal
