#include "learn/model_search.h"

#include <array>
#include <bit>

#include "learn/model.h"

#if defined(__x86_64__)
// GCC 12 warns of its own header's deliberately undefined vectors (its bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#endif

namespace omen::learn {

namespace {

// See Narrow in window_search.cc.
inline uint32_t If(bool condition, uint32_t value) {
  return value & -static_cast<uint32_t>(condition);
}

uint32_t CountAtMost(const uint64_t* keys, uint32_t length, uint64_t key) {
  uint32_t passed = 0;
  for (; length > 1; length -= length / 2)
    passed += If(keys[passed + length / 2 - 1] <= key, length / 2);
  return passed + If(length != 0 && keys[passed] <= key, 1);
}

uint32_t CountLess(const uint64_t* keys, uint32_t length, uint64_t key) {
  return key == 0 ? 0 : CountAtMost(keys, length, key - 1);
}

uint32_t CountPairsLess(const KeyPair* pairs, uint32_t length, uint64_t key) {
  constexpr uint32_t kLine = 64 / sizeof(KeyPair);
  for (uint32_t i = 0; i < length; i += kLine) __builtin_prefetch(pairs + i);
  uint32_t passed = 0;
  for (; length > 1; length -= length / 2)
    passed += If(pairs[passed + length / 2 - 1].key < key, length / 2);
  return passed + If(length != 0 && pairs[passed].key < key, 1);
}

// The line that a search among the keys will lead to is one of these: no wait after the keys'.
inline void FetchLines(const Level& level, uint32_t first) {
  __builtin_prefetch(level.lines + first);
  __builtin_prefetch(level.lines + first + 4);
  __builtin_prefetch(level.lines + first + 8);
}

inline void FetchKeys(const Level& level, uint32_t first) {
  __builtin_prefetch(level.keys + first);
  __builtin_prefetch(level.keys + first + kVectorKeys - 1);
}

// The steps are the same on every machine, around what counts keys there.

// Where in a level the window of the next one below it begins.
template <auto Count>
inline __attribute__((always_inline)) uint32_t Step(const Level& level, uint32_t first,
                                                    uint32_t width, uint64_t key) {
  const uint32_t segment = first + Count(level.keys + first, width, key);
  return level.PredictFirst(segment - (segment != 0), key);
}

// Where in the bottom level the window begins that the levels above predict.
template <auto Count>
inline __attribute__((always_inline)) uint32_t Approach(const Model& model, uint64_t key) {
  uint32_t first = 0, width = model.root().count;
  for (const Level* level = &model.root(); level != &model.bottom(); --level) {
    first = Step<Count>(*level, first, width, key);
    width = level->width;
    FetchLines(level[-1], first);
  }
  return first;
}

template <auto Count>
inline __attribute__((always_inline)) uint32_t Locate(const Model& model, uint32_t first,
                                                      uint64_t key) {
  return Step<Count>(model.bottom(), first, model.bottom_window(), key);
}

uint32_t LowerBound(const Model& model, const KeyPair* pairs, uint32_t length, uint32_t block,
                    uint64_t key) {
  const uint32_t at = Approach<CountAtMost>(model, key);
  const uint32_t first = Locate<CountAtMost>(model, at, key) * block;
  const uint32_t most = std::min(length - first, model.bottom().width * block);
  return first + CountPairsLess(pairs + first, most, key);
}

void ApproachAll(const Model* const* models, const uint64_t* keys, size_t n, uint32_t* firsts) {
  for (size_t i = 0; i < n; ++i) {
    firsts[i] = Approach<CountAtMost>(*models[i], keys[i]);
    FetchKeys(models[i]->bottom(), firsts[i]);
  }
}

void LocateAll(const Model* const* models, const uint64_t* keys, size_t n, uint32_t* firsts) {
  for (size_t i = 0; i < n; ++i) firsts[i] = Locate<CountAtMost>(*models[i], firsts[i], keys[i]);
}

#if defined(__x86_64__)

#define OMEN_AVX512 __attribute__((target("avx512f,avx512dq,bmi2,popcnt")))

OMEN_AVX512 inline uint32_t Ones(__mmask8 mask) {
  return static_cast<uint32_t>(std::popcount(_cvtmask8_u32(mask)));
}
OMEN_AVX512 inline __m512i Broadcast(uint64_t value) {
  return _mm512_set1_epi64(static_cast<int64_t>(value));
}

// All vectors at once rather than halves one after another: windows are short.
OMEN_AVX512 inline uint32_t CountAtMost512(const uint64_t* keys, uint32_t length, uint64_t key) {
  const __m512i limit = Broadcast(key);
  uint32_t passed = 0;
  for (; length > kVectorKeys; length -= kVectorKeys, keys += kVectorKeys)
    passed += Ones(_mm512_cmpge_epu64_mask(limit, _mm512_loadu_si512(keys)));
  const __mmask8 present = _cvtu32_mask8(_bzhi_u32(0xFF, length));
  const __m512i last = _mm512_maskz_loadu_epi64(present, keys);
  return passed + Ones(_mm512_mask_cmpge_epu64_mask(present, limit, last));
}

OMEN_AVX512 uint32_t CountLess512(const uint64_t* keys, uint32_t length, uint64_t key) {
  constexpr uint32_t kMany = 8 * kVectorKeys;
  uint32_t passed = 0;
  while (length > kMany) {
    const uint32_t half = length / 2 / kVectorKeys * kVectorKeys;
    passed += If(keys[passed + half - 1] < key, half);
    length -= half;
  }
  const __m512i limit = Broadcast(key);
  const uint64_t* const end = keys + passed + length;
  for (keys += passed; keys < end; keys += kVectorKeys)
    passed += Ones(_mm512_cmpgt_epu64_mask(limit, _mm512_loadu_si512(keys)));
  return passed;
}

// The keys of eight pairs in one vector; their order does not matter to who counts them.
OMEN_AVX512 inline __m512i KeysOf(const KeyPair* pairs) {
  return _mm512_unpacklo_epi64(_mm512_loadu_si512(pairs), _mm512_loadu_si512(pairs + 4));
}

OMEN_AVX512 inline uint32_t CountPairsLess512(const KeyPair* pairs, uint32_t length, uint64_t key) {
  constexpr uint32_t kMany = 256;
  uint32_t passed = 0;
  for (; length > kMany; length -= length / 2)
    passed += If(pairs[passed + length / 2 - 1].key < key, length / 2);
  pairs += passed;
  const __m512i limit = Broadcast(key), one = Broadcast(1);
  __m512i less = _mm512_setzero_si512();
#pragma GCC unroll 2
  for (; length >= 8; length -= 8, pairs += 8)
    less = _mm512_mask_add_epi64(less, _mm512_cmpgt_epu64_mask(limit, KeysOf(pairs)), less, one);
  passed += static_cast<uint32_t>(_mm512_reduce_add_epi64(less));
  for (; length != 0; --length, ++pairs) passed += If(pairs->key < key, 1);
  return passed;
}

OMEN_AVX512 uint32_t LowerBound512(const Model& model, const KeyPair* pairs, uint32_t length,
                                   uint32_t block, uint64_t key) {
  const uint32_t at = Approach<CountAtMost512>(model, key);
  const uint32_t first = Locate<CountAtMost512>(model, at, key) * block;
  const uint32_t most = std::min(length - first, model.bottom().width * block);
  return first + CountPairsLess512(pairs + first, most, key);
}

OMEN_AVX512 void ApproachAll512(const Model* const* models, const uint64_t* keys, size_t n,
                                uint32_t* firsts) {
  for (size_t i = 0; i < n; ++i) {
    firsts[i] = Approach<CountAtMost512>(*models[i], keys[i]);
    FetchKeys(models[i]->bottom(), firsts[i]);
  }
}

OMEN_AVX512 void LocateAll512(const Model* const* models, const uint64_t* keys, size_t n,
                              uint32_t* firsts) {
  for (size_t i = 0; i < n; ++i) firsts[i] = Locate<CountAtMost512>(*models[i], firsts[i], keys[i]);
}

#endif

struct ModelSearchSet {
  std::array<ModelSearch, 2> all{};
  size_t count = 0;

  ModelSearchSet() {
    all[count++] = {"plain", CountLess, LowerBound, ApproachAll, LocateAll};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("bmi2"))
      all[count++] = {"avx512", CountLess512, LowerBound512, ApproachAll512, LocateAll512};
#endif
  }
};

const ModelSearchSet& MachineModelSearches() {
  static const ModelSearchSet searches;
  return searches;
}

}  // namespace

std::span<const ModelSearch> ModelSearches() {
  return {MachineModelSearches().all.data(), MachineModelSearches().count};
}
const ModelSearch& BestModelSearch() {
  return MachineModelSearches().all[MachineModelSearches().count - 1];
}

}  // namespace omen::learn
