#include "app/instance.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "exec/system/system_relations.h"
#include "obs/log.h"
#include "pgwire/scram.h"
#include "router/routers.h"

namespace omen::app {
namespace {

namespace fs = std::filesystem;

Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (!error) return Status::Ok();
  return Status(sqlstate::kIoError,
                fmt::format("cannot create \"{}\": {}", folder.string(), error.message()));
}

fs::path ColumnFile(const Config& config) {
  return fs::path(config.data) / "columns" / "columns.duckdb";
}

/// Columns are made from rows: where they are, rows were.
bool HasColumns(const Config& config) {
  std::error_code error;
  return fs::exists(ColumnFile(config), error);
}

std::vector<catalog::StorageId> LiveStorage(const catalog::Snapshot& snapshot) {
  std::vector<catalog::StorageId> live;
  for (const catalog::Object* object : snapshot.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    live.push_back(table.storage_id);
    for (const catalog::Index& index : table.indexes) {
      if (!index.primary) live.push_back(index.storage_id);
    }
  }
  return live;
}

Result<std::string> MakeVerifier(std::string_view password) {
  return pgwire::MakeScramVerifier(password);
}

}  // namespace

void Instance::Publisher::OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) {
  if (!record->catalog.empty()) catalog_->Publish(record->catalog);
}

Result<std::unique_ptr<Instance>> Instance::Open(const Config& config) {
  std::unique_ptr<Instance> instance(new Instance);
  instance->created_ = !fs::exists(fs::path(config.data) / "rows" / "db");
  OMEN_RETURN_IF_ERROR(MakeFolder(config.data));
  instance->StartJobs(config);
  instance->OpenMemo(config);
  OMEN_RETURN_IF_ERROR(instance->OpenRows(config));
  OMEN_RETURN_IF_ERROR(instance->OpenCatalog());
  OMEN_RETURN_IF_ERROR(instance->OpenReplica(config));
  instance->history_ =
      std::make_unique<obs::QueryHistory>(static_cast<size_t>(config.history_entries));
  exec::DatabaseParts parts;
  parts.rows = instance->rows_.get();
  parts.replica = instance->replica_.get();
  parts.catalog = instance->catalog_.get();
  parts.history = instance->history_.get();
  OMEN_ASSIGN_OR_RETURN(instance->router_, router::MakeRouter(config.router));
  parts.router = instance->router_.get();
  instance->checker_ = std::make_unique<answers::Checker>(&instance->clock_, instance->jobs_.get());
  parts.checker = instance->checker_.get();
  parts.jobs = instance->jobs_.get();
  parts.memo = instance->memo_.get();
  parts.calibrates = config.calibrate;
  parts.clock = &instance->clock_;
  parts.password_verifier = MakeVerifier;
  instance->database_ = std::make_unique<exec::Database>(parts);
  OMEN_RETURN_IF_ERROR(instance->SetSuperuserPassword(config.password_file));
  return instance;
}

void Instance::StartJobs(const Config& config) {
  jobs::Budget::Limits limits;
  limits.share_max = config.background_percent / 100.0;
  limits.share_min = std::min(limits.share_min, limits.share_max);
  limits.bytes_per_s = config.background_mb_s * 1e6;
  jobs_ = std::make_unique<jobs::Runner>(&clock_, jobs::ThisMachine(), limits);
}

void Instance::OpenMemo(const Config& config) {
  auto memo = memo::Memo::Open((fs::path(config.data) / "memo").string());
  if (memo.ok()) {
    memo_ = std::move(memo).value();
    return;
  }
  obs::Log(obs::LogLevel::kWarn, "what is learned ends with the process",
           {{"reason", memo.status().ToString()}});
}

