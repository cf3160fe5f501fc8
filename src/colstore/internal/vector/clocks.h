// Dates, timestamps and uuids between PostgreSQL's epoch and layout and the engine's.
#pragma once

#include <cstdint>

#include "duckdb.hpp"
#include "types/datetime/datetime.h"
#include "types/value.h"

namespace omen::colstore {

inline constexpr int64_t kDaysBetweenEpochs = kUnixToPgSeconds / 86'400;
inline constexpr int64_t kMicrosBetweenEpochs = kUnixToPgSeconds * kMicrosPerSecond;

inline int64_t PgDate(duckdb::date_t date) {
  if (date == duckdb::date_t::infinity()) return kDateInfinity;
  if (date == duckdb::date_t::ninfinity()) return kDateMinusInfinity;
  return date.days - kDaysBetweenEpochs;
}
inline duckdb::date_t EngineDate(int64_t days) {
  if (days == kDateInfinity) return duckdb::date_t::infinity();
  if (days == kDateMinusInfinity) return duckdb::date_t::ninfinity();
  return duckdb::date_t(static_cast<int32_t>(days + kDaysBetweenEpochs));
}

inline int64_t PgTimestamp(duckdb::timestamp_t timestamp) {
  if (timestamp == duckdb::timestamp_t::infinity()) return kTimestampInfinity;
  if (timestamp == duckdb::timestamp_t::ninfinity()) return kTimestampMinusInfinity;
  return timestamp.value - kMicrosBetweenEpochs;
}
/// False for the last decades that PostgreSQL's range has and the engine's has not.
inline bool EngineTimestamp(int64_t micros, duckdb::timestamp_t* out) {
  if (micros == kTimestampInfinity) {
    *out = duckdb::timestamp_t::infinity();
  } else if (micros == kTimestampMinusInfinity) {
    *out = duckdb::timestamp_t::ninfinity();
  } else {
    if (micros >= INT64_MAX - kMicrosBetweenEpochs) return false;
    *out = duckdb::timestamp_t(micros + kMicrosBetweenEpochs);
  }
  return true;
}

/// The engine keeps a uuid as a signed 128-bit integer whose order is the bytes' order.
UuidData PgUuid(duckdb::hugeint_t uuid);
duckdb::hugeint_t EngineUuid(const UuidData& uuid);

}  // namespace omen::colstore
