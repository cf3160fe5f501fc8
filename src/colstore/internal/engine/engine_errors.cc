#include "colstore/internal/engine/engine_errors.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/blame.h"

namespace omen::colstore {
namespace {

constexpr const char* kState = "omen_state";
constexpr const char* kMessage = "omen_message";
constexpr const char* kDetail = "omen_detail";
constexpr const char* kHint = "omen_hint";
constexpr const char* kWhere = "omen_where";

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string Extra(const duckdb::ErrorData& error, const char* key) {
  auto found = error.ExtraInfo().find(key);
  return found == error.ExtraInfo().end() ? std::string() : found->second;
}

/// The status that ThrowToEngine sent, or Ok when the error is the engine's own.
Status OursInside(const duckdb::ErrorData& error) {
  const std::string state = Extra(error, kState);
  if (state.size() != 5) return Status::Ok();
  const char code[6] = {state[0], state[1], state[2], state[3], state[4], 0};
  Status status(SqlState(code), Extra(error, kMessage));
  // A broken invariant of ours inside the engine is this path's, whatever the statement was.
  if (status.Is(sqlstate::kInternalError)) status = PathFault(Extra(error, kMessage));
  status.error().detail = Extra(error, kDetail);
  status.error().hint = Extra(error, kHint);
  status.error().where = Extra(error, kWhere);
  return status;
}

/// PostgreSQL's message for an integer that does not fit, from the engine's name of its type:
/// the last one named, which is the destination of a cast.
std::string OutOfRangeMessage(std::string_view message) {
  struct Spelling {
    std::string_view engine, words;
  };
  static constexpr Spelling kSpellings[] = {
      {"INT128", "value overflows numeric format"},
      {"INT16", "smallint out of range"},
      {"INT32", "integer out of range"},
      {"INT64", "bigint out of range"},
      {"DECIMAL", "numeric field overflow"},
      {"TIMESTAMP", "timestamp out of range"},
      {"DATE", "date out of range"},
      {"INTERVAL", "interval out of range"},
  };
  std::string_view words = "value out of range";
  size_t last = 0;
  for (const Spelling& spelling : kSpellings) {
    const size_t at = message.rfind(spelling.engine);
    if (at == std::string_view::npos || (last > at && words != "value out of range")) continue;
    last = at;
    words = spelling.words;
  }
  return std::string(words);
}

Status RangeError(const std::string& message) {
  if (Contains(message, "TIMESTAMP") || Contains(message, "timestamp") ||
      Contains(message, "Date out of range") || Contains(message, "INTERVAL") ||
      Contains(message, "interval")) {
    return Status(sqlstate::kDatetimeOverflow,
                  Contains(message, "nterval") || Contains(message, "INTERVAL")
                      ? "interval out of range"
                      : "timestamp out of range");
  }
  std::string words = OutOfRangeMessage(message);
  const bool narrow = words.starts_with("numeric") || words.starts_with("value overflows") ||
                      Contains(message, "HUGEINT");
  if (narrow) return NarrowOverflow(std::move(words));
  return Status(sqlstate::kNumericOutOfRange, std::move(words));
}

Status ConversionError(const std::string& message) {
  // A date beyond the engine's timestamps, which end before PostgreSQL's do.
  if (Contains(message, "can't be cast to the destination type")) {
    return Refusal("a date as a timestamp after the year 294246 in the column store");
  }
  if (Contains(message, "out of range") || Contains(message, "overflow") ||
      Contains(message, "Could not cast value")) {
    return RangeError(message);
  }
  return Status(sqlstate::kInvalidText, message);
}

Status IoError(const std::string& message) {
  if (Contains(message, "No space left") || Contains(message, "not enough space") ||
      Contains(message, "disk quota") || Contains(message, "Disk quota")) {
    return Status(sqlstate::kDiskFull,
                  "could not write to the column store: no space left on device")
        .Detail(message);
  }
  return PathFault("column store: " + message);
}

Status MemoryError(const std::string& message) {
  if (Contains(message, "max_temp_directory_size") || Contains(message, "max_temp_directory")) {
    return Status(sqlstate::kDiskFull, "temporary file size exceeds the limit of the column store")
        .Detail(message);
  }
  return Status(sqlstate::kOutOfMemory, "out of memory")
      .Detail(message)
      .Hint("Ask for less at a time, or raise the server's column_memory_mb.");
}

/// What the engine's planner cannot do at all.
Status PlanError(const std::string& message) {
  return Refusal("this form of query on columns").Detail(message);
}

}  // namespace

void ThrowToEngine(const Status& status) {
  const ErrorInfo& error = status.error();
  throw duckdb::Exception(duckdb::ExceptionType::INVALID_INPUT, error.message,
                          {{kState, std::string(error.state.view())},
                           {kMessage, error.message},
                           {kDetail, error.detail},
                           {kHint, error.hint},
                           {kWhere, error.where}});
}

void CheckInEngine(const Status& status) {
  if (!status.ok()) [[unlikely]]
    ThrowToEngine(status);
}

Status FromEngine(const duckdb::ErrorData& error, const CancelToken* cancel) {
  Status ours = OursInside(error);
  if (!ours.ok()) return ours;
  // Below the first line there is only advice and stack traces.
  const std::string message = error.RawMessage().substr(0, error.RawMessage().find('\n'));
  if (Contains(message, "LIMIT/OFFSET cannot be negative")) {
    return Status(sqlstate::kInvalidLimit, "LIMIT must not be negative");
  }
  switch (error.Type()) {
    case duckdb::ExceptionType::INTERRUPT: {
      Status reason = cancel ? cancel->Check() : Status::Ok();
      if (!reason.ok()) return reason;
      return Status(sqlstate::kQueryCanceled, "canceling statement due to user request");
    }
    case duckdb::ExceptionType::OUT_OF_RANGE:
    case duckdb::ExceptionType::DECIMAL:
      return RangeError(message);
    case duckdb::ExceptionType::DIVIDE_BY_ZERO:
      return Status(sqlstate::kDivisionByZero, "division by zero");
    case duckdb::ExceptionType::CONVERSION:
      return ConversionError(message);
    case duckdb::ExceptionType::OUT_OF_MEMORY:
      return MemoryError(message);
    case duckdb::ExceptionType::IO:
      return IoError(message);
    case duckdb::ExceptionType::INVALID_INPUT:
      if (Contains(message, "More than one row returned by a subquery")) {
        return Status(sqlstate::kCardinalityViolation,
                      "more than one row returned by a subquery used as an expression");
      }
      if (Contains(message, "out of range") || Contains(message, "Overflow")) {
        return RangeError(message);
      }
      if (Contains(message, "Cannot subtract infinite timestamps")) {
        return Status(sqlstate::kDatetimeOverflow, "cannot subtract infinite timestamps");
      }
      return PathFault("column store: " + message);
    case duckdb::ExceptionType::BINDER:
    case duckdb::ExceptionType::NOT_IMPLEMENTED:
      return PlanError(message);
    case duckdb::ExceptionType::CATALOG:
      if (Contains(message, "does not exist")) {
        return Unavailable("the column store's snapshot does not hold this version of a table")
            .Detail(message);
      }
      return PathFault("column store: " + message);
    case duckdb::ExceptionType::PARSER:
      if (Contains(message, "Max expression depth limit")) return PlanError(message);
      return PathFault("column store: " + message);
    case duckdb::ExceptionType::INTERNAL:
      if (Contains(message, "Failed to bind column reference")) return PlanError(message);
      [[fallthrough]];
    default:
      return PathFault(fmt::format(
          "column store: {}: {}", duckdb::Exception::ExceptionTypeToString(error.Type()), message));
  }
}

bool IsFatal(const duckdb::ErrorData& error) {
  return error.Type() == duckdb::ExceptionType::FATAL;
}

bool IsDamage(const duckdb::ErrorData& error) {
  if (error.Type() == duckdb::ExceptionType::SERIALIZATION) {
    // That is of a plan's copy, which is read from memory.
    return !Contains(error.RawMessage(), "bind of function in deserialization");
  }
  if (error.Type() != duckdb::ExceptionType::IO) return false;
  const std::string& message = error.RawMessage();
  return Contains(message, "Corrupt database file") || Contains(message, "checksum") ||
         Contains(message, "read enough bytes");
}

Status GuardEngine(const std::function<Status()>& work) {
  try {
    return work();
  } catch (const std::exception& thrown) {
    return FromEngine(duckdb::ErrorData(thrown));
  }
}

}  // namespace omen::colstore
