// Chooses the way a read is run. Every way that can run it gives the same answer, so a
// choice may cost time, never correctness.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "obs/outcome.h"

namespace omen::router {

enum class Path : uint8_t { kRow, kColumn, kMixed };
inline constexpr size_t kPaths = 3;

/// Whether a path can run the statement now; why not, when it cannot.
struct Ability {
  bool possible = true;
  std::string why_not;
};

/// What is known of a statement before it runs.
struct Features {
  std::array<Ability, kPaths> paths;
  bool reads_tables = true;
  bool key_lookup = false;  // a few rows found by key
  bool locks_rows = false;
  // What each path would take, where the row path can tell.
  double row_cost_us = 0, column_cost_us = 0, mixed_cost_us = 0;
  double rows_touched = 0;      // rows it would read
  bool replica_behind = false;  // columns are being copied or rebuilt: waiting may take long

  const Ability& on(Path path) const { return paths[static_cast<size_t>(path)]; }
  Ability& on(Path path) { return paths[static_cast<size_t>(path)]; }
};

struct Choice {
  bool possible = true;  // false: no path can run it
  Path path = Path::kRow;
  std::string reason;
};

/// The seam of the routers. Any thread.
class Router : public obs::OutcomeListener {
 public:
  virtual Choice Choose(const Features& features) const = 0;
  /// False: reads by key and row locks go to rows unasked, since nothing else could win.
  virtual bool wants_every_read() const { return false; }
  /// Every statement's run, also those that no router was asked for. What has no memory does not
  /// listen.
  void OnOutcome(const obs::Outcome&) override {}
};

/// Fixed rules: what is found by key goes to rows, all else where it is expected to cost least.
class RuleRouter final : public Router {
 public:
  Choice Choose(const Features& features) const override;
};

}  // namespace omen::router
