// Runs the engine's tasks on the calling thread. The engine's own loop spins while
// another thread has the last task, which on few cores takes the core that task needs.
#pragma once

#include "colstore/internal/admission.h"
#include "duckdb.hpp"

namespace omen::colstore {

/// Runs the query up to its result (for a stream: its first rows), yielding `turn` now and then.
/// Errors are in the result.
duckdb::unique_ptr<duckdb::QueryResult> RunToResult(duckdb::PendingQueryResult& pending,
                                                    Admission::Turn* turn = nullptr);
/// The next rows of a result; null at the end or after an error, which the result then has.
duckdb::unique_ptr<duckdb::DataChunk> FetchRows(duckdb::QueryResult& result, Admission::Turn* turn);

}  // namespace omen::colstore
