#include "exec/write/table_load.h"

#include "rowstore/key_codec.h"

namespace omen::exec {
namespace {

constexpr size_t kHeldRows = 5000;
constexpr size_t kHeldBytes = 4u << 20;

}  // namespace

Status TableLoad::Store(const Row& row) {
  if (bulk_ == nullptr) {
    OMEN_RETURN_IF_ERROR(writer_->InsertChecked(row));
  } else {
    order_->Add(row);
    OMEN_RETURN_IF_ERROR(bulk_->Add(row));
  }
  ++stored_;
  return Status::Ok();
}

Status TableLoad::Take(Row* row) {
  if (commenced_) return Store(*row);
  held_bytes_ += row->size() * sizeof(Value);
  for (const Value& value : *row) held_bytes_ += value.HeapBytes();
  held_.push_back(std::move(*row));
  if (held_.size() < kHeldRows && held_bytes_ < kHeldBytes) return Status::Ok();
  OMEN_RETURN_IF_ERROR(TryBulk());
  return Commence();
}

Status TableLoad::Commence() {
  commenced_ = true;
  for (const Row& row : held_) OMEN_RETURN_IF_ERROR(Store(row));
  held_.clear();
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
  if (!commenced_) OMEN_RETURN_IF_ERROR(Commence());
  if (bulk_ == nullptr) return Status::Ok();
  OMEN_RETURN_IF_ERROR(bulk_->Finish());
  bulk_table_.load_order = order_->Column();
  context_->transaction->MutableCatalog().Put(bulk_table_);
  return Status::Ok();
}

}  // namespace omen::exec
