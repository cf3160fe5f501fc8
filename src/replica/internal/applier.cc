#include "replica/internal/applier.h"

#include <algorithm>

#include "base/blame.h"
#include "obs/log.h"
#include "replica/internal/decoding.h"
#include "rowstore/key_codec.h"

namespace omen::replica {
namespace {

// Of rows decoded at a time: the engine makes two more copies of them.
constexpr size_t kBatchRows = 1u << 16;
constexpr size_t kBatchBytes = 32u << 20;
constexpr uint64_t kRowsBetweenCheckpoints = 100'000;
/// Fewer are found in few places whatever their order is.
constexpr uint64_t kRowsWorthClustering = 500'000;
constexpr uint64_t kDeadRowsKept = 500'000;
constexpr uint64_t kBytesBetweenCheckpoints = 64u << 20;  // busy or not
/// Between tries that readers did not let through.
constexpr std::chrono::seconds kFirstPostponement{1}, kLongestPostponement{60};

}  // namespace

void Applier::Attach(colstore::ColumnStore* store) {
  writer_.reset();
  store_ = store;
  dead_.clear();
  rows_since_checkpoint_ = bytes_since_checkpoint_ = 0;
  schema_since_checkpoint_ = false;
  upkeep_not_before_ = {};
}

Status Applier::EnsureWriter() {
  if (writer_ != nullptr) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(writer_, store_->NewWriter());
  return Status::Ok();
}

Status Applier::Apply(const Window& window, rowstore::CommitId upto, const ViewPtr& view,
                      Held* held) {
  OMEN_RETURN_IF_ERROR(EnsureWriter());
  for (;;) {
    Held next = *held;
    Outcome outcome = TryApply(window, upto, view, &next);
    if (outcome.ok()) {
      *held = std::move(next);
      bytes_since_checkpoint_ += window.bytes();
      return Status::Ok();
    }
    writer_->Rollback();
    if (outcome.remedy == Remedy::kNone) return std::move(outcome.status);
    const bool exclude = outcome.remedy == Remedy::kExclude;
    obs::Log(obs::LogLevel::kWarn, exclude ? "table kept in rows only" : "table copied anew",
             {{"storage", outcome.storage}, {"reason", outcome.status.ToString()}});
    // Each remedy is tried once, so that this ends.
    if (!(exclude ? held->excluded : held->pending).insert(outcome.storage).second) {
      return std::move(outcome.status);
    }
  }
}

Applier::Outcome Applier::Judge(Status status, catalog::StorageId storage, Remedy remedy) const {
  for (const SqlState& state : {sqlstate::kDiskFull, sqlstate::kOutOfMemory, sqlstate::kIoError,
                                sqlstate::kAdminShutdown}) {
    if (status.Is(state)) remedy = Remedy::kNone;
  }
  if (store_->failed()) remedy = Remedy::kNone;
  return {std::move(status), remedy, storage};
}

Applier::Outcome Applier::TryApply(const Window& window, rowstore::CommitId upto,
                                   const ViewPtr& view, Held* held) {
  if (Status begun = writer_->Begin(); !begun.ok()) return {std::move(begun)};
  if (Outcome outcome = ChangeTables(window, held); !outcome.ok()) return outcome;
  if (Outcome outcome = ChangeRows(window, *held); !outcome.ok()) return outcome;
  if (view != nullptr) {
    if (Outcome outcome = CopyPending(view, held); !outcome.ok()) return outcome;
  }
  held->watermark = upto;
  return {Commit(upto)};
}

Applier::Outcome Applier::ChangeTables(const Window& window, Held* held) {
  const TableSet before = std::move(held->tables);
  held->tables = window.tables();
  const auto live = [&](catalog::StorageId storage) {
    return held->tables.Find(storage) != nullptr;
  };
  std::erase_if(held->pending, [&](catalog::StorageId storage) { return !live(storage); });
  for (catalog::StorageId storage : window.filled()) {
    if (live(storage)) held->pending.insert(storage);
  }
  for (auto at = held->columnar.begin(); at != held->columnar.end();) {
    const catalog::StorageId storage = *at;
    if (live(storage) && !held->pending.contains(storage) && !held->excluded.contains(storage)) {
      ++at;
      continue;
    }
    schema_since_checkpoint_ = true;
    if (Status dropped = writer_->DropTable(storage); !dropped.ok()) return {std::move(dropped)};
    at = held->columnar.erase(at);
  }
  for (const auto& [storage, table] : held->tables.by_storage()) {
    if (held->pending.contains(storage) || held->excluded.contains(storage)) continue;
    const TablePtr old = before.Find(storage);
    if (old == nullptr) {
      schema_since_checkpoint_ = true;
      Status made = writer_->CreateTable(*table);
      if (!made.ok()) return Judge(std::move(made), storage, Remedy::kExclude);
      held->columnar.insert(storage);
    } else if (old->schema_version != table->schema_version) {
      schema_since_checkpoint_ = true;
      Status evolved = writer_->EvolveTable(*table);
      if (!evolved.ok()) return Judge(std::move(evolved), storage, Remedy::kRecopy);
    }
  }
  return {};
}

Applier::Outcome Applier::ChangeRows(const Window& window, const Held& held) {
  for (const auto& [storage, changes] : window.changes()) {
    if (!held.columnar.contains(storage)) continue;
    Status applied = ApplyChanges(held.tables.Find(storage), changes);
    if (applied.ok()) continue;
    const bool unfit = Settled(applied.Clone()).Is(sqlstate::kFeatureNotSupported);
    return Judge(std::move(applied), storage, unfit ? Remedy::kExclude : Remedy::kRecopy);
  }
  return {};
}

Status Applier::ApplyChanges(const TablePtr& table, const StorageChanges& changes) {
  const BatchDecoder decoder(table);
  colstore::TableBatch batch{table, {}, {}};
  for (const auto& [key, change] : changes) {
    if (!change.existed) continue;
    OMEN_ASSIGN_OR_RETURN(Row row, decoder.Key(key));
    batch.deletes.push_back(std::move(row));
  }
  dead_[table->storage_id] += batch.deletes.size();
  rows_since_checkpoint_ += batch.deletes.size();
  // The first batch has all the deletes, which go through the whole table.
  size_t bytes = 0;
  for (const auto& [key, change] : changes) {
    if (!change.exists) continue;
    OMEN_ASSIGN_OR_RETURN(Row row, decoder.Full(key, change.value));
    batch.inserts.push_back(std::move(row));
    bytes += change.value.size();
    if (bytes >= kBatchBytes) OMEN_RETURN_IF_ERROR(ApplyBatch(&batch, &bytes));
  }
  return ApplyBatch(&batch, &bytes);
}

Status Applier::ApplyBatch(colstore::TableBatch* batch, size_t* bytes) {
  rows_since_checkpoint_ += batch->inserts.size();
  Status applied = writer_->Apply(*batch);
  batch->deletes.clear();
  batch->inserts.clear();
  *bytes = 0;
  return applied;
}

Applier::Outcome Applier::CopyPending(const ViewPtr& view, Held* held) {
  for (catalog::StorageId storage : held->pending) {
    if (held->excluded.contains(storage)) continue;
    Status copied = Copy(held->tables.Find(storage), view);
    if (!copied.ok()) return Judge(std::move(copied), storage, Remedy::kExclude);
    held->columnar.insert(storage);
  }
  held->pending.clear();
  return {};
}

Status Applier::Copy(const TablePtr& table, const ViewPtr& view) {
  schema_since_checkpoint_ = true;
  OMEN_RETURN_IF_ERROR(writer_->CreateTable(*table));
  const BatchDecoder decoder(table);
  colstore::TableBatch batch{table, {}, {}};
  auto rows = rows_->Scan(view, rowstore::StorageRange(table->storage_id));
  uint64_t copied = 0;
  while (rows->Valid()) {
    size_t bytes = 0;
    for (; rows->Valid() && bytes < kBatchBytes && batch.inserts.size() < kBatchRows;
         rows->Next()) {
      OMEN_ASSIGN_OR_RETURN(Row row, decoder.Full(rows->key(), rows->value()));
      batch.inserts.push_back(std::move(row));
      bytes += rows->value().size();
    }
    if (*stopping_) return Status(sqlstate::kAdminShutdown, "the replica is stopping");
    copied += batch.inserts.size();
    OMEN_RETURN_IF_ERROR(ApplyBatch(&batch, &bytes));
  }
  OMEN_RETURN_IF_ERROR(rows->status());
  return copied < kRowsWorthClustering ? Status::Ok() : writer_->ClusterTable(*table);
}

Status Applier::Commit(rowstore::CommitId commit) {
  return writer_->Commit({commit, commit == 0 ? 0 : rows_->EpochOf(commit)});
}

bool Applier::MostlyDead(catalog::StorageId storage, uint64_t dead, const Held& held) const {
  return dead >= kDeadRowsKept && held.columnar.contains(storage) &&
         dead >= 2 * rows_->EstimateRows(storage);
}

Applier::Upkeep Applier::Wanted(const Held& held) const {
  if (bytes_since_checkpoint_ >= kBytesBetweenCheckpoints) return Upkeep::kNow;
  for (const auto& [storage, dead] : dead_) {
    if (MostlyDead(storage, dead, held)) return Upkeep::kNow;
  }
  const bool worth = schema_since_checkpoint_ || rows_since_checkpoint_ >= kRowsBetweenCheckpoints;
  return worth ? Upkeep::kWhenIdle : Upkeep::kNone;
}

Status Applier::Maintain(const Held& held) {
  for (auto& [storage, dead] : dead_) {
    if (!MostlyDead(storage, dead, held)) continue;
    OMEN_RETURN_IF_ERROR(Rewrite(storage, held.watermark));
    dead = 0;
  }
  return Checkpoint();
}

Status Applier::Rewrite(catalog::StorageId storage, rowstore::CommitId watermark) {
  OMEN_RETURN_IF_ERROR(EnsureWriter());
  OMEN_RETURN_IF_ERROR(writer_->Begin());
  Status status = writer_->RewriteTable(storage);
  if (status.ok()) status = Commit(watermark);
  if (!status.ok()) writer_->Rollback();
  schema_since_checkpoint_ = true;
  return status;
}

Status Applier::Checkpoint() {
  OMEN_RETURN_IF_ERROR(EnsureWriter());
  upkeep_not_before_ = {};
  Status status = writer_->Checkpoint();
  if (status.Is(sqlstate::kObjectInUse)) {
    postponed_ = std::clamp(2 * postponed_, kFirstPostponement, kLongestPostponement);
    upkeep_not_before_ = std::chrono::steady_clock::now() + postponed_;
    obs::Log(obs::LogLevel::kDebug, "checkpoint of columns postponed",
             {{"reason", status.error().message}, {"seconds", postponed_.count()}});
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(std::move(status));
  postponed_ = std::chrono::seconds(0);
  rows_since_checkpoint_ = bytes_since_checkpoint_ = 0;
  schema_since_checkpoint_ = false;
  return Status::Ok();
}

}  // namespace omen::replica
