// What a statement's memory is counted against: an account with a limit, and the accounts
// above it (its session's, the server's), all of which must have room.
//
// An account takes from the one above in grains, and keeps one or two when it gives: so what all
// sessions share is touched seldom, and counts a little more than is used.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "base/status.h"

namespace omen {

/// Any thread. Charges keep it alive: what a statement left behind stays counted above.
class MemoryAccount {
 public:
  /// Whose it is, for the error when it is full.
  enum class Owner : uint8_t { kStatement, kSession, kServer };

  explicit MemoryAccount(int64_t limit, std::shared_ptr<MemoryAccount> above = nullptr,
                         Owner owner = Owner::kStatement)
      : limit_(limit),
        owner_(owner),
        above_(std::move(above)),
        covered_(above_ == nullptr ? INT64_MAX : 0) {}
  ~MemoryAccount();
  MemoryAccount(const MemoryAccount&) = delete;
  MemoryAccount& operator=(const MemoryAccount&) = delete;

  /// False when it or one above is full; then nothing was taken.
  bool Take(int64_t bytes) {
    const int64_t used = used_.fetch_add(bytes) + bytes;
    if (used <= limit_ && used <= covered_.load()) [[likely]]
      return true;
    return bytes <= 0 || TakeMore(bytes, used);
  }
  void Give(int64_t bytes) {
    const int64_t used = used_.fetch_sub(bytes) - bytes;
    if (above_ != nullptr && covered_.load() - used > kKeptGrains * kGrain) GiveBack();
  }
  int64_t used() const { return used_.load(std::memory_order_relaxed); }
  int64_t limit() const { return limit_; }
  Owner owner() const { return owner_; }
  const std::shared_ptr<MemoryAccount>& above() const { return above_; }
  /// The account that was full when this one last took in vain: itself or one above. May be null.
  const MemoryAccount* full() const { return full_.load(std::memory_order_relaxed); }

  static constexpr int64_t kGrain = 64 << 10;

 private:
  static constexpr int64_t kKeptGrains = 2;
  bool TakeMore(int64_t bytes, int64_t used);
  void GiveBack();

  const int64_t limit_;
  const Owner owner_;
  const std::shared_ptr<MemoryAccount> above_;
  std::atomic<int64_t> used_{0};
  std::atomic<int64_t> covered_;  // of it, what was taken above; at least what is used
  std::atomic<const MemoryAccount*> full_{nullptr};
  std::mutex mutex_;  // over changes of covered_
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
    if (this == &other) return *this;
    Clear();
    account_ = std::move(other.account_);
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
  }
  ~MemoryCharge() { Clear(); }

  /// Takes or gives what is missing to `bytes`. 53200 when there is no room; unchanged then.
  Status Resize(int64_t bytes);
  /// The same for what changes often: a portion too much is kept rather than asked for each time.
  Status ResizeInPortions(int64_t bytes) {
    if (bytes <= bytes_ && bytes_ - bytes <= 2 * kPortion) [[likely]]
      return Status::Ok();
    return Resize(bytes == 0 ? 0 : bytes + kPortion);
  }
  /// Bytes that were taken from the account before.
  void Adopt(int64_t bytes) { bytes_ += bytes; }
  void Clear() {
    if (account_ != nullptr && bytes_ != 0) account_->Give(bytes_);
    bytes_ = 0;
  }
  int64_t bytes() const { return bytes_; }
  const MemoryAccountPtr& account() const { return account_; }

 private:
  static constexpr int64_t kPortion = 64 << 10;
  MemoryAccountPtr account_;
  int64_t bytes_ = 0;
};

}  // namespace omen
