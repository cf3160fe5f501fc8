// Fixed-size rows beside an index: the payload of a pair is the number of its row's slot.
//
// Slots are cut from chunks that never move: eight for the first slots, eight more for each
// doubling, so that at most a ninth stands unused. The chunk of a slot follows from the highest
// bits of its number, and the directory of chunks is made once: readers never meet a moved one.
//
//   chunk   rows, `stride` bytes each, then a mark of four bytes for each row
//
// A slot's life; the marks are the writer's alone:
//
//   free ── Store ──► stored ── Insert ──► live ── Erase ──► erased ── Reuse ──► free
//
// An erased row stays readable until its version's turn to be freed comes (version_chain.h).
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/check.h"
#include "base/result.h"
#include "learn/memory.h"

namespace omen::index {

inline constexpr uint32_t kNoSlot = (uint32_t{1} << 30) - 1;

/// Slots linked through their marks.
struct SlotList {
  uint32_t first = kNoSlot;
  uint32_t count = 0;
};

/// Writes: one at a time. Row: any thread that keeps the slot from being reused. Destroying it
/// frees all rows.
class RowSlots {
 public:
  static constexpr size_t kLargestRow = size_t{1} << 20;
  /// `row_bytes` is 0 where there are no rows, else at most kLargestRow.
  RowSlots(learn::Memory& memory, size_t row_bytes);
  RowSlots(const RowSlots&) = delete;
  RowSlots& operator=(const RowSlots&) = delete;
  ~RowSlots();

  bool enabled() const { return row_bytes_ != 0; }
  size_t row_bytes() const { return row_bytes_; }
  size_t stride() const { return stride_; }

  /// The bytes of a slot that is not free; aligned to 16.
  std::span<const std::byte> Row(uint64_t slot) const {
    const Spot spot = SpotOf(slot);
    const std::byte* chunk = chunks_[spot.chunk].load(std::memory_order_acquire);
    OMEN_CHECK(chunk != nullptr);
    return {chunk + spot.at * stride_, row_bytes_};
  }

  /// A copy of `row` in a slot of its own: 22023 where it has another size, 53200.
  Result<uint64_t> Store(std::span<const std::byte> row);
  /// Frees a slot that is stored; false for any other.
  [[nodiscard]] bool Drop(uint64_t slot);
  /// Makes a stored slot live; false for any other.
  [[nodiscard]] bool Insert(uint64_t slot);
  /// Takes an Insert back.
  void Uninsert(uint64_t slot);
  /// Puts a live slot on a list of erased ones.
  void Erase(uint64_t slot, SlotList& erased);
  /// Takes all of a list's Erases back.
  void Unerase(SlotList& erased);
  /// Frees a list's slots: nobody can read them any more.
  void Reuse(SlotList& erased);

  /// Whether the next Store needs a new chunk.
  bool full() const { return free_.count == 0 && used_ == capacity_; }
  uint64_t stored() const { return counts_[kStored]; }
  uint64_t live() const { return counts_[kLive]; }
  uint64_t erased() const { return counts_[kErased]; }
  uint64_t free() const { return free_.count + (capacity_ - used_); }
  /// Of all chunks.
  size_t bytes() const { return bytes_; }

 private:
  enum State : uint32_t { kFree, kStored, kLive, kErased };
  struct Mark {
    uint32_t state : 2;
    uint32_t next : 30;  // of a free or an erased slot
  };
  struct Spot {
    uint32_t chunk;
    size_t at, slots;  // the slot's place in the chunk, and how many there are
  };
  static constexpr uint32_t kFirstBits = 6, kLastBits = 30, kPartBits = 3;
  static constexpr uint64_t kFirst = uint64_t{1} << kFirstBits;
  static constexpr uint64_t kMost = (uint64_t{1} << kLastBits) - kFirst;

  static Spot SpotOf(uint64_t slot) {
    const uint64_t shifted = slot + kFirst;
    const auto bits = static_cast<uint32_t>(std::bit_width(shifted)) - 1;
    OMEN_CHECK(bits < kLastBits);
    const uint32_t within = bits - kPartBits;
    const auto part = static_cast<uint32_t>(shifted >> within) & ((1u << kPartBits) - 1);
    const uint64_t slots = uint64_t{1} << within;
    return {((bits - kFirstBits) << kPartBits) + part, shifted & (slots - 1), slots};
  }
  size_t ChunkBytes(size_t slots) const { return slots * (stride_ + sizeof(Mark)); }
  std::byte* RowAt(uint64_t slot) const;
  Mark& MarkOf(uint64_t slot) const;
  bool Is(uint64_t slot, State state) const;
  void Move(Mark& mark, State to);
  void Free(uint32_t slot);
  Status Grow();

  learn::Memory& memory_;
  const size_t row_bytes_, stride_;
  uint64_t used_ = 0, capacity_ = 0;  // slots that were ever stored to; slots in chunks
  SlotList free_;
  std::array<uint64_t, 4> counts_{};
  size_t bytes_ = 0;
  std::array<std::atomic<std::byte*>, (kLastBits - kFirstBits) << kPartBits> chunks_{};
};

}  // namespace omen::index
