#include "replica/internal/table_set.h"

namespace omen::replica {

TableSet::TableSet(const std::vector<TablePtr>& tables) {
  for (const TablePtr& table : tables) Put(table);
}

TableSet::TableSet(const std::vector<catalog::Object>& objects) {
  for (const catalog::Object& object : objects) {
    if (const auto* table = std::get_if<catalog::Table>(&object)) {
      Put(std::make_shared<const catalog::Table>(*table));
    }
  }
}

void TableSet::Apply(const catalog::Mutation& mutation) {
  if (mutation.object_class != catalog::ObjectClass::kTable) return;
  if (mutation.object == nullptr) return Erase(mutation.oid);
  // Shares the mutation's object instead of copying it.
  Put(TablePtr(mutation.object, &std::get<catalog::Table>(*mutation.object)));
}

TablePtr TableSet::Find(catalog::StorageId storage) const {
  const auto found = by_storage_.find(storage);
  return found == by_storage_.end() ? nullptr : found->second;
}

void TableSet::Put(TablePtr table) {
  Erase(table->oid);
  by_storage_[table->storage_id] = table;
  by_oid_[table->oid] = std::move(table);
}

void TableSet::Erase(Oid oid) {
  const auto found = by_oid_.find(oid);
  if (found == by_oid_.end()) return;
  by_storage_.erase(found->second->storage_id);
  by_oid_.erase(found);
}

}  // namespace omen::replica
