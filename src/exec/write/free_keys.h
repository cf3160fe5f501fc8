// Which keys of a table hold no row: found for many of them by one look at where the next row is.
#pragma once

#include <string>
#include <string_view>

#include "rowstore/rowstore.h"

namespace omen::exec {

/// One thread; for one statement.
class FreeKeys {
 public:
  FreeKeys(rowstore::RowStore* store, catalog::StorageId storage)
      : store_(*store), storage_(storage) {}

  /// Whether no commit has left a row from `first` to `last`. The caller has locked all keys of
  /// these that it asks for; of others there may be rows a moment later.
  Result<bool> Between(std::string_view first, std::string_view last);

 private:
  bool Known(std::string_view first, std::string_view last) const;
  Status Look(std::string_view first, std::string_view last);

  rowstore::RowStore& store_;
  const catalog::StorageId storage_;
  bool looked_ = false;
  std::string lower_, upper_;  // nothing is from the one up to the other
  rowstore::CommitId seen_ = 0;
};

}  // namespace omen::exec
