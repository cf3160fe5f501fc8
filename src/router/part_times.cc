#include "router/part_times.h"

#include <utility>

namespace omen::router {
namespace {

constexpr double kSpreadBetweenTemplates = 0.4;  // that share parts

}  // namespace

void PartTimes::Note(const Features& features, Path path, double log_ratio) {
  for (const uint64_t part : features.parts) {
    Bucket& bucket = buckets_[part % kBuckets];
    bucket.changed = true;
    const bool is_full = bucket.times.size() >= bucket_max_;
    if (is_full && !bucket.times.contains(part)) bucket.times.erase(bucket.times.begin());  // any
    bucket.times[part][PathIndex(path)].Add(log_ratio);
  }
}

std::optional<Belief> PartTimes::Of(const Features& features, Path path) const {
  std::optional<Belief> belief;
  for (const uint64_t part : features.parts) {
    const auto& times = buckets_[part % kBuckets].times;
    const auto known = times.find(part);
    if (known == times.end()) continue;
    const TimeRatios& ratios = known->second[PathIndex(path)];
    if (ratios.weight() == 0) continue;
    const Belief of{ratios.expected(), ratios.variance() / ratios.weight() +
                                           kSpreadBetweenTemplates * kSpreadBetweenTemplates};
    // Parts of one statement err together, so that two are no surer than the surest.
    if (!belief || of.variance < belief->variance) belief = of;
  }
  return belief;
}

std::optional<std::string> PartTimes::TakeChanged(size_t bucket) {
  Bucket& of = buckets_[bucket];
  if (!std::exchange(of.changed, false)) return std::nullopt;
  PackedWriter out;
  out.Int(of.times.size());
  for (const auto& [part, times] : of.times) {
    out.Fixed(part);
    for (const TimeRatios& ratios : times) ratios.Encode(&out);
  }
  return out.Take();
}

void PartTimes::Restore(PackedReader* in) {
  for (size_t left = in->Count(); left > 0 && in->ok(); --left) {
    const uint64_t part = in->Fixed();
    Times times;
    for (TimeRatios& ratios : times) ratios.Restore(in);
    Bucket& bucket = buckets_[part % kBuckets];
    if (in->ok() && bucket.times.size() < bucket_max_) bucket.times[part] = times;
  }
}

}  // namespace omen::router
