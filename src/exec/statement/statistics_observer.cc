#include "exec/statement/statistics_observer.h"

#include "base/containment.h"
#include "obs/log.h"

namespace omen::exec {
namespace {

statistics::RowChange RowChangeOf(rowstore::ChangeKind kind) {
  switch (kind) {
    case rowstore::ChangeKind::kInsert:
      return statistics::RowChange::kInserted;
    case rowstore::ChangeKind::kDelete:
      return statistics::RowChange::kDeleted;
    default:
      return statistics::RowChange::kUpdated;
  }
}

template <typename Visit>
void ForEachTable(const catalog::Snapshot& snapshot, const Visit& visit) {
  for (const catalog::Object* object : snapshot.All(catalog::ObjectClass::kTable)) {
    visit(std::get<catalog::Table>(*object));
  }
}

}  // namespace

StatisticsObserver::StatisticsObserver(statistics::Statistics* statistics, rowstore::RowStore* rows,
                                       const catalog::Snapshot& at_start)
    : statistics_(statistics) {
  // Storage ids only grow: a table with a higher one than the memo knows came after it was written,
  // and the log tells how.
  const catalog::StorageId newest = statistics->newest_kept();
  ForEachTable(at_start, [&](const catalog::Table& table) {
    statistics->Restore(table.storage_id);
    if (table.storage_id <= newest) storages_[table.oid] = table.storage_id;
  });
  CatchUp(rows);
  statistics->StartAt(rows->last_commit());
  storages_.clear();
  ForEachTable(at_start,
               [&](const catalog::Table& table) { storages_[table.oid] = table.storage_id; });
}

void StatisticsObserver::CatchUp(rowstore::RowStore* rows) {
  const auto kept = statistics_->kept();
  if (!kept) return;
  const rowstore::CommitId last = rows->last_commit();
  if (kept->commit == 0 || rows->EpochOf(kept->commit) != kept->epoch) {
    return statistics_->ForgetCounts();
  }
  if (kept->commit >= last) return;
  const auto read = rows->ReadChanges(kept->commit, [this](const auto& record) {
    OnCommit(record);
    return Status::Ok();
  });
  if (read.ok() && *read) return;
  obs::Log(obs::LogLevel::kInfo, "tables are counted anew",
           {{"reason", read.ok() ? "the log does not reach back" : read.status().ToString()}});
  statistics_->ForgetCounts();
}

void StatisticsObserver::NoteTable(const catalog::Mutation& mutation,
                                   statistics::Statistics::Commit* commit) {
  if (mutation.object_class != catalog::ObjectClass::kTable) return;
  const auto known = storages_.find(mutation.oid);
  if (mutation.object == nullptr) {
    if (known == storages_.end()) return;
    commit->Dropped(known->second);
    storages_.erase(known);
    return;
  }
  const auto& table = std::get<catalog::Table>(*mutation.object);
  const catalog::StorageId storage = table.storage_id;
  if (known == storages_.end()) {
    commit->Created(storage);
  } else if (known->second != storage) {
    std::vector<Type> types;
    for (const catalog::Column& column : table.columns) types.push_back(column.type);
    commit->Replaced(known->second, storage, types);
  }
  storages_[mutation.oid] = storage;
}

void StatisticsObserver::OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) {
  if (record->changes.empty() && record->catalog.empty()) return;
  const SharedChange shared;
  statistics::Statistics::Commit commit(statistics_, record->id);
  for (const catalog::Mutation& mutation : record->catalog) NoteTable(mutation, &commit);
  for (const rowstore::Change& change : record->changes) {
    if (change.kind == rowstore::ChangeKind::kStorage) {
      commit.Filled(change.storage);
    } else if (change.kind != rowstore::ChangeKind::kNone) {
      commit.Row(change.storage, RowChangeOf(change.kind), change.key, change.value);
    }
  }
}

void StatisticsObserver::Keep(const rowstore::RowStore& rows, bool all,
                              statistics::Statistics* statistics) {
  // Of the epoch that wrote the last commit, which may be long before this start's; a commit that
  // was told and is not visible yet is of this one.
  const auto epoch_of = [&rows](rowstore::CommitId commit) {
    return commit > rows.last_commit() ? rows.epoch() : rows.EpochOf(commit);
  };
  statistics->Keep(epoch_of, all);
}

}  // namespace omen::exec
