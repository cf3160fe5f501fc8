// A column store in a temporary folder, for tests.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "colstore/colstore.h"

namespace omen::colstore::testing {

/// Columns c1.. of the types, no primary key (rows end with the row id).
inline catalog::Table MakeTable(catalog::StorageId storage, const std::vector<Type>& types) {
  catalog::Table table;
  table.storage_id = storage;
  for (const Type& type : types) {
    catalog::Column column;
    column.attnum = static_cast<int>(table.columns.size()) + 1;
    column.type = type;
    table.columns.push_back(column);
  }
  return table;
}

/// The first column is the primary key.
inline catalog::Table MakeKeyedTable(catalog::StorageId storage, const std::vector<Type>& types) {
  catalog::Table table = MakeTable(storage, types);
  catalog::Index primary;
  primary.primary = primary.unique = true;
  primary.columns.push_back({1});
  table.indexes.push_back(primary);
  return table;
}

/// Owns the folder and the open store. Failures are test failures.
class TestStore {
 public:
  explicit TestStore(Options options = {}) : options_(std::move(options)) {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "omen_colstore_XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    options_.path = folder_ + "/columns";
    options_.temp_path = folder_ + "/temp";
    Reopen();
  }
  ~TestStore() {
    Close();
    std::filesystem::remove_all(folder_);
  }

  const Options& options() const { return options_; }
  ColumnStore& columns() { return *columns_; }
  void Close() { columns_.reset(); }
  void Reopen() {
    Close();
    auto opened = ColumnStore::Open(options_);
    if (!opened.ok()) FAIL() << opened.status().ToString();
    columns_ = std::move(opened).value();
  }
  uint64_t WalBytes() const {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(options_.path + ".wal", error);
    return error ? 0 : bytes;
  }

  /// Makes the table anew with these rows.
  void Replace(const catalog::Table& table, const std::vector<Row>& rows, uint64_t commit) {
    auto writer = columns_->NewWriter().value();
    ASSERT_EQ(writer->Begin().ToString(), Status::Ok().ToString());
    ASSERT_EQ(writer->DropTable(table.storage_id).ToString(), Status::Ok().ToString());
    ASSERT_EQ(writer->CreateTable(table).ToString(), Status::Ok().ToString());
    const TableBatch batch{std::make_shared<catalog::Table>(table), {}, rows};
    ASSERT_EQ(writer->Apply(batch).ToString(), Status::Ok().ToString());
    ASSERT_EQ(writer->Commit({commit, 1}).ToString(), Status::Ok().ToString());
  }
  void Apply(const catalog::Table& table, std::vector<Row> deletes, std::vector<Row> inserts,
             uint64_t commit) {
    auto writer = columns_->NewWriter().value();
    ASSERT_EQ(writer->Begin().ToString(), Status::Ok().ToString());
    const TableBatch batch{std::make_shared<catalog::Table>(table), std::move(deletes),
                           std::move(inserts)};
    ASSERT_EQ(writer->Apply(batch).ToString(), Status::Ok().ToString());
    ASSERT_EQ(writer->Commit({commit, 1}).ToString(), Status::Ok().ToString());
  }

  /// Runs to the end; `status` receives the error instead of a test failure.
  static std::vector<Row> Run(Reader& reader, const std::string& sql,
                              const std::vector<Type>& types, Status* status,
                              std::vector<std::shared_ptr<ScanSource>> sources = {},
                              const functions::CallContext& context = {}) {
    std::vector<Row> all;
    auto cursor = reader.Query(sql, {}, {}, types, std::move(sources), context, nullptr);
    if (!cursor.ok()) {
      *status = std::move(cursor).status();
      return all;
    }
    for (std::vector<Row> rows;;) {
      *status = (*cursor)->Next(&rows);
      if (!status->ok() || rows.empty()) return all;
      all.insert(all.end(), rows.begin(), rows.end());
    }
  }
  std::vector<Row> Select(const std::string& sql, const std::vector<Type>& types,
                          std::vector<std::shared_ptr<ScanSource>> sources = {},
                          const functions::CallContext& context = {}) {
    auto reader = columns_->NewReader().value();
    EXPECT_TRUE(reader->Begin().ok());
    Status status;
    auto rows = Run(*reader, sql, types, &status, std::move(sources), context);
    EXPECT_TRUE(status.ok()) << sql << ": " << status.ToString();
    return rows;
  }
  /// The first column of a query that gives text.
  static std::vector<std::string> TextsOf(Reader& reader, const std::string& sql) {
    Status status;
    std::vector<std::string> texts;
    for (const Row& row : Run(reader, sql, {{oid::kText, -1}}, &status)) {
      texts.emplace_back(row[0].is_null() ? "null" : row[0].AsBytes());
    }
    EXPECT_TRUE(status.ok()) << sql << ": " << status.ToString();
    return texts;
  }
  std::vector<std::string> Texts(const std::string& sql) {
    auto reader = columns_->NewReader().value();
    EXPECT_TRUE(reader->Begin().ok());
    return TextsOf(*reader, sql);
  }
  Status Error(const std::string& sql) {
    auto reader = columns_->NewReader().value();
    EXPECT_TRUE(reader->Begin().ok());
    Status status;
    Run(*reader, sql, {{oid::kInt8, -1}}, &status);
    return status;
  }

 private:
  Options options_;
  std::string folder_;
  std::unique_ptr<ColumnStore> columns_;
};

}  // namespace omen::colstore::testing
