#include "index/run/position_hash.h"

#include <cstring>

namespace omen::index {

Status PositionHash::Reserve(size_t entries) {
  if (!buckets_.Resize(entries / kTargetFill + 2)) return learn::OutOfMemory();
  std::memset(static_cast<void*>(buckets_.data()), 0, buckets_.size() * sizeof(Bucket));
  return Status::Ok();
}

void PositionHash::Add(uint64_t hash, uint32_t position) {
  Bucket* bucket = &buckets_[Place(hash)];
  while (bucket->used == kSlots) {
    bucket->spilled = 1;
    bucket = bucket + 1 == buckets_.end() ? buckets_.begin() : bucket + 1;
  }
  bucket->tags[bucket->used] = Tag(hash);
  bucket->positions[bucket->used++] = position;
}

uint32_t PositionHash::Matches(const Bucket& bucket, uint64_t hash) {
  const uint8_t tag = Tag(hash);
  uint32_t matches = 0;
  for (uint32_t i = 0; i < kSlots; ++i) matches |= uint32_t{bucket.tags[i] == tag} << i;
  return matches & ((1u << bucket.used) - 1);
}

}  // namespace omen::index
