// How a run may be searched, and what is known of the choice.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace omen::index {

/// How a run is searched.
enum class Search : uint8_t { kLearned, kTree, kHash };
const char* NameOf(Search search);

struct RunChoice {
  Search search = Search::kLearned;
  uint32_t epsilon = 8;  // in blocks; learned only
};

/// What was found when a run's search was chosen; nanoseconds of a lookup, 0 where it was not
/// tried. The mean of batched and lone lookups, weighed by how many of each are asked.
struct RunTrial {
  double learned_ns = 0;
  double other_epsilon_ns = 0;  // through a model with twice the epsilon, or half of it
  double tree_ns = 0;
  double hash_ns = 0;           // single keys through a hash beside the one that was chosen
  uint32_t segments = 0;        // at the epsilon that was chosen
  uint32_t loose_segments = 0;  // at a hundred times it: how hard the keys are at large
  size_t model_bytes = 0;
  const char* reason = "asked for";
};

/// How a run's search is found by trying.
struct TrialPlan {
  const Clock* clock = nullptr;  // without one nothing is tried
  double lone_share = 0.5;       // of the lookups that are asked
  bool hash = false;             // single keys are asked so often that a hash may pay
  bool epsilon_known = false;    // from the run that this one replaces
  bool cold = false;             // the index is larger than the caches: lookups wait for memory
};

}  // namespace omen::index
