#include "base/work.h"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <unordered_map>

namespace omen {
namespace {

constexpr int64_t kSmallPortion = 64 << 10;  // not worth a charge
constexpr int64_t kHeldPortion = 512;        // by a state, of which there are many

/// The large blocks that are charged. Any thread.
class ChargedBlocks {
 public:
  /// Never destroyed: blocks are freed until the process ends.
  static ChargedBlocks& Instance() {
    static ChargedBlocks* const blocks = new ChargedBlocks;
    return *blocks;
  }

  void Add(void* block, int64_t bytes, MemoryAccountPtr account) {
    MemoryCharge charge(std::move(account));
    charge.Adopt(bytes);
    Shard& shard = ShardOf(block);
    std::lock_guard lock(shard.mutex);
    shard.charges.insert_or_assign(block, std::move(charge));
  }
  /// False when it was not charged.
  bool Remove(void* block) {
    Shard& shard = ShardOf(block);
    std::lock_guard lock(shard.mutex);
    return shard.charges.erase(block) != 0;
  }

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<void*, MemoryCharge> charges;
  };
  Shard& ShardOf(void* block) {
    return shards_[(reinterpret_cast<uintptr_t>(block) >> 12) % shards_.size()];
  }
  std::array<Shard, 16> shards_;
};

}  // namespace

constinit thread_local Work::State Work::state_;

Work::Scope::Scope(const Order& order) : saved_(state_) {
  state_.order = order;
  // What is called within a computation heeds its limits too.
  const Order& around = saved_.order;
  if (order.cancel == nullptr && saved_.active) state_.order.cancel = around.cancel;
  if (order.memory == nullptr)
    state_.order.memory = saved_.active ? around.memory : saved_.statement;
  if (order.steps == 0 && saved_.active) state_.order.steps = around.steps;
  if (!saved_.active || order.steps != 0) state_.looks = 0;
  state_.active =
      state_.order.cancel != nullptr || state_.order.memory != nullptr || state_.order.steps != 0;
  state_.small = state_.taken = 0;
}

Work::Scope::~Scope() {
  const State ended = std::exchange(state_, saved_);
  state_.steps = ended.steps;
  if (saved_.active && saved_.order.steps == ended.order.steps) state_.looks = ended.looks;
  if (Holding* kept = ended.order.kept) {
    kept->bytes = std::max<int64_t>(kept->bytes + ended.small, 0);
    kept->charge.Adopt(ended.taken);
    const int64_t off = kept->bytes - kept->charge.bytes();
    // Where there is no room, the next Begin says so.
    if (off >= kHeldPortion || off <= -kSmallPortion) (void)kept->charge.Resize(kept->bytes).ok();
  } else if (ended.taken != 0) {
    (*ended.order.memory)->Give(ended.taken);
  }
}

void Work::Scope::Begin() const {
  const Holding* kept = state_.order.kept;
  if (kept == nullptr || kept->charge.account() == nullptr) return;
  if (kept->bytes - kept->charge.bytes() >= kSmallPortion) throw Stopped(Cause::kMemory);
}

Status Work::Scope::StatusOf(Cause cause) const {
  const Pause pause;  // the error itself is nobody's
  if (cause == Cause::kCancel) return state_.order.cancel->Check();
  if (cause == Cause::kSteps) return Status(sqlstate::kProgramLimit, "too many steps");
  const bool counted = state_.order.memory != nullptr;
  return OutOfMemory(counted ? state_.order.memory->get() : nullptr);
}

void Work::Look() {
  if (!state_.active) return;
  ++state_.looks;
  const Order& order = state_.order;
  if (order.cancel != nullptr && order.cancel->cancelled()) throw Stopped(Cause::kCancel);
  if (order.steps != 0 && state_.looks > order.steps) throw Stopped(Cause::kSteps);
}

void Work::CountSmall(int64_t bytes) {
  state_.small += bytes;
  if (state_.order.memory == nullptr) return;
  const int64_t wanted = state_.small - state_.taken;
  if (wanted < kSmallPortion) return;
  if (!(*state_.order.memory)->Take(wanted)) {
    state_.small -= bytes;
    throw Stopped(Cause::kMemory);
  }
  state_.taken += wanted;
}

MemoryCharge Work::ChargeFor(int64_t bytes) {
  if (!state_.active || state_.order.memory == nullptr) return {};
  MemoryCharge charge(*state_.order.memory);
  if (!charge.Resize(bytes).ok()) throw Stopped(Cause::kMemory);
  return charge;
}

void* Work::Allocate(size_t bytes) {
  Poll();
  const bool charged = Charges(bytes);
  const auto size = static_cast<int64_t>(bytes);
  if (charged && !(*state_.order.memory)->Take(size)) throw Stopped(Cause::kMemory);
  void* block = std::malloc(bytes);
  if (block == nullptr) {
    if (charged) (*state_.order.memory)->Give(size);
    throw Stopped(Cause::kMemory);
  }
  if (charged) {
    Pause pause;
    charged_blocks_.fetch_add(1, std::memory_order_relaxed);
    ChargedBlocks::Instance().Add(block, size, *state_.order.memory);
    return block;
  }
  try {
    CountSmall(static_cast<int64_t>(malloc_usable_size(block)));
  } catch (...) {
    std::free(block);
    throw;
  }
  return block;
}

void Work::Free(void* block) noexcept {
  const size_t bytes = malloc_usable_size(block);
  bool charged = false;
  if (bytes >= kLargeBytes && charged_blocks_.load(std::memory_order_relaxed) != 0) {
    Pause pause;
    charged = ChargedBlocks::Instance().Remove(block);
    if (charged) charged_blocks_.fetch_sub(1, std::memory_order_relaxed);
  }
  if (!charged && state_.active) state_.small -= static_cast<int64_t>(bytes);
  std::free(block);
}

}  // namespace omen

// Both allocate as the library's own do, for blocks that no one counts.
void* operator new(size_t bytes) {
  if (omen::Work::WatchesNew()) [[unlikely]]
    return omen::Work::Allocate(bytes);
  if (void* block = std::malloc(bytes == 0 ? 1 : bytes)) [[likely]]
    return block;
  throw std::bad_alloc();
}

// What is made so is freed as the rest.
void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  try {
    return operator new(bytes);
  } catch (...) {
    return nullptr;
  }
}

void operator delete(void* block) noexcept {
  if (block != nullptr && omen::Work::WatchesDelete()) [[unlikely]]
    return omen::Work::Free(block);
  std::free(block);
}

void operator delete(void* block, size_t) noexcept { operator delete(block); }
