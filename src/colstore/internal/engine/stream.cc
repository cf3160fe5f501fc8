#include "colstore/internal/engine/stream.h"

#include <optional>

#include "base/contention/wait_order.h"
#include "colstore/internal/admission/execution.h"
#include "duckdb/storage/buffer_manager.hpp"

namespace omen::colstore {
namespace {

/// Interrupts the connection when the token is cancelled, for as long as it lives.
class InterruptGuard {
 public:
  InterruptGuard(CancelToken* cancel, duckdb::shared_ptr<duckdb::ClientContext> context)
      : cancel_(cancel) {
    if (cancel_) cancel_->SetInterrupt([context = std::move(context)] { context->Interrupt(); });
  }
  ~InterruptGuard() {
    if (cancel_) cancel_->ClearInterrupt();
  }
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  CancelToken* cancel_;
};

}  // namespace

class Stream::Occupied {
 public:
  ~Occupied() {
    if (stream_ == nullptr) return;
    std::lock_guard lock(stream_->mutex_);
    stream_->occupied_ = false;
    stream_->vacated_.NotifyAll();
  }
  bool Try(Stream* stream) {
    std::lock_guard lock(stream->mutex_);
    if (stream->occupied_ || stream->withdrawal_.cancelled()) return false;
    Take(stream);
    return true;
  }
  Status Wait(Stream* stream, const CancelToken* cancel) {
    MayWaitFor(WaitStep::kStream);
    std::unique_lock lock(stream->mutex_);
    if (stream->occupied_) stream->withdrawal_.Cancel(CancelToken::Reason::kUser);
    Status status = stream->vacated_.Wait(lock, cancel, [&] { return !stream->occupied_; });
    stream->withdrawal_.Reset();
    if (status.ok()) Take(stream);
    return status;
  }

