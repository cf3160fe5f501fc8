// Read transactions and streamed results.
#include <fmt/format.h>

#include <optional>

#include "base/blame.h"
#include "base/work.h"
#include "colstore/internal/engine/engine.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/engine/join_filters.h"
#include "colstore/internal/engine/statement_state.h"
#include "colstore/internal/engine/stream.h"
#include "colstore/internal/store/kept_plans.h"
#include "colstore/internal/store/plan_watch.h"
#include "colstore/internal/vector/field_columns.h"
#include "colstore/internal/vector/vectors.h"

namespace omen::colstore {
namespace {

using Parameters = duckdb::case_insensitive_map_t<duckdb::BoundParameterData>;

/// A chunk of a stream as PostgreSQL's fields, charged to the statement that read it.
class ChunkRows final : public FieldRows {
 public:
  ChunkRows(duckdb::unique_ptr<duckdb::DataChunk> chunk, const std::vector<Type>& types)
      : FieldRows(chunk->size()), chunk_(std::move(chunk)) {
    for (size_t i = 0; i < types.size(); ++i) {
      Add(MakeFieldColumn(chunk_->data[i], size(), types[i]));
    }
    texts_ = Work::ChargeFor(static_cast<int64_t>(payload_bytes()));
  }
  void Keep(MemoryCharge values) { values_ = std::move(values); }

 private:
  duckdb::unique_ptr<duckdb::DataChunk> chunk_;
  MemoryCharge texts_, values_;  // in the chunk; small blocks of what was read at once
};

/// Rows of a stream.
class StreamCursor final : public Cursor {
 public:
  StreamCursor(std::unique_ptr<Stream> stream, PlanWatch watch, std::vector<Type> types)
      : stream_(std::move(stream)), watch_(std::move(watch)), types_(std::move(types)) {}

  Status NextFields(std::unique_ptr<FieldRows>* rows) override;
  Status Detach() override {
    detached_ = true;
    return stream_->Detach();
  }
  const PlanOperator* plan() const override { return plan_.has_value() ? &*plan_ : nullptr; }

 private:
  const std::unique_ptr<Stream> stream_;
  const PlanWatch watch_;
  std::optional<PlanOperator> plan_;
  bool detached_ = false;  // the connection may run another query: the profile is gone
  const std::vector<Type> types_;
};

Status StreamCursor::NextFields(std::unique_ptr<FieldRows>* rows) {
  rows->reset();
  duckdb::unique_ptr<duckdb::DataChunk> chunk;
  OMEN_RETURN_IF_ERROR(stream_->Next(&chunk));
  if (chunk == nullptr) {
    if (!detached_ && !plan_.has_value()) plan_ = watch_.Ran();
    return Status::Ok();
  }
  // They are the statement's that this thread runs.
  const MemoryAccountPtr* memory = Work::StatementMemory();
  Work::Holding made(memory == nullptr ? nullptr : *memory);
  std::unique_ptr<ChunkRows> read;
  OMEN_RETURN_IF_ERROR(GuardEngine([&] {
    return Work::Run({.kept = &made}, [&] {
      read = std::make_unique<ChunkRows>(std::move(chunk), types_);
      return Status::Ok();
    });
  }));
  read->Keep(std::move(made.charge));
  *rows = std::move(read);
  return Status::Ok();
}

Status CheckShape(const duckdb::QueryResult& result, size_t columns) {
  if (result.types.size() == columns) return Status::Ok();
  return PathFault(
      fmt::format("column store gave {} columns, {} were expected", result.types.size(), columns));
}

class DuckdbReader final : public Reader {
 public:
  explicit DuckdbReader(std::shared_ptr<Engine> engine)
      : engine_(std::move(engine)), connection_(*engine_->database), plans_(&engine_->versions) {
    WatchOperators(*connection_.context, /*details=*/false);
  }
  ~DuckdbReader() override { End(); }

  Result<Watermark> Begin() override;
  void End() override;
  Result<std::unique_ptr<Cursor>> Query(const std::string& sql,
                                        const std::vector<Type>& param_types, const Row& params,
                                        const std::vector<Type>& result_types,
                                        std::vector<std::shared_ptr<ScanSource>> sources,
                                        const functions::CallContext& context,
                                        CancelToken* cancel) override;
  Result<PlanOperator> Plan(const std::string& sql, const std::vector<Type>& param_types,
                            const Row& params,
                            std::vector<std::shared_ptr<ScanSource>> sources) override;
  void AddDetails() override {
    WatchOperators(*connection_.context, /*details=*/true);
    keeps_plans_ = false;
  }

