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

/// Builds of models; lookups, batched, single and fenced, present and absent, warm and cold; scans,
/// clean and with a delta of one entry in twenty outstanding.
void Reads(const Task& task, Measurements& out);
/// Mixes of reads and writes, as many operations as there are keys; merges included.
void Mixes(const Task& task, Measurements& out);
/// As many keys again, behind those that are there.
void Append(const Task& task, Measurements& out);
/// Latency of single reads, quiet and while merges run.
void MergeTail(const Task& task, Measurements& out);
/// Bytes at rest, with a delta, and at the peak of a merge.
void Memory(const Task& task, Measurements& out);
/// Points, ranges, inserts, points: five operations a key in each.
void Phases(const Task& task, Measurements& out);

}  // namespace omen::bench
