// The parts of the benchmark; each loads one key set into every contender it compares.
#pragma once

#include <string>

#include "measure.h"

namespace omen::bench {

struct Task {
  std::string part;
  std::string set;
  size_t keys = 1'000'000;
  uint64_t seed = 42;
  int rounds = 5;
};

/// Builds of models; lookups, batched, single and fenced, present and absent; scans, clean and
/// with a delta of one key in twenty outstanding.
void Reads(const Task& task, Measurements& out);
/// Mixes of reads and writes, merges included.
void Mixes(const Task& task, Measurements& out);
/// Keys that only grow.
void Append(const Task& task, Measurements& out);
/// Latency of single reads, quiet and while merges run.
void MergeTail(const Task& task, Measurements& out);
/// Points, ranges, inserts, points; the set's name is the form: auto, learned, tree, hash.
void Phases(const Task& task, Measurements& out);

}  // namespace omen::bench
