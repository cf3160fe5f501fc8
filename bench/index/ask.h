// The questions put to a contender, in the sizes that every part uses.
#pragma once

#include <immintrin.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "contenders.h"

namespace omen::bench {

constexpr size_t kBatch = 32, kScan = 100;

/// Every contender must find the same: the first one's sum is the truth of a run.
class Truth {
 public:
  void Agree(uint64_t sum, const std::string& who) {
    if (!known_) sum_ = sum;
    known_ = true;
    Demand(sum == sum_, who + " disagrees with the contenders before it");
  }

 private:
  uint64_t sum_ = 0;
  bool known_ = false;
};

template <typename Keys, typename Contender>
uint64_t Batches(Contender& contender, const std::vector<typename Keys::Key>& keys) {
  uint64_t sum = 0;
  Found found[kBatch];
  for (size_t i = 0; i + kBatch <= keys.size(); i += kBatch) {
    contender.FindBatch(keys.data() + i, kBatch, found);
    for (const Found& one : found) sum += one.found;
  }
  return sum;
}

template <bool fenced, typename Keys, typename Contender>
uint64_t Singles(Contender& contender, const std::vector<typename Keys::Key>& keys, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < std::min(count, keys.size()); ++i) {
    sum += contender.Find(keys[i]).found;
    if (fenced) _mm_lfence();
  }
  return sum;
}

template <typename Keys, typename Contender>
uint64_t Scans(Contender& contender, const std::vector<typename Keys::Key>& keys, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < std::min(count, keys.size()); ++i) sum += contender.Scan(keys[i], kScan);
  return sum;
}

template <typename Keys, typename Contender>
void WriteAll(Contender& contender, const std::vector<Change<Keys>>& writes) {
  for (size_t i = 0; i < writes.size(); i += kBatch)
    contender.Apply(&writes[i], std::min(kBatch, writes.size() - i));
}

/// Of all that a contender holds.
template <typename Keys, typename Contender>
uint64_t SumOfAll(Contender& contender) {
  return contender.Scan(typename Keys::Key{}, std::numeric_limits<size_t>::max());
}

}  // namespace omen::bench
