#include "colstore/internal/admission/execution.h"

#include <chrono>
#include <thread>

#include "base/wait.h"

namespace omen::colstore {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Between calls for a task: one that came back at once did nothing, so the next is asked for a
/// little later, and later still when that goes on.
class Patience {
 public:
  /// True when `step` is done.
  template <typename Step>
  bool After(Step step) {
    const auto began = SteadyClock::now();
    if (step()) return true;
    if (SteadyClock::now() - began > kNothing) {
      turns_ = 0;
    } else if (++turns_ <= kYields) {
      std::this_thread::yield();
    } else {
      PauseBriefly(turns_ < kShortSleeps ? kShort : kLong);
    }
    return false;
  }
  /// There was nothing to do for a while: the last tasks are other threads'.
  bool idle() const { return turns_ > kYields; }

 private:
  static constexpr std::chrono::microseconds kNothing{5}, kShort{20}, kLong{200};
  static constexpr int kYields = 10, kShortSleeps = 60;
  int turns_ = 0;
};

/// Until a step, which asks for one task, is the last: on a thread of the engine's while it is the
/// statement's turn, else on the caller's.
template <typename Step>
Status RunSteps(Admission::Turn* turn, Step step) {
  Patience patience;
  if (turn == nullptr) {
    while (!patience.After(step)) continue;
    return Status::Ok();
  }
  for (;;) {
    bool done = false;
    turn->Run([&] {
      do {
        done = patience.After(step);
      } while (!done && !turn->IsOver(patience.idle()));
    });
    if (done) return Status::Ok();
    OMEN_RETURN_IF_ERROR(turn->YieldIdle());
  }
}

}  // namespace

Status RunToResult(duckdb::PendingQueryResult& pending, Admission::Turn* turn,
                   duckdb::unique_ptr<duckdb::QueryResult>* result) {
  return RunSteps(turn, [&] {
    const auto state = pending.ExecuteTask();
    if (pending.HasError()) {
      *result = duckdb::make_uniq<duckdb::MaterializedQueryResult>(pending.GetErrorObject());
      return true;
    }
    if (duckdb::PendingQueryResult::IsResultReady(state)) {
      *result = pending.Execute();
      return true;
    }
    if (state == duckdb::PendingExecutionResult::BLOCKED) pending.WaitForTask();
    return false;
  });
}

Result<Fetched> FetchRows(duckdb::QueryResult& result, Admission::Turn* turn,
                          const CancelToken* stop, duckdb::unique_ptr<duckdb::DataChunk>* chunk) {
  Fetched fetched = Fetched::kStopped;
  if (result.type == duckdb::QueryResultType::STREAM_RESULT) {
    auto& stream = result.Cast<duckdb::StreamQueryResult>();
    OMEN_RETURN_IF_ERROR(RunSteps(turn, [&] {
      if (stop != nullptr && stop->cancelled()) return true;
      const auto state = stream.ExecuteTask();
      fetched = stream.HasError() ? Fetched::kEnd : Fetched::kRows;
      if (stream.HasError() || duckdb::StreamQueryResult::IsChunkReady(state)) return true;
      fetched = Fetched::kStopped;
      // The engine waits a moment at most, and so does a task for memory.
      if (state == duckdb::StreamExecutionResult::BLOCKED) stream.WaitForTask();
      return false;
    }));
    if (fetched != Fetched::kRows) return fetched;
  }
  *chunk = result.Fetch();
  const bool rows = *chunk != nullptr && (*chunk)->size() > 0;
  if (!rows) chunk->reset();
  return rows ? Fetched::kRows : Fetched::kEnd;
}

}  // namespace omen::colstore
