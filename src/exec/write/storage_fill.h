// Fills new storage ids: whole tables and indexes built at once, outside the log where
// the transaction's view allows it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exec/statement/transaction.h"
#include "rowstore/rowstore.h"

namespace omen::exec {

/// Collects the rows of one new storage id, in any order. One thread.
class StorageFill {
 public:
  /// Sorted-file ingestion. The storage id is dropped if the transaction aborts.
  static Result<std::unique_ptr<StorageFill>> Make(rowstore::RowStore* store,
                                                   Transaction* transaction,
                                                   catalog::StorageId storage);
  Status Add(std::string_view key, std::string_view value) { return loader_->Add(key, value); }
  /// Nothing more is added: the rest of the work begins.
  void Seal() { loader_->Seal(); }
  /// 23505 on a duplicate key, with the key in `duplicate`.
  Status Finish(std::string* duplicate) { return loader_->Finish(duplicate); }

 private:
  std::unique_ptr<rowstore::BulkLoader> loader_;
};

/// Fills a table and all its indexes row by row. One thread.
class TableFill {
 public:
  /// `table` names the new storage ids.
  static Result<std::unique_ptr<TableFill>> Make(rowstore::RowStore* store,
                                                 Transaction* transaction,
                                                 const catalog::Table& table);
  /// Adds a row under its primary key, or a hidden id of this storage's own.
  Status Add(const Row& row);
  /// Ingests all; 23505 naming the index.
  Status Finish();
  uint64_t rows() const { return rows_; }

 private:
  rowstore::RowStore* store_ = nullptr;
  Transaction* transaction_ = nullptr;
  const catalog::Table* table_ = nullptr;
  std::unique_ptr<StorageFill> heap_;
  std::vector<std::unique_ptr<StorageFill>> indexes_;  // by index; null for the primary key
  std::string key_, entry_, bytes_;
  uint64_t rows_ = 0;
};

/// 23505 for a duplicate met while building an index.
Status DuplicateInIndex(const catalog::Table& table, const catalog::Index& index,
                        std::string_view key, bool creating);

/// Walks the rows of a table as the transaction sees them.
using VisitRow = std::function<Status(std::string_view key, const Row& row)>;
Status ForEachRow(Transaction* transaction, const catalog::Table& table, const CancelToken* cancel,
                  const VisitRow& visit);
/// The same, where only these columns are asked for: the others are null.
Status ForEachRow(Transaction* transaction, const catalog::Table& table,
                  const std::vector<int>& attnums, const CancelToken* cancel,
                  const VisitRow& visit);

/// New storage ids for a table and its secondary indexes; the old ones go at commit.
Status AssignNewStorage(rowstore::RowStore* store, Transaction* transaction, catalog::Table* table);

/// Whole-table builds read the present, which a REPEATABLE READ view may not be: 0A000 then.
Status CheckCanRebuild(const Transaction& transaction);

}  // namespace omen::exec
