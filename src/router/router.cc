#include "router/router.h"

#include <fmt/format.h>

namespace omen::router {
namespace {

// Below this the row path answers before columns could have started: opening a reader,
// waiting for the watermark and planning cost a few milliseconds.
constexpr double kSmallMicros = 4'000;
// Above this the engine's parallel operators pay for feeding them rows.
constexpr double kMixedMicros = 200'000;
// While columns are being copied, rows are worth this much more work.
constexpr double kBehindFactor = 100;

Choice Take(Path path, std::string reason) { return {true, path, std::move(reason)}; }

}  // namespace

Choice RuleRouter::Choose(const Features& features) const {
  const Ability& row = features.on(Path::kRow);
  const Ability& column = features.on(Path::kColumn);
  const Ability& mixed = features.on(Path::kMixed);
  if (row.possible) {
    if (!features.reads_tables) return Take(Path::kRow, "reads no table");
    if (features.key_lookup) return Take(Path::kRow, "finds its rows by key");
    if (features.locks_rows) return Take(Path::kRow, "locks rows");
    const double limit = kSmallMicros * (features.replica_behind ? kBehindFactor : 1);
    if (features.row_cost_us <= limit) {
      return Take(Path::kRow, fmt::format("reads about {:.0f} rows", features.rows_touched));
    }
  }
  if (column.possible) {
    return Take(Path::kColumn, row.possible
                                   ? fmt::format("reads about {:.0f} rows", features.rows_touched)
                                   : "the row path cannot: " + row.why_not);
  }
  if (mixed.possible && (!row.possible || features.row_cost_us > kMixedMicros)) {
    return Take(Path::kMixed, "columns alone cannot: " + column.why_not);
  }
  if (row.possible) return Take(Path::kRow, "columns cannot: " + column.why_not);
  return {false, Path::kRow, row.why_not};
}

}  // namespace omen::router
