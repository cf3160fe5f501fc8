// Read transactions and streamed results.
#include <fmt/format.h>

#include <optional>

#include "colstore/internal/engine.h"
#include "colstore/internal/engine_errors.h"
#include "colstore/internal/execution.h"
#include "colstore/internal/statement_state.h"
#include "colstore/internal/vectors.h"

namespace omen::colstore {
namespace {

using Parameters = duckdb::case_insensitive_map_t<duckdb::BoundParameterData>;

/// Interrupts the connection when the token is cancelled, for as long as it lives.
class InterruptGuard {
 public:
  InterruptGuard(CancelToken* cancel, duckdb::shared_ptr<duckdb::ClientContext> context)
      : cancel_(cancel) {
    if (cancel_) cancel_->SetInterrupt([context = std::move(context)] { context->Interrupt(); });
  }
  ~InterruptGuard() {
    if (cancel_) cancel_->ClearInterrupt();
  }
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  CancelToken* cancel_;
};

/// A streamed result. The engine stops producing when about a megabyte waits to be read.
class StreamCursor final : public Cursor {
 public:
  StreamCursor(std::shared_ptr<Engine> engine, duckdb::shared_ptr<duckdb::ClientContext> context,
               std::vector<Type> types, CancelToken* cancel)
      : engine_(std::move(engine)),
        context_(std::move(context)),
        types_(std::move(types)),
        cancel_(cancel),
        interrupt_(cancel, context_) {}
  ~StreamCursor() override { Close(); }

  Status Start(duckdb::unique_ptr<duckdb::SQLStatement> statement, Parameters parameters);
  Status Next(std::vector<Row>* rows) override;

 private:
  Status CheckShape() const;
  void Convert(duckdb::DataChunk& chunk, std::vector<Row>* rows) const;
  void Close();

  std::shared_ptr<Engine> engine_;
  duckdb::shared_ptr<duckdb::ClientContext> context_;
  std::vector<Type> types_;
  CancelToken* cancel_;
  InterruptGuard interrupt_;
  duckdb::unique_ptr<duckdb::QueryResult> result_;
  bool done_ = false;
};

Status StreamCursor::Start(duckdb::unique_ptr<duckdb::SQLStatement> statement,
                           Parameters parameters) {
  auto pending = context_->PendingQuery(std::move(statement), parameters, true);
  if (pending->HasError()) return engine_->Note(pending->GetErrorObject(), cancel_);
  // An interrupt that came before planning began was forgotten by the engine; the token was not.
  if (cancel_ && cancel_->cancelled()) {
    context_->CancelTransaction();
    return cancel_->Check();
  }
  {
    Admission::Turn turn(&engine_->admission);
    result_ = RunToResult(*pending, &turn);
  }
  if (result_->HasError()) return engine_->Note(result_->GetErrorObject(), cancel_);
  return CheckShape();
}

Status StreamCursor::CheckShape() const {
  if (result_->ColumnCount() == types_.size()) return Status::Ok();
  return InternalError(fmt::format("column store gave {} columns, {} were expected",
                                   result_->ColumnCount(), types_.size()));
}

Status StreamCursor::Next(std::vector<Row>* rows) {
  rows->clear();
  if (done_) return Status::Ok();
  if (cancel_) OMEN_RETURN_IF_ERROR(cancel_->Check());
  try {
    Admission::Turn turn(&engine_->admission);
    while (rows->empty()) {
      auto chunk = FetchRows(*result_, &turn);
      if (result_->HasError()) return engine_->Note(result_->GetErrorObject(), cancel_);
      if (chunk == nullptr || chunk->size() == 0) {
        done_ = true;
        break;
      }
      Convert(*chunk, rows);
    }
  } catch (const std::exception& thrown) {
    return engine_->Note(duckdb::ErrorData(thrown), cancel_);
  }
  return Status::Ok();
}

void StreamCursor::Convert(duckdb::DataChunk& chunk, std::vector<Row>* rows) const {
  const duckdb::idx_t count = chunk.size();
  rows->resize(count);
  for (Row& row : *rows) row.resize(types_.size());
  for (size_t column = 0; column < types_.size(); ++column) {
    const VectorReader reader(chunk.data[column], count, types_[column]);
    for (duckdb::idx_t row = 0; row < count; ++row) (*rows)[row][column] = reader.Get(row);
  }
}

void StreamCursor::Close() {
  try {
    const bool streaming = result_ && result_->type == duckdb::QueryResultType::STREAM_RESULT &&
                           result_->Cast<duckdb::StreamQueryResult>().IsOpen();
    if (streaming) context_->CancelTransaction();  // ends the query, not the transaction
    result_.reset();
  } catch (const std::exception& thrown) {
    (void)engine_->Note(duckdb::ErrorData(thrown));
  }
}

class DuckdbReader final : public Reader {
 public:
  explicit DuckdbReader(std::shared_ptr<Engine> engine)
      : engine_(std::move(engine)), connection_(*engine_->database) {}
  ~DuckdbReader() override { End(); }

