// Bodies of test_database.h.
#include "replica/test_database.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "rowstore/key_codec.h"
#include "rowstore/row_codec.h"
#include "types/number/numeric.h"

namespace omen::replica::testing {

TestDatabase::TestDatabase(Options options) : options_(std::move(options)) {
  std::string pattern = (std::filesystem::temp_directory_path() / "omen_replica_XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  options_.colstore.path = folder_ + "/columns";
  options_.colstore.temp_path = folder_ + "/temp";
  options_.jobs = &runner_;
  Reopen();
}

TestDatabase::~TestDatabase() {
  Close();
  std::filesystem::remove_all(folder_);
}

void TestDatabase::Reopen() {
  Close();
  rowstore::Options options;
  options.path = folder_ + "/rows";
  options.sync = false;
  options.jobs = &runner_;
  auto rows = rowstore::RowStore::Open(options);
  if (!rows.ok()) FAIL() << rows.status().ToString();
  rows_ = std::move(rows).value();
  auto replica = Replica::Start(options_, rows_.get(), nullptr);
  if (!replica.ok()) FAIL() << replica.status().ToString();
  replica_ = std::move(replica).value();
}

std::unique_ptr<rowstore::Transaction> TestDatabase::Begin() {
  auto transaction = rows_->Begin(rowstore::IsolationLevel::kReadCommitted);
  transaction->BeginStatement();
  return transaction;
}

TablePtr TestDatabase::NewTable(KeyKind kind, Type second) {
  auto table = std::make_shared<catalog::Table>();
  table->oid = rows_->NewOid().value();
  table->storage_id = rows_->NewStorageId().value();
  table->name = "t" + std::to_string(table->oid);
  const Oid key = kind == KeyKind::kNumeric ? oid::kNumeric : oid::kInt8;
  for (const Type& type : {Type{key, -1}, second}) {
    catalog::Column column;
    column.attnum = static_cast<int>(table->columns.size()) + 1;
    column.name = "c" + std::to_string(column.attnum);
    column.type = type;
    table->columns.push_back(column);
  }
  if (kind != KeyKind::kRowId) {
    catalog::Index primary;
    primary.primary = primary.unique = true;
    primary.columns.push_back({1});
    table->indexes.push_back(primary);
  }
  return table;
}

catalog::Mutation TestDatabase::Mutation(const TablePtr& table) {
  return {catalog::ObjectClass::kTable, table->oid, std::make_shared<catalog::Object>(*table)};
}

TablePtr TestDatabase::CreateTable(KeyKind kind, Type second) {
  TablePtr table = NewTable(kind, second);
  ChangeTable(table);
  return table;
}

rowstore::CommitId TestDatabase::ChangeTable(const TablePtr& table) {
  auto transaction = Begin();
  EXPECT_TRUE(transaction->PutCatalog(Mutation(table)).ok());
  return transaction->Commit().value();
}

rowstore::CommitId TestDatabase::DropTable(const TablePtr& table) {
  auto transaction = Begin();
  EXPECT_TRUE(transaction->PutCatalog({catalog::ObjectClass::kTable, table->oid, nullptr}).ok());
  return transaction->Commit().value();
}

rowstore::CommitId TestDatabase::BulkReplace(TablePtr* table, int64_t count) {
  auto changed = std::make_shared<catalog::Table>(**table);
  changed->storage_id = rows_->NewStorageId().value();
  auto loader = rows_->NewBulkLoader(changed->storage_id).value();
  for (int64_t i = 0; i < count; ++i) {
    const Row row = {Value::Int(i), Value::Text("bulk")};
    std::string bytes;
    rowstore::EncodeRow(*changed, row, bytes);
    EXPECT_TRUE(loader->Add(KeyOf(changed, row), bytes).ok());
  }
  EXPECT_TRUE(loader->Finish().ok());
  auto transaction = Begin();
  transaction->NoteStorage(changed->storage_id);
  EXPECT_TRUE(transaction->PutCatalog(Mutation(changed)).ok());
  const auto commit = transaction->Commit().value();
  rows_->DropStorage((*table)->storage_id);
  *table = changed;
  return commit;
}

std::string TestDatabase::Name(const TablePtr& table) {
  return "t" + std::to_string(table->storage_id) + "_" + std::to_string(table->schema_version);
}

Value TestDatabase::KeyValue(const TablePtr& table, int64_t key) {
  if (table->column(1).type.oid == oid::kNumeric) return Numeric::FromInt(key).ToValue();
  return Value::Int(key);
}

std::string TestDatabase::KeyOf(const TablePtr& table, const Row& row) {
  std::string key;
  if (table->primary_key() != nullptr) {
    rowstore::AppendPrimaryKey(*table, row, key);
  } else {
    rowstore::AppendRowIdKey(table->storage_id, static_cast<uint64_t>(row[0].AsInt()), key);
  }
  return key;
}

void TestDatabase::PutRow(rowstore::Transaction& transaction, const TablePtr& table, const Row& row,
                          bool insert) {
  std::string bytes;
  rowstore::EncodeRow(*table, row, bytes);
  const auto kind = insert ? rowstore::ChangeKind::kInsert : rowstore::ChangeKind::kUpdate;
  EXPECT_TRUE(transaction.Put(table->storage_id, KeyOf(table, row), bytes, kind).ok());
}

void TestDatabase::PutIn(rowstore::Transaction& transaction, const TablePtr& table, int64_t key,
                         const std::string& value, bool insert) {
  PutRow(transaction, table, {KeyValue(table, key), Value::Text(value)}, insert);
}

void TestDatabase::DeleteIn(rowstore::Transaction& transaction, const TablePtr& table,
                            int64_t key) {
  const std::string row_key = KeyOf(table, {KeyValue(table, key), Value()});
  EXPECT_TRUE(transaction.Delete(table->storage_id, row_key, rowstore::ChangeKind::kDelete).ok());
}

rowstore::CommitId TestDatabase::Put(const TablePtr& table, int64_t key, const std::string& value) {
  auto transaction = Begin();
  std::string old;
  const auto found = transaction->Get(KeyOf(table, {KeyValue(table, key), Value()}), &old);
  PutIn(*transaction, table, key, value, !found.value());
  return transaction->Commit().value();
}

rowstore::CommitId TestDatabase::Delete(const TablePtr& table, int64_t key) {
  auto transaction = Begin();
  DeleteIn(*transaction, table, key);
  return transaction->Commit().value();
}

std::optional<std::string> TestDatabase::Lock(rowstore::Transaction& transaction,
                                              const TablePtr& table, int64_t key) {
  std::string bytes;
  auto found = transaction.GetForUpdate(KeyOf(table, {KeyValue(table, key), Value()}), &bytes);
  if (!found.ok() || !*found) return std::nullopt;
  Row row;
  EXPECT_TRUE(rowstore::RowDecoder(*table, {}).Decode(bytes, &row).ok());
  return std::string(row[1].AsBytes());
}

std::string TestDatabase::Rows(const TablePtr& table,
                               const std::shared_ptr<rowstore::ReadView>& view) {
  rowstore::KeyRange range;
  rowstore::AppendStoragePrefix(table->storage_id, range.lower);
  range.upper = rowstore::PrefixEnd(range.lower);
  const rowstore::RowDecoder decoder(*table, {});
  std::string text;
  Row row;
  for (auto rows = rows_->Scan(view, range); rows->Valid(); rows->Next()) {
    EXPECT_TRUE(decoder.Decode(rows->value(), &row).ok());
    text += (text.empty() ? "" : " ") + std::to_string(row[0].AsInt()) + "=" +
            std::string(row[1].AsBytes());
  }
  return text;
}

std::string TestDatabase::QueryOn(colstore::Reader& reader, const std::string& sql) {
  auto cursor = reader.Query(sql, {}, {}, {{oid::kText, -1}}, {}, {}, nullptr);
  if (!cursor.ok()) return cursor.status().ToString();
  std::vector<Row> rows;
  const Status status = (*cursor)->Next(&rows);
  if (!status.ok()) return status.ToString();
  if (rows.size() != 1) return std::to_string(rows.size()) + " rows";
  return rows[0][0].is_null() ? "" : std::string(rows[0][0].AsBytes());
}

std::string TestDatabase::Query(const std::string& sql, rowstore::CommitId commit) {
  rowstore::CommitId seen = 0;
  auto reader = replica_->OpenReader(commit, nullptr, &seen);
  return reader.ok() ? QueryOn(**reader, sql) : reader.status().ToString();
}

std::string TestDatabase::Columns(const TablePtr& table, rowstore::CommitId commit) {
  return Query("SELECT string_agg(c1 || '=' || c2, ' ' ORDER BY c1) FROM " + Name(table), commit);
}

void TestDatabase::Close() {
  if (replica_ != nullptr) replica_->Stop();
  if (rows_ != nullptr) {
    EXPECT_TRUE(rows_->Close().ok());
  }
  rows_.reset();
  replica_.reset();
}

}  // namespace omen::replica::testing
