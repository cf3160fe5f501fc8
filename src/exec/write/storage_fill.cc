#include "exec/write/storage_fill.h"

#include <fmt/format.h>

#include "rowstore/key_codec.h"
#include "rowstore/read_ahead.h"
#include "rowstore/row_codec.h"

namespace omen::exec {
namespace {

// The key's columns as text where they can be read back, for the error's detail.
std::string KeyText(const catalog::Table& table, const catalog::Index& index,
                    std::string_view key) {
  std::string names, values;
  key.remove_prefix(rowstore::kStoragePrefixBytes);
  for (const catalog::IndexColumn& part : index.columns) {
    const catalog::Column& column = table.column(part.attnum);
    if (!rowstore::KeyIsLossless(column.type.oid)) return "";
    auto value = rowstore::TakeKeyColumn(column.type.oid, part.descending, part.nulls_first, &key);
    if (!value.ok()) return "";
    if (!names.empty()) {
      names += ", ";
      values += ", ";
    }
    names += column.name;
    values += value->is_null() ? "null" : ToText(column.type, *value);
  }
  return fmt::format("Key ({})=({})", names, values);
}

}  // namespace

Result<std::unique_ptr<StorageFill>> StorageFill::Make(rowstore::RowStore* store,
                                                       Transaction* transaction,
                                                       catalog::StorageId storage) {
  auto fill = std::make_unique<StorageFill>();
  OMEN_ASSIGN_OR_RETURN(fill->loader_, store->NewBulkLoader(storage));
  transaction->end_work().DropAtAbort(storage);
  return fill;
}

Result<std::unique_ptr<TableFill>> TableFill::Make(rowstore::RowStore* store,
                                                   Transaction* transaction,
                                                   const catalog::Table& table) {
  auto fill = std::make_unique<TableFill>();
  fill->store_ = store;
  fill->transaction_ = transaction;
  fill->table_ = &table;
  OMEN_ASSIGN_OR_RETURN(fill->heap_, StorageFill::Make(store, transaction, table.storage_id));
  for (const catalog::Index& index : table.indexes) {
    fill->indexes_.emplace_back();
    if (index.primary) continue;
    OMEN_ASSIGN_OR_RETURN(fill->indexes_.back(),
                          StorageFill::Make(store, transaction, index.storage_id));
  }
  return fill;
}

Status TableFill::Add(const Row& row) {
  key_.clear();
  bytes_.clear();
  if (table_->primary_key() != nullptr) {
    rowstore::AppendPrimaryKey(*table_, row, key_);
  } else {
    OMEN_ASSIGN_OR_RETURN(const uint64_t row_id, store_->NewRowId(table_->storage_id));
    rowstore::AppendRowIdKey(table_->storage_id, row_id, key_);
  }
  rowstore::EncodeRow(*table_, row, bytes_);
  OMEN_RETURN_IF_ERROR(heap_->Add(key_, bytes_));
  for (size_t i = 0; i < indexes_.size(); ++i) {
    if (indexes_[i] == nullptr) continue;
    entry_.clear();
    rowstore::AppendIndexKey(table_->indexes[i], *table_, row, key_, entry_);
    OMEN_RETURN_IF_ERROR(
        indexes_[i]->Add(entry_, std::string_view(key_).substr(rowstore::kStoragePrefixBytes)));
  }
  ++rows_;
  return Status::Ok();
}

Status TableFill::Finish() {
  heap_->Seal();
  for (const auto& index : indexes_) {
    if (index != nullptr) index->Seal();
  }
  std::string duplicate;
  Status built = heap_->Finish(&duplicate);
  if (!built.ok()) {
    if (!built.Is(sqlstate::kUniqueViolation) || table_->primary_key() == nullptr) return built;
    return DuplicateInIndex(*table_, *table_->primary_key(), duplicate, false);
  }
  for (size_t i = 0; i < indexes_.size(); ++i) {
    if (indexes_[i] == nullptr) continue;
    built = indexes_[i]->Finish(&duplicate);
    if (built.Is(sqlstate::kUniqueViolation)) {
      return DuplicateInIndex(*table_, table_->indexes[i], duplicate, false);
    }
    OMEN_RETURN_IF_ERROR(std::move(built));
  }
  transaction_->NoteFill(table_->storage_id, rows_);
  return Status::Ok();
}

Status DuplicateInIndex(const catalog::Table& table, const catalog::Index& index,
                        std::string_view key, bool creating) {
  Status status(
      sqlstate::kUniqueViolation,
      creating ? fmt::format("could not create unique index \"{}\"", index.name)
               : fmt::format("duplicate key value violates unique constraint \"{}\"", index.name));
  const std::string text = KeyText(table, index, key);
  if (!text.empty()) {
    status.error().detail = text + (creating ? " is duplicated." : " already exists.");
  }
  status.error().table = table.name;
  status.error().constraint = index.name;
  return status;
}

Status ForEachRow(Transaction* transaction, const catalog::Table& table, const CancelToken* cancel,
                  const VisitRow& visit) {
  std::vector<int> attnums;
  for (const catalog::Column& column : table.columns) attnums.push_back(column.attnum);
  return ForEachRow(transaction, table, attnums, cancel, visit);
}

Status ForEachRow(Transaction* transaction, const catalog::Table& table,
                  const std::vector<int>& attnums, const CancelToken* cancel,
                  const VisitRow& visit) {
  std::vector<int> places;
  for (const int attnum : attnums) places.push_back(attnum - 1);
  const rowstore::RowDecoder decoder(table, attnums, places);
  Row row(table.columns.size());
  uint64_t count = 0;
  std::unique_ptr<rowstore::Iterator> iterator =
      transaction->rows().Scan(rowstore::StorageRange(table.storage_id));
  // Own writes are this thread's alone.
  if (!transaction->rows().has_writes()) {
    iterator = std::make_unique<rowstore::ReadAhead>(std::move(iterator));
  }
  for (; iterator->Valid(); iterator->Next()) {
    if (cancel != nullptr && (++count & 1023) == 0) OMEN_RETURN_IF_ERROR(cancel->Check());
    OMEN_RETURN_IF_ERROR(decoder.Decode(iterator->value(), row.data()));
    OMEN_RETURN_IF_ERROR(visit(iterator->key(), row));
  }
  return iterator->status();
}

Status AssignNewStorage(rowstore::RowStore* store, Transaction* transaction,
                        catalog::Table* table) {
  transaction->end_work().DropAtCommit(table->storage_id);
  OMEN_ASSIGN_OR_RETURN(table->storage_id, store->NewStorageId());
  transaction->end_work().DropAtAbort(table->storage_id);
  for (catalog::Index& index : table->indexes) {
    if (index.primary) continue;
    transaction->end_work().DropAtCommit(index.storage_id);
    OMEN_ASSIGN_OR_RETURN(index.storage_id, store->NewStorageId());
    transaction->end_work().DropAtAbort(index.storage_id);
  }
  return Status::Ok();
}

Status CheckCanRebuild(const Transaction& transaction) {
  if (!transaction.repeatable() || !transaction.has_snapshot()) return Status::Ok();
  return NotSupported("rebuilding a table after the snapshot of a REPEATABLE READ transaction");
}

}  // namespace omen::exec
