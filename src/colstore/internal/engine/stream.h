// A result being read from the engine, and the store its rest can be moved to. A client that
// does not read must hold up nobody, so whoever needs the engine may have the stream *detached*:
// the rows that are left go to a store that the engine may spill, the query ends, and the client
// goes on from the store. A detach stops as soon as the client reads again.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "colstore/internal/admission/gate.h"
#include "colstore/internal/engine/engine.h"
#include "duckdb/common/types/column/column_data_collection.hpp"

namespace omen::colstore {

/// Next from the session's thread, Withdraw from another.
class Stream {
 public:
  Stream(std::shared_ptr<Engine> engine, duckdb::shared_ptr<duckdb::ClientContext> context,
         CancelToken* cancel);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Waits at the gate, plans and runs up to the first rows.
  Status Start(const std::function<Status(duckdb::unique_ptr<duckdb::PendingQueryResult>*)>& plan);
  const duckdb::QueryResult& result() const { return *result_; }
  /// The next rows; null at the end.
  Status Next(duckdb::unique_ptr<duckdb::DataChunk>* chunk);
  /// Detaches: nothing when the stream is being read, and it stops when somebody wants to read
  /// or there is no more room. An error is kept for the reader.
  void Withdraw();
  /// Detaches whole, from the session's thread: afterwards the connection is free. 53200 when
  /// there is not so much room.
  Status Detach();

 private:
  /// While it lives its thread has the stream for itself.
  class Occupied;
  using Store = duckdb::ColumnDataCollection;

  enum class For : uint8_t { kReader, kWithdrawal };
  /// Null at the end, or when the withdrawal is to stop; then running_ still is.
  Status FetchInto(For whom, duckdb::unique_ptr<duckdb::DataChunk>* chunk);
  /// Moves rows to the store up to the end or the limit, or as far as the withdrawal goes.
  Status Fill(For whom);
  bool ReadStored(duckdb::unique_ptr<duckdb::DataChunk>* chunk);
  /// Ends the engine's query, not the transaction, and gives the lease back.
  void EndQuery();
  Status Failed(Status status);

  std::shared_ptr<Engine> engine_;
  duckdb::shared_ptr<duckdb::ClientContext> context_;
  CancelToken* const cancel_;

  std::mutex mutex_;  // guards occupied_
  Condition vacated_;
  bool occupied_ = false;
  CancelToken withdrawal_;  // cancelled when the reader waits for it to stop

  Gate::Lease lease_;  // of who occupies it, like what follows
  duckdb::unique_ptr<duckdb::QueryResult> result_;
  bool running_ = false;  // the engine has more
  Status failure_;        // the query has ended with it
  std::deque<std::unique_ptr<Store>> stored_;
  duckdb::ColumnDataScanState scan_;
  bool scanning_ = false;
};

}  // namespace omen::colstore
