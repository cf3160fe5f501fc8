// What the session's tests share: a database without a column store in a folder that goes away,
// and a client that writes down what it is told.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "exec/database/database.h"
#include "exec/system/system_relations.h"
#include "session/session.h"

namespace omen::session {

/// Opened once per test program.
class TestDatabase {
 public:
  TestDatabase() {
    folder_ = testing::TempDir() + "omen_session_XXXXXX";
    OMEN_CHECK(::mkdtemp(folder_.data()) != nullptr);
    rowstore::Options options;
    options.path = folder_;
    options.block_cache_bytes = 8u << 20;
    options.sync = false;
    options.clock = &clock_;
    auto rows = rowstore::RowStore::Open(options);
    OMEN_CHECK(rows.ok());
    rows_ = std::move(rows).value();
    catalog::Builder builder(catalog::InitialSnapshot());
    for (catalog::SystemRelation& relation : exec::SystemRelations()) {
      builder.Put(std::move(relation));
    }
    catalog_ = std::make_unique<catalog::Catalog>(builder.Share());
    publisher_.catalog = catalog_.get();
    rows_->AddObserver(&publisher_);
    exec::DatabaseParts parts;
    parts.rows = rows_.get();
    parts.catalog = catalog_.get();
    parts.history = &history_;
    parts.clock = &clock_;
    database_ = std::make_unique<exec::Database>(parts);
  }
  ~TestDatabase() {
    database_.reset();
    rows_.reset();
    std::filesystem::remove_all(folder_);
  }
  exec::Database* get() { return database_.get(); }

 private:
  struct Publisher final : rowstore::CommitObserver {
    catalog::Catalog* catalog = nullptr;
    void OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) override {
      if (!record->catalog.empty()) catalog->Publish(record->catalog);
    }
  };
  std::string folder_;
  SystemClock clock_;
  obs::QueryHistory history_{100};
  Publisher publisher_;
  std::unique_ptr<rowstore::RowStore> rows_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<exec::Database> database_;
};

/// Writes each message as a line, as testdata/transcripts.py does.
class RecordingSink final : public Sink {
 public:
  std::vector<std::string> lines;
  std::string copy_data;
  std::string copy_fail;

  Status RowDescription(std::span<const sql::OutputColumn> columns,
                        std::span<const Format>) override {
    std::string line = "T";
    for (const auto& c : columns) line += " " + c.name + ":" + std::to_string(c.type.oid);
    return Add(columns.empty() ? "T " : line);
  }
  Status DataRow(std::span<const sql::OutputColumn> columns, const Row& row,
                 std::span<const Format>, const TextStyle& style) override {
    std::string line = "D ";
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) line += "|";
      line += row[i].is_null() ? "\\N" : ToText(columns[i].type, row[i], style);
    }
    return Add(line);
  }
  Status CommandComplete(std::string_view tag) override { return Add("C " + std::string(tag)); }
  Status EmptyQuery() override { return Add("I"); }
  Status PortalSuspended() override { return Add("s"); }
  Status ParseComplete() override { return Add("1"); }
  Status BindComplete() override { return Add("2"); }
  Status CloseComplete() override { return Add("3"); }
  Status NoData() override { return Add("n"); }
  Status ParameterDescription(std::span<const Type> types) override {
    std::string line = "t";
    for (Type type : types) line += " " + std::to_string(type.oid);
    return Add(line);
  }
  Status ParameterStatus(std::string_view name, std::string_view value) override {
    return Add("S " + std::string(name) + "=" + std::string(value));
  }
  Status Notice(std::string_view severity, const ErrorInfo& info) override {
    return Add("N " + std::string(severity) + " " + Describe(info));
  }
  Status Error(const ErrorInfo& info) override { return Add("E " + Describe(info)); }
  Status ReadyForQuery(char status) override { return Add(std::string("Z ") + status); }
  Status CopyInResponse(bool binary, int columns) override {
    return Add("G " + std::to_string(binary) + " " + std::to_string(columns));
  }
  Status CopyOutResponse(bool binary, int columns) override {
    return Add("H " + std::to_string(binary) + " " + std::to_string(columns));
  }
  Status CopyData(std::string_view data) override {
    std::string line = "d ";
    for (char c : data) {
      line += c == '\n' ? "\\n" : c == '\t' ? "\\t" : c == '\\' ? "\\\\" : std::string(1, c);
    }
    return Add(line);
  }
  Status CopyDone() override { return Add("c"); }
  Result<bool> ReadCopyData(std::string* chunk) override {
    if (!copy_fail.empty()) {
      return Status(sqlstate::kQueryCanceled,
                    "COPY from stdin failed: " + std::exchange(copy_fail, {}));
    }
    if (copy_data.empty()) return false;
    chunk->append(std::exchange(copy_data, {}));
    return true;
  }

 private:
  static std::string Describe(const ErrorInfo& info) {
    std::string text = std::string(info.state.view()) + " " + info.message;
    if (info.position > 0) text += " @" + std::to_string(info.position);
    return text;
  }
  Status Add(std::string line) {
    lines.push_back(std::move(line));
    return Status::Ok();
  }
};

}  // namespace omen::session
