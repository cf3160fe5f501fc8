// What is left to do when a transaction ends.
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "rowstore/rowstore.h"

namespace omen::exec {

/// Storages to free and actions to run, as it commits or aborts. One thread.
class EndWork {
 public:
  /// `rows` outlives it.
  explicit EndWork(rowstore::RowStore* rows) : rows_(rows) {}

  /// Storage ids to free if it commits (dropped, rewritten) or if it aborts (built).
  void DropAtCommit(catalog::StorageId storage) { commit_drops_.push_back(storage); }
  void DropAtAbort(catalog::StorageId storage);
  /// Runs after the commit is durable (sequences, which live outside transactions).
  void AtCommit(std::function<void()> action) { commit_actions_.push_back(std::move(action)); }
  /// True for what the transaction has built.
  bool HasBuilt(catalog::StorageId storage) const { return built_.contains(storage); }

  /// A savepoint: RollBackTo frees what was built after it and forgets the rest.
  struct Mark {
    size_t commit_drops, abort_drops, commit_actions;
  };
  Mark mark() const;
  void RollBackTo(const Mark& mark);
  void RunCommitted();
  void RunAborted();
  void Clear();

 private:
  void Drop(std::vector<catalog::StorageId>* storages);

  rowstore::RowStore* const rows_;
  std::vector<catalog::StorageId> commit_drops_, abort_drops_;
  std::vector<std::function<void()>> commit_actions_;
  std::set<catalog::StorageId> built_;
};

}  // namespace omen::exec
