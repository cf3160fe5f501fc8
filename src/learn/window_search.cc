// Windows longer than a vector or two are first halved with conditional moves.
#include "learn/window_search.h"

#include <array>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace omen::learn {

namespace {

struct Less {
  static bool Below(uint64_t element, uint64_t key) { return element < key; }
};
struct AtMost {
  static bool Below(uint64_t element, uint64_t key) { return element <= key; }
};

// Halves [first, first + length) until at most `enough` keys are left; returns the keys passed.
template <typename Order, uint32_t enough>
inline __attribute__((always_inline)) uint32_t Narrow(const uint64_t*& first, uint32_t& length,
                                                      uint64_t key) {
  const uint64_t* const start = first;
  while (length > enough) {
    const uint32_t half = length / 2;
    // A mask, since compilers make a branch of a choice, and this one cannot be predicted.
    first += half & -static_cast<uint32_t>(Order::Below(first[half - 1], key));
    length -= half;
  }
  return static_cast<uint32_t>(first - start);
}

template <typename Order>
void CountPlain(const Window* windows, const uint64_t* keys, size_t n, uint32_t* counts) {
  for (size_t i = 0; i < n; ++i) {
    const uint64_t* first = windows[i].first;
    uint32_t length = windows[i].length;
    uint32_t passed = Narrow<Order, 1>(first, length, keys[i]);
    if (length != 0) passed += Order::Below(*first, keys[i]);
    counts[i] = passed;
  }
}

#if defined(__x86_64__)

template <typename Order>
__attribute__((target("avx512f"))) void CountAvx512(const Window* windows, const uint64_t* keys,
                                                    size_t n, uint32_t* counts) {
  for (size_t i = 0; i < n; ++i) {
    const uint64_t* first = windows[i].first;
    uint32_t length = windows[i].length;
    const uint32_t passed = Narrow<Order, 16>(first, length, keys[i]);
    const __m512i key = _mm512_set1_epi64(static_cast<int64_t>(keys[i]));
    const uint32_t present = (1u << length) - 1;
    const auto low = static_cast<__mmask8>(present), high = static_cast<__mmask8>(present >> 8);
    const __m512i a = _mm512_maskz_loadu_epi64(low, first);
    const __m512i b = _mm512_maskz_loadu_epi64(high, first + 8);
    uint32_t below;
    if constexpr (std::is_same_v<Order, Less>) {
      below = _mm512_mask_cmplt_epu64_mask(low, a, key) | _mm512_mask_cmplt_epu64_mask(high, b, key)
                                                              << 8;
    } else {
      below = _mm512_mask_cmple_epu64_mask(low, a, key) | _mm512_mask_cmple_epu64_mask(high, b, key)
                                                              << 8;
    }
    counts[i] = passed + static_cast<uint32_t>(std::popcount(below));
  }
}

// AVX2 compares signed, so both sides get their sign bit flipped. Sorted keys below a bound are a
// prefix: the count is the sum of the four lanes' sign bits.
template <typename Order>
__attribute__((target("avx2"))) void CountAvx2(const Window* windows, const uint64_t* keys,
                                               size_t n, uint32_t* counts) {
  const __m256i flip = _mm256_set1_epi64x(INT64_MIN), lanes = _mm256_setr_epi64x(0, 1, 2, 3);
  for (size_t i = 0; i < n; ++i) {
    const uint64_t* first = windows[i].first;
    uint32_t length = windows[i].length;
    uint32_t count = Narrow<Order, 8>(first, length, keys[i]);
    const __m256i key = _mm256_xor_si256(_mm256_set1_epi64x(static_cast<int64_t>(keys[i])), flip);
    for (uint32_t done = 0; done < length; done += 4) {
      const __m256i present = _mm256_cmpgt_epi64(_mm256_set1_epi64x(length - done), lanes);
      const __m256i some = _mm256_xor_si256(
          _mm256_maskload_epi64(reinterpret_cast<const long long*>(first + done), present), flip);
      const __m256i above = std::is_same_v<Order, Less>
                                ? _mm256_andnot_si256(_mm256_cmpgt_epi64(key, some), present)
                                : _mm256_and_si256(_mm256_cmpgt_epi64(some, key), present);
      const __m256i below = _mm256_andnot_si256(above, present);
      count += static_cast<uint32_t>(
          std::popcount(static_cast<uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(below)))));
    }
    counts[i] = count;
  }
}

#endif

struct WindowSearchSet {
  std::array<WindowSearch, 3> all{};
  size_t count = 0;

  WindowSearchSet() {
    all[count++] = {"plain", CountPlain<Less>, CountPlain<AtMost>};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) all[count++] = {"avx2", CountAvx2<Less>, CountAvx2<AtMost>};
    if (__builtin_cpu_supports("avx512f"))
      all[count++] = {"avx512", CountAvx512<Less>, CountAvx512<AtMost>};
#endif
  }
};

const WindowSearchSet& MachineWindowSearches() {
  static const WindowSearchSet searches;
  return searches;
}

}  // namespace

std::span<const WindowSearch> WindowSearches() {
  return {MachineWindowSearches().all.data(), MachineWindowSearches().count};
}
const WindowSearch& BestWindowSearch() {
  return MachineWindowSearches().all[MachineWindowSearches().count - 1];
}

}  // namespace omen::learn
