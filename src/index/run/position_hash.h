// Where in a run a key is, without order: for runs that are only asked for single keys.
//
// Buckets of one cache line: twelve 8-bit tags, twelve 32-bit positions, a count and an overflow
// mark. A full bucket spills into the next one. The keys stay in the run, which confirms a
// candidate, so the table costs about 8 bytes an entry and the run keeps its order.
#pragma once

#include <cstdint>
#include <span>

#include "base/status.h"
#include "learn/array.h"

namespace omen::index {

/// Immutable once built; any thread.
class PositionHash {
 public:
  static constexpr uint32_t kSlots = 12;
  static constexpr uint32_t kTargetFill = 9;

  struct alignas(64) Bucket {
    uint8_t tags[kSlots];
    uint8_t used;
    uint8_t spilled;  // some entry that belongs here lies further on
    uint16_t unused;
    uint32_t positions[kSlots];
  };
  static_assert(sizeof(Bucket) == 64);

  explicit PositionHash(learn::Memory& memory) : buckets_(memory) {}
  /// 53200 when memory is refused. Room for `entries`, at kTargetFill a bucket.
  Status Reserve(size_t entries);
  /// Never fails within the reserved number.
  void Add(uint64_t hash, uint32_t position);

  const Bucket* Home(uint64_t hash) const { return &buckets_[Place(hash)]; }
  /// Bit i set: slot i has the hash's tag.
  static uint32_t Matches(const Bucket& bucket, uint64_t hash);
  const Bucket* Next(const Bucket* bucket) const {
    return bucket + 1 == buckets_.end() ? buckets_.begin() : bucket + 1;
  }
  size_t bytes() const { return buckets_.bytes(); }

 private:
  static uint8_t Tag(uint64_t hash) { return static_cast<uint8_t>(hash); }
  size_t Place(uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<size_t>(Wide{hash} * buckets_.size() >> 64);
  }
  learn::Array<Bucket> buckets_;
};

}  // namespace omen::index
