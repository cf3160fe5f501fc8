// What a statement's memory is counted against: an account with a limit, and the accounts
// above it (its session's, the server's), all of which must have room.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/status.h"

namespace omen {

/// Any thread. Charges keep it alive: what a statement left behind stays counted above.
class MemoryAccount {
 public:
  explicit MemoryAccount(int64_t limit, std::shared_ptr<MemoryAccount> above = nullptr)
      : limit_(limit), above_(std::move(above)) {}
  MemoryAccount(const MemoryAccount&) = delete;
  MemoryAccount& operator=(const MemoryAccount&) = delete;

  /// False when it or one above is full; then nothing was taken.
  bool Take(int64_t bytes);
  void Give(int64_t bytes);
  int64_t used() const { return used_.load(std::memory_order_relaxed); }
  int64_t limit() const { return limit_; }
  const std::shared_ptr<MemoryAccount>& above() const { return above_; }

 private:
  const int64_t limit_;
  const std::shared_ptr<MemoryAccount> above_;
  std::atomic<int64_t> used_{0};
};
using MemoryAccountPtr = std::shared_ptr<MemoryAccount>;

/// 53200, with the limit that was met.
Status OutOfMemory(const MemoryAccount* account);

/// Bytes taken from an account, given back at the end of its life. One thread.
class MemoryCharge {
 public:
  MemoryCharge() = default;
  explicit MemoryCharge(MemoryAccountPtr account) : account_(std::move(account)) {}
  MemoryCharge(MemoryCharge&& other) noexcept
      : account_(std::move(other.account_)), bytes_(std::exchange(other.bytes_, 0)) {}
  MemoryCharge& operator=(MemoryCharge&& other) noexcept {
    Clear();
    account_ = std::move(other.account_);
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
  }
  ~MemoryCharge() { Clear(); }

  /// Takes or gives what is missing to `bytes`. 53200 when there is no room; unchanged then.
  Status Resize(int64_t bytes);
  /// Bytes that were taken from the account before.
  void Adopt(int64_t bytes) { bytes_ += bytes; }
  void Clear() {
    if (account_ != nullptr && bytes_ != 0) account_->Give(bytes_);
    bytes_ = 0;
  }
  int64_t bytes() const { return bytes_; }
  const MemoryAccountPtr& account() const { return account_; }

 private:
  MemoryAccountPtr account_;
  int64_t bytes_ = 0;
};

}  // namespace omen
