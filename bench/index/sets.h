// What is loaded, asked and written for one key set.
#pragma once

#include <string>
#include <vector>

#include "index/version/index.h"
#include "learn/key_sets.h"

namespace omen::bench {

/// Keys of one kind: some loaded, the rest of the same distribution kept back for inserts.
template <typename Keys>
struct KeySet {
  std::vector<std::string> text;  // what string keys point into
  std::vector<index::Change<Keys>> loaded;
  std::vector<index::Change<Keys>> writes;
  std::vector<typename Keys::Key> present;  // random loaded keys
  std::vector<typename Keys::Key> absent;   // between and beside loaded keys
};

struct SetShape {
  enum class Writes : uint8_t {
    kInserts,  // anywhere, in random order
    kMixed,    // the same, and every fourth is an erase of a pair that was loaded
    kGrowing,  // behind all that was loaded, in order
  };
  size_t loaded;
  size_t written;
  Writes writes = Writes::kInserts;
  size_t present = 0;  // how many questions
  size_t absent = 0;
};

KeySet<index::IntKeys> MakeIntSet(const std::string& kind, const SetShape& shape, uint64_t seed);
/// Pages of sites, as URLs; no absent keys.
KeySet<index::StringKeys> MakeStringSet(const SetShape& shape, uint64_t seed);

}  // namespace omen::bench
