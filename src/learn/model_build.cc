#include "learn/model_build.h"

#include <algorithm>

#include "learn/feasible_line.h"

namespace omen::learn {

namespace {

// A trained point: the lower bound of `key` is `position`.
struct Trained {
  uint64_t key;
  uint32_t position;
};

// Walks the trained points of keys[begin..end): first occurrences, and the point just above
// each run of duplicates. `step` answers false to stop.
template <typename Step>
bool ForEachTrained(std::span<const uint64_t> keys, size_t begin, Step step) {
  size_t run = begin;  // where the current run of equal keys began
  const size_t n = keys.size();
  for (size_t i = begin; i < n; ++i) {
    if (i != begin && keys[i] == keys[i - 1]) continue;
    if (i != begin) {
      if (i - run > 1 && keys[i - 1] + 1 != keys[i] &&
          !step(Trained{keys[i - 1] + 1, static_cast<uint32_t>(i)}))
        return false;
      run = i;
    }
    if (!step(Trained{keys[i], static_cast<uint32_t>(i)})) return false;
  }
  const bool above = n != 0 && n - run > 1 && keys[n - 1] != ~uint64_t{0};
  return !above || step(Trained{keys[n - 1] + 1, static_cast<uint32_t>(n)});
}

/// Cuts the stream of trained points into segments. Points wait in a small buffer until their
/// segment ends, then its line is checked against each of them.
class LevelBuilder {
 public:
  LevelBuilder(std::span<const uint64_t> keys, uint32_t epsilon, Memory& memory, LevelParts& out)
      : keys_(keys), fit_(memory, std::max(1u, epsilon)), out_(out) {}

  bool Add(Trained point) {
    if (segment_points_ != 0) {
      const auto answer = fit_.Add(point.key, point.position);
      if (answer == FeasibleLine::Answer::kFits) return Took(point);
      if (answer == FeasibleLine::Answer::kOutOfMemory || !Close(point.position)) return false;
    }
    first_ = point;
    fit_.Clear();
    return fit_.Add(point.key, point.position) == FeasibleLine::Answer::kFits && Took(point);
  }

  bool Finish() { return segment_points_ == 0 || Close(static_cast<uint32_t>(keys_.size())); }

 private:
  bool Took(Trained point) {
    last_ = point;
    ++segment_points_;
    return true;
  }

  bool Close(uint32_t end) {
    const FittedLine fitted = fit_.Fit();
    // Half a position more turns the later truncation into rounding.
    const Line line{fitted.slope, first_.position, static_cast<float>(fitted.offset + 0.5)};
    Measure(line, end);
    segment_points_ = 0;
    return out_.keys.Append(first_.key) && out_.lines.Append(line);
  }

  // The real errors of the line at every point trained in this segment.
  void Measure(const Line& line, uint32_t end) {
    const Line both[2] = {line, {0, end, 0}};
    const uint64_t first[2] = {first_.key, ~uint64_t{0}};
    const Level alone{first, both, 2, static_cast<uint32_t>(keys_.size()), 0, 0};
    const auto measure = [&](uint64_t key, uint32_t position) {
      const uint32_t pos = alone.Predict(0, key).pos;
      if (pos > position) out_.over = std::max(out_.over, pos - position);
      // One more for the keys between this one and the next, whose lower bound is one further.
      if (pos <= position) out_.under = std::max(out_.under, position - pos + 1);
    };
    measure(first_.key, first_.position);
    uint64_t before = first_.key;
    for (uint32_t i = first_.position; i < end; ++i) {
      const uint64_t key = keys_[i];
      if (key == before) {
        if (i != first_.position) AfterRun(i, end, key, measure);
        continue;
      }
      measure(key, i);
      before = key;
    }
  }

  // keys_[i] repeats its predecessor: where the run ends inside the segment, the point above it.
  template <typename Measured>
  void AfterRun(uint32_t i, uint32_t end, uint64_t key, Measured measure) {
    const bool ends = i + 1 == keys_.size() || keys_[i + 1] != key;
    if (ends && key < last_.key) measure(key + 1, i + 1);
  }

  const std::span<const uint64_t> keys_;
  FeasibleLine fit_;
  LevelParts& out_;
  Trained first_{}, last_{};
  uint64_t segment_points_ = 0;
};

}  // namespace

Status BuildLevel(std::span<const uint64_t> keys, uint32_t epsilon, Memory& memory,
                  LevelParts& out) {
  LevelBuilder builder(keys, epsilon, memory, out);
  const bool ok = ForEachTrained(keys, 0, [&](Trained point) { return builder.Add(point); });
  return ok && builder.Finish() ? Status::Ok() : OutOfMemory();
}

Result<uint32_t> CountSegments(std::span<const uint64_t> keys, uint32_t epsilon, Memory& memory) {
  LevelParts parts(memory);
  OMEN_RETURN_IF_ERROR(BuildLevel(keys, epsilon, memory, parts));
  return static_cast<uint32_t>(parts.keys.size());
}

// Points the levels into block_: per level its keys, then its lines.
void Model::Adopt(const Shape& shape) {
  level_count_ = shape.count;
  const char* at = block_.data();
  for (uint32_t i = 0; i < level_count_; ++i) {
    const Shape::Part& part = shape.parts[i];
    const auto* keys = reinterpret_cast<const uint64_t*>(at);
    const auto* lines = reinterpret_cast<const Line*>(at + part.count * sizeof(uint64_t));
    levels_[i] = {keys, lines, part.count, part.points, part.over, part.under};
    at += part.count * (sizeof(uint64_t) + sizeof(Line));
  }
}

// Trains one level over `keys` and copies it behind the others in block_.
Status Model::AddLevel(std::span<const uint64_t> keys, uint32_t epsilon, Memory& memory,
                       Shape& shape) {
  LevelParts parts(memory);
  OMEN_RETURN_IF_ERROR(BuildLevel(keys, epsilon, memory, parts));
  const size_t key_bytes = parts.keys.size() * sizeof(uint64_t);
  const size_t line_bytes = parts.lines.size() * sizeof(Line);
  const size_t before = block_.size();
  if (!block_.Resize(before + key_bytes + line_bytes)) return OutOfMemory();
  if (key_bytes != 0) {
    std::memcpy(block_.data() + before, parts.keys.data(), key_bytes);
    std::memcpy(block_.data() + before + key_bytes, parts.lines.data(), line_bytes);
  }
  shape.parts[shape.count++] = {static_cast<uint32_t>(parts.keys.size()),
                                static_cast<uint32_t>(keys.size()), parts.over, parts.under};
  return Status::Ok();
}

Result<Model> Model::Build(std::span<const uint64_t> keys, uint32_t epsilon, Memory& memory) {
  if (keys.size() > kMaxKeys) return Status(sqlstate::kProgramLimit, "too many keys for one model");
  Model model(memory);
  model.epsilon_ = epsilon;
  Shape shape;
  OMEN_RETURN_IF_ERROR(model.AddLevel(keys, epsilon, memory, shape));
  while (shape.parts[shape.count - 1].count > kRootKeys && shape.count < kMaxLevels) {
    model.Adopt(shape);
    const Level& below = model.levels_[shape.count - 1];
    OMEN_RETURN_IF_ERROR(model.AddLevel({below.keys, below.count}, kUpperEpsilon, memory, shape));
  }
  model.Adopt(shape);
  return model;
}

}  // namespace omen::learn
