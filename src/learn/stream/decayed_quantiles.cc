#include "learn/stream/decayed_quantiles.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/packing/packed_bytes.h"

namespace omen::learn {
namespace {

constexpr auto kOrder = std::memory_order_relaxed;

}  // namespace

size_t DecayedQuantiles::BucketOf(uint64_t value) {
  if (value < kSubs) return value;
  value = std::min(value, (uint64_t{1} << kPowers) - 1);
  const int power = std::bit_width(value) - 1;
  const uint64_t sub = value >> (power - kSubBits) & (kSubs - 1);
  return kSubs * static_cast<size_t>(power - kSubBits + 1) + sub;
}

double DecayedQuantiles::LowerEnd(size_t bucket) {
  if (bucket < kSubs) return static_cast<double>(bucket);
  const int power = static_cast<int>(bucket / kSubs) - 1;
  return std::ldexp(static_cast<double>(kSubs + bucket % kSubs), power);
}

void DecayedQuantiles::Add(uint64_t value) {
  counts_[BucketOf(value)].fetch_add(kUnit, kOrder);
  if (added_.fetch_add(1, kOrder) % kHalvedEvery == kHalvedEvery - 1) Halve();
}

// What others add meanwhile is not lost: halves are taken away.
void DecayedQuantiles::Halve() {
  for (std::atomic<uint16_t>& count : counts_) {
    const uint16_t now = count.load(kOrder);
    if (now != 0) count.fetch_sub(static_cast<uint16_t>((now + 1) / 2), kOrder);
  }
}

double DecayedQuantiles::Quantile(double share) const {
  std::array<uint16_t, kBuckets> counts;
  uint64_t total = 0;
  for (size_t i = 0; i < kBuckets; ++i) total += counts[i] = counts_[i].load(kOrder);
  double before = std::clamp(share, 0.0, 1.0) * static_cast<double>(total);
  double value = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    if (counts[i] == 0) continue;
    const double within = std::min(before / counts[i], 1.0);
    // The values of a bucket that holds one number are that number.
    const double width = i < kSubs ? 0 : LowerEnd(i + 1) - LowerEnd(i);
    value = LowerEnd(i) + within * width;
    if (before <= counts[i]) break;
    before -= counts[i];
  }
  return value;
}

double DecayedQuantiles::weight() const {
  uint64_t total = 0;
  for (const std::atomic<uint16_t>& count : counts_) total += count.load(kOrder);
  return static_cast<double>(total) / kUnit;
}

// How many values were added since the last halving, then gaps between buckets and their counts.
std::string DecayedQuantiles::Encode() const {
  PackedWriter out;
  out.Int(added_.load(kOrder) % kHalvedEvery);
  size_t next = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    const uint16_t count = counts_[i].load(kOrder);
    if (count == 0) continue;
    out.Int(i - next);
    out.Int(count);
    next = i + 1;
  }
  return out.Take();
}

bool DecayedQuantiles::Restore(std::string_view bytes) {
  PackedReader in(bytes);
  const uint64_t added = in.Int();
  std::array<uint16_t, kBuckets> counts{};
  for (size_t next = 0; in.ok() && !in.whole();) {
    const uint64_t gap = in.Int(), count = in.Int();
    if (gap >= kBuckets - next || count > UINT16_MAX / 2) return false;
    counts[next + gap] = static_cast<uint16_t>(count);
    next += gap + 1;
    if (next == kBuckets && !in.whole()) return false;
  }
  if (!in.ok() || added >= kHalvedEvery) return false;
  for (size_t i = 0; i < kBuckets; ++i) counts_[i].fetch_add(counts[i], kOrder);
  added_.fetch_add(static_cast<uint32_t>(added), kOrder);
  return true;
}

}  // namespace omen::learn
