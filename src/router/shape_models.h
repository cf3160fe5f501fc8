// How far the cost model is off, by the shape of statements: regressions over what is known of them
// before they run.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "learn/stream/ridge.h"
#include "router/arm_times.h"

namespace omen::router {

/// One regression for each path: of the natural logarithm of time taken over time estimated. One
/// thread.
class ShapeModels {
 public:
  static constexpr size_t kInputs = 19;
  using Inputs = std::array<double, kInputs>;
  struct Example {
    Path path;
    Inputs inputs;
    double log_ratio;
  };

  static Inputs InputsOf(const Features& features, Path path);
  /// What a run is expected to take, its doubt included: half the variance of a logarithm is added
  /// to its mean. Nothing before it has seen enough.
  std::optional<Belief> Of(const Features& features, Path path) const;
  void Learn(const Example& example) { of(example.path).Learn(example.inputs, example.log_ratio); }

  std::string Encode(Path path) const { return models_[PathIndex(path)].Encode(); }
  /// Bytes that are none of ours leave it as new.
  void Restore(Path path, std::string_view bytes) { of(path).Restore(bytes); }

 private:
  learn::Ridge& of(Path path) { return models_[PathIndex(path)]; }

  std::vector<learn::Ridge> models_ = {kPaths, learn::Ridge(kInputs, 1, 0.9995)};
};

}  // namespace omen::router
