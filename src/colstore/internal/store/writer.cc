// Applies batches and schema changes. Nothing is ever updated in place, because an updated
// watermark row was seen to block every checkpoint while a reader is open, and delete + insert does
// not.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "catalog/catalog.h"
#include "colstore/internal/engine/engine.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/engine/engine_heap.h"
#include "colstore/internal/store/table_layout.h"
#include "colstore/internal/store/table_rows.h"
#include "colstore/internal/vector/vectors.h"

namespace omen::colstore {
namespace {

/// Statements that end within it are waited for; new ones wait at the gate as long.
constexpr std::chrono::milliseconds kPatience{100};

class DuckdbWriter final : public Writer {
 public:
  explicit DuckdbWriter(std::shared_ptr<Engine> engine)
      : engine_(std::move(engine)), connection_(*engine_->database) {}
  ~DuckdbWriter() override { Rollback(); }

  Status Begin() override;
  Status CreateTable(const catalog::Table& table) override;
  Status DropTable(catalog::StorageId storage) override;
  Status EvolveTable(const catalog::Table& table) override;
  Status RewriteTable(catalog::StorageId storage) override;
  Status ClusterTable(const catalog::Table& table) override;
  Status Apply(const TableBatch& batch) override;
  Status Commit(const Watermark& watermark) override;
  void Rollback() override;
  Status Checkpoint() override;

 private:
  struct EngineColumn {
    std::string name, type;
  };

  /// Runs a step of the open transaction; after a failed one only Rollback is left.
  Status Step(const std::function<Status()>& work);
  /// Before a table is changed.
  void Touch(catalog::StorageId storage) {
    engine_->versions.Note(storage);
    touched_.insert(storage);
  }
  /// The transaction has ended.
  void NoteTouched();
  Status Run(const std::string& sql) {
    const EngineHeap::Unlimited unlimited;
    return Execute(*engine_, connection_, sql);
  }
  void Mark(const Watermark& watermark);
  /// Names of the engine's tables that hold this storage id: one, or none.
  Result<std::string> FindTable(catalog::StorageId storage);
  Result<std::vector<EngineColumn>> ColumnsOf(const std::string& table);
  Status Define(const catalog::Table& table);
  Status Forget(catalog::StorageId storage);
  Status EvolveColumns(const std::string& name, const catalog::Table& table);
  /// Replaces the table by a query over itself; `order` is empty or its ORDER BY.
  Status Rewrite(const std::string& name, const std::string& select, const std::string& order = "");

