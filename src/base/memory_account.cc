#include "base/memory_account.h"

#include <fmt/format.h>

namespace omen {

bool MemoryAccount::Take(int64_t bytes) {
  if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes > limit_ && bytes > 0) {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  if (above_ == nullptr || above_->Take(bytes)) return true;
  used_.fetch_sub(bytes, std::memory_order_relaxed);
  return false;
}

void MemoryAccount::Give(int64_t bytes) {
  used_.fetch_sub(bytes, std::memory_order_relaxed);
  if (above_ != nullptr) above_->Give(bytes);
}

Status OutOfMemory(const MemoryAccount* account) {
  Status status(sqlstate::kOutOfMemory, "out of memory");
  if (account == nullptr) return status;
  return std::move(status)
      .Detail(fmt::format("The statement may use {} MB, less what other sessions hold.",
                          account->limit() >> 20))
      .Hint("Raise omendb.statement_memory, or ask for less at a time.");
}

Status MemoryCharge::Resize(int64_t bytes) {
  const int64_t missing = bytes - bytes_;
  if (account_ == nullptr || missing == 0) return Status::Ok();
  if (missing < 0) {
    account_->Give(-missing);
  } else if (!account_->Take(missing)) {
    return OutOfMemory(account_.get());
  }
  bytes_ = bytes;
  return Status::Ok();
}

}  // namespace omen
