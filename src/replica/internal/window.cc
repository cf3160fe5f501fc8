#include "replica/internal/window.h"

namespace omen::replica {

void Window::Add(const RecordPtr& record) {
  for (const catalog::Mutation& mutation : record->catalog) tables_.Apply(mutation);
  for (const rowstore::Change& change : record->changes) Add(change);
  bytes_ += record->bytes;
  records_.push_back(record);
}

void Window::Add(const rowstore::Change& change) {
  if (change.kind == rowstore::ChangeKind::kNone) return;
  if (change.kind == rowstore::ChangeKind::kStorage) {
    filled_.insert(change.storage);
    return;
  }
  const bool exists = change.kind != rowstore::ChangeKind::kDelete;
  // Only the first change of a key in the window tells whether it was there before.
  const bool existed = change.kind != rowstore::ChangeKind::kInsert;
  auto [entry, fresh] =
      changes_[change.storage].try_emplace(change.key, RowChange{existed, exists, change.value});
  if (fresh) return;
  entry->second.exists = exists;
  entry->second.value = change.value;
}

}  // namespace omen::replica
