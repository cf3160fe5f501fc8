// Public reference libraries as contenders, where the build was given a folder with their
// checkouts (OMEN_BENCH_EXTERNAL); without it these do nothing. Nothing of theirs is in this tree.
//
//   PGM-index  github.com/gvinciguerra/PGM-index  sorted array and model; dynamic, unique keys only
//   ALEX       github.com/microsoft/ALEX          its multimap
#pragma once

#include "comparison.h"
#include "mixes.h"

namespace omen::bench {

/// Points and clean scans, one library after the other.
void ReadExternals(const KeySet<index::IntKeys>& set, Comparison<index::IntKeys>& comparison,
                   int rounds, Measurements& out);
void MixExternals(const KeySet<index::IntKeys>& set, MixComparison<index::IntKeys>& mix,
                  Measurements& out);

}  // namespace omen::bench
