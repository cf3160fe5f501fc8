// What the learned router keeps over restarts: a record of each template, of each bucket of parts,
// and of each regression.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "router/learned_router.h"

namespace omen::router {
namespace {

constexpr std::string_view kTemplate = "template/", kParts = "parts/", kModel = "model/",
                           kTrust = "trust";

std::string KeyOf(std::string_view kind, uint64_t number) {
  return fmt::format("{}{:016x}", kind, number);
}

}  // namespace

std::string LearnedRouter::EncodeKnown(uint64_t template_id, const Known& known) {
  PackedWriter out;
  out.Fixed(template_id);
  for (const double cost_us : known.cost_us) out.Double(cost_us);
  out.Double(known.last.rows_touched);
  out.Fixed(known.last.values);
  out.Int(static_cast<uint64_t>(known.chosen));
  out.Int(known.runs);
  out.Int(known.next_trial);
  known.times.Encode(&out);
  return out.Take();
}

void LearnedRouter::RestoreKnown(PackedReader* in) {
  const uint64_t template_id = in->Fixed();
  Known known;
  for (double& cost_us : known.cost_us) cost_us = in->Double();
  known.last.rows_touched = in->Double();
  known.last.values = in->Fixed();
  known.chosen = static_cast<Path>(std::min<uint64_t>(in->Int(), kPaths - 1));
  known.runs = in->Int();
  known.next_trial = in->Int();
  known.times.Restore(in);
  const bool sound =
      in->whole() && template_id != 0 && std::isfinite(known.last.rows_touched) &&
      std::ranges::all_of(known.cost_us, [](double us) { return std::isfinite(us) && us >= 0; });
  if (!sound) return;
  known.turn = ++turn_;
  *Enter(template_id) = std::move(known);
}

// The lock is held for one record at a time: choices wait for it.
std::vector<Lesson> LearnedRouter::TakeLessons() {
  std::vector<Lesson> lessons;
  for (const uint64_t id : TakeChanged(&lessons)) {
    const std::lock_guard lock(mutex_);
    if (Known* known = Find(id)) lessons.push_back({KeyOf(kTemplate, id), EncodeKnown(id, *known)});
  }
  for (size_t bucket = 0; bucket < PartTimes::kBuckets; ++bucket) {
    const std::lock_guard lock(mutex_);
    std::optional<std::string> bytes = parts_.TakeChanged(bucket);
    if (bytes) lessons.push_back({KeyOf(kParts, bucket), *std::move(bytes)});
  }
  return lessons;
}

/// Templates to be kept; what is to be forgotten, and the regressions, are written at once.
std::vector<uint64_t> LearnedRouter::TakeChanged(std::vector<Lesson>* lessons) {
  const std::lock_guard lock(mutex_);
  std::vector<uint64_t> ids;
  for (auto& [id, known] : known_) {
    if (std::exchange(known->changed, false)) ids.push_back(id);
  }
  for (const uint64_t id : forgotten_) {
    if (Find(id) == nullptr) lessons->push_back({KeyOf(kTemplate, id), ""});
  }
  forgotten_.clear();
  if (ids.empty()) return ids;
  PackedWriter trust;
  for (const SourceTrust& of : trust_) of.Encode(&trust);
  lessons->push_back({std::string(kTrust), trust.Take()});
  for (size_t path = 0; path < kPaths; ++path) {
    lessons->push_back({KeyOf(kModel, path), models_.Encode(static_cast<Path>(path))});
  }
  return ids;
}

void LearnedRouter::Restore(const Lesson& lesson) {
  const std::lock_guard lock(mutex_);
  PackedReader in(lesson.bytes);
  if (lesson.key.starts_with(kTemplate)) RestoreKnown(&in);
  if (lesson.key.starts_with(kParts)) parts_.Restore(&in);
  for (SourceTrust& of : trust_) {
    if (lesson.key == kTrust) of.Restore(&in);
  }
  for (size_t path = 0; path < kPaths; ++path) {
    if (lesson.key != KeyOf(kModel, path)) continue;
    models_.Restore(static_cast<Path>(path), lesson.bytes);
  }
}

}  // namespace omen::router
