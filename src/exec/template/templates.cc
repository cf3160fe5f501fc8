#include "exec/template/templates.h"

#include <algorithm>
#include <cmath>

namespace omen::exec {
namespace {

constexpr size_t kTextMax = 4096, kListMax = 256;
constexpr double kHalfLifeMicros = 6 * 3600e6;  // of a template's weight
constexpr int64_t kMinuteMicros = 60'000'000;
constexpr int64_t kHoursByMinute = 7 * 24, kHoursKept = 4 * kHoursByMinute;
constexpr size_t kArrivalBytesMax = 16u << 20;
constexpr int64_t kHoursAtOnce = 6;

template <typename T>
void CutOff(std::vector<T>* list) {
  if (list->size() > kListMax) list->resize(kListMax, list->front());
  list->shrink_to_fit();
}

sql::StatementTraits Bounded(sql::StatementTraits traits) {
  CutOff(&traits.tables_read);
  CutOff(&traits.tables_written);
  CutOff(&traits.columns_read);
  CutOff(&traits.columns_written);
  CutOff(&traits.predicates);
  CutOff(&traits.key_operands);
  CutOff(&traits.parts);
  return traits;
}

}  // namespace

StatementTemplate::StatementTemplate(sql::StatementTraits known, std::string_view text,
                                     std::string tag, Origin origin)
    : traits(Bounded(std::move(known))),
      text(text.substr(0, kTextMax)),
      tag(std::move(tag)),
      origin(origin) {}

TemplatePtr Templates::Enter(uint64_t id, const std::function<TemplatePtr()>& make) {
  std::lock_guard lock(mutex_);
  const auto found = known_.find(id);
  if (found == known_.end()) {
    TemplatePtr made = make();
    if (known_.size() >= capacity_) MakeRoom();
    return known_[id].known = std::move(made);
  }
  TemplatePtr& known = found->second.known;
  if (known->origin == StatementTemplate::Origin::kBound) return known;
  TemplatePtr made = make();
  made->runs.Add(known->runs.totals());
  for (size_t path = 0; path < TemplateRuns::kPaths; ++path) {
    const auto* recent = known->runs.recent(static_cast<Path>(path));
    if (recent == nullptr) continue;
    made->runs.MutableRecent(static_cast<Path>(path))->Restore(recent->Encode());
  }
  made->parameters.Restore(known->parameters.Encode());
  return known = made;
}

StatementTemplate& Templates::Return(const TemplatePtr& left) {
  std::lock_guard lock(mutex_);
  const uint64_t id = left->traits.template_id;
  const auto found = known_.find(id);
  if (found != known_.end()) return *found->second.known;
  if (known_.size() >= capacity_) MakeRoom();
  known_[id].known = left;
  left->left_ = false;
  return *left;
}

double Templates::WeightOf(const Entry& entry) const {
  const int64_t total_us = entry.known->runs.totals().all().total_us;
  return entry.counted.weight_us + static_cast<double>(total_us - entry.weighed_us);
}

// An eighth at a time, so that many new templates do not look at all others each.
void Templates::MakeRoom() {
  std::vector<std::pair<double, uint64_t>> weights;
  weights.reserve(known_.size());
  for (const auto& [id, entry] : known_) weights.emplace_back(WeightOf(entry), id);
  const size_t leaving = std::max<size_t>(1, weights.size() / 8);
  std::nth_element(weights.begin(), weights.begin() + static_cast<ptrdiff_t>(leaving - 1),
                   weights.end());
  for (size_t i = 0; i < leaving; ++i) {
    const auto entry = known_.find(weights[i].second);
    Leave(&entry->second);
    known_.erase(entry);
  }
}

void Templates::Leave(Entry* entry) {
  StatementTemplate& leaving = *entry->known;
  leaving.left_ = true;
  const TemplateRuns::Totals runs = leaving.runs.Take();
  others_.Add(runs);
  heat_of_others_.Add(leaving.traits, runs);
}

void Templates::Count(int64_t now_micros) {
  std::lock_guard lock(mutex_);
  const auto since = static_cast<double>(now_micros - counted_at_);
  const double kept = counted_at_ == 0 ? 1 : std::exp2(-std::max(since, 0.0) / kHalfLifeMicros);
  counted_at_ = now_micros;
  const int64_t minute = now_micros / kMinuteMicros;
  for (auto& [id, entry] : known_) {
    const TemplateRuns::OnPath all = entry.known->runs.totals().all();
    Counted& counted = entry.counted;
    counted.weight_us =
        counted.weight_us * kept + static_cast<double>(all.total_us - entry.weighed_us);
    entry.weighed_us = all.total_us;
    if (all.calls > counted.calls) counted.arrivals.Add(minute, all.calls - counted.calls);
    counted.calls = all.calls;
  }
  BoundArrivals(minute / learn::Arrivals::kMinutesPerHour);
}

// Once an hour. Where there is too much, more of the oldest hours are made coarse, then forgotten.
void Templates::BoundArrivals(int64_t hour) {
  if (hour == bounded_hour_) return;
  bounded_hour_ = hour;
  const auto bytes = [&] {
    size_t sum = 0;
    for (const auto& [id, entry] : known_) sum += entry.counted.arrivals.bytes();
    return sum;
  };
  int64_t oldest = hour - kHoursKept;
  const int64_t coarse = hour - kHoursByMinute;
  for (auto& [id, entry] : known_) {
    entry.counted.arrivals.Forget(oldest);
    entry.counted.arrivals.Coarsen(coarse);
  }
  for (int64_t before = coarse; before < hour && bytes() > kArrivalBytesMax;) {
    before += kHoursAtOnce;
    for (auto& [id, entry] : known_) entry.counted.arrivals.Coarsen(before);
  }
  while (oldest < hour && bytes() > kArrivalBytesMax) {
    oldest += kHoursAtOnce;
    for (auto& [id, entry] : known_) entry.counted.arrivals.Forget(oldest);
  }
}

std::vector<std::shared_ptr<const StatementTemplate>> Templates::All() const {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const StatementTemplate>> all;
  all.reserve(known_.size());
  for (const auto& [id, entry] : known_) all.push_back(entry.known);
  return all;
}

double Templates::RecentMicros(uint64_t id) const {
  std::lock_guard lock(mutex_);
  const auto found = known_.find(id);
  return found != known_.end() ? WeightOf(found->second) : 0;
}

TemplateRuns::Totals Templates::others() const {
  std::lock_guard lock(mutex_);
  return others_;
}

Heat Templates::heat() const {
  Heat heat = heat_of_others();
  for (const auto& known : All()) heat.Add(known->traits, known->runs.totals());
  return heat;
}

Heat Templates::heat_of_others() const {
  std::lock_guard lock(mutex_);
  return heat_of_others_;
}

Templates::Counted Templates::CountedOf(uint64_t id) const {
  std::lock_guard lock(mutex_);
  const auto found = known_.find(id);
  return found != known_.end() ? found->second.counted : Counted();
}

void Templates::Restore(TemplatePtr known, Counted counted) {
  std::lock_guard lock(mutex_);
  const uint64_t id = known->traits.template_id;
  if (known_.size() >= capacity_ || known_.contains(id)) return;
  Entry& entry = known_[id];
  entry.counted = std::move(counted);
  entry.weighed_us = known->runs.totals().all().total_us;
  entry.known = std::move(known);
}

void Templates::RestoreOthers(const TemplateRuns::Totals& runs, Heat heat) {
  std::lock_guard lock(mutex_);
  others_.Add(runs);
  heat_of_others_ = std::move(heat);
}

}  // namespace omen::exec
