#include "exec/write/table_load.h"

#include <system_error>
#include <utility>

#include "rowstore/key_codec.h"

namespace omen::exec {
namespace {

constexpr size_t kHeldRows = 5000;
constexpr size_t kHeldBytes = 4u << 20;
constexpr size_t kBatchRows = 512;
constexpr size_t kBatchBytes = 256u << 10;
constexpr size_t kLargeBytes = 2u << 20;

}  // namespace

Status TableLoad::Fill(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    order_->Add(row);
    OMEN_RETURN_IF_ERROR(bulk_->Add(row));
    stored_.fetch_add(1, std::memory_order_relaxed);
  }
  return Status::Ok();
}

Status TableLoad::Store(std::vector<Row>* rows) {
  OMEN_RETURN_IF_ERROR(bulk_ != nullptr ? Fill(*rows) : writer_->InsertAll(*rows, &stored_));
  for (Row& row : *rows) row.clear();
  return Status::Ok();
}

Status TableLoad::Take(Row* row) {
  bytes_ += row->size() * sizeof(Value);
  for (const Value& value : *row) bytes_ += value.HeapBytes();
  if (batch_.size() == size_) batch_.emplace_back();
  std::swap(batch_[size_++], *row);
  const bool full = commenced_ ? size_ >= kBatchRows || bytes_ >= kBatchBytes
                               : size_ >= kHeldRows || bytes_ >= kHeldBytes;
  if (!full) return Status::Ok();
  if (commenced_) return PassOn();
  OMEN_RETURN_IF_ERROR(TryBulk());
  BeginThread();
  commenced_ = true;
  return PassOn();
}

Status TableLoad::PassOn() {
  batch_.resize(size_);
  // Of large rows there is one at a time.
  const bool alone = thread_ == nullptr || bytes_ > kLargeBytes;
  size_ = bytes_ = 0;
  if (!alone) return Settled(thread_->Give(&batch_));
  if (thread_ != nullptr) OMEN_RETURN_IF_ERROR(Settled(thread_->AwaitIdle()));
  return Store(&batch_);
}

// The thread has ended before its error is told of a row.
Status TableLoad::Settled(Status status) {
  if (!status.ok()) thread_.reset();
  return status;
}

void TableLoad::BeginThread() {
  if (!may_work_beside_ || std::thread::hardware_concurrency() < 2) return;
  try {
    thread_ = std::make_unique<StoringThread>(
        [this](std::vector<Row>* rows) { return Store(rows); }, context_->cancel);
  } catch (const std::system_error&) {
    // No thread: the caller's stores.
  }
}

Status TableLoad::Settle() {
  if (!commenced_) return Status::Ok();
  if (size_ > 0) OMEN_RETURN_IF_ERROR(PassOn());
  if (thread_ != nullptr) OMEN_RETURN_IF_ERROR(Settled(thread_->AwaitIdle()));
  thread_.reset();
  return Status::Ok();
}

// Readers and writers of the table would miss or lose the new files, so without the whole
// table to ourselves at once we insert row by row.
Status TableLoad::TryBulk() {
  Transaction& transaction = *context_->transaction;
  const catalog::Table& table = writer_->table();
  if (!CheckCanRebuild(transaction).ok()) return Status::Ok();
  if (!transaction.LockRelation(table.oid, LockMode::kAccessExclusive, true).ok())
    return Status::Ok();
  transaction.BeginStatement();
  const auto rows = transaction.rows().Scan(rowstore::StorageRange(table.storage_id));
  OMEN_RETURN_IF_ERROR(rows->status());
  if (rows->Valid()) return Status::Ok();
  bulk_table_ = table;
  OMEN_RETURN_IF_ERROR(AssignNewStorage(store_, &transaction, &bulk_table_));
  OMEN_ASSIGN_OR_RETURN(bulk_, TableFill::Make(store_, &transaction, bulk_table_));
  order_.emplace(bulk_table_);
  return Status::Ok();
}

Status TableLoad::Finish() {
  commenced_ = true;
  OMEN_RETURN_IF_ERROR(Settle());
  if (bulk_ == nullptr) return Status::Ok();
  OMEN_RETURN_IF_ERROR(bulk_->Finish());
  bulk_table_.load_order = order_->Column();
  context_->transaction->MutableCatalog().Put(bulk_table_);
  return Status::Ok();
}

}  // namespace omen::exec
