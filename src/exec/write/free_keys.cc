#include "exec/write/free_keys.h"

#include "rowstore/key_codec.h"

namespace omen::exec {

// Who wrote one of the keys has told the clock before the caller could lock it.
bool FreeKeys::Known(std::string_view first, std::string_view last) const {
  return looked_ && lower_ <= first && last < upper_ &&
         store_.changes().LastChange(storage_, lower_, upper_) <= seen_;
}

// The first look finds the next row, however far it is. The others pass by no more than they are
// asked for: where others insert at the same place they are many, and what is deleted takes time.
Status FreeKeys::Look(std::string_view first, std::string_view last) {
  const std::shared_ptr<rowstore::ReadView> view = store_.View();
  std::string end(last);
  end.push_back('\0');
  if (!looked_) end = rowstore::StorageRange(storage_).upper;
  const auto rows = store_.Scan(view, {std::string(first), end});
  OMEN_RETURN_IF_ERROR(rows->status());
  lower_ = first;
  upper_ = rows->Valid() ? std::string(rows->key()) : end;
  seen_ = view->commit_id();
  looked_ = true;
  return Status::Ok();
}

Result<bool> FreeKeys::Between(std::string_view first, std::string_view last) {
  if (!Known(first, last)) OMEN_RETURN_IF_ERROR(Look(first, last));
  return lower_ <= first && last < upper_;
}

}  // namespace omen::exec
