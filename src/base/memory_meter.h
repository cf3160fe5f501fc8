// Bytes that grow and shrink in small steps, charged to an account in portions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/memory_account.h"

namespace omen {

/// Up to a portion is counted and not charged: most statements and transactions keep less, and
/// then touch no account. What is charged is given back at the end of its life. One thread.
class MemoryMeter {
 public:
  /// Null: nothing is charged.
  explicit MemoryMeter(MemoryAccountPtr account = nullptr) : charge_(std::move(account)) {}

  /// 53200 when there is no room; counted all the same, so that what is released is what was
  /// counted.
  Status Charge(int64_t bytes) {
    used_ += bytes;
    if (used_ - charge_.bytes() <= kPortion) [[likely]]
      return Status::Ok();
    return charge_.Resize(used_);
  }
  void Release(int64_t bytes) {
    used_ -= bytes;
    // Less is always to be had.
    if (charge_.bytes() > (used_ <= 0 ? 0 : used_ + kPortion)) {
      (void)charge_.Resize(std::max<int64_t>(used_, 0)).ok();
    }
  }
  /// To so many in all.
  Status Update(int64_t bytes) {
    if (bytes >= used_) return Charge(bytes - used_);
    Release(used_ - bytes);
    return Status::Ok();
  }
  int64_t used() const { return used_; }
  const MemoryAccountPtr& account() const { return charge_.account(); }

 private:
  static constexpr int64_t kPortion = 64 << 10;
  MemoryCharge charge_;
  int64_t used_ = 0;
};

}  // namespace omen
