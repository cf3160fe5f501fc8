#include "exec/template/templates.h"

#include <algorithm>

namespace omen::exec {
namespace {

constexpr size_t kTextMax = 4096, kListMax = 256;

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

void StatementTemplate::Note(Path path, const obs::Outcome& outcome) {
  constexpr auto kOrder = std::memory_order_relaxed;
  Stripe& stripe = stripes_[outcome.session_id % stripes_.size()];
  const auto number = static_cast<size_t>(path);
  stripe.calls[number].fetch_add(1, kOrder);
  stripe.total_us[number].fetch_add(outcome.duration_us, kOrder);
  stripe.rows.fetch_add(outcome.rows, kOrder);
  if (!outcome.sqlstate.empty()) stripe.errors.fetch_add(1, kOrder);
  stripe.last_run_micros.store(outcome.started_micros, kOrder);
  last_duration_us_.store(outcome.duration_us, kOrder);
}

StatementTemplate::Totals StatementTemplate::totals() const {
  Totals totals;
  for (const Stripe& stripe : stripes_) {
    for (size_t path = 0; path < totals.by_path.size(); ++path) {
      totals.by_path[path].calls += stripe.calls[path].load();
      totals.by_path[path].total_us += stripe.total_us[path].load();
    }
    totals.rows += stripe.rows.load();
    totals.errors += stripe.errors.load();
    totals.last_run_micros = std::max(totals.last_run_micros, stripe.last_run_micros.load());
  }
  return totals;
}

void StatementTemplate::Add(const Totals& before) {
  Stripe& stripe = stripes_[0];
  for (size_t path = 0; path < before.by_path.size(); ++path) {
    stripe.calls[path] += before.by_path[path].calls;
    stripe.total_us[path] += before.by_path[path].total_us;
  }
  stripe.rows += before.rows;
  stripe.errors += before.errors;
  stripe.last_run_micros = std::max(stripe.last_run_micros.load(), before.last_run_micros);
}

std::shared_ptr<StatementTemplate> Templates::Enter(
    uint64_t id, const std::function<std::shared_ptr<StatementTemplate>()>& make) {
  std::lock_guard lock(mutex_);
  const auto found = known_.find(id);
  if (found != known_.end() && found->second->origin == StatementTemplate::Origin::kBound) {
    return found->second;
  }
  std::shared_ptr<StatementTemplate> made = make();
  if (found != known_.end()) {
    made->Add(found->second->totals());
    return found->second = made;
  }
  if (known_.size() >= capacity_) MakeRoom();
  known_.emplace(id, made);
  return made;
}

void Templates::Restore(std::shared_ptr<StatementTemplate> known) {
  std::lock_guard lock(mutex_);
  const uint64_t id = known->traits.template_id;
  if (known_.size() < capacity_) known_.emplace(id, std::move(known));
}

// An eighth at a time, so that many new templates do not look at all others each.
void Templates::MakeRoom() {
  std::vector<std::pair<int64_t, uint64_t>> ages;
  ages.reserve(known_.size());
  for (const auto& [id, known] : known_) ages.emplace_back(known->last_run_micros(), id);
  const size_t leaving = std::max<size_t>(1, ages.size() / 8);
  std::nth_element(ages.begin(), ages.begin() + static_cast<ptrdiff_t>(leaving - 1), ages.end());
  for (size_t i = 0; i < leaving; ++i) known_.erase(ages[i].second);
}

std::vector<std::shared_ptr<const StatementTemplate>> Templates::All() const {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const StatementTemplate>> all;
  all.reserve(known_.size());
  for (const auto& [id, known] : known_) all.push_back(known);
  return all;
}

}  // namespace omen::exec
