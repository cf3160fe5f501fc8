// Pseudo-English by the specification's grammar (4.2.2.14). Comments are slices of one
// pool of sentences, as the specification has it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tpch/random.h"

namespace omen::tpch {

/// Immutable after construction; any thread.
class TextPool {
 public:
  explicit TextPool(uint64_t seed);
  /// A slice of `low` to `high` characters.
  std::string_view Slice(Random& random, int low, int high) const;

 private:
  std::string text_;
};

}  // namespace omen::tpch
