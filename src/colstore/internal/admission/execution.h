// Runs a statement's tasks of the engine. The engine's own loop spins while
// another thread has the last task, which on few cores takes the core that task needs.
#pragma once

#include "base/result.h"
#include "colstore/internal/admission/admission.h"
#include "duckdb.hpp"

namespace omen::colstore {

/// Runs the query up to its result (for a stream: its first rows), yielding `turn`, if there is
/// one, now and then. Errors of the engine are in the result; an error of the turn's is returned.
Status RunToResult(duckdb::PendingQueryResult& pending, Admission::Turn* turn,
                   duckdb::unique_ptr<duckdb::QueryResult>* result);

enum class Fetched : uint8_t { kRows, kEnd, kStopped };
/// The next rows of a result; kEnd also after an error, which the result then has. kStopped when
/// `stop`, which may be null, was cancelled before there were rows: nothing is lost.
Result<Fetched> FetchRows(duckdb::QueryResult& result, Admission::Turn* turn,
                          const CancelToken* stop, duckdb::unique_ptr<duckdb::DataChunk>* chunk);

}  // namespace omen::colstore
