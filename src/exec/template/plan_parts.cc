#include "exec/template/plan_parts.h"

#include <algorithm>

namespace omen::exec {
namespace {

/// The one of this kind and these tables; null where there is none, or another.
template <typename Part>
const Part* Only(const std::vector<Part>& parts, sql::PlanPart::Kind kind,
                 const std::vector<Oid>& tables) {
  const Part* only = nullptr;
  for (const Part& part : parts) {
    if (part.kind != kind || part.tables != tables) continue;
    if (only != nullptr) return nullptr;
    only = &part;
  }
  return only;
}

}  // namespace

std::vector<obs::PartRun> PartRunsOf(const sql::StatementTraits& traits,
                                     const std::vector<PartRows>& counted,
                                     const std::vector<PartRows>& expected) {
  std::vector<obs::PartRun> runs;
  for (const PartRows& part : counted) {
    const sql::PlanPart* known = Only(traits.parts, part.kind, part.tables);
    if (known == nullptr || Only(counted, part.kind, part.tables) == nullptr) continue;
    const PartRows* estimate = Only(expected, part.kind, part.tables);
    runs.push_back({known->id, estimate == nullptr ? 0 : estimate->rows, part.rows});
  }
  return runs;
}

void PlanParts::OnOutcome(const obs::Outcome& outcome) {
  if (outcome.parts.empty()) return;
  std::lock_guard lock(mutex_);
  for (const obs::PartRun& run : outcome.parts) {
    if (seen_.size() >= capacity_ && !seen_.contains(run.part_id)) MakeRoom();
    Seen& seen = seen_[run.part_id];
    ++seen.runs;
    seen.total_rows += run.rows;
    seen.last_rows = run.rows;
    seen.last_estimated_rows = run.estimated_rows;
    seen.last_run_micros = outcome.started_micros;
  }
}

// An eighth at a time: looking for the oldest takes as long as all of them are many.
void PlanParts::MakeRoom() {
  std::vector<int64_t> times;
  for (const auto& [id, seen] : seen_) times.push_back(seen.last_run_micros);
  const auto cut = times.begin() + static_cast<ptrdiff_t>(times.size() / 8);
  std::ranges::nth_element(times, cut);
  std::erase_if(seen_, [&](const auto& entry) { return entry.second.last_run_micros <= *cut; });
}

std::map<uint64_t, PlanParts::Seen> PlanParts::All() const {
  std::lock_guard lock(mutex_);
  return seen_;
}

}  // namespace omen::exec
