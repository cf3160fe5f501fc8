#include "exec/statement/internal/end_work.h"

#include <algorithm>

namespace omen::exec {

void EndWork::DropAtAbort(catalog::StorageId storage) {
  if (built_.insert(storage).second) abort_drops_.push_back(storage);
}

EndWork::Mark EndWork::mark() const {
  return {commit_drops_.size(), abort_drops_.size(), commit_actions_.size()};
}

void EndWork::RollBackTo(const Mark& mark) {
  commit_drops_.resize(mark.commit_drops);
  commit_actions_.resize(mark.commit_actions);
  std::vector<catalog::StorageId> built(
      abort_drops_.begin() + static_cast<std::ptrdiff_t>(mark.abort_drops), abort_drops_.end());
  abort_drops_.resize(mark.abort_drops);
  // Noted again after the savepoint, a storage from before it stays.
  std::erase_if(built, [&](catalog::StorageId storage) {
    return std::ranges::find(abort_drops_, storage) != abort_drops_.end();
  });
  for (catalog::StorageId storage : built) built_.erase(storage);
  Drop(&built);
}

void EndWork::RunCommitted() {
  abort_drops_.clear();
  Drop(&commit_drops_);
  for (const auto& action : commit_actions_) action();
}

void EndWork::RunAborted() {
  Drop(&abort_drops_);
  commit_drops_.clear();
}

void EndWork::Clear() {
  commit_actions_.clear();
  built_.clear();
}

void EndWork::Drop(std::vector<catalog::StorageId>* storages) {
  for (catalog::StorageId storage : *storages) rows_->DropStorage(storage);
  storages->clear();
}

}  // namespace omen::exec
