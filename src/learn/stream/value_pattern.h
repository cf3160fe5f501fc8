// How the values of a parameter follow each other over a template's runs.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace omen::learn {

enum class PatternShape : uint8_t {
  kUnknown,     // too few were seen
  kConstant,    // nearly always the one before
  kIncreasing,  // nearly always above the one before: keys of what is new, pages read in order
  kWindow,      // increasing, and at a steady distance from another one or from the time
  kFew,         // of a few values, each often
  kSkewed,      // some values far more often than others
  kSpread,      // none of these
};
std::string_view PatternName(PatternShape shape);

/// Of one parameter: counts of which the older count for less (all are halved after every 256
/// values), the values met most (Metwally, Agrawal and El Abbadi, "Efficient computation of
/// frequent and top-k elements in data streams", 2005), and how many there are (linear counting:
/// Whang, Vander-Zanden and Taylor, 1990). One thread.
class ValuePattern {
 public:
  /// `identity`: equal for equal values, else most likely not. `place`: the order of values, where
  /// they have one.
  void Add(uint64_t identity, double place);

  PatternShape Shape() const;
  double values() const { return seen_; }
  /// Of the last 256 to 512 values; at most about a thousand.
  double distinct() const;
  /// Share of the value that is met most.
  double top_share() const;
  bool rises() const;

  /// Without the last value.
  std::string Encode() const;
  /// False for bytes that are none of ours; then it is as new.
  bool Restore(std::string_view bytes);

 private:
  static constexpr int kHalvedEvery = 256;
  static constexpr size_t kFrequent = 8, kBits = 256;
  struct Frequent {
    uint64_t identity = 0;
    double count = 0;
  };

  void NoteFrequent(uint64_t identity);
  void Halve();
  bool Fill(std::string_view bytes);
  double FrequentShare() const;

  bool has_last_ = false;
  uint64_t last_ = 0;
  double last_place_ = 0;
  uint32_t added_ = 0;
  double seen_ = 0, repeats_ = 0, rises_ = 0, falls_ = 0;
  std::array<Frequent, kFrequent> frequent_{};
  std::bitset<kBits> met_, met_before_;
};

/// Whether a value that moves keeps its distance from another that it goes with. One thread.
class SteadyDistance {
 public:
  /// `place` of the value itself.
  void Add(double place, double distance);
  /// The distance varies little beside the way that the value has gone.
  bool steady() const;
  /// As it was found before; until enough is known anew.
  void Restore(bool steady) { before_ = steady; }

 private:
  bool before_ = false;
  double seen_ = 0, mean_ = 0, deviation_ = 0;
  double first_place_ = 0, middle_place_ = 0, last_place_ = 0;  // the way is from the first
};

}  // namespace omen::learn
