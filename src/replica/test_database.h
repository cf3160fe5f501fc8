// A row store, a catalogue and a replica in a temporary folder, for tests. Bodies are in
// test_database_test.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "replica/replica.h"
#include "types/value.h"

namespace omen::replica::testing {

using TablePtr = std::shared_ptr<const catalog::Table>;

/// Tables have a key column c1 and a text column c2. Failures are test failures.
class TestDatabase {
 public:
  enum class KeyKind { kInt, kNumeric, kRowId };

  explicit TestDatabase(Options options = {});
  ~TestDatabase();

  rowstore::RowStore& rows() { return *rows_; }
  Replica& replica() { return *replica_; }
  const std::string& column_path() const { return options_.colstore.path; }

  void StopReplica() { replica_->Stop(); }
  void Reopen();

  std::unique_ptr<rowstore::Transaction> Begin();

  // Tables.
  TablePtr NewTable(KeyKind kind = KeyKind::kInt, Type second = {oid::kText, -1});
  static catalog::Mutation Mutation(const TablePtr& table);
  TablePtr CreateTable(KeyKind kind = KeyKind::kInt, Type second = {oid::kText, -1});
  rowstore::CommitId ChangeTable(const TablePtr& table);
  rowstore::CommitId DropTable(const TablePtr& table);
  /// A new storage id of rows 0..count-1 = "bulk" takes the table's place.
  rowstore::CommitId BulkReplace(TablePtr* table, int64_t count);
  static std::string Name(const TablePtr& table);

  // Rows.
  static Value KeyValue(const TablePtr& table, int64_t key);
  static std::string KeyOf(const TablePtr& table, const Row& row);
  void PutRow(rowstore::Transaction& transaction, const TablePtr& table, const Row& row,
              bool insert);
  void PutIn(rowstore::Transaction& transaction, const TablePtr& table, int64_t key,
             const std::string& value, bool insert);
  void DeleteIn(rowstore::Transaction& transaction, const TablePtr& table, int64_t key);
  /// Inserts or updates, as the row's presence asks.
  rowstore::CommitId Put(const TablePtr& table, int64_t key, const std::string& value);
  rowstore::CommitId Delete(const TablePtr& table, int64_t key);
  /// The newest value of c2, locked; none when the lock failed.
  std::optional<std::string> Lock(rowstore::Transaction& transaction, const TablePtr& table,
                                  int64_t key);
  /// "key=value ..." of an int-keyed table as the rows have it.
  std::string Rows(const TablePtr& table, const std::shared_ptr<rowstore::ReadView>& view);

  // Columns.
  static std::string QueryOn(colstore::Reader& reader, const std::string& sql);
  /// One text from the columns as of `commit` or later.
  std::string Query(const std::string& sql, rowstore::CommitId commit);
  /// As Rows, from the columns.
  std::string Columns(const TablePtr& table, rowstore::CommitId commit);

 private:
  void Close();

  SystemClock clock_;
  jobs::Runner runner_{&clock_, jobs::ThisMachine()};
  Options options_;
  std::string folder_;
  std::unique_ptr<rowstore::RowStore> rows_;
  std::unique_ptr<Replica> replica_;
};

}  // namespace omen::replica::testing
