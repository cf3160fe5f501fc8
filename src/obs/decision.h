// One recorded choice of a learned part: what it chose, from which inputs, what that was expected
// to gain and what was then measured. Whatever learns leaves such a row, so that people can see
// why, and whether it paid.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace omen::obs {

/// Of fixed size, so that recording one cannot fail. All texts are literals.
struct Decision {
  struct Input {
    const char* name = "";
    double value = 0;
  };
  static constexpr size_t kInputs = 10;

  uint64_t id = 0;
  int64_t at_micros = 0;  // Unix epoch
  const char* part = "";  // index, router, cache, tuner
  uint64_t subject = 0;   // which index, run or statement, as the part numbers them
  const char* chosen = "";
  const char* instead_of = "";
  const char* reason = "";
  std::array<Input, kInputs> inputs{};
  size_t input_count = 0;
  // Cost of what was not chosen over cost of what was: above 1, the choice pays. 0: not known.
  double expected_gain = 0;
  double measured_gain = 0;

  /// Further inputs than there is room for are dropped.
  void AddInput(const char* name, double value) {
    if (input_count < kInputs) inputs[input_count++] = {name, value};
  }
};

/// The last decisions; the oldest fall out. Any thread.
class DecisionLog {
 public:
  explicit DecisionLog(size_t capacity) : ring_(capacity) {}
  void Add(Decision decision);
  /// Oldest first.
  std::vector<Decision> Recent() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Decision> ring_;
  uint64_t next_id_ = 1;
};

}  // namespace omen::obs
