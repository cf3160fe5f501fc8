// How often each template will run in the hour to come, told again and again in spare time.
// Readable in omendb.workload.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "base/result.h"
#include "exec/template/templates.h"
#include "learn/forecast/arrival_forecast.h"

namespace omen::exec {

/// Nothing is kept of a forecast but its result: each is made from the template's arrivals alone,
/// in some microseconds for every hour of them. Any thread; Renew by one at a time.
class Forecasts {
 public:
  struct Forecast {
    int64_t from_micros = 0;  // Unix epoch; of the hour that begins then
    learn::ArrivalForecast next;
  };

  /// `templates` outlives it.
  explicit Forecasts(const Templates* templates) : templates_(templates) {}

  /// Makes those that are missing or due, the oldest first, `most` of them: a forecast is due the
  /// later the more hours it is made from, 20 minutes after the last one at most. `breathe` is
  /// asked before every few; what it fails with is the result.
  Status Renew(int64_t now_micros, size_t most, const std::function<Status()>& breathe);

  std::optional<Forecast> Of(uint64_t template_id) const;

 private:
  struct Made {
    Forecast forecast;
    int64_t due_micros = 0;
  };
  /// By when they are due, then by id.
  std::vector<std::pair<int64_t, uint64_t>> Due(int64_t now_micros) const;
  Made Make(uint64_t template_id, int64_t now_micros) const;
  void ForgetAllBut(const std::vector<std::shared_ptr<const StatementTemplate>>& templates);

  const Templates* const templates_;
  mutable std::mutex mutex_;
  std::map<uint64_t, Made> made_;  // by template
};

}  // namespace omen::exec