 private:
  void Take(Stream* stream) {
    stream->occupied_ = true;
    stream_ = stream;
    held_.emplace(WaitStep::kStream);
  }
  Stream* stream_ = nullptr;
  std::optional<HeldStep> held_;
};

Stream::Stream(std::shared_ptr<Engine> engine, duckdb::shared_ptr<duckdb::ClientContext> context,
               CancelToken* cancel)
    : engine_(std::move(engine)), context_(std::move(context)), cancel_(cancel) {
  engine_->detacher.Add(this);
}

Stream::~Stream() {
  withdrawal_.Cancel(CancelToken::Reason::kUser);
  engine_->detacher.Remove(this);  // waits for a Withdraw that is under way
  EndQuery();
}

Status Stream::Start(
    const std::function<Status(duckdb::unique_ptr<duckdb::PendingQueryResult>*)>& plan) {
  Occupied occupied;
  OMEN_RETURN_IF_ERROR(occupied.Wait(this, cancel_));
  OMEN_RETURN_IF_ERROR(engine_->gate.Enter(cancel_, &lease_));
  const InterruptGuard interrupt(cancel_, context_);
  Admission::Turn turn(&engine_->admission, cancel_);
  if (Status taken = turn.Take(); !taken.ok()) return Failed(std::move(taken));
  duckdb::unique_ptr<duckdb::PendingQueryResult> pending;
  Status planned;
  turn.Run([&] { planned = plan(&pending); });
  if (!planned.ok()) return Failed(std::move(planned));
  if (pending->HasError()) return Failed(engine_->Note(pending->GetErrorObject(), cancel_));
  running_ = true;
  // An interrupt that came before planning began was forgotten by the engine; the token was not.
  if (cancel_ != nullptr && cancel_->cancelled()) return Failed(cancel_->Check());
  if (Status ran = RunToResult(*pending, &turn, &result_); !ran.ok()) return Failed(std::move(ran));
  if (result_->HasError()) return Failed(engine_->Note(result_->GetErrorObject(), cancel_));
  return Status::Ok();
}

Status Stream::Failed(Status status) {
  EndQuery();
  failure_ = status.Clone();
  return status;
}

void Stream::EndQuery() {
  try {
    const bool streaming =
        result_ == nullptr || (result_->type == duckdb::QueryResultType::STREAM_RESULT &&
                               result_->Cast<duckdb::StreamQueryResult>().IsOpen());
    if (running_ && streaming) context_->CancelTransaction();
    running_ = false;
    if (result_ != nullptr) result_.reset();
  } catch (const std::exception& thrown) {
    (void)engine_->Note(duckdb::ErrorData(thrown));
  }
  lease_.Release();
}

Status Stream::FetchInto(For whom, duckdb::unique_ptr<duckdb::DataChunk>* chunk) {
  chunk->reset();
  if (!running_) return Status::Ok();
  const CancelToken* const stop = whom == For::kWithdrawal ? &withdrawal_ : nullptr;
  const CancelToken* const cancel = whom == For::kReader ? cancel_ : nullptr;
  Status status;
  try {
    Admission::Turn turn(&engine_->admission, stop != nullptr ? stop : cancel);
    status = turn.Take();
    if (status.ok()) {
      auto fetched = FetchRows(*result_, &turn, stop, chunk);
      const bool ended = fetched.ok() && *fetched == Fetched::kEnd;
      if (!fetched.ok()) status = std::move(fetched).status();
      if (result_->HasError()) status = engine_->Note(result_->GetErrorObject(), cancel);
      if (status.ok() && ended) EndQuery();
    }
    // A withdrawal that is over before it had a turn: the query goes on.
    if (stop != nullptr && !status.ok() && !result_->HasError()) return Status::Ok();
  } catch (const std::exception& thrown) {
    status = engine_->Note(duckdb::ErrorData(thrown), cancel);
  }
  return status.ok() ? Status::Ok() : Failed(std::move(status));
}

Status Stream::Next(duckdb::unique_ptr<duckdb::DataChunk>* chunk) {
  if (cancel_ != nullptr) OMEN_RETURN_IF_ERROR(cancel_->Check());
  Occupied occupied;
  OMEN_RETURN_IF_ERROR(occupied.Wait(this, cancel_));
  if (ReadStored(chunk)) return Status::Ok();
  if (!failure_.ok()) return failure_.Clone();
  const InterruptGuard interrupt(cancel_, context_);
  return FetchInto(For::kReader, chunk);
}

bool Stream::ReadStored(duckdb::unique_ptr<duckdb::DataChunk>* chunk) {
  while (!stored_.empty()) {
    Store& store = *stored_.front();
    if (!scanning_)
      store.InitializeScan(scan_, duckdb::ColumnDataScanProperties::DISALLOW_ZERO_COPY);
    scanning_ = true;
    auto rows = duckdb::make_uniq<duckdb::DataChunk>();
    store.InitializeScanChunk(scan_, *rows);
    if (store.Scan(scan_, *rows) && rows->size() > 0) {
      *chunk = std::move(rows);
      return true;
    }
    scan_ = duckdb::ColumnDataScanState();
    scanning_ = false;
    stored_.pop_front();
  }
  return false;
}

Status Stream::Fill(For whom) {
  if (!running_) return Status::Ok();
  duckdb::idx_t room = engine_->detached_bytes;
  for (const auto& store : stored_) room -= std::min(room, store->SizeInBytes());
  auto& buffers = duckdb::BufferManager::GetBufferManager(*engine_->database->instance);
  auto store = std::make_unique<Store>(buffers, result_->types);
  Status status;
  try {
    duckdb::ColumnDataAppendState append;
    store->InitializeAppend(append);
    while (store->SizeInBytes() < room) {
      duckdb::unique_ptr<duckdb::DataChunk> chunk;
      status = FetchInto(whom, &chunk);
      if (chunk == nullptr) break;
      store->Append(append, *chunk);
    }
  } catch (const std::exception& thrown) {
    status = Failed(engine_->Note(duckdb::ErrorData(thrown)));
  }
  if (store->Count() > 0) stored_.push_back(std::move(store));
  return status;
}

void Stream::Withdraw() {
  Occupied occupied;
  // What it finds wrong is told to whoever reads next.
  if (occupied.Try(this) && failure_.ok()) (void)Fill(For::kWithdrawal).ok();
}

Status Stream::Detach() {
  if (cancel_ != nullptr) OMEN_RETURN_IF_ERROR(cancel_->Check());
  Occupied occupied;
  OMEN_RETURN_IF_ERROR(occupied.Wait(this, cancel_));
  if (!failure_.ok()) return failure_.Clone();
  const InterruptGuard interrupt(cancel_, context_);
  OMEN_RETURN_IF_ERROR(Fill(For::kReader));
  if (!running_) return Status::Ok();
  return Failed(Status(sqlstate::kOutOfMemory, "out of memory")
                    .Detail("The open cursors of this transaction hold too many unread rows."));
}

}  // namespace omen::colstore
