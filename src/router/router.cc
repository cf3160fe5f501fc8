#include "router/router.h"

#include <fmt/compile.h>

#include <algorithm>
#include <cmath>

namespace omen::router {
namespace {

// While columns are being copied, rows are worth this much more work.
constexpr double kBehindFactor = 100;
// Where rows are brief: columns take every core and a turn, so that with several clients each is
// answered later than it would be alone.
constexpr double kBriefUs = 2'000, kBriefFactor = 1.5;

double RowsAreWorth(const Features& features) {
  if (features.replica_behind) return kBehindFactor;
  return features.row_cost_us < kBriefUs ? kBriefFactor : 1;
}

Choice Take(Path path, std::string reason) {
  return {.path = path, .reason = std::move(reason), .by_rules = path};
}

/// Whole, as is quickly written: a path is chosen at every run.
int64_t WholeMicros(double us) { return std::llround(std::min(us, 1e15)); }

std::string Costs(const Features& features) {
  return fmt::format(FMT_COMPILE("about {} us on rows, {} us on columns"),
                     WholeMicros(features.row_cost_us), WholeMicros(features.column_cost_us));
}

}  // namespace

Choice RuleRouter::Choose(const Features& features) const {
  const Ability& row = features.on(Path::kRow);
  const Ability& column = features.on(Path::kColumn);
  const Ability& mixed = features.on(Path::kMixed);
  if (row.possible) {
    if (!features.reads_tables) return Take(Path::kRow, "reads no table");
    if (features.key_lookup) return Take(Path::kRow, "finds its rows by key");
    if (features.locks_rows) return Take(Path::kRow, "locks rows");
    const double limit = features.column_cost_us * RowsAreWorth(features);
    if (features.row_cost_us <= limit) return Take(Path::kRow, Costs(features));
  }
  if (column.possible) {
    return Take(Path::kColumn,
                row.possible ? Costs(features) : "the row path cannot: " + row.why_not);
  }
  if (mixed.possible && (!row.possible || features.row_cost_us > features.mixed_cost_us)) {
    return Take(Path::kMixed, "columns alone cannot: " + column.why_not);
  }
  if (row.possible) return Take(Path::kRow, "columns cannot: " + column.why_not);
  return {.possible = false, .reason = row.why_not};
}

}  // namespace omen::router
