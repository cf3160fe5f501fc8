// Applies batches and schema changes. Rows go in and keys are deleted by statements over an
// in-memory collection; nothing is ever updated in place, because an updated watermark row was
// seen to block every checkpoint while a reader is open, and delete + insert does not.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "catalog/catalog.h"
#include "colstore/internal/admission/execution.h"
#include "colstore/internal/engine/engine.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/engine/engine_heap.h"
#include "colstore/internal/store/table_layout.h"
#include "colstore/internal/vector/vectors.h"
#include "duckdb/common/types/column/column_data_collection.hpp"
#include "duckdb/parser/expression/star_expression.hpp"
#include "duckdb/parser/parser.hpp"
#include "duckdb/parser/query_node/select_node.hpp"
#include "duckdb/parser/statement/delete_statement.hpp"
#include "duckdb/parser/statement/insert_statement.hpp"
#include "duckdb/parser/statement/select_statement.hpp"
#include "duckdb/parser/tableref/column_data_ref.hpp"

namespace omen::colstore {
namespace {

constexpr const char* kCollection = "omen_batch";
/// Statements that end within it are waited for; new ones wait at the gate as long.
constexpr std::chrono::milliseconds kPatience{100};

duckdb::unique_ptr<duckdb::ColumnDataCollection> Collect(const std::vector<StoredColumn>& columns,
                                                         const std::vector<Row>& rows) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const StoredColumn& column : columns) types.push_back(EngineType(column.type));
  auto collection =
      duckdb::make_uniq<duckdb::ColumnDataCollection>(duckdb::Allocator::DefaultAllocator(), types);
  duckdb::ColumnDataAppendState append;
  collection->InitializeAppend(append);
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(), types);
  for (size_t begin = 0; begin < rows.size(); begin += STANDARD_VECTOR_SIZE) {
    const size_t count = std::min<size_t>(STANDARD_VECTOR_SIZE, rows.size() - begin);
    chunk.Reset();
    for (size_t i = 0; i < columns.size(); ++i) {
      const VectorWriter writer(chunk.data[i], columns[i].type);
      const size_t position = columns[i].position;
      for (size_t row = 0; row < count; ++row) writer.Set(row, rows[begin + row][position]);
    }
    chunk.SetCardinality(count);
    collection->Append(append, chunk);
  }
  return collection;
}

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
  /// The statement reads `rows` as omen_batch.
  Status RunOver(const std::vector<StoredColumn>& columns, const std::vector<Row>& rows,
                 const std::string& sql);
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
  OMEN_RETURN_IF_ERROR(Run("BEGIN TRANSACTION"));
  open_ = true;
  broken_ = dropped_ = false;
  return Status::Ok();
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

Status DuckdbWriter::RunOver(const std::vector<StoredColumn>& columns, const std::vector<Row>& rows,
                             const std::string& sql) {
  auto collection = Collect(columns, rows);
  duckdb::Parser parser;
  parser.ParseQuery(sql);
  auto& statement = parser.statements[0];
  auto reference = duckdb::make_uniq<duckdb::ColumnDataRef>(*collection);
  reference->alias = kCollection;
  for (const StoredColumn& column : columns) reference->expected_names.push_back(column.name);
  auto node = duckdb::make_uniq<duckdb::SelectNode>();
  node->select_list.push_back(duckdb::make_uniq<duckdb::StarExpression>());
  node->from_table = std::move(reference);
  auto select = duckdb::make_uniq<duckdb::SelectStatement>();
  select->node = std::move(node);
  auto table = duckdb::make_uniq<duckdb::CommonTableExpressionInfo>();
  table->query = std::move(select);
  table->materialized = duckdb::CTEMaterialize::CTE_MATERIALIZE_NEVER;
  auto& tables = statement->type == duckdb::StatementType::DELETE_STATEMENT
                     ? statement->Cast<duckdb::DeleteStatement>().cte_map
                     : statement->Cast<duckdb::InsertStatement>().cte_map;
  tables.map.insert(kCollection, std::move(table));

  auto pending = connection_.context->PendingQuery(std::move(statement), false);
  if (pending->HasError()) return engine_->Note(pending->GetErrorObject());
  duckdb::unique_ptr<duckdb::QueryResult> result;
  OMEN_RETURN_IF_ERROR(RunToResult(*pending, nullptr, &result));
  return result->HasError() ? engine_->Note(result->GetErrorObject()) : Status::Ok();
}

Status DuckdbWriter::Apply(const TableBatch& batch) {
  return Step([&]() -> Status {
    const std::string name = TableName(batch.table->storage_id, batch.table->schema_version);
    Touch(batch.table->storage_id);
    if (!batch.deletes.empty()) {
      const auto keys = KeyColumns(*batch.table);
      std::vector<std::string> equal;
      for (const StoredColumn& column : keys) {
        equal.push_back(fmt::format("{}.{} = {}.{}", name, column.name, kCollection, column.name));
      }
      OMEN_RETURN_IF_ERROR(RunOver(keys, batch.deletes,
                                   fmt::format("DELETE FROM {} USING {} WHERE {}", name,
                                               kCollection, fmt::join(equal, " AND "))));
    }
    if (batch.inserts.empty()) return Status::Ok();
    const auto columns = StoredColumns(*batch.table);
    std::vector<std::string> names;
    for (const StoredColumn& column : columns) names.push_back(column.name);
    const std::string list = fmt::format("{}", fmt::join(names, ", "));
    return RunOver(
        columns, batch.inserts,
        fmt::format("INSERT INTO {}({}) SELECT {} FROM {}", name, list, list, kCollection));
  });
}

Status DuckdbWriter::Commit(const Watermark& watermark) {
  Status status = Step([&]() -> Status {
    OMEN_RETURN_IF_ERROR(Run(fmt::format("DELETE FROM {}", kWatermarkTable)));
    OMEN_RETURN_IF_ERROR(
        Run(fmt::format("INSERT INTO {} VALUES ({}, {}, {})", kWatermarkTable, watermark.commit_id,
                        watermark.epoch, WatermarkChecksum(watermark))));
    return Run("COMMIT");
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
