#include "colstore/internal/admission/execution.h"

#include <chrono>
#include <thread>

#include "base/wait.h"

namespace omen::colstore {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Around each call for a task: one that came back at once did nothing, so the next is asked
/// for a little later, and later still when that goes on.
class Patience {
 public:
  void Begin() { began_ = SteadyClock::now(); }
  /// The turn may then be others', and is at once where there was nothing to do for a while: the
  /// last tasks are the workers'.
  Status End(Admission::Turn* turn) {
    if (SteadyClock::now() - began_ > kNothing) {
      turns_ = 0;
    } else if (++turns_ <= kYields) {
      std::this_thread::yield();
    } else {
      PauseBriefly(turns_ < kShortSleeps ? kShort : kLong);
      return turn == nullptr ? Status::Ok() : turn->YieldIdle();
    }
    return turn == nullptr ? Status::Ok() : turn->Yield();
  }

 private:
  static constexpr std::chrono::microseconds kNothing{5}, kShort{20}, kLong{200};
  static constexpr int kYields = 10, kShortSleeps = 60;
  SteadyClock::time_point began_;
  int turns_ = 0;
};

}  // namespace

Status RunToResult(duckdb::PendingQueryResult& pending, Admission::Turn* turn,
                   duckdb::unique_ptr<duckdb::QueryResult>* result) {
  Patience patience;
  for (;;) {
    patience.Begin();
    const auto state = pending.ExecuteTask();
    if (pending.HasError()) {
      *result = duckdb::make_uniq<duckdb::MaterializedQueryResult>(pending.GetErrorObject());
      return Status::Ok();
    }
    if (duckdb::PendingQueryResult::IsResultReady(state)) {
      *result = pending.Execute();
      return Status::Ok();
    }
    if (state == duckdb::PendingExecutionResult::BLOCKED) pending.WaitForTask();
    OMEN_RETURN_IF_ERROR(patience.End(turn));
  }
}

Result<Fetched> FetchRows(duckdb::QueryResult& result, Admission::Turn* turn,
                          const CancelToken* stop, duckdb::unique_ptr<duckdb::DataChunk>* chunk) {
  const auto fetch = [&] {
    *chunk = result.Fetch();
    const bool rows = *chunk != nullptr && (*chunk)->size() > 0;
    if (!rows) chunk->reset();
    return rows ? Fetched::kRows : Fetched::kEnd;
  };
  if (result.type != duckdb::QueryResultType::STREAM_RESULT) return fetch();
  auto& stream = result.Cast<duckdb::StreamQueryResult>();
  Patience patience;
  for (;;) {
    if (stop != nullptr && stop->cancelled()) return Fetched::kStopped;
    patience.Begin();
    const auto state = stream.ExecuteTask();
    if (stream.HasError()) return Fetched::kEnd;
    if (duckdb::StreamQueryResult::IsChunkReady(state)) return fetch();
    // The engine waits a moment at most, and so does a task for memory.
    if (state == duckdb::StreamExecutionResult::BLOCKED) stream.WaitForTask();
    OMEN_RETURN_IF_ERROR(patience.End(turn));
  }
}

}  // namespace omen::colstore
