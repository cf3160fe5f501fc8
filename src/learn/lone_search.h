// What a lookup alone is made of. It has no other lookup's waits to overlap with its own, unless
// the processor begins the next one while this one waits for memory; so what counts is how few
// instructions it takes: none to pass work on, none to guard lengths that are always the same.
#pragma once

#include <cstdint>
#include <span>

namespace omen::learn {

class Model;

/// Keys that are compared at once at most.
inline constexpr uint32_t kVectorKeys = 8;

/// A key and what belongs to it, side by side.
struct KeyPair {
  uint64_t key;
  uint64_t value;
};

/// One way to do it; all give the same answers. Pure, any thread.
struct LoneSearch {
  const char* name;
  /// How many of `length` sorted keys are less than `key`; the last ones are ~0 and there are
  /// whole vectors of them.
  uint32_t (*count_less)(const uint64_t* keys, uint32_t length, uint64_t key);
  /// The same among `length` sorted pairs. `model` was trained on the last key of each block of
  /// `block` pairs, so that it leads to a few blocks; all of them are asked for at once.
  uint32_t (*lower_bound)(const Model& model, const KeyPair* pairs, uint32_t length, uint32_t block,
                          uint64_t key);
};

/// The fastest this machine can run; decided once.
const LoneSearch& BestLoneSearch();
/// All this machine can run, the plain one first.
std::span<const LoneSearch> LoneSearches();

}  // namespace omen::learn
