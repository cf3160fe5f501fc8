#include "learn/feasible_line.h"

#include <algorithm>

namespace omen::learn {

namespace {
__extension__ using Wide = __int128;
}

bool FeasibleLine::Slope::operator<(const Slope& other) const {
  return Wide{dy} * Wide{other.dx} < Wide{other.dy} * Wide{dx};
}

bool FeasibleLine::TurnsRight(const Point& a, const Point& b, const Point& c) {
  return Between(a, c) < Between(a, b);
}

FeasibleLine::Answer FeasibleLine::Start(Point up, Point down) {
  first_ = {up.x, up.y - epsilon_};
  upper_.Truncate(0);
  lower_.Truncate(0);
  upper_start_ = lower_start_ = 0;
  if (!upper_.Append(up) || !lower_.Append(down)) return Answer::kOutOfMemory;
  flat_from_ = up;
  steep_from_ = down;
  points_ = 1;
  return Answer::kFits;
}

FeasibleLine::Answer FeasibleLine::Second(Point up, Point down) {
  if (!upper_.Append(up) || !lower_.Append(down)) return Answer::kOutOfMemory;
  flat_to_ = down;
  steep_to_ = up;
  steepest_ = Between(steep_from_, steep_to_);
  flattest_ = Between(flat_from_, flat_to_);
  points_ = 2;
  return Answer::kFits;
}

// The steepest line must now pass below `up`: turn it around the lower hull.
bool FeasibleLine::LowerSteepest(Point up) {
  size_t at = lower_start_;
  Slope best = Between(lower_[at], up);
  for (size_t i = at + 1; i < lower_.size(); ++i) {
    const Slope slope = Between(lower_[i], up);
    if (best < slope) break;
    best = slope;
    at = i;
  }
  lower_start_ = at;
  steep_from_ = lower_[at];
  steep_to_ = up;
  steepest_ = best;
  size_t size = upper_.size();
  while (size >= upper_start_ + 2 && !TurnsRight(upper_[size - 2], up, upper_[size - 1])) --size;
  upper_.Truncate(size);
  return upper_.Append(up);
}

// The flattest line must now pass above `down`: turn it around the upper hull.
bool FeasibleLine::RaiseFlattest(Point down) {
  size_t at = upper_start_;
  Slope best = Between(upper_[at], down);
  for (size_t i = at + 1; i < upper_.size(); ++i) {
    const Slope slope = Between(upper_[i], down);
    if (slope < best) break;
    best = slope;
    at = i;
  }
  upper_start_ = at;
  flat_from_ = upper_[at];
  flat_to_ = down;
  flattest_ = best;
  size_t size = lower_.size();
  while (size >= lower_start_ + 2 && !TurnsRight(lower_[size - 2], lower_[size - 1], down)) --size;
  lower_.Truncate(size);
  return lower_.Append(down);
}

FeasibleLine::Answer FeasibleLine::Add(uint64_t x, int64_t y) {
  const Point up{x, y + epsilon_}, down{x, y - epsilon_};
  if (points_ == 0) return Start(up, down);
  if (points_ == 1) return Second(up, down);
  if (Between(flat_to_, up) < flattest_ || steepest_ < Between(steep_to_, down))
    return Answer::kDoesNotFit;
  if (Between(steep_from_, up) < steepest_ && !LowerSteepest(up)) return Answer::kOutOfMemory;
  if (flattest_ < Between(flat_from_, down) && !RaiseFlattest(down)) return Answer::kOutOfMemory;
  ++points_;
  return Answer::kFits;
}

FittedLine FeasibleLine::Fit() const {
  if (points_ < 2) return {};
  const double steep = steepest_.value(), flat = flattest_.value();
  const auto at_first = [&](const Point& through, double slope) {
    return static_cast<double>(through.y - first_.y) -
           slope * static_cast<double>(through.x - first_.x);
  };
  const double high_offset = at_first(steep_from_, steep), low_offset = at_first(flat_from_, flat);
  // Any weighted mean of the extremes is feasible; half way, unless that would fall.
  double weight = 0.5;
  if (steep + flat < 0) weight = flat < 0 ? std::min(1.0, -flat / (steep - flat)) : 1.0;
  return {std::max(0.0, weight * steep + (1 - weight) * flat),
          weight * high_offset + (1 - weight) * low_offset};
}

}  // namespace omen::learn
