#include "learn/stream/value_pattern.h"

#include <algorithm>
#include <cmath>

#include "base/packing/packed_bytes.h"

namespace omen::learn {
namespace {

constexpr double kSeenMin = 8;      // fewer tell nothing
constexpr double kNearlyAll = 0.9;  // of the steps from one value to the next
constexpr double kFewMost = 8;
constexpr double kTopShareOfSkewed = 0.2, kFrequentShareOfSkewed = 0.6;
constexpr double kDecay = 0.05;  // what a new distance counts

uint64_t Scattered(uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdu;
  return value ^ value >> 33;
}

}  // namespace

std::string_view PatternName(PatternShape shape) {
  constexpr std::string_view kNames[] = {"unknown",    "constant", "increasing", "moving window",
                                         "few values", "skewed",   "spread"};
  return kNames[static_cast<size_t>(shape)];
}

void ValuePattern::Add(uint64_t identity, double place) {
  if (has_last_) {
    if (identity == last_) {
      repeats_ += 1;
    } else if (place > last_place_) {
      rises_ += 1;
    } else if (place < last_place_) {
      falls_ += 1;
    }
  }
  has_last_ = true;
  last_ = identity;
  last_place_ = place;
  seen_ += 1;
  NoteFrequent(identity);
  met_.set(Scattered(identity) % kBits);
  if (++added_ % kHalvedEvery == 0) Halve();
}

// The value that was met least makes room, and hands its count on.
void ValuePattern::NoteFrequent(uint64_t identity) {
  Frequent* least = &frequent_[0];
  for (Frequent& frequent : frequent_) {
    if (frequent.identity == identity && frequent.count > 0) {
      frequent.count += 1;
      return;
    }
    if (frequent.count < least->count) least = &frequent;
  }
  *least = {identity, least->count + 1};
}

void ValuePattern::Halve() {
  for (double* count : {&seen_, &repeats_, &rises_, &falls_}) *count /= 2;
  for (Frequent& frequent : frequent_) frequent.count /= 2;
  met_before_ = met_;
  met_.reset();
}

double ValuePattern::distinct() const {
  const auto empty = static_cast<double>(kBits - (met_ | met_before_).count());
  constexpr auto kAll = static_cast<double>(kBits);
  return kAll * std::log(kAll / std::max(empty, 0.5));
}

double ValuePattern::top_share() const {
  double most = 0;
  for (const Frequent& frequent : frequent_) most = std::max(most, frequent.count);
  return seen_ > 0 ? std::min(most / seen_, 1.0) : 0;
}

double ValuePattern::FrequentShare() const {
  double sum = 0, least = frequent_[0].count;
  for (const Frequent& frequent : frequent_) {
    sum += frequent.count;
    least = std::min(least, frequent.count);
  }
  // Where values are many, each of these holds the counts of others, as many as the least.
  return seen_ > 0 ? (sum - least * kFrequent) / seen_ : 0;
}

bool ValuePattern::rises() const {
  const double steps = rises_ + falls_;
  return seen_ >= kSeenMin && rises_ >= kSeenMin / 2 && rises_ >= kNearlyAll * steps;
}

PatternShape ValuePattern::Shape() const {
  if (seen_ < kSeenMin) return PatternShape::kUnknown;
  if (repeats_ >= kNearlyAll * (seen_ - 1)) return PatternShape::kConstant;
  if (rises()) return PatternShape::kIncreasing;
  if (distinct() <= kFewMost + 0.5) return PatternShape::kFew;
  const bool skewed = top_share() >= kTopShareOfSkewed || FrequentShare() >= kFrequentShareOfSkewed;
  return skewed ? PatternShape::kSkewed : PatternShape::kSpread;
}

std::string ValuePattern::Encode() const {
  PackedWriter out;
  out.Int(added_ % kHalvedEvery);
  for (const double count : {seen_, repeats_, rises_, falls_}) out.Double(count);
  for (const Frequent& frequent : frequent_) {
    out.Fixed(frequent.identity);
    out.Double(frequent.count);
  }
  const std::bitset<kBits> met = met_ | met_before_;
  for (size_t at = 0; at < kBits; at += 64) {
    uint64_t word = 0;
    for (size_t bit = 0; bit < 64; ++bit) word |= uint64_t{met[at + bit]} << bit;
    out.Fixed(word);
  }
  return out.Take();
}

bool ValuePattern::Fill(std::string_view bytes) {
  PackedReader in(bytes);
  added_ = static_cast<uint32_t>(in.Int()) % kHalvedEvery;
  bool sound = true;
  const auto read_count = [&] {
    const double count = in.Double();
    sound = sound && count >= 0 && count <= 2.0 * kHalvedEvery;
    return count;
  };
  for (double* count : {&seen_, &repeats_, &rises_, &falls_}) *count = read_count();
  for (Frequent& frequent : frequent_) frequent = {in.Fixed(), read_count()};
  for (size_t at = 0; at < kBits; at += 64) {
    const uint64_t word = in.Fixed();
    for (size_t bit = 0; bit < 64; ++bit) met_before_[at + bit] = (word >> bit & 1) != 0;
  }
  return sound && in.whole();
}

bool ValuePattern::Restore(std::string_view bytes) {
  *this = ValuePattern();
  if (Fill(bytes)) return true;
  *this = ValuePattern();
  return false;
}

void SteadyDistance::Add(double place, double distance) {
  if (!std::isfinite(distance) || !std::isfinite(place)) return;
  constexpr double kStretch = 64;
  if (seen_ == 0) {
    first_place_ = middle_place_ = place;
    mean_ = distance;
  }
  if (std::fmod(seen_, kStretch) == kStretch - 1) {
    first_place_ = middle_place_;
    middle_place_ = place;
  }
  last_place_ = place;
  seen_ += 1;
  const double share = std::max(kDecay, 1 / seen_);
  deviation_ += share * (std::abs(distance - mean_) - deviation_);
  mean_ += share * (distance - mean_);
}

bool SteadyDistance::steady() const {
  constexpr double kSteady = 0.05;
  if (seen_ < kSeenMin) return before_;
  return deviation_ <= kSteady * std::abs(last_place_ - first_place_);
}

}  // namespace omen::learn
