// The tables as of one commit: what the changes of that commit are decoded with.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "catalog/catalog.h"

namespace omen::replica {

using TablePtr = std::shared_ptr<const catalog::Table>;

/// A value: copying it is how a window keeps what was before. One thread.
class TableSet {
 public:
  TableSet() = default;
  explicit TableSet(const std::vector<TablePtr>& tables);
  explicit TableSet(const std::vector<catalog::Object>& objects);

  void Apply(const catalog::Mutation& mutation);
  /// Null for a storage id that no table has (an index, or a dropped table).
  TablePtr Find(catalog::StorageId storage) const;
  const std::map<catalog::StorageId, TablePtr>& by_storage() const { return by_storage_; }

 private:
  void Put(TablePtr table);
  void Erase(Oid oid);

  std::map<Oid, TablePtr> by_oid_;
  std::map<catalog::StorageId, TablePtr> by_storage_;
};

}  // namespace omen::replica
