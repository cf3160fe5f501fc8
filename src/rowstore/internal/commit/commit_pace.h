// When a group of commits is to begin. Clients whose commits were done together come back soon
// after each other; a sync that begins with the first of them makes the others wait for it and
// then for one of their own. So a leader waits for as many as there were, for a part of what a sync
// takes. Where they do not come, or the disk is as fast as they are, that only costs: then it is
// tried once in a while.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace omen::rowstore {

/// Guarded by its owner's mutex, but for NoteSync, which the one leader calls.
class CommitPace {
 public:
  using Clock = std::chrono::steady_clock;

  /// A group was written and told; so many have come meanwhile.
  void NoteDone(size_t written, size_t queued) {
    expected_ = written + queued;
    done_at_ = Clock::now();
  }
  void NoteSync(Clock::duration took) {
    const int64_t before = sync_ns_.load(std::memory_order_relaxed);
    sync_ns_.store(before + (took.count() - before) / kSmoothing, std::memory_order_relaxed);
  }
  /// So many are there: until when to wait for more; none: not at all.
  std::optional<Clock::time_point> Begin(size_t queued);
  /// While a leader waits: that all have come.
  bool Has(size_t queued) const { return waits_ && queued >= expected_; }
  void End(size_t queued);

 private:
  static constexpr int64_t kSmoothing = 8;
  static constexpr int64_t kPart = 2;        // of a sync's time
  static constexpr uint32_t kTryEvery = 32;  // groups, where it does not pay

  std::atomic<int64_t> sync_ns_{0};
  size_t expected_ = 0;
  Clock::time_point done_at_, began_at_;
  size_t began_with_ = 0;
  bool waits_ = false;
  double gain_ns_ = 1;  // of one wait: what was saved those who came, less what the others waited
  uint32_t skipped_ = 0;
};

}  // namespace omen::rowstore
