#include "exec/statement/statement_run.h"

#include "base/blame.h"
#include "base/contention/serving_place.h"
#include "base/work.h"
#include "rowstore/read_ahead.h"

namespace omen::exec {
namespace {

// About a tenth of a millisecond; to wake another thread takes a tenth of that.
constexpr uint32_t kPollsOfShort = 256;

}  // namespace

MemoryMeter StatementMeter(const StatementContext& context) {
  if (const MemoryAccountPtr* account = Work::StatementMemory()) return MemoryMeter(*account);
  return MemoryMeter(std::make_shared<MemoryAccount>(context.options.work_memory_bytes));
}

RowReader::RowReader(rowstore::RowStore* store, Transaction* transaction) : store_(store) {
  if (transaction == nullptr) return;
  if (transaction->rows().has_writes()) {
    own_ = &transaction->rows();
  } else {
    view_ = transaction->view();
  }
}

Result<bool> RowReader::Get(std::string_view key, std::string* value) {
  if (own_ != nullptr) return own_->Get(key, value);
  return store_->Get(*view_, key, value);
}

Status RowReader::MultiGet(rowstore::RowBatch* batch) {
  if (own_ == nullptr && batch->size() > 1) return store_->MultiGet(*view_, batch);
  for (size_t i = 0; i < batch->size(); ++i) {
    OMEN_ASSIGN_OR_RETURN(const bool found, Get(batch->key(i), batch->buffer(i)));
    batch->SetFound(i, found);
  }
  return Status::Ok();
}

std::unique_ptr<rowstore::Iterator> RowReader::Scan(const rowstore::KeyRange& range,
                                                    bool backward) {
  if (own_ != nullptr) return own_->Scan(range, backward);
  return store_->Scan(view_, range, backward);
}

std::unique_ptr<rowstore::Iterator> RowReader::Walk(const rowstore::KeyRange& range,
                                                    bool backward) {
  auto scan = Scan(range, backward);
  if (own_ != nullptr) return scan;
  return std::make_unique<rowstore::ReadAhead>(std::move(scan));
}

StatementRun::StatementRun(rowstore::RowStore* store, StatementContext* context, Row params)
    : context(context),
      params(std::move(params)),
      rows(store, context->transaction),
      memory(StatementMeter(*context)) {}

Status StatementRun::Look() {
  if (polls_ >= kPollsOfShort && HoldsPlace()) PassPlace();
  // Time by the clock is cheap to look at; that of the thread says that it was not waiting.
  const bool is_over = limit_clock_ != nullptr &&
                       limit_clock_->MonotonicNanos() >= limit_wall_nanos_ &&
                       limit_clock_->ThreadNanos() >= limit_thread_nanos_;
  if (is_over) return Unavailable("it takes longer than was expected");
  return context->cancel == nullptr ? Status::Ok() : context->cancel->Check();
}

void StatementRun::LimitWork(const Clock* clock, std::chrono::nanoseconds limit) {
  limit_clock_ = clock;
  if (clock == nullptr) return;
  limit_wall_nanos_ = clock->MonotonicNanos() + limit.count();
  limit_thread_nanos_ = clock->ThreadNanos() + limit.count();
}

}  // namespace omen::exec
