#include "base/memory_account.h"

#include <fmt/format.h>

#include <algorithm>

namespace omen {
namespace {

int64_t WholeGrains(int64_t bytes) {
  return (bytes + MemoryAccount::kGrain - 1) / MemoryAccount::kGrain * MemoryAccount::kGrain;
}

}  // namespace

MemoryAccount::~MemoryAccount() {
  if (above_ != nullptr) above_->Give(covered_.load());
}

bool MemoryAccount::TakeMore(int64_t bytes, int64_t used) {
  if (used <= limit_) {
    std::lock_guard lock(mutex_);
    // Others may have taken or given since.
    const int64_t missing = used_.load() - covered_.load();
    if (missing <= 0) return true;
    const int64_t grains = WholeGrains(missing);
    const int64_t taken = above_->Take(grains) ? grains : above_->Take(missing) ? missing : 0;
    covered_.fetch_add(taken);
    if (taken != 0) return true;
    full_.store(above_->full(), std::memory_order_relaxed);
  } else {
    full_.store(this, std::memory_order_relaxed);
  }
  used_.fetch_sub(bytes);
  return false;
}

void MemoryAccount::GiveBack() {
  std::lock_guard lock(mutex_);
  const int64_t covered = covered_.load();
  const int64_t kept = WholeGrains(std::max<int64_t>(used_.load(), 0));
  if (kept >= covered) return;
  covered_.store(kept);
  // One who takes meanwhile sees the less that is covered, or is seen here.
  if (used_.load() > kept) {
    covered_.store(covered);
  } else {
    above_->Give(covered - kept);
  }
}

Status OutOfMemory(const MemoryAccount* account) {
  Status status(sqlstate::kOutOfMemory, "out of memory");
  if (account == nullptr) return status;
  const MemoryAccount* full = account->full() == nullptr ? account : account->full();
  const int64_t megabytes = full->limit() >> 20;
  switch (full->owner()) {
    case MemoryAccount::Owner::kStatement:
      return std::move(status)
          .Detail(fmt::format("The statement may use {} MB.", megabytes))
          .Hint("Raise omendb.statement_memory, or ask for less at a time.");
    case MemoryAccount::Owner::kSession:
      return std::move(status)
          .Detail(fmt::format("The session may hold {} MB: statements, cursors, changes not yet "
                              "committed and messages together.",
                              megabytes))
          .Hint("Close what is no longer needed, or raise the server's session_memory_mb.");
    case MemoryAccount::Owner::kServer:
      break;
  }
  return std::move(status)
      .Detail(fmt::format("All sessions together may use {} MB.", megabytes))
      .Hint("Try again when others have ended, or raise the server's server_memory_mb.");
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
