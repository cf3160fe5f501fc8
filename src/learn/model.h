// A learned index: a prediction with a guarantee.
//
// Trained on a sorted array of uint64 (duplicates allowed), it answers for every key, present or
// not, a short range that holds the key's lower bound. Idea: the bottom level cuts the graph
// (key, position) into straight segments that pass within epsilon of every point; the segments'
// first keys are a sorted array again, with a level above it, until a level fits a cache line.
//
// The guarantee does not trust arithmetic. A segment's prediction is, as computed in floating
// point, non-decreasing in the key (each step rounds monotonically), and after the fit its real
// error at every trained point is measured; the largest measured errors, not epsilon, bound the
// range. Between two trained points monotonicity carries the bound over. After a run of
// duplicates k the point (k + 1, end of the run) is trained too, so that keys just above the run
// are not predicted at its start.
//
// Layout: one block. Per level, `count` first keys (8 bytes) then `count` lines (16 bytes).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "learn/array.h"
#include "learn/window_search.h"

namespace omen::learn {

/// lo <= lower bound of the key <= hi; pos is the model's own guess, between them.
struct Prediction {
  uint32_t pos;
  uint32_t lo;
  uint32_t hi;
};

/// A segment: position = start + offset + slope * (key - first key), cut at the next start.
struct Line {
  double slope;
  uint32_t start;
  float offset;
};
static_assert(sizeof(Line) == 16);

/// One level: `count` segments over `points` positions, and its largest measured errors.
struct Level {
  const uint64_t* keys;
  const Line* lines;
  uint32_t count;
  uint32_t points;
  uint32_t over;   // how far a prediction was ever above the true position
  uint32_t under;  // and below it; at least 1, for keys between two trained ones
  uint32_t width = std::min(points, over + under + 1);  // of any prediction's lo..hi
  uint32_t last_first = points - width;

  Prediction Predict(uint32_t segment, uint64_t key) const;
  /// Where `width` positions begin that hold all of lo..hi but a hi behind the last position.
  uint32_t PredictFirst(uint32_t segment, uint64_t key) const;

 private:
  int64_t Guess(uint32_t segment, uint64_t key) const;
};

/// Immutable once built; any thread.
class Model {
 public:
  static constexpr uint32_t kRootKeys = 8;  // a cache line
  static constexpr uint32_t kMaxLevels = 12;
  static constexpr uint32_t kMaxKeys = 0xFFFFFFF0u;
  /// Levels above the bottom are in the nearest caches: a window of about one line is best.
  static constexpr uint32_t kUpperEpsilon = 3;

  /// One pass over `keys`, which must be sorted. 53200 when memory is refused; 54000 for more
  /// than kMaxKeys keys. Every epsilon is allowed; 0 counts as 1.
  static Result<Model> Build(std::span<const uint64_t> keys, uint32_t epsilon, Memory& memory);

  Prediction Find(uint64_t key) const;
  /// The bottom-level segments among which the key's own is: count_at_most over it, less one,
  /// plus the window's place is the segment. For pipelines that fetch before they look.
  Window BottomWindow(uint64_t key) const;
  const Level& bottom() const { return levels_[0]; }
  const Level& root() const { return levels_[level_count_ - 1]; }
  /// How many segments of the bottom level the levels above leave to be searched.
  uint32_t bottom_window() const { return level_count_ == 1 ? levels_[0].count : levels_[1].width; }

  uint32_t keys() const { return levels_[0].points; }
  uint32_t segments() const { return levels_[0].count; }
  uint32_t levels() const { return level_count_; }
  uint32_t epsilon() const { return epsilon_; }
  /// Exactly what the model occupies.
  size_t bytes() const { return sizeof *this + block_.bytes(); }

  /// A versioned, checksummed form; Parse refuses anything Serialise did not write (XX002).
  std::string Serialise() const;
  static Result<Model> Parse(std::string_view bytes, Memory& memory);

 private:
  explicit Model(Memory& memory) : block_(memory) {}
  /// How the block divides into levels, bottom first.
  struct Shape {
    struct Part {
      uint32_t count, points, over, under;
    };
    std::array<Part, kMaxLevels> parts{};
    uint32_t count = 0;
  };
  Status AddLevel(std::span<const uint64_t> keys, uint32_t epsilon, Memory& memory, Shape& shape);
  void Adopt(const Shape& shape);
  bool Sound() const;
  Window Below(uint32_t level, uint64_t key, const Window& window, uint32_t count) const;

  uint32_t level_count_ = 0;
  uint32_t epsilon_ = 0;
  std::array<Level, kMaxLevels> levels_{};
  const WindowSearch* search_ = &BestWindowSearch();
  Array<char> block_;
};

inline int64_t Level::Guess(uint32_t segment, uint64_t key) const {
  const Line& line = lines[segment];
  const uint32_t end = segment + 1 < count ? lines[segment + 1].start : points;
  const uint64_t distance = key > keys[segment] ? key - keys[segment] : 0;
  double at = static_cast<double>(line.start) + static_cast<double>(line.offset);
  at += line.slope * static_cast<double>(distance);
  const double limit = end;
  return static_cast<int64_t>(at < limit ? at : limit);
}

inline Prediction Level::Predict(uint32_t segment, uint64_t key) const {
  const auto pos = static_cast<uint32_t>(std::max<int64_t>(0, Guess(segment, key)));
  const uint32_t lo = pos > over ? pos - over : 0;
  const uint64_t hi = uint64_t{pos} + under;
  return {pos, lo, static_cast<uint32_t>(hi < points ? hi : points)};
}

inline uint32_t Level::PredictFirst(uint32_t segment, uint64_t key) const {
  const int64_t first = std::max<int64_t>(0, Guess(segment, key) - over);
  return static_cast<uint32_t>(std::min<int64_t>(first, last_first));
}

}  // namespace omen::learn
