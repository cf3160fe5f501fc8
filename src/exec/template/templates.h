// The templates this server has run: what is known of each before it runs, and what its runs have
// shown. Readable as omendb.templates.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "exec/template/heat.h"
#include "exec/template/parameter_shapes.h"
#include "exec/template/template_runs.h"
#include "learn/stream/arrivals.h"
#include "sql/traits/traits.h"

namespace omen::exec {

/// One template. Any thread.
class StatementTemplate {
 public:
  enum class Origin : uint8_t {
    kBound,     // a statement of this process
    kRestored,  // one before it
  };
  StatementTemplate(sql::StatementTraits known, std::string_view text, std::string tag,
                    Origin origin = Origin::kBound);

  const sql::StatementTraits traits;  // its lists are cut off where they are very long
  const std::string text, tag;        // as first seen, literals taken out
  const Origin origin;

  TemplateRuns runs;
  ParameterShapes parameters;

 private:
  friend class Templates;
  std::atomic<bool> left_{false};  // made room for others
};

using TemplatePtr = std::shared_ptr<StatementTemplate>;

/// Bounded: when there is no room, those leave that took least time of late, and are counted
/// together as one. Any thread.
class Templates {
 public:
  explicit Templates(size_t capacity) : capacity_(capacity) {}

  /// The template of that identity; `make` where it was not known, or only from before.
  TemplatePtr Enter(uint64_t id, const std::function<TemplatePtr()>& make);
  /// To note a run of one that was entered, and may have left since: then it, or the one that has
  /// its identity now, is among them again.
  StatementTemplate& Current(const TemplatePtr& entered) {
    return entered->left_.load(std::memory_order_relaxed) ? Return(entered) : *entered;
  }

  /// Notes how many runs there were since it was last called, for the minute that it is, and what
  /// they took. To be called every few seconds.
  void Count(int64_t now_micros);

  std::vector<std::shared_ptr<const StatementTemplate>> All() const;
  /// Of those that left.
  TemplateRuns::Totals others() const;
  Heat heat() const;
  Heat heat_of_others() const;

  /// What Count has noted of a template.
  struct Counted {
    uint64_t calls = 0;        // those that are among the arrivals
    double weight_us = 0;      // what its runs took, of which the older counts for less
    learn::Arrivals arrivals;  // by minute since the Unix epoch: a week, and three of hours
  };
  Counted CountedOf(uint64_t id) const;
  /// What its runs took, of which the older counts for less; 0 where it is not known.
  double RecentMicros(uint64_t id) const;

  /// What is known from before the process: a template until it is entered, those that had left.
  void Restore(TemplatePtr known, Counted counted);
  void RestoreOthers(const TemplateRuns::Totals& runs, Heat heat);

 private:
  struct Entry {
    TemplatePtr known;
    Counted counted;
    int64_t weighed_us = 0;  // of its total time, what is in the weight
  };
  double WeightOf(const Entry& entry) const;
  void MakeRoom();
  void Leave(Entry* entry);
  StatementTemplate& Return(const TemplatePtr& left);
  void BoundArrivals(int64_t hour);

  const size_t capacity_;
  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, Entry> known_;
  TemplateRuns::Totals others_;
  Heat heat_of_others_;
  int64_t counted_at_ = 0, bounded_hour_ = 0;
};

}  // namespace omen::exec
