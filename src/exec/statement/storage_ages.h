// Since which commit a storage id holds what the catalogue says of it: an index or a rewritten
// table is built from the present, so a view from before its commit must not read through it.
// Kept in memory: no view outlives the process.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>

#include "catalog/catalog.h"
#include "rowstore/rowstore.h"

namespace omen::exec {

/// Any thread.
class StorageAges final : public rowstore::CommitObserver {
 public:
  /// What `at_start` names is older than every view.
  explicit StorageAges(const catalog::Snapshot& at_start);
  void OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) override;
  /// False for what came to life after `commit`, or has not been committed yet.
  bool IsSeenBy(catalog::StorageId storage, rowstore::CommitId commit) const;

 private:
  void Note(const catalog::Table& table, rowstore::CommitId commit);

  mutable std::mutex mutex_;
  std::unordered_map<catalog::StorageId, rowstore::CommitId> since_;
};

/// Indexes that plans under one version of a catalogue must not read, though they keep them: a
/// transaction whose view is older than an index binds against a version of its own. Any thread.
class HiddenIndexes {
 public:
  using Set = std::set<catalog::StorageId>;

  void Hide(uint64_t catalog_version, Set storages);
  void Forget(uint64_t catalog_version);
  /// Null when it hides none.
  std::shared_ptr<const Set> Of(uint64_t catalog_version) const;

 private:
  mutable std::mutex mutex_;
  std::map<uint64_t, std::shared_ptr<const Set>> hidden_;
};

}  // namespace omen::exec
