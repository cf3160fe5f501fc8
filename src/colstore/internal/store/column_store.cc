// Opens the column store: its engine, the functions it is lent, its readers and writers.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "base/blame.h"
#include "catalog/catalog.h"
#include "colstore/internal/engine/engine.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/engine/engine_heap.h"
#include "colstore/internal/engine/join_filters.h"
#include "colstore/internal/engine/plan_rewrites.h"
#include "colstore/internal/kernel/registration.h"
#include "colstore/internal/store/reader_pool.h"
#include "colstore/internal/store/table_layout.h"
#include "duckdb/storage/buffer_manager.hpp"

namespace omen::colstore {
namespace {

/// The share of the room for spilled data that one cursor's unread rows may take.
constexpr size_t kDetachedShare = 16;
/// What the engine may allocate beside its buffers, as a share of what these may take.
constexpr int64_t kHeapShare = 4;
constexpr int64_t kHeapLeast = 64 << 20;

/// Nothing that reads or loads from outside; no setting can be changed afterwards.
void Harden(const Options& options, duckdb::DBConfig& config) {
  auto& o = config.options;
  o.autoinstall_known_extensions = false;
  o.autoload_known_extensions = false;
  o.allow_community_extensions = false;
  o.allow_unsigned_extensions = false;
  o.allow_unredacted_secrets = false;
  o.enable_external_file_cache = false;
  o.maximum_memory = options.memory_bytes;
  o.maximum_threads = static_cast<duckdb::idx_t>(options.threads);
  o.external_threads = o.maximum_threads;  // all are ours (admission/engine_threads.h)
  o.use_temporary_directory = !options.temp_path.empty();
  o.maximum_swap_space = options.temp_bytes;
  // Never by itself: a checkpoint waits for readers inside the engine (internal/gate.h).
  o.checkpoint_wal_size = std::numeric_limits<duckdb::idx_t>::max();
  o.checkpoint_on_shutdown = false;  // the replica decides; closing must be quick
  // A failed statement must not end a pinned read transaction; fatal errors are ours to notice.
  o.disable_database_invalidation = true;
  o.allocator_background_threads = false;
  o.enable_external_access = false;
}

/// One of its own for each opening: a rebuilt store may run beside readers of the old one, and
/// the engine names its spill files alike. What an earlier process left is removed.
std::string NewTempFolder(const Options& options) {
  static std::atomic<int> opened{0};
  if (options.temp_path.empty()) return "";
  const std::string folder = fmt::format("{}/{}", options.temp_path, opened.fetch_add(1));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

class DuckdbColumnStore final : public ColumnStore {
 public:
  explicit DuckdbColumnStore(std::shared_ptr<Engine> engine)
      : engine_(std::move(engine)), readers_(std::make_shared<ReaderPool>(engine_)) {}

  Result<Watermark> ReadWatermark() override { return MakeReader(engine_)->Begin(); }
  Result<std::vector<std::pair<catalog::StorageId, uint32_t>>> Tables() override;
  Result<std::vector<std::shared_ptr<const catalog::Table>>> Definitions() override;
  Result<std::unique_ptr<Reader>> NewReader() override;
  Result<std::unique_ptr<Writer>> NewWriter() override;
  bool failed() const override { return engine_->failed; }
  uint64_t MemoryBytes() override {
    return engine_->database->instance->GetBufferManager().GetUsedMemory();
  }

 private:
  std::shared_ptr<Engine> engine_;
  const std::shared_ptr<ReaderPool> readers_;
};

Result<std::vector<std::pair<catalog::StorageId, uint32_t>>> DuckdbColumnStore::Tables() {
  std::vector<std::pair<catalog::StorageId, uint32_t>> tables;
  duckdb::Connection connection(*engine_->database);
  auto result = connection.Query("SELECT table_name FROM duckdb_tables() WHERE NOT temporary");
  if (result->HasError()) return engine_->Note(result->GetErrorObject());
  for (duckdb::idx_t row = 0; row < result->RowCount(); ++row) {
    const std::string name = result->GetValue(0, row).GetValue<std::string>();
    std::pair<catalog::StorageId, uint32_t> table;
    if (ParseTableName(name, &table.first, &table.second)) tables.push_back(table);
  }
  return tables;
}

Result<std::vector<std::shared_ptr<const catalog::Table>>> DuckdbColumnStore::Definitions() {
  OMEN_ASSIGN_OR_RETURN(auto names, Tables());
  duckdb::Connection connection(*engine_->database);
  auto result = connection.Query(fmt::format("SELECT definition FROM {}", kDefinitionTable));
  if (result->HasError()) return engine_->Note(result->GetErrorObject());
  std::vector<std::shared_ptr<const catalog::Table>> tables;
  std::vector<std::pair<catalog::StorageId, uint32_t>> defined;
  for (duckdb::idx_t row = 0; row < result->RowCount(); ++row) {
    const std::string bytes = result->GetValue(0, row).GetValue<std::string>();
    OMEN_ASSIGN_OR_RETURN(catalog::Object object,
                          catalog::DecodeObject(catalog::ObjectClass::kTable, bytes));
    auto table = std::make_shared<const catalog::Table>(std::get<catalog::Table>(object));
    defined.emplace_back(table->storage_id, table->schema_version);
    tables.push_back(std::move(table));
  }
  std::sort(names.begin(), names.end());
  std::sort(defined.begin(), defined.end());
  if (names != defined) {
    return Status(sqlstate::kDataCorrupted, "the column store's tables are not those it defines");
  }
  return tables;
}

Result<std::unique_ptr<Reader>> DuckdbColumnStore::NewReader() {
  if (failed()) return Unavailable("the column store has failed");
  return readers_->Lend();
}

Result<std::unique_ptr<Writer>> DuckdbColumnStore::NewWriter() {
  if (failed()) return Unavailable("the column store has failed");
  return MakeWriter(engine_);
}

Status Prepare(Engine& engine) {
  auto& instance = *engine.database->instance;
  RegisterRowSource(instance);
  RegisterScalarAdapters(instance);
  RegisterAggregateAdapters(instance);
  RegisterNumericFunctions(instance);
  RegisterMomentAggregates(instance);
  RegisterNumericAggregates(instance);
  RegisterArithmetic(instance);
  InstallPlanRewrites(instance);
  InstallJoinFilters(instance);
  duckdb::Connection connection(*engine.database);
  OMEN_RETURN_IF_ERROR(
      Execute(engine, connection,
              fmt::format("CREATE TABLE IF NOT EXISTS {}(commit_id UBIGINT, epoch UBIGINT, "
                          "checksum UBIGINT)",
                          kWatermarkTable)));
  OMEN_RETURN_IF_ERROR(
      Execute(engine, connection,
              fmt::format("CREATE TABLE IF NOT EXISTS {}(storage UBIGINT, definition VARCHAR)",
                          kDefinitionTable)));
  OMEN_RETURN_IF_ERROR(Execute(
      engine, connection,
      fmt::format("INSERT INTO {0} SELECT 0, 0, {1}::UBIGINT WHERE NOT EXISTS (FROM {0}) AND "
                  "(SELECT count(*) FROM duckdb_tables()) = 2",
                  kWatermarkTable, WatermarkChecksum({}))));
  return Execute(engine, connection, "SET lock_configuration = true");
}

/// An error in opening means the file cannot be trusted, unless the machine is to blame.
Status OpenFailure(const std::exception& thrown) {
  Status status = FromEngine(duckdb::ErrorData(thrown));
  if (status.Is(sqlstate::kDiskFull) || status.Is(sqlstate::kOutOfMemory)) return status;
  return Status(sqlstate::kDataCorrupted, "the column store's file cannot be opened")
      .Detail(status.error().message);
}

}  // namespace

std::string EngineVersion() { return duckdb::DuckDB::LibraryVersion(); }
int64_t AllocatedBytes() { return EngineHeap::used(); }
void ReturnFreeMemory() { duckdb::Allocator::FlushAll(); }

Result<std::unique_ptr<ColumnStore>> ColumnStore::Open(const Options& options) {
  auto engine = std::make_shared<Engine>(options.threads);
  try {
    duckdb::DBConfig config;
    Harden(options, config);
    const auto buffers = static_cast<int64_t>(options.memory_bytes);
    EngineHeap::Install(buffers + std::max(buffers / kHeapShare, kHeapLeast), &config);
    engine->temp_path = NewTempFolder(options);
    engine->detached_bytes = options.temp_bytes / kDetachedShare;
    config.options.temporary_directory = engine->temp_path;
    engine->database = std::make_unique<duckdb::DuckDB>(options.path, &config);
    // Whoever runs a statement is one of the threads.
    engine->admission.threads()->Help(engine->database->instance.get(), options.threads - 1);
    OMEN_RETURN_IF_ERROR(Prepare(*engine));
    auto store = std::make_unique<DuckdbColumnStore>(engine);
    OMEN_RETURN_IF_ERROR(store->ReadWatermark().status().Clone());
    return std::unique_ptr<ColumnStore>(std::move(store));
  } catch (const std::exception& thrown) {
    return OpenFailure(thrown);
  }
}

Status ColumnStore::Remove(const Options& options) {
  for (const std::string& path : {options.path, options.path + ".wal"}) {
    std::error_code error;
    std::filesystem::remove(path, error);
    if (error) {
      return Status(sqlstate::kIoError,
                    fmt::format("could not remove {}: {}", path, error.message()));
    }
  }
  return Status::Ok();
}

}  // namespace omen::colstore
