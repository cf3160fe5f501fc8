#include "exec/template/forecasts.h"

#include <algorithm>
#include <set>

#include "learn/forecast/runs_by_hour.h"

namespace omen::exec {
namespace {

constexpr int64_t kMicrosPerMinute = 60'000'000;
/// For every hour that a forecast is made from, which costs some microseconds: a few millionths of
/// a core for each template.
constexpr int64_t kRestPerHourMicros = 1'800'000;
/// To breathe takes as long as to make one from few hours; of four weeks these take 50 ms.
constexpr size_t kBetweenBreaths = 16;

}  // namespace

// A clock that was set back makes all of them due.
std::vector<std::pair<int64_t, uint64_t>> Forecasts::Due(int64_t now_micros) const {
  std::vector<std::pair<int64_t, uint64_t>> due;
  const auto templates = templates_->All();
  std::lock_guard lock(mutex_);
  for (const auto& known : templates) {
    const uint64_t id = known->traits.template_id;
    const auto found = made_.find(id);
    const bool made = found != made_.end() && found->second.forecast.from_micros <= now_micros;
    const int64_t due_micros = made ? found->second.due_micros : 0;
    if (due_micros <= now_micros) due.emplace_back(due_micros, id);
  }
  std::ranges::sort(due);
  return due;
}

// The minute that it is counts as over: of what has just begun nobody waits to hear.
Forecasts::Made Forecasts::Make(uint64_t template_id, int64_t now_micros) const {
  const learn::Arrivals arrivals = templates_->CountedOf(template_id).arrivals;
  const std::vector<double> hours = RunsByHour(arrivals, now_micros / kMicrosPerMinute + 1);
  const auto rest = static_cast<int64_t>(hours.size() + 1) * kRestPerHourMicros;
  return {{now_micros, learn::ForecastNextHour(hours)}, now_micros + rest};
}

void Forecasts::ForgetAllBut(
    const std::vector<std::shared_ptr<const StatementTemplate>>& templates) {
  std::set<uint64_t> present;
  for (const auto& known : templates) present.insert(known->traits.template_id);
  std::lock_guard lock(mutex_);
  std::erase_if(made_, [&](const auto& made) { return !present.contains(made.first); });
}

Status Forecasts::Renew(int64_t now_micros, size_t most, const std::function<Status()>& breathe) {
  ForgetAllBut(templates_->All());
  std::vector<std::pair<int64_t, uint64_t>> due = Due(now_micros);
  due.resize(std::min(due.size(), most));
  for (size_t i = 0; i < due.size(); ++i) {
    if (i % kBetweenBreaths == 0) OMEN_RETURN_IF_ERROR(breathe());
    const uint64_t id = due[i].second;
    const Made made = Make(id, now_micros);
    std::lock_guard lock(mutex_);
    made_[id] = made;
  }
  return Status::Ok();
}

std::optional<Forecasts::Forecast> Forecasts::Of(uint64_t template_id) const {
  std::lock_guard lock(mutex_);
  const auto found = made_.find(template_id);
  if (found == made_.end()) return std::nullopt;
  return found->second.forecast;
}

}  // namespace omen::exec
