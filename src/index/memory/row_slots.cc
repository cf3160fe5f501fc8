#include "index/memory/row_slots.h"

#include <cstring>

#include "learn/array.h"

// Where addresses are checked, a row that may not be read is said to be so.
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#endif

namespace omen::index {

RowSlots::RowSlots(learn::Memory& memory, size_t row_bytes)
    : memory_(memory), row_bytes_(row_bytes), stride_((row_bytes + 15) & ~size_t{15}) {
  OMEN_CHECK(row_bytes <= kLargestRow);
}

RowSlots::~RowSlots() {
  for (uint64_t slot = 0; slot < capacity_;) {
    const Spot spot = SpotOf(slot);
    std::byte* const chunk = chunks_[spot.chunk].load(std::memory_order_relaxed);
    ASAN_UNPOISON_MEMORY_REGION(chunk, spot.slots * stride_);
    memory_.Free(chunk, ChunkBytes(spot.slots));
    slot += spot.slots;
  }
}

std::byte* RowSlots::RowAt(uint64_t slot) const {
  const Spot spot = SpotOf(slot);
  return chunks_[spot.chunk].load(std::memory_order_relaxed) + spot.at * stride_;
}

RowSlots::Mark& RowSlots::MarkOf(uint64_t slot) const {
  const Spot spot = SpotOf(slot);
  std::byte* const chunk = chunks_[spot.chunk].load(std::memory_order_relaxed);
  return reinterpret_cast<Mark*>(chunk + spot.slots * stride_)[spot.at];
}

bool RowSlots::Is(uint64_t slot, State state) const {
  return slot < used_ && MarkOf(slot).state == state;
}

void RowSlots::Move(Mark& mark, State to) {
  --counts_[mark.state];
  ++counts_[to];
  mark.state = to;
}

void RowSlots::Free(uint32_t slot) {
  Mark& mark = MarkOf(slot);
  Move(mark, kFree);
  mark.next = free_.first;
  free_ = {slot, free_.count + 1};
  ASAN_POISON_MEMORY_REGION(RowAt(slot), stride_);
}

Status RowSlots::Grow() {
  if (capacity_ == kMost) return learn::OutOfMemory();
  const Spot spot = SpotOf(capacity_);
  const size_t bytes = ChunkBytes(spot.slots);
  auto* chunk = static_cast<std::byte*>(memory_.Allocate(bytes));
  if (chunk == nullptr) return learn::OutOfMemory();
  ASAN_POISON_MEMORY_REGION(chunk, spot.slots * stride_);
  chunks_[spot.chunk].store(chunk, std::memory_order_release);
  capacity_ += spot.slots;
  bytes_ += bytes;
  return Status::Ok();
}

Result<uint64_t> RowSlots::Store(std::span<const std::byte> row) {
  if (!enabled() || row.size() != row_bytes_)
    return Status(sqlstate::kInvalidParameter, "the index does not hold rows of this size");
  if (full()) OMEN_RETURN_IF_ERROR(Grow());
  uint64_t slot = used_;
  if (free_.count != 0) {
    slot = free_.first;
    free_ = {MarkOf(slot).next, free_.count - 1};
  } else {
    MarkOf(used_++).state = kFree;
    ++counts_[kFree];
  }
  Move(MarkOf(slot), kStored);
  ASAN_UNPOISON_MEMORY_REGION(RowAt(slot), stride_);
  std::memcpy(RowAt(slot), row.data(), row_bytes_);
  return slot;
}

bool RowSlots::Drop(uint64_t slot) {
  if (!Is(slot, kStored)) return false;
  Free(static_cast<uint32_t>(slot));
  return true;
}

bool RowSlots::Insert(uint64_t slot) {
  if (!Is(slot, kStored)) return false;
  Move(MarkOf(slot), kLive);
  return true;
}

void RowSlots::Uninsert(uint64_t slot) {
  OMEN_CHECK(Is(slot, kLive));
  Move(MarkOf(slot), kStored);
}

void RowSlots::Erase(uint64_t slot, SlotList& erased) {
  OMEN_CHECK(Is(slot, kLive));
  Mark& mark = MarkOf(slot);
  Move(mark, kErased);
  mark.next = erased.first;
  erased = {static_cast<uint32_t>(slot), erased.count + 1};
}

void RowSlots::Unerase(SlotList& erased) {
  for (uint32_t slot = erased.first; slot != kNoSlot; slot = MarkOf(slot).next)
    Move(MarkOf(slot), kLive);
  erased = {};
}

void RowSlots::Reuse(SlotList& erased) {
  for (uint32_t slot = erased.first; slot != kNoSlot;) {
    OMEN_CHECK(Is(slot, kErased));
    const uint32_t next = MarkOf(slot).next;
    Free(slot);
    slot = next;
  }
  erased = {};
}

}  // namespace omen::index
