// Writes of one table: rows with their index entries, under the table's constraints.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exec/write/free_keys.h"
#include "exec/write/row_source.h"

namespace omen::exec {

/// What writing a table needs, worked out once. Immutable; shared.
class TableWritePlan {
 public:
  static Result<std::shared_ptr<const TableWritePlan>> Make(
      const WriteServices& services, std::shared_ptr<const catalog::Table> table,
      const std::shared_ptr<const catalog::Snapshot>& catalog);

  const std::shared_ptr<const catalog::Table>& table() const { return table_; }
  rowstore::RowStore* store() const { return store_; }

 private:
  friend class TableWriter;
  Status CompileChecks(const WriteServices& services,
                       const std::shared_ptr<const catalog::Snapshot>& catalog);
  Status CompileDefaults(const WriteServices& services,
                         const std::shared_ptr<const catalog::Snapshot>& catalog);

  rowstore::RowStore* store_ = nullptr;
  std::shared_ptr<const catalog::Table> table_;
  std::string schema_name_;
  std::vector<sql::ExprPtr> check_exprs_, default_exprs_;
  std::unique_ptr<RowExpressions> checks_, defaults_;
  std::vector<int> default_of_;  // by attnum - 1: index into default_exprs_, or -1
};

/// Found instead of free space for a key.
struct Conflict {
  const catalog::Index* index;
  std::string row_key;
};

/// Writes through one transaction. One thread; for one statement.
class TableWriter {
 public:
  TableWriter(std::shared_ptr<const TableWritePlan> plan, StatementContext* context);
  ~TableWriter();

  const catalog::Table& table() const { return *plan_->table_; }

  /// The DEFAULT of a column: its expression, the identity's next value, or null.
  Result<Value> Default(int attnum);
  /// Columns not in `given` (by attnum - 1) take their defaults.
  Status FillDefaults(const std::vector<bool>& given, Row* row);

  /// 23502, 23514.
  Status CheckRow(const Row& row);
  /// Locks the row's unique keys and looks for one that is taken, in `arbiter` or (null) in all.
  /// The row in the way is locked when this returns, with `keep_lock`.
  Result<std::optional<Conflict>> FindConflict(const Row& row, const catalog::Index* arbiter,
                                               bool keep_lock);
  /// Checks, then inserts; 23505 on a taken key.
  Status Insert(const Row& row);
  /// The same of a row that CheckRow has passed.
  Status InsertChecked(const Row& row);
  /// Of many, one after the other; counts those that are in, or before the one at fault.
  Status InsertAll(const std::vector<Row>& rows, std::atomic<uint64_t>* inserted);
  /// Checks, then replaces the row at `key` (locked before), whose value was `bytes`.
  Status Update(const std::string& key, std::string_view bytes, const Row& before,
                const Row& after);
  Status Delete(const std::string& key, const Row& row);

  /// The full row key of what Insert or Update wrote last.
  const std::string& written_key() const { return written_key_; }

  /// 23505 with the key's values.
  Status UniqueViolation(const catalog::Index& index, const Row& row) const;

 private:
  /// As FindConflict, in one secondary index. An empty key: none.
  Result<std::string> FindRowInTheWay(const catalog::Index& index, const Row& row);
  /// Of a row that is written now under a key that may have been another's; 0 where keys are not
  /// used again.
  uint64_t NewIncarnation() const;
  /// Whether the keys of the rows rise, from behind those that were written, and nobody has them:
  /// then they are locked, and in keys_.
  Result<bool> TakeRisingKeys(const std::vector<Row>& rows, std::atomic<uint64_t>* inserted);
  /// Under a key that is free and locked.
  Status PutRow(const std::string& key, const Row& row);
  Status PutIndexEntries(const std::string& row_key, const Row& row);
  Status PutIndexEntry(const catalog::Index& index, const std::string& row_key, const Row& row);
  Status MoveIndexEntries(const std::string& old_key, const Row& before, const std::string& new_key,
                          const Row& after);
  Status DeleteIndexEntry(const catalog::Index& index, const std::string& row_key, const Row& row);
  Status DeleteIndexEntries(const std::string& row_key, const Row& row);
  std::string FailingRow(const Row& row) const;
  Status Located(Status status, std::string_view column, std::string_view constraint) const;

  std::shared_ptr<const TableWritePlan> plan_;
  StatementContext* context_;
  rowstore::Transaction& rows_;
  const Row no_params_;
  std::unique_ptr<RowEvaluation> checks_, defaults_;
  std::string scratch_, encoded_, written_key_;
  FreeKeys free_;
  bool rising_;                    // so far every key was behind all of this table that it wrote
  std::string last_key_;           // of these
  std::vector<std::string> keys_;  // of the rows at hand
};

/// Row key of a new row: its primary key, or a fresh hidden id.
Result<std::string> NewRowKey(const catalog::Table& table, const Row& row,
                              rowstore::RowStore* rows);

}  // namespace omen::exec