Status Instance::OpenRows(const Config& config) {
  rowstore::Options options;
  options.path = (fs::path(config.data) / "rows").string();
  const size_t cache_bytes = static_cast<size_t>(config.row_cache_mb) << 20;
  options.row_cache_bytes = options.range_cache_bytes = cache_bytes / 4;
  options.block_cache_bytes = cache_bytes / 2;
  // Three of them at most, beside the cache; small where memory is.
  options.write_buffer_bytes =
      std::clamp<size_t>(options.block_cache_bytes / 4, 16u << 20, options.write_buffer_bytes);
  options.wal_keep_bytes = static_cast<size_t>(config.wal_keep_mb) << 20;
  options.sync = config.sync;
  options.sync_delay = std::chrono::milliseconds(config.wal_writer_delay_ms);
  options.accept_lost_commits = config.accept_lost_commits;
  options.must_exist = HasColumns(config);
  options.clock = &clock_;
  options.jobs = jobs_.get();
  OMEN_ASSIGN_OR_RETURN(rows_, rowstore::RowStore::Open(options));
  return Status::Ok();
}

Status Instance::OpenCatalog() {
  catalog::Builder builder(catalog::InitialSnapshot());
  for (catalog::SystemRelation& relation : exec::SystemRelations()) {
    builder.Put(std::move(relation));
  }
  OMEN_ASSIGN_OR_RETURN(std::vector<catalog::Object> objects, rows_->LoadCatalog());
  for (catalog::Object& object : objects) builder.Put(std::move(object));
  catalog_ = std::make_unique<catalog::Catalog>(builder.Share());
  OMEN_RETURN_IF_ERROR(rows_->DropOrphans(LiveStorage(*catalog_->Current())));
  publisher_ = std::make_unique<Publisher>(catalog_.get());
  rows_->AddObserver(publisher_.get());
  return Status::Ok();
}

Status Instance::OpenReplica(const Config& config) {
  const fs::path folder = fs::path(config.data) / "columns";
  OMEN_RETURN_IF_ERROR(MakeFolder(folder));
  OMEN_RETURN_IF_ERROR(MakeFolder(folder / "temp"));
  replica::Options options;
  options.colstore.path = ColumnFile(config).string();
  options.colstore.temp_path = (folder / "temp").string();
  options.colstore.memory_bytes = static_cast<size_t>(config.column_memory_mb) << 20;
  options.colstore.threads = config.column_threads;
  options.jobs = jobs_.get();
  OMEN_ASSIGN_OR_RETURN(replica_, replica::Replica::Start(options, rows_.get(), catalog_.get()));
  return Status::Ok();
}

Status Instance::SetSuperuserPassword(const std::string& file) {
  if (file.empty()) return Status::Ok();
  std::ifstream in(file);
  std::string password;
  if (!in || !std::getline(in, password) || password.empty()) {
    return Status(sqlstate::kUndefinedFile,
                  fmt::format("cannot read a password from \"{}\"", file));
  }
  OMEN_ASSIGN_OR_RETURN(auto transaction, database_->Begin({}));
  const catalog::Role* superuser = transaction->catalog()->FindRole("omendb");
  OMEN_CHECK(superuser != nullptr);
  catalog::Role role = *superuser;
  OMEN_ASSIGN_OR_RETURN(role.scram_verifier, pgwire::MakeScramVerifier(password));
  transaction->MutableCatalog().Put(std::move(role));
  OMEN_ASSIGN_OR_RETURN(const auto commit, exec::CommitNow(transaction.get()));
  obs::Log(obs::LogLevel::kInfo, "superuser password set", {{"commit", commit}});
  return Status::Ok();
}

Instance::~Instance() { (void)Close().ok(); }

Status Instance::Close() {
  if (checker_ != nullptr) checker_->Stop();
  database_.reset();
  if (replica_ != nullptr) {
    replica_->Stop();
    replica_.reset();
  }
  if (rows_ == nullptr) return Status::Ok();
  Status closed = rows_->Close();
  rows_.reset();
  return closed;
}

}  // namespace omen::app
