// The templates this server has run: what is known of each before it runs, and what its runs have
// shown. Readable as omendb.templates.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "exec/statement/options.h"
#include "obs/outcome.h"
#include "sql/traits/traits.h"

namespace omen::exec {

/// One template. Any thread; noting a run takes no lock.
class StatementTemplate {
 public:
  enum class Origin : uint8_t {
    kBound,     // a statement of this process
    kRestored,  // one before it: of the traits only the identity is known
  };
  StatementTemplate(sql::StatementTraits known, std::string_view text, std::string tag,
                    Origin origin = Origin::kBound);

  void Note(Path path, const obs::Outcome& outcome);
  /// Of the run that was noted last; none: as long as can be.
  int64_t last_duration_us() const { return last_duration_us_.load(std::memory_order_relaxed); }

  struct Runs {
    uint64_t calls = 0;
    int64_t total_us = 0;
  };
  struct Totals {
    std::array<Runs, 4> by_path;  // Path
    uint64_t rows = 0, errors = 0;
    int64_t last_run_micros = 0;  // Unix epoch
  };
  Totals totals() const;
  /// Runs of before, of another process.
  void Add(const Totals& before);
  int64_t last_run_micros() const { return totals().last_run_micros; }

  const sql::StatementTraits traits;  // its lists are cut off where they are very long
  const std::string text, tag;        // as first seen, literals taken out
  const Origin origin;

 private:
  /// Sessions that run one template at once count in different places.
  struct alignas(64) Stripe {
    std::array<std::atomic<uint64_t>, 4> calls{};
    std::array<std::atomic<int64_t>, 4> total_us{};
    std::atomic<uint64_t> rows{0}, errors{0};
    std::atomic<int64_t> last_run_micros{0};
  };
  std::array<Stripe, 4> stripes_;
  std::atomic<int64_t> last_duration_us_{INT64_MAX};
};

/// Bounded: of those that ran longest ago some leave when there is no room. Any thread.
class Templates {
 public:
  explicit Templates(size_t capacity) : capacity_(capacity) {}

  /// The template of that identity; `make` where it was not known, or only its totals are.
  std::shared_ptr<StatementTemplate> Enter(
      uint64_t id, const std::function<std::shared_ptr<StatementTemplate>()>& make);
  /// One that ran before this process, until it is entered.
  void Restore(std::shared_ptr<StatementTemplate> known);
  std::vector<std::shared_ptr<const StatementTemplate>> All() const;

 private:
  void MakeRoom();

  const size_t capacity_;
  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, std::shared_ptr<StatementTemplate>> known_;
};

}  // namespace omen::exec
