#include "exec/template/template_runs.h"

#include <algorithm>

namespace omen::exec {
namespace {

constexpr auto kOrder = std::memory_order_relaxed;

/// Most are zero, and adding costs a turn on the bus.
template <typename T>
void AddSome(std::atomic<T>* to, T amount) {
  if (amount != 0) to->fetch_add(amount, kOrder);
}

void LowerTo(std::atomic<int64_t>* least, int64_t value) {
  int64_t now = least->load(kOrder);
  while (value < now && !least->compare_exchange_weak(now, value, kOrder)) {
  }
}

void RaiseTo(std::atomic<int64_t>* most, int64_t value) {
  int64_t now = most->load(kOrder);
  while (value > now && !most->compare_exchange_weak(now, value, kOrder)) {
  }
}

}  // namespace

TemplateRuns::OnPath TemplateRuns::Totals::all() const {
  OnPath all;
  for (const OnPath& of : by_path) {
    all.calls += of.calls;
    all.errors += of.errors;
    all.total_us += of.total_us;
    all.cpu_us += of.cpu_us;
    all.waited_us += of.waited_us;
    all.rows += of.rows;
    all.rows_read += of.rows_read;
    all.bytes += of.bytes;
  }
  return all;
}

void TemplateRuns::Totals::Add(const Totals& other) {
  for (size_t path = 0; path < kPaths; ++path) {
    Totals both;
    both.by_path = {by_path[path], other.by_path[path]};
    by_path[path] = both.all();
  }
  squares_us2 += other.squares_us2;
  min_us = std::min(min_us, other.min_us);
  max_us = std::max(max_us, other.max_us);
  last_run_micros = std::max(last_run_micros, other.last_run_micros);
  blocks_cached += other.blocks_cached;
  blocks_read += other.blocks_read;
}

void TemplateRuns::Counts::Note(const obs::Outcome& outcome) {
  calls.fetch_add(1, kOrder);
  AddSome(&total_us, outcome.duration_us);
  AddSome(&cpu_us, outcome.cpu_us);
  AddSome(&waited_us, outcome.waited_us);
  AddSome(&rows, outcome.rows);
  AddSome(&rows_read, outcome.rows_read);
  AddSome(&bytes, outcome.bytes);
  if (!outcome.sqlstate.empty()) errors.fetch_add(1, kOrder);
}

void TemplateRuns::Counts::Add(const OnPath& before) {
  calls += before.calls;
  errors += before.errors;
  total_us += before.total_us;
  cpu_us += before.cpu_us;
  waited_us += before.waited_us;
  rows += before.rows;
  rows_read += before.rows_read;
  bytes += before.bytes;
}

TemplateRuns::OnPath TemplateRuns::Counts::Load() const {
  return {.calls = calls.load(kOrder),
          .errors = errors.load(kOrder),
          .total_us = total_us.load(kOrder),
          .cpu_us = cpu_us.load(kOrder),
          .waited_us = waited_us.load(kOrder),
          .rows = rows.load(kOrder),
          .rows_read = rows_read.load(kOrder),
          .bytes = bytes.load(kOrder)};
}

TemplateRuns::OnPath TemplateRuns::Counts::Take() {
  return {.calls = calls.exchange(0),
          .errors = errors.exchange(0),
          .total_us = total_us.exchange(0),
          .cpu_us = cpu_us.exchange(0),
          .waited_us = waited_us.exchange(0),
          .rows = rows.exchange(0),
          .rows_read = rows_read.exchange(0),
          .bytes = bytes.exchange(0)};
}

TemplateRuns::~TemplateRuns() {
  for (const auto& recent : recent_) delete recent.load();
}

void TemplateRuns::Note(Path path, const obs::Outcome& outcome) {
  Stripe& stripe = stripes_[outcome.session_id % stripes_.size()];
  stripe.by_path[static_cast<size_t>(path)].Note(outcome);
  const auto us = static_cast<double>(outcome.duration_us);
  stripe.squares_us2.fetch_add(us * us, kOrder);
  LowerTo(&stripe.min_us, outcome.duration_us);
  RaiseTo(&stripe.max_us, outcome.duration_us);
  stripe.last_run_micros.store(outcome.started_micros, kOrder);
  AddSome(&stripe.blocks_cached, outcome.blocks_cached);
  AddSome(&stripe.blocks_read, outcome.blocks_read);
  last_duration_us_.store(outcome.duration_us, kOrder);
  MutableRecent(path)->Add(static_cast<uint64_t>(std::max<int64_t>(outcome.duration_us, 0)));
}

TemplateRuns::Totals TemplateRuns::totals() const {
  Totals totals;
  for (const Stripe& stripe : stripes_) {
    Totals of;
    for (size_t path = 0; path < kPaths; ++path) of.by_path[path] = stripe.by_path[path].Load();
    of.squares_us2 = stripe.squares_us2.load(kOrder);
    of.min_us = stripe.min_us.load(kOrder);
    of.max_us = stripe.max_us.load(kOrder);
    of.last_run_micros = stripe.last_run_micros.load(kOrder);
    of.blocks_cached = stripe.blocks_cached.load(kOrder);
    of.blocks_read = stripe.blocks_read.load(kOrder);
    totals.Add(of);
  }
  return totals;
}

void TemplateRuns::Add(const Totals& before) {
  Stripe& stripe = stripes_[0];
  for (size_t path = 0; path < kPaths; ++path) stripe.by_path[path].Add(before.by_path[path]);
  stripe.squares_us2.fetch_add(before.squares_us2);
  LowerTo(&stripe.min_us, before.min_us);
  RaiseTo(&stripe.max_us, before.max_us);
  RaiseTo(&stripe.last_run_micros, before.last_run_micros);
  stripe.blocks_cached += before.blocks_cached;
  stripe.blocks_read += before.blocks_read;
}

TemplateRuns::Totals TemplateRuns::Take() {
  Totals totals;
  for (Stripe& stripe : stripes_) {
    Totals of;
    for (size_t path = 0; path < kPaths; ++path) of.by_path[path] = stripe.by_path[path].Take();
    of.squares_us2 = stripe.squares_us2.exchange(0);
    of.min_us = stripe.min_us.exchange(INT64_MAX);
    of.max_us = stripe.max_us.exchange(0);
    of.last_run_micros = stripe.last_run_micros.load(kOrder);
    of.blocks_cached = stripe.blocks_cached.exchange(0);
    of.blocks_read = stripe.blocks_read.exchange(0);
    totals.Add(of);
  }
  return totals;
}

learn::DecayedQuantiles* TemplateRuns::MutableRecent(Path path) {
  std::atomic<learn::DecayedQuantiles*>& recent = recent_[static_cast<size_t>(path)];
  learn::DecayedQuantiles* known = recent.load(std::memory_order_acquire);
  if (known != nullptr) return known;
  auto made = std::make_unique<learn::DecayedQuantiles>();
  if (recent.compare_exchange_strong(known, made.get())) return made.release();
  return known;
}

}  // namespace omen::exec
