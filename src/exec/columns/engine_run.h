// Runs generated SQL on the column engine: over columns as fresh as the session asks, over
// rows, or over both in one snapshot.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "exec/columns/pinned_results.h"
#include "exec/columns/row_scan_source.h"
#include "exec/statement/context.h"
#include "exec/statement/plan.h"
#include "exec/system/system_relations.h"
#include "sql/duckdb/duckdb_sql.h"

namespace omen::exec {

/// What runs on the column engine use; outlives them.
struct ColumnServices {
  rowstore::RowStore* rows = nullptr;
  replica::Replica* replica = nullptr;  // null: nothing runs here
  const Clock* clock = nullptr;
  TableStatistics* statistics = nullptr;
  PinnedResults* pinned = nullptr;
  const SystemSources* system = nullptr;
};

/// The commit that the session's freshness requires of the watermark now.
rowstore::CommitId RequiredCommit(const ColumnServices& services, const StatementContext& context);

/// What one statement reads the engine through.
struct EngineSource {
  bool columns = false;  // some table comes from columns
  bool rows = false;     // some table comes from rows
  std::unique_ptr<colstore::Reader> own_reader;
  replica::Pin own_pin;
  replica::Pin* shared_pin = nullptr;  // the transaction's
  std::shared_ptr<rowstore::ReadView> view;
  rowstore::CommitId snapshot_commit = 0, watermark = 0;

  colstore::Reader* reader() {
    if (shared_pin != nullptr) return shared_pin->reader.get();
    return own_pin.reader != nullptr ? own_pin.reader.get() : own_reader.get();
  }
};

/// Opens reader, view and pin as isolation and sources need: READ COMMITTED for this statement,
/// REPEATABLE READ through the transaction's pin. Refuses where that snapshot cannot be had.
Result<EngineSource> OpenEngine(const ColumnServices& services, StatementContext* context,
                                bool columns, bool rows, rowstore::CommitId at_least);

using Tables = std::vector<std::shared_ptr<const catalog::Table>>;

/// Rows of a generated query. One thread.
class EngineCursor final : public Cursor {
 public:
  /// `parts_of`: the query's tables, where its parts are steps of its plan (sql::HasPlainParts);
  /// else null. Outlives the cursor.
  EngineCursor(const ColumnServices& services, std::shared_ptr<const sql::DuckdbQuery> query,
               Row params, StatementContext* context, EngineSource source, const Tables* parts_of);
  /// Before Start: what is read of the query's row scans, where that is not the whole.
  void ReadOnly(std::vector<std::optional<ScannedKeys>> keys) { keys_ = std::move(keys); }
  const std::vector<std::optional<ScannedKeys>>& keys() const { return keys_; }
  ~EngineCursor() override;

  /// Runs up to the first rows; falls back to the wide form where the narrow one overflows.
  /// An error of the path (base/status.h) leaves nothing sent: another path may run instead.
  Status Start();
  Status Next(std::vector<Row>* rows, size_t max) override;
  bool has_fields() const override { return true; }
  Result<FieldRange> NextFields() override;
  uint64_t row_count() const override { return count_; }
  Spent spent() const override;
  /// Moves the rest out of the way, so that the connection is free.
  Status Detach();

  const sql::DuckdbQuery& query() const { return *query_; }
  /// The engine's plan with details, not run.
  Result<colstore::PlanOperator> Plan();
  /// Before Start: what ran is to be shown with details.
  void AddDetails() { source_.reader()->AddDetails(); }
  /// What ran, once Next has come to the end; else null.
  const colstore::PlanOperator* ran() const { return rows_ != nullptr ? rows_->plan() : nullptr; }

 private:
  Status Hold();
  Status Run(const std::string& text);
  Status Fetch();
  /// At most so many of what was fetched; none at the end.
  Result<FieldRange> Take(size_t max);
  Result<std::vector<std::shared_ptr<colstore::ScanSource>>> MakeSources();
  Row EngineParams() const;
  /// The session's calls as the engine's threads may make them.
  functions::CallContext EngineContext();

  const ColumnServices& services_;
  std::shared_ptr<const sql::DuckdbQuery> query_;
  Row params_;
  StatementContext* context_;
  EngineSource source_;
  const Tables* const parts_of_;
  std::vector<std::optional<ScannedKeys>> keys_;     // by row scan; none: each is read whole
  std::shared_ptr<functions::SessionHooks> frozen_;  // outlives rows_
  std::unique_ptr<colstore::Cursor> rows_;
  std::unique_ptr<FieldRows> chunk_;  // null at the end
  MemoryCharge given_;                // for the small blocks of the values given last
  MemoryCharge held_;  // for what the engine keeps of it beside its buffers while it is open
  size_t next_ = 0;
  uint64_t count_ = 0, bytes_ = 0;
};

}  // namespace omen::exec
