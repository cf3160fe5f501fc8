// Reads put to contenders in turn.
#pragma once

#include <string>

#include "ask.h"
#include "sets.h"

namespace omen::bench {

constexpr size_t kQueries = 2 << 20, kSingles = 1 << 19, kScans = 1 << 16;

/// The same questions to each contender in turn, in every round.
template <typename Keys>
class Comparison {
 public:
  Comparison(const KeySet<Keys>& set, Measurements& out) : set_(set), out_(out) {}

  template <typename Contender>
  void Points(Contender& contender, const std::string& name) {
    Timed(name + "/batch", kQueries, truths_[0],
          [&] { return Batches<Keys>(contender, set_.present); });
    Timed(name + "/single", kSingles, truths_[1],
          [&] { return Singles<false, Keys>(contender, set_.present, kSingles); });
    Timed(name + "/fenced", kSingles, truths_[1],
          [&] { return Singles<true, Keys>(contender, set_.present, kSingles); });
    if (set_.absent.empty()) return;
    Timed(name + "/batch_absent", kQueries, truths_[2],
          [&] { return Batches<Keys>(contender, set_.absent); });
    Timed(name + "/single_absent", kSingles, truths_[3],
          [&] { return Singles<false, Keys>(contender, set_.absent, kSingles); });
  }
  template <typename Contender>
  void Ranges(Contender& contender, const std::string& name, bool with_delta) {
    Timed(name + (with_delta ? "/scan_delta" : "/scan"), kScans, truths_[4 + with_delta],
          [&] { return Scans<Keys>(contender, set_.present, kScans); });
  }

 private:
  template <typename Work>
  void Timed(const std::string& name, size_t operations, Truth& truth, Work work) {
    uint64_t sum = 0;
    out_.Time(name, operations, [&] { sum = work(); });
    truth.Agree(sum, name);
  }
  const KeySet<Keys>& set_;
  Measurements& out_;
  Truth truths_[6];
};

}  // namespace omen::bench