 private:
  Result<std::unique_ptr<Cursor>> Run(const std::string& sql, const std::vector<Type>& param_types,
                                      const Row& params, const std::vector<Type>& result_types,
                                      CancelToken* cancel);
  Status Prepare(const std::string& sql, const std::vector<Type>& param_types, const Row& params,
                 duckdb::unique_ptr<duckdb::PendingQueryResult>* pending);
  duckdb::unique_ptr<duckdb::PendingQueryResult> PrepareToKeep(
      const std::string& sql, duckdb::unique_ptr<duckdb::SQLStatement> statement);

  std::shared_ptr<Engine> engine_;
  duckdb::Connection connection_;
  KeptPlans plans_;
  bool keeps_plans_ = true;
  bool open_ = false;
  Snapshots::Age age_ = 0;  // while open
  uint64_t versions_ = 0;   // of tables when the snapshot was taken
};

/// Not through the gate: it scans one row of a table of its own, so neither it nor a checkpoint
/// waits for the other for longer than that.
Result<Watermark> DuckdbReader::Begin() {
  End();
  age_ = engine_->snapshots.Opened();
  versions_ = engine_->versions.Now();
  open_ = true;
  try {
    // As BEGIN TRANSACTION READ ONLY does, without planning it.
    auto& transaction = connection_.context->transaction;
    transaction.BeginTransaction();
    transaction.SetAutoCommit(false);
    transaction.SetReadOnly();
    // The engine fixes a snapshot at the first access to a table.
    auto watermark = ReadWatermark(*connection_.context);
    if (!watermark.ok()) End();
    return watermark;
  } catch (const std::exception& thrown) {
    Status status = engine_->Note(duckdb::ErrorData(thrown));
    End();
    return status;
  }
}

void DuckdbReader::End() {
  if (!open_) return;
  open_ = false;
  try {
    connection_.context->CancelTransaction();  // ends a query that is still open
    auto& transaction = connection_.context->transaction;
    transaction.SetAutoCommit(true);
    if (transaction.HasActiveTransaction()) transaction.Rollback(nullptr);
  } catch (const std::exception& thrown) {
    (void)engine_->Note(duckdb::ErrorData(thrown));
  }
  // The connection outlives the statement, and what planned last may be planned for another.
  StatementState::Of(*connection_.context).Forget();
  engine_->snapshots.Closed(age_);
}

/// Exactly one SELECT (or its EXPLAIN): what the generator prints, and nothing else by mistake.
Status CheckStatement(const duckdb::vector<duckdb::unique_ptr<duckdb::SQLStatement>>& statements) {
  if (statements.size() == 1) {
    const auto type = statements[0]->type;
    if (type == duckdb::StatementType::SELECT_STATEMENT ||
        type == duckdb::StatementType::EXPLAIN_STATEMENT) {
      return Status::Ok();
    }
  }
  return PathFault("the column store runs one SELECT at a time");
}

Result<std::unique_ptr<Cursor>> DuckdbReader::Run(const std::string& sql,
                                                  const std::vector<Type>& param_types,
                                                  const Row& params,
                                                  const std::vector<Type>& result_types,
                                                  CancelToken* cancel) {
  if (!open_) return PathFault("the column store has no read transaction");
  TellKeys(*connection_.context, StatementState::Of(*connection_.context).sources);
  if (cancel) OMEN_RETURN_IF_ERROR(cancel->Check());
  auto stream = std::make_unique<Stream>(engine_, connection_.context, cancel);
  std::optional<PlanWatch> watch;
  Status status = engine_->Guard([&] {
    return stream->Start([&](duckdb::unique_ptr<duckdb::PendingQueryResult>* pending) {
      Status prepared = Prepare(sql, param_types, params, pending);
      watch.emplace(*connection_.context);
      return prepared;
    });
  });
  if (status.ok()) status = CheckShape(stream->result(), result_types.size());
  if (!status.ok()) return status;
  return std::unique_ptr<Cursor>(
      std::make_unique<StreamCursor>(std::move(stream), std::move(*watch), result_types));
}

Status DuckdbReader::Prepare(const std::string& sql, const std::vector<Type>& param_types,
                             const Row& params,
                             duckdb::unique_ptr<duckdb::PendingQueryResult>* pending) {
  StatementState& state = StatementState::Of(*connection_.context);
  // Neither rows to be read nor a session to be asked stay for the next.
  const bool keeps =
      keeps_plans_ && params.empty() && state.sources.empty() && state.context.hooks == nullptr;
  if (duckdb::PreparedStatement* kept = keeps ? plans_.Find(sql, versions_) : nullptr) {
    duckdb::vector<duckdb::Value> none;
    *pending = kept->PendingQuery(none, true);
    return Status::Ok();
  }
  auto statements = connection_.ExtractStatements(sql);
  OMEN_RETURN_IF_ERROR(CheckStatement(statements));
  if (keeps) {
    *pending = PrepareToKeep(sql, std::move(statements[0]));
    return Status::Ok();
  }
  Parameters parameters;
  for (size_t i = 0; i < params.size(); ++i) {
    const std::string name = std::to_string(i + 1);
    if (statements[0]->named_param_map.count(name) == 0) continue;
    parameters.emplace(name, duckdb::BoundParameterData(EngineConstant(params[i], param_types[i])));
  }
  *pending = connection_.context->PendingQuery(std::move(statements[0]), parameters, true);
  return Status::Ok();
}

duckdb::unique_ptr<duckdb::PendingQueryResult> DuckdbReader::PrepareToKeep(
    const std::string& sql, duckdb::unique_ptr<duckdb::SQLStatement> statement) {
  StatementState& state = StatementState::Of(*connection_.context);
  state.plans_for_itself = false;
  VersionedTables tables = TablesNamedIn(sql, engine_->versions);
  auto plan = connection_.Prepare(std::move(statement));
  if (plan->HasError()) return duckdb::make_uniq<duckdb::PendingQueryResult>(plan->error);
  duckdb::vector<duckdb::Value> none;
  auto pending = plan->PendingQuery(none, true);
  const bool general = !state.plans_for_itself && SeesAll(tables, versions_);
  if (general) plans_.Keep(sql, std::move(tables), std::move(plan));
  return pending;
}

Result<std::unique_ptr<Cursor>> DuckdbReader::Query(
    const std::string& sql, const std::vector<Type>& param_types, const Row& params,
    const std::vector<Type>& result_types, std::vector<std::shared_ptr<ScanSource>> sources,
    const functions::CallContext& context, CancelToken* cancel) {
  StatementState& state = StatementState::Of(*connection_.context);
  state.sources = std::move(sources);
  state.context = context;
  const MemoryAccountPtr* memory = Work::StatementMemory();
  state.memory = memory == nullptr ? nullptr : *memory;
  return Run(sql, param_types, params, result_types, cancel);
}

Result<PlanOperator> DuckdbReader::Plan(const std::string& sql,
                                        const std::vector<Type>& param_types, const Row& params,
                                        std::vector<std::shared_ptr<ScanSource>> sources) {
  if (!open_) return PathFault("the column store has no read transaction");
  StatementState::Of(*connection_.context).sources = std::move(sources);
  AddDetails();
  PlanOperator plan;
  OMEN_RETURN_IF_ERROR(engine_->Guard([&] {
    Gate::Lease lease;  // planning looks at the tables' statistics
    OMEN_RETURN_IF_ERROR(engine_->gate.Enter(nullptr, &lease));
    duckdb::unique_ptr<duckdb::PendingQueryResult> pending;
    OMEN_RETURN_IF_ERROR(Prepare(sql, param_types, params, &pending));
    if (pending->HasError()) return engine_->Note(pending->GetErrorObject());
    plan = PlanWatch(*connection_.context).Planned();
    connection_.context->CancelTransaction();  // the query alone
    return Status::Ok();
  }));
  return plan;
}

}  // namespace

Status Cursor::Next(std::vector<Row>* rows) {
  rows->clear();
  std::unique_ptr<FieldRows> fields;
  OMEN_RETURN_IF_ERROR(NextFields(&fields));
  if (fields != nullptr) ReadRows({fields.get(), 0, fields->size()}, rows);
  return Status::Ok();
}

std::unique_ptr<Reader> MakeReader(std::shared_ptr<Engine> engine) {
  return std::make_unique<DuckdbReader>(std::move(engine));
}

}  // namespace omen::colstore
