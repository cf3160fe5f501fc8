// How a hybrid index is to behave. The defaults are for a database's hot tier.
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/run/sorted_run.h"

namespace omen::index {

/// What structure an index keeps.
enum class Form : uint8_t {
  kAuto,     // whatever is measured to be best
  kLearned,  // runs with models, and a delta
  kTree,     // one B-tree
  kHash,     // runs with hashes, and a delta
};

struct HybridOptions {
  Form form = Form::kAuto;
  uint32_t epsilon = 8;             // of models, in blocks of entries
  size_t delta_minimum = 64 << 10;  // entries before a delta is merged away ...
  uint32_t delta_fraction = 16;     // ... or this part of the runs to begin with; see MergePace
  uint32_t delta_most = 4;          // a delta of this part of the runs makes writers wait
  size_t tail_minimum = 4 << 10;    // entries a tail has room for; more in a larger index
  size_t run_bytes = 64 << 20;      // of a run, texts included; runs of half as much again are cut
  uint32_t remembered_commits = 8;  // how far back Snapshot(commit_id) reaches; less far where
                                    // merges would have to keep a quarter of the runs for it
  size_t row_bytes = 0;             // payloads number rows of this size; 0: they are plain numbers
  bool background = true;           // merge on a thread of its own; else Merge() is called
};

}  // namespace omen::index
