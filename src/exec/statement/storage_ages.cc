#include "exec/statement/storage_ages.h"

#include "base/containment.h"

namespace omen::exec {

StorageAges::StorageAges(const catalog::Snapshot& at_start) {
  for (const catalog::Object* object : at_start.All(catalog::ObjectClass::kTable)) {
    Note(std::get<catalog::Table>(*object), 0);
  }
}

void StorageAges::Note(const catalog::Table& table, rowstore::CommitId commit) {
  since_.emplace(table.storage_id, commit);
  for (const catalog::Index& index : table.indexes) {
    if (!index.primary) since_.emplace(index.storage_id, commit);
  }
}

void StorageAges::OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) {
  std::lock_guard lock(mutex_);
  for (const catalog::Mutation& mutation : record->catalog) {
    if (mutation.object == nullptr) continue;
    if (const auto* table = std::get_if<catalog::Table>(mutation.object.get())) {
      Note(*table, record->id);
    }
  }
}

bool StorageAges::IsSeenBy(catalog::StorageId storage, rowstore::CommitId commit) const {
  std::lock_guard lock(mutex_);
  const auto found = since_.find(storage);
  return found != since_.end() && found->second <= commit;
}

void HiddenIndexes::Hide(uint64_t catalog_version, Set storages) {
  SharedChange change;
  auto shared = std::make_shared<const Set>(std::move(storages));
  std::lock_guard lock(mutex_);
  hidden_[catalog_version] = std::move(shared);
}

void HiddenIndexes::Forget(uint64_t catalog_version) {
  std::lock_guard lock(mutex_);
  hidden_.erase(catalog_version);
}

std::shared_ptr<const HiddenIndexes::Set> HiddenIndexes::Of(uint64_t catalog_version) const {
  std::lock_guard lock(mutex_);
  const auto found = hidden_.find(catalog_version);
  return found == hidden_.end() ? nullptr : found->second;
}

}  // namespace omen::exec
