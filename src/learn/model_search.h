// The parts of a lookup through a model, each in one piece for every kind of machine, short and
// without a branch on data: a processor begins the next lookup while this one waits for memory
// if few instructions lie between.
#pragma once

#include <cstddef>
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

/// One way to do it; all give the same answers. Models are not empty. Pure, any thread.
struct ModelSearch {
  const char* name;
  /// How many of `length` sorted keys are less than `key`; the last ones are ~0 and there are
  /// whole vectors of them.
  uint32_t (*count_less)(const uint64_t* keys, uint32_t length, uint64_t key);
  /// The same among `length` sorted pairs. `model` was trained on the last key of each block of
  /// `block` pairs, so that it leads to a few blocks; all of them are asked for at once.
  uint32_t (*lower_bound)(const Model& model, const KeyPair* pairs, uint32_t length, uint32_t block,
                          uint64_t key);
  /// For keys that are each looked up in a model of their own: walks down to the bottom levels and
  /// asks for the memory of what `locate` will read there.
  void (*approach)(const Model* const* models, const uint64_t* keys, size_t n, uint32_t* firsts);
  /// Goes on from there: the lower bound is one of the bottom().width positions from firsts[i]
  /// on, or behind the last of all.
  void (*locate)(const Model* const* models, const uint64_t* keys, size_t n, uint32_t* firsts);
};

/// The fastest this machine can run; decided once.
const ModelSearch& BestModelSearch();
/// All this machine can run, the plain one first.
std::span<const ModelSearch> ModelSearches();

}  // namespace omen::learn
