#include "colstore/internal/engine/engine.h"

#include <array>
#include <filesystem>

#include "base/blame.h"
#include "colstore/internal/admission/execution.h"
#include "colstore/internal/engine/engine_errors.h"
#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/catalog_entry/table_catalog_entry.hpp"
#include "duckdb/storage/data_table.hpp"
#include "duckdb/storage/table/scan_state.hpp"
#include "duckdb/transaction/duck_transaction.hpp"
#include "obs/log.h"

namespace omen::colstore {

Engine::~Engine() {
  admission.threads()->EndHelp();
  database.reset();
  std::error_code ignored;
  if (!temp_path.empty()) std::filesystem::remove_all(temp_path, ignored);
}

/// A fatal error, or bytes of the file that are not what was written: only a new file helps.
/// Whoever can answers from rows meanwhile.
Status Engine::Note(const duckdb::ErrorData& error, const CancelToken* cancel) {
  Status status = FromEngine(error, cancel);
  if (!IsFatal(error) && !IsDamage(error)) return status;
  const std::string reason = error.RawMessage().substr(0, error.RawMessage().find('\n'));
  if (!failed.exchange(true)) {
    obs::Log(obs::LogLevel::kError, "the column store has failed", {{"reason", reason}});
  }
  return Unavailable("the column store has failed").Detail(reason);
}

Status Engine::Guard(const std::function<Status()>& work) {
  try {
    return work();
  } catch (const std::exception& thrown) {
    return Note(duckdb::ErrorData(thrown));
  }
}

Status Execute(Engine& engine, duckdb::Connection& connection, const std::string& sql) {
  try {
    auto pending = connection.PendingQuery(sql);
    if (pending->HasError()) return engine.Note(pending->GetErrorObject());
    duckdb::unique_ptr<duckdb::QueryResult> result;
    OMEN_RETURN_IF_ERROR(RunToResult(*pending, nullptr, &result));
    if (result->HasError()) return engine.Note(result->GetErrorObject());
    return Status::Ok();
  } catch (const std::exception& thrown) {
    return engine.Note(duckdb::ErrorData(thrown));
  }
}

uint64_t WatermarkChecksum(const Watermark& watermark) {
  const auto mix = [](uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
  };
  return mix(watermark.commit_id + 0x9E3779B97F4A7C15ull) ^ mix(watermark.epoch + 1);
}

Result<Watermark> ReadWatermark(duckdb::ClientContext& context) {
  auto& table = duckdb::Catalog::GetEntry<duckdb::TableCatalogEntry>(
      context, INVALID_CATALOG, DEFAULT_SCHEMA, kWatermarkTable);
  auto& transaction = duckdb::DuckTransaction::Get(context, table.ParentCatalog());
  duckdb::DataTable& storage = table.GetStorage();
  duckdb::vector<duckdb::StorageIndex> columns;
  for (duckdb::idx_t i = 0; i < 3; ++i) columns.emplace_back(i);
  duckdb::TableScanState scan;
  storage.InitializeScan(context, transaction, scan, columns);
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(),
                   duckdb::vector<duckdb::LogicalType>(3, duckdb::LogicalType::UBIGINT));
  std::vector<std::array<uint64_t, 3>> rows;
  for (;;) {
    chunk.Reset();
    storage.Scan(transaction, chunk, scan);
    if (chunk.size() == 0) break;
    for (duckdb::idx_t row = 0; row < chunk.size(); ++row) {
      auto& cells = rows.emplace_back();
      for (duckdb::idx_t i = 0; i < 3; ++i) {
        cells[i] = chunk.GetValue(i, row).GetValue<uint64_t>();
      }
    }
  }
  if (rows.size() != 1) {
    return Status(sqlstate::kDataCorrupted, "the column store's watermark is not one row");
  }
  const Watermark watermark{rows[0][0], rows[0][1]};
  if (rows[0][2] != WatermarkChecksum(watermark)) {
    return Status(sqlstate::kDataCorrupted, "the column store's watermark is damaged");
  }
  return watermark;
}

}  // namespace omen::colstore
