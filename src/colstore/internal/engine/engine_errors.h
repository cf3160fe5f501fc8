// Errors across the engine's boundary: ours travel through it as exceptions and come
// back whole; its own become SQLSTATEs and PostgreSQL's words.
#pragma once

#include <exception>
#include <functional>

#include "base/cancel.h"
#include "base/status.h"
#include "duckdb.hpp"

namespace omen::colstore {

/// Throws an engine exception that FromEngine turns back into exactly this status.
/// Only for code that the engine calls.
[[noreturn]] void ThrowToEngine(const Status& status);
void CheckInEngine(const Status& status);

/// What the engine said, as a Status. When `cancel` is set and the engine was interrupted, the
/// reason of the cancellation.
Status FromEngine(const duckdb::ErrorData& error, const CancelToken* cancel = nullptr);

/// True when only reopening the database can help.
bool IsFatal(const duckdb::ErrorData& error);
/// True when the file does not hold what was written to it.
bool IsDamage(const duckdb::ErrorData& error);

/// Runs `work`, which may throw engine exceptions, and gives what it threw as a Status.
Status GuardEngine(const std::function<Status()>& work);

}  // namespace omen::colstore
