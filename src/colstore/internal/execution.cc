#include "colstore/internal/execution.h"

#include <chrono>
#include <thread>

namespace omen::colstore {
namespace {

using Clock = std::chrono::steady_clock;

/// Around each call for a task: one that came back at once did nothing, so the next is asked
/// for a little later, and later still when that goes on.
class Patience {
 public:
  void Begin() { began_ = Clock::now(); }
  void End() {
    if (Clock::now() - began_ > kNothing) {
      turns_ = 0;
    } else if (++turns_ <= kYields) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(turns_ < kShortSleeps ? kShort : kLong);
    }
  }

 private:
  static constexpr std::chrono::microseconds kNothing{5}, kShort{20}, kLong{200};
  static constexpr int kYields = 10, kShortSleeps = 60;
  Clock::time_point began_;
  int turns_ = 0;
};

}  // namespace

duckdb::unique_ptr<duckdb::QueryResult> RunToResult(duckdb::PendingQueryResult& pending,
                                                    Admission::Turn* turn) {
  Patience patience;
  for (;;) {
    patience.Begin();
    const auto state = pending.ExecuteTask();
    if (pending.HasError()) {
      return duckdb::make_uniq<duckdb::MaterializedQueryResult>(pending.GetErrorObject());
    }
    if (duckdb::PendingQueryResult::IsResultReady(state)) return pending.Execute();
    if (state == duckdb::PendingExecutionResult::BLOCKED) pending.WaitForTask();
    patience.End();
    if (turn != nullptr) turn->Yield();
  }
}

duckdb::unique_ptr<duckdb::DataChunk> FetchRows(duckdb::QueryResult& result,
                                                Admission::Turn* turn) {
  if (result.type != duckdb::QueryResultType::STREAM_RESULT) return result.Fetch();
  auto& stream = result.Cast<duckdb::StreamQueryResult>();
  Patience patience;
  for (;;) {
    patience.Begin();
    const auto state = stream.ExecuteTask();
    if (stream.HasError()) return nullptr;
    if (duckdb::StreamQueryResult::IsChunkReady(state)) return result.Fetch();
    if (state == duckdb::StreamExecutionResult::BLOCKED) stream.WaitForTask();
    patience.End();
    turn->Yield();
  }
}

}  // namespace omen::colstore
