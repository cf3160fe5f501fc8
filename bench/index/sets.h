// What is loaded, asked and inserted for one key set.
#pragma once

#include <string>
#include <vector>

#include "index/index.h"
#include "learn/key_sets.h"

namespace omen::bench {

/// Keys of one kind: some loaded, the rest of the same distribution kept back for inserts.
template <typename Keys>
struct KeySet {
  std::vector<std::string> text;  // what string keys point into
  std::vector<index::Change<Keys>> loaded;
  std::vector<index::Change<Keys>> kept_back;  // in random order
  std::vector<typename Keys::Key> present;     // random loaded keys
  std::vector<typename Keys::Key> absent;      // between and beside loaded keys
};

/// `extra` keys in a hundred loaded are kept back; `ahead` of them from the end (append) or from
/// anywhere.
KeySet<index::IntKeys> MakeIntSet(const std::string& kind, size_t count, size_t extra_percent,
                                  bool append, size_t queries, uint64_t seed);
KeySet<index::StringKeys> MakeStringSet(size_t count, size_t extra_percent, size_t queries,
                                        uint64_t seed);

}  // namespace omen::bench
