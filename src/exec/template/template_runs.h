// What the runs of one template have shown, by the path they took.
#pragma once

#include <array>
#include <atomic>
#include <memory>

#include "exec/statement/options.h"
#include "learn/stream/decayed_quantiles.h"
#include "obs/outcome.h"

namespace omen::exec {

/// Any thread; noting a run takes no lock.
class TemplateRuns {
 public:
  static constexpr size_t kPaths = 4;  // Path

  struct OnPath {
    uint64_t calls = 0, errors = 0;
    int64_t total_us = 0, cpu_us = 0, waited_us = 0;
    uint64_t rows = 0, rows_read = 0, bytes = 0;
  };
  struct Totals {
    std::array<OnPath, kPaths> by_path;
    double squares_us2 = 0;  // sum of squared durations
    int64_t min_us = INT64_MAX, max_us = 0;
    int64_t last_run_micros = 0;  // Unix epoch
    uint64_t blocks_cached = 0, blocks_read = 0;

    /// Of all paths.
    OnPath all() const;
    void Add(const Totals& other);
  };

  TemplateRuns() = default;
  ~TemplateRuns();
  TemplateRuns(const TemplateRuns&) = delete;
  TemplateRuns& operator=(const TemplateRuns&) = delete;

  void Note(Path path, const obs::Outcome& outcome);
  Totals totals() const;
  /// Runs of before, of another process.
  void Add(const Totals& before);
  /// What totals() says; it begins anew.
  Totals Take();

  /// Durations in microseconds; null where it never ran.
  const learn::DecayedQuantiles* recent(Path path) const {
    return recent_[static_cast<size_t>(path)].load(std::memory_order_acquire);
  }
  /// Made where there are none.
  learn::DecayedQuantiles* MutableRecent(Path path);

  /// Of the run that was noted last; none: as long as can be.
  int64_t last_duration_us() const { return last_duration_us_.load(std::memory_order_relaxed); }

 private:
  struct Counts {
    std::atomic<uint64_t> calls{0}, errors{0}, rows{0}, rows_read{0}, bytes{0};
    std::atomic<int64_t> total_us{0}, cpu_us{0}, waited_us{0};

    void Note(const obs::Outcome& outcome);
    void Add(const OnPath& before);
    OnPath Load() const;
    OnPath Take();
  };
  /// Sessions that run one template at once count in different places.
  struct alignas(64) Stripe {
    std::array<Counts, kPaths> by_path;
    std::atomic<double> squares_us2{0};
    std::atomic<int64_t> min_us{INT64_MAX}, max_us{0}, last_run_micros{0};
    std::atomic<uint64_t> blocks_cached{0}, blocks_read{0};
  };

  std::array<Stripe, 4> stripes_;
  std::array<std::atomic<learn::DecayedQuantiles*>, kPaths> recent_{};
  std::atomic<int64_t> last_duration_us_{INT64_MAX};
};

}  // namespace omen::exec
