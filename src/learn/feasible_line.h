// Does one straight line pass within epsilon of every point seen so far? The optimal streaming
// answer of J. O'Rourke, "An on-line algorithm for fitting straight lines between data ranges",
// CACM 24(9), 1981: constant amortised time a point, and a segment ends only where no line at
// all would do, so the number of segments is the least possible. (Used for indexes by
// P. Ferragina and G. Vinciguerra, "The PGM-index", PVLDB 13(8), 2020.)
//
// Each point (x, y) is a vertical gate from (x, y - eps) to (x, y + eps). Kept are the two extreme
// lines through all gates (steepest and flattest) and, of the gates' ends, the two convex
// hulls that can still touch an extreme line. All comparisons are exact, in 128 bits.
#pragma once

#include <cstdint>

#include "learn/array.h"

namespace omen::learn {

/// y = offset + slope * (x - first x), offset relative to the first y.
struct FittedLine {
  double slope = 0;
  double offset = 0;
};

/// One segment under construction. One thread.
class FeasibleLine {
 public:
  enum class Answer { kFits, kDoesNotFit, kOutOfMemory };

  FeasibleLine(Memory& memory, int64_t epsilon)
      : epsilon_(epsilon), upper_(memory), lower_(memory) {}

  void Clear() { points_ = 0; }
  /// x grows strictly. A point that does not fit leaves the segment as it was.
  Answer Add(uint64_t x, int64_t y);
  /// The line halfway between the extremes; never falling.
  FittedLine Fit() const;

 private:
  struct Point {
    uint64_t x;
    int64_t y;
  };
  struct Slope {
    uint64_t dx;
    int64_t dy;
    bool operator<(const Slope& other) const;
    double value() const { return static_cast<double>(dy) / static_cast<double>(dx); }
  };
  static Slope Between(const Point& from, const Point& to) {
    return {to.x - from.x, to.y - from.y};
  }
  static bool TurnsRight(const Point& a, const Point& b, const Point& c);

  Answer Start(Point up, Point down);
  Answer Second(Point up, Point down);
  bool LowerSteepest(Point up);
  bool RaiseFlattest(Point down);

  const int64_t epsilon_;
  uint64_t points_ = 0;
  Point first_{};
  // The steepest line runs from a gate's lower end to a later gate's upper end, the flattest
  // the other way round.
  Point steep_from_{}, steep_to_{}, flat_from_{}, flat_to_{};
  Slope steepest_{}, flattest_{};
  Array<Point> upper_, lower_;
  size_t upper_start_ = 0, lower_start_ = 0;
};

}  // namespace omen::learn