  std::shared_ptr<Engine> engine_;
  duckdb::Connection connection_;
  bool open_ = false;
  bool broken_ = false;
  bool dropped_ = false;                  // a table or a column, in the open transaction
  std::set<catalog::StorageId> touched_;  // in it
};

Status DuckdbWriter::Step(const std::function<Status()>& work) {
  if (!open_ || broken_) return InternalError("the column store has no write transaction");
  const EngineHeap::Unlimited unlimited;
  Status status;
  try {
    status = work();
  } catch (const std::exception& thrown) {
    status = engine_->Note(duckdb::ErrorData(thrown));
  }
  if (!status.ok()) broken_ = true;
  return status;
}

Status DuckdbWriter::Begin() {
  Rollback();
  broken_ = dropped_ = false;
  open_ = true;
  // As BEGIN TRANSACTION does, without planning it.
  return Step([&] {
    connection_.context->transaction.BeginTransaction();
    connection_.context->transaction.SetAutoCommit(false);
    return Status::Ok();
  });
}

Status DuckdbWriter::CreateTable(const catalog::Table& table) {
  return Step([&] {
    std::vector<std::string> columns;
    for (const StoredColumn& column : StoredColumns(table)) {
      columns.push_back(fmt::format("{} {}", column.name, EngineType(column.type).ToString()));
    }
    OMEN_RETURN_IF_ERROR(
        Run(fmt::format("CREATE TABLE {}({})", TableName(table.storage_id, table.schema_version),
                        fmt::join(columns, ", "))));
    return Define(table);
  });
}

Result<std::string> DuckdbWriter::FindTable(catalog::StorageId storage) {
  auto result = connection_.Query(fmt::format(
      "SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, 't{}_')", storage));
  if (result->HasError()) return engine_->Note(result->GetErrorObject());
  if (result->RowCount() > 1) {
    return Status(sqlstate::kDataCorrupted,
                  fmt::format("two columnar copies of storage {}", storage));
  }
  return result->RowCount() == 0 ? std::string() : result->GetValue(0, 0).GetValue<std::string>();
}

Status DuckdbWriter::DropTable(catalog::StorageId storage) {
  return Step([&]() -> Status {
    OMEN_ASSIGN_OR_RETURN(const std::string name, FindTable(storage));
    if (name.empty()) return Status::Ok();
    Touch(storage);
    dropped_ = true;
    OMEN_RETURN_IF_ERROR(Run("DROP TABLE " + name));
    return Forget(storage);
  });
}

Result<std::vector<DuckdbWriter::EngineColumn>> DuckdbWriter::ColumnsOf(const std::string& table) {
  auto result = connection_.Query(
      fmt::format("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '{}' "
                  "ORDER BY column_index",
                  table));
  if (result->HasError()) return engine_->Note(result->GetErrorObject());
  std::vector<EngineColumn> columns;
  for (duckdb::idx_t row = 0; row < result->RowCount(); ++row) {
    columns.push_back({result->GetValue(0, row).GetValue<std::string>(),
                       result->GetValue(1, row).GetValue<std::string>()});
  }
  return columns;
}

/// Adding a column that is null everywhere is cheap. A filled one means a new table: a DEFAULT
/// in the log would be planned again during replay, before functions can be found.
Status DuckdbWriter::EvolveColumns(const std::string& name, const catalog::Table& table) {
  OMEN_ASSIGN_OR_RETURN(const auto present, ColumnsOf(name));
  const auto wanted = StoredColumns(table);
  const auto find = [](const auto& columns, const std::string& column) {
    return std::find_if(columns.begin(), columns.end(),
                        [&](const auto& other) { return other.name == column; });
  };
  std::vector<std::string> select, alters;
  bool rewrite = false;
  for (const StoredColumn& column : wanted) {
    const std::string type = EngineType(column.type).ToString();
    const auto found = find(present, column.name);
    if (found != present.end()) {
      if (found->type != type) {
        return NotSupported(fmt::format("changing {} to {} in place", found->type, type));
      }
      select.push_back(column.name);
      continue;
    }
    if (column.position >= table.columns.size()) return NotSupported("dropping a primary key");
    const Value& missing = table.columns[column.position].missing_value;
    rewrite |= !missing.is_null();
    const std::string fill = EngineConstant(missing, column.type).ToSQLString();
    select.push_back(fmt::format("CAST({} AS {}) AS {}", fill, type, column.name));
    alters.push_back(fmt::format("ADD COLUMN {} {}", column.name, type));
  }
  if (rewrite) return Rewrite(name, fmt::format("{}", fmt::join(select, ", ")));
  for (const EngineColumn& column : present) {
    if (find(wanted, column.name) != wanted.end()) continue;
    alters.push_back("DROP COLUMN " + column.name);
  }
  dropped_ |= !alters.empty();
  for (const std::string& alter : alters) {
    OMEN_RETURN_IF_ERROR(Run(fmt::format("ALTER TABLE {} {}", name, alter)));
  }
  return Status::Ok();
}

Status DuckdbWriter::Rewrite(const std::string& name, const std::string& select,
                             const std::string& order) {
  const std::string anew = "new_" + name;
  dropped_ = true;
  OMEN_RETURN_IF_ERROR(
      Run(fmt::format("CREATE TABLE {} AS SELECT {} FROM {}{}", anew, select, name, order)));
  OMEN_RETURN_IF_ERROR(Run(fmt::format("DROP TABLE {}", name)));
  return Run(fmt::format("ALTER TABLE {} RENAME TO {}", anew, name));
}

Status DuckdbWriter::EvolveTable(const catalog::Table& table) {
  return Step([&]() -> Status {
    OMEN_ASSIGN_OR_RETURN(const std::string name, FindTable(table.storage_id));
    if (name.empty()) return InternalError("no columnar copy to evolve");
    Touch(table.storage_id);
    OMEN_RETURN_IF_ERROR(EvolveColumns(name, table));
    const std::string renamed = TableName(table.storage_id, table.schema_version);
    if (name != renamed) {
      OMEN_RETURN_IF_ERROR(Run(fmt::format("ALTER TABLE {} RENAME TO {}", name, renamed)));
    }
    OMEN_RETURN_IF_ERROR(Forget(table.storage_id));
    return Define(table);
  });
}

Status DuckdbWriter::Define(const catalog::Table& table) {
  const duckdb::Value definition(catalog::EncodeObject(table));
  return Run(fmt::format("INSERT INTO {} VALUES ({}, {})", kDefinitionTable, table.storage_id,
                         definition.ToSQLString()));
}

Status DuckdbWriter::Forget(catalog::StorageId storage) {
  return Run(fmt::format("DELETE FROM {} WHERE storage = {}", kDefinitionTable, storage));
}

Status DuckdbWriter::RewriteTable(catalog::StorageId storage) {
  return Step([&]() -> Status {
    OMEN_ASSIGN_OR_RETURN(const std::string name, FindTable(storage));
    Touch(storage);
    return name.empty() ? Status::Ok() : Rewrite(name, "*");
  });
}

Status DuckdbWriter::ClusterTable(const catalog::Table& table) {
  return Step([&]() -> Status {
    if (table.load_order == 0 || table.column(table.load_order).dropped) return Status::Ok();
    Touch(table.storage_id);
    return Rewrite(TableName(table.storage_id, table.schema_version), "*",
                   fmt::format(" ORDER BY c{}", table.load_order));
  });
}

Status DuckdbWriter::Apply(const TableBatch& batch) {
  return Step([&] {
    Touch(batch.table->storage_id);
    TableRows rows(*connection_.context,
                   TableName(batch.table->storage_id, batch.table->schema_version));
    rows.Delete(KeyColumns(*batch.table), batch.deletes);
    if (!batch.inserts.empty()) rows.Append(StoredColumns(*batch.table), batch.inserts);
    return Status::Ok();
  });
}

void DuckdbWriter::Mark(const Watermark& watermark) {
  TableRows rows(*connection_.context, kWatermarkTable);
  rows.DeleteAll();
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(),
                   duckdb::vector<duckdb::LogicalType>(3, duckdb::LogicalType::UBIGINT));
  const uint64_t values[] = {watermark.commit_id, watermark.epoch, WatermarkChecksum(watermark)};
  for (size_t i = 0; i < 3; ++i) chunk.SetValue(i, 0, duckdb::Value::UBIGINT(values[i]));
  chunk.SetCardinality(1);
  rows.Append(chunk);
}

Status DuckdbWriter::Commit(const Watermark& watermark) {
  Status status = Step([&]() -> Status {
    Mark(watermark);
    connection_.context->transaction.Commit();
    return Status::Ok();
  });
  if (status.ok()) {
    open_ = false;
    NoteTouched();
    if (dropped_) engine_->snapshots.Dropped();
  } else {
    Rollback();
  }
  return status;
}

void DuckdbWriter::Rollback() {
  if (!open_) return;
  open_ = false;
  if (connection_.context->transaction.HasActiveTransaction()) (void)Run("ROLLBACK");
  NoteTouched();
}

void DuckdbWriter::NoteTouched() {
  for (const catalog::StorageId storage : touched_) engine_->versions.Note(storage);
  touched_.clear();
}

/// 55006 when it cannot be had now: somebody went on reading, or an old snapshot needs what it
/// would free. Cursors that nobody reads give way before the next try.
Status DuckdbWriter::Checkpoint() {
  if (open_) return InternalError("checkpoint inside a write transaction");
  if (!engine_->snapshots.MayForget()) {
    return Status(sqlstate::kObjectInUse, "an old snapshot needs what a checkpoint would free");
  }
  if (!engine_->gate.Close(kPatience)) {
    engine_->detacher.Request();
    return Status(sqlstate::kObjectInUse, "statements are reading the column store");
  }
  Status status = Run("CHECKPOINT");
  if (status.ok()) engine_->snapshots.Forgotten();
  engine_->gate.Open();
  return status;
}

}  // namespace

std::unique_ptr<Writer> MakeWriter(std::shared_ptr<Engine> engine) {
  return std::make_unique<DuckdbWriter>(std::move(engine));
}

}  // namespace omen::colstore