  Result<Watermark> Begin() override;
  void End() override;
  Result<std::unique_ptr<Cursor>> Query(const std::string& sql,
                                        const std::vector<Type>& param_types, const Row& params,
                                        const std::vector<Type>& result_types,
                                        std::vector<std::shared_ptr<ScanSource>> sources,
                                        const functions::CallContext& context,
                                        CancelToken* cancel) override;
  Result<std::string> Explain(const std::string& sql, const std::vector<Type>& param_types,
                              const Row& params,
                              std::vector<std::shared_ptr<ScanSource>> sources) override;

 private:
  Result<std::unique_ptr<Cursor>> Run(const std::string& sql, const std::vector<Type>& param_types,
                                      const Row& params, const std::vector<Type>& result_types,
                                      CancelToken* cancel);

  std::shared_ptr<Engine> engine_;
  duckdb::Connection connection_;
  bool open_ = false;
};

Result<Watermark> DuckdbReader::Begin() {
  End();
  try {
    // As BEGIN TRANSACTION READ ONLY does, without planning it.
    auto& transaction = connection_.context->transaction;
    transaction.BeginTransaction();
    open_ = true;
    transaction.SetAutoCommit(false);
    transaction.SetReadOnly();
    // The engine fixes a snapshot at the first access to a table.
    auto watermark = ReadWatermark(*connection_.context);
    if (!watermark.ok()) End();
    return watermark;
  } catch (const std::exception& thrown) {
    End();
    return engine_->Note(duckdb::ErrorData(thrown));
  }
}

void DuckdbReader::End() {
  if (!open_) return;
  open_ = false;
  StatementState::Of(*connection_.context).sources.clear();
  try {
    connection_.context->CancelTransaction();  // ends a query that is still open
    auto& transaction = connection_.context->transaction;
    transaction.SetAutoCommit(true);
    if (transaction.HasActiveTransaction()) transaction.Rollback(nullptr);
  } catch (const std::exception& thrown) {
    (void)engine_->Note(duckdb::ErrorData(thrown));
  }
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
  return InternalError("the column store runs one SELECT at a time");
}

Result<std::unique_ptr<Cursor>> DuckdbReader::Run(const std::string& sql,
                                                  const std::vector<Type>& param_types,
                                                  const Row& params,
                                                  const std::vector<Type>& result_types,
                                                  CancelToken* cancel) {
  if (!open_) return InternalError("the column store has no read transaction");
  if (cancel) OMEN_RETURN_IF_ERROR(cancel->Check());
  std::unique_ptr<StreamCursor> cursor;
  Status status = GuardEngine([&]() -> Status {
    auto statements = connection_.ExtractStatements(sql);
    OMEN_RETURN_IF_ERROR(CheckStatement(statements));
    Parameters parameters;
    for (size_t i = 0; i < params.size(); ++i) {
      const std::string name = std::to_string(i + 1);
      if (statements[0]->named_param_map.count(name) == 0) continue;
      parameters.emplace(name,
                         duckdb::BoundParameterData(EngineConstant(params[i], param_types[i])));
    }
    cursor = std::make_unique<StreamCursor>(engine_, connection_.context, result_types, cancel);
    return cursor->Start(std::move(statements[0]), std::move(parameters));
  });
  if (!status.ok()) return status;
  return std::unique_ptr<Cursor>(std::move(cursor));
}

Result<std::unique_ptr<Cursor>> DuckdbReader::Query(
    const std::string& sql, const std::vector<Type>& param_types, const Row& params,
    const std::vector<Type>& result_types, std::vector<std::shared_ptr<ScanSource>> sources,
    const functions::CallContext& context, CancelToken* cancel) {
  StatementState& state = StatementState::Of(*connection_.context);
  state.sources = std::move(sources);
  state.context = context;
  state.context.hooks = nullptr;  // they belong to the session's thread
  return Run(sql, param_types, params, result_types, cancel);
}

Result<std::string> DuckdbReader::Explain(const std::string& sql,
                                          const std::vector<Type>& param_types, const Row& params,
                                          std::vector<std::shared_ptr<ScanSource>> sources) {
  StatementState::Of(*connection_.context).sources = std::move(sources);
  const std::vector<Type> types(2, Type{oid::kText, -1});
  OMEN_ASSIGN_OR_RETURN(auto cursor, Run("EXPLAIN " + sql, param_types, params, types, nullptr));
  std::string text;
  for (std::vector<Row> rows;;) {
    OMEN_RETURN_IF_ERROR(cursor->Next(&rows));
    if (rows.empty()) return text;
    for (const Row& row : rows) text += row[1].AsBytes();
  }
}

}  // namespace

std::unique_ptr<Reader> MakeReader(std::shared_ptr<Engine> engine) {
  return std::make_unique<DuckdbReader>(std::move(engine));
}

}  // namespace omen::colstore
