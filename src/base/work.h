// What a thread computes for: whose cancel it heeds and whose memory it takes.
//
// The functions of SQL are hundreds, and each could run long or grow somewhere inside: in a
// loop, a string, a tree. None of them knows its statement. So the thread does: within Run,
// operator new charges the statement's account and looks at its token every so many calls, and
// a loop that does not allocate calls Poll. A statement that is cancelled, or has no room, is
// left by throwing Stopped, the one exception of ours, which only Run catches.
//
// Large blocks are charged until they are freed, by whichever thread, so a result stays charged
// as long as it lives. Small ones are counted together, for as long as Run lasts or, where they
// stay in a state or a cursor, in the charge that Run is given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "base/cancel.h"
#include "base/memory_account.h"

namespace omen {

/// Static: of the calling thread.
class Work {
 public:
  enum class Cause : uint8_t { kCancel, kMemory, kSteps };
  /// Thrown out of a computation; a kind of bad_alloc, since operator new throws it.
  class Stopped final : public std::bad_alloc {
   public:
    explicit Stopped(Cause why) : cause(why) {}
    const char* what() const noexcept override { return "statement stopped"; }
    const Cause cause;
  };

  /// Small blocks that outlive a Run: of an aggregate's state, a cursor. One thread.
  struct Holding {
    explicit Holding(MemoryAccountPtr account) : charge(std::move(account)) {}
    MemoryCharge charge;
    int64_t bytes = 0;  // held; charged up to a portion too little
  };

  /// For whom; all may be null. Without an account it is the statement's, see Statement; without
  /// `steps` there is no limit of them.
  struct Order {
    const CancelToken* cancel = nullptr;
    const MemoryAccountPtr* memory = nullptr;
    uint64_t steps = 0;       // looks at the token, each after kStepsPerLook steps
    Holding* kept = nullptr;  // counts what stays of the small blocks
    bool as_one = false;      // and of the large ones: all that stays goes at once
  };

  /// Runs `compute`, which gives a Status or a Result: 57014 and 53200 when it was stopped.
  template <typename Compute>
  static auto Run(const Order& order, Compute&& compute) -> decltype(compute()) {
    Scope scope(order);
    try {
      scope.Begin();
      return compute();
    } catch (const Stopped& stopped) {
      return scope.StatusOf(stopped.cause);
    } catch (const std::bad_alloc&) {
      return scope.StatusOf(Cause::kMemory);
    }
  }

  /// One step of a loop whose length the data decides. Throws Stopped.
  static void Poll() {
    if ((++state_.steps & (kStepsPerLook - 1)) == 0) [[unlikely]]
      Look();
  }
  /// Several at once.
  static void Poll(uint64_t steps) {
    const uint64_t before = state_.steps;
    state_.steps += steps;
    if ((before ^ state_.steps) >= kStepsPerLook) [[unlikely]]
      Look();
  }
  /// Steps of this thread so far, for tests.
  static uint64_t steps() { return state_.steps; }
  /// True where a block of `bytes` made now is charged until it is freed.
  static bool Charges(size_t bytes) {
    return bytes >= kLargeBytes && state_.active && state_.order.memory != nullptr &&
           !state_.order.as_one;
  }

  /// Whose statement this thread runs, for Orders that name no account; see Statement.
  static const MemoryAccountPtr* StatementMemory() { return state_.statement; }

  /// While it lives the thread runs a statement that is charged to `memory`.
  class Statement {
   public:
    explicit Statement(const MemoryAccountPtr& memory)
        : before_(std::exchange(state_.statement, memory == nullptr ? nullptr : &memory)) {}
    ~Statement() { state_.statement = before_; }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

   private:
    const MemoryAccountPtr* const before_;
  };

  /// A charge to keep with what was made, empty where nobody is charged. Throws Stopped.
  static MemoryCharge ChargeFor(int64_t bytes);

  /// While it lives the thread computes for nobody: around what must not be left half done, or
  /// stays after the statement.
  class Pause {
   public:
    Pause() : active_(std::exchange(state_.active, false)) {}
    ~Pause() { state_.active = active_; }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    bool active_;
  };

  static constexpr uint64_t kStepsPerLook = 256;
  static constexpr size_t kLargeBytes = 64 << 10;

  // Of operator new and delete alone.
  static bool WatchesNew() { return state_.active; }
  static bool WatchesDelete() {
    return state_.active || charged_blocks_.load(std::memory_order_relaxed) != 0;
  }
  static void* Allocate(size_t bytes);
  static void Free(void* block) noexcept;

 private:
  struct State {
    const MemoryAccountPtr* statement = nullptr;
    Order order;
    bool active = false;
    uint64_t steps = 0;
    uint64_t looks = 0;
    int64_t small = 0;  // bytes of small blocks made less those freed
    int64_t taken = 0;  // of the account, for them
  };

  class Scope {
   public:
    explicit Scope(const Order& order);
    ~Scope();
    void Begin() const;
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    Status StatusOf(Cause cause) const;

   private:
    const State saved_;
  };

  static void Look();
  static void CountSmall(int64_t bytes);

  static constinit thread_local State state_;
  static inline std::atomic<int64_t> charged_blocks_{0};  // almost always none
};

}  // namespace omen
