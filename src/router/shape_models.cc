#include "router/shape_models.h"

#include <algorithm>
#include <cmath>

namespace omen::router {
namespace {

constexpr double kExamplesMin = 40;    // before a regression is asked
constexpr double kPredictionMax = 20;  // what is more, is no prediction
constexpr double kIgnoranceMax = 1.5;  // added to the mean for what it does not know
// The variance of what is expected: of this share of the errors' own, and of how new the shape is.
constexpr double kErrorShare = 0.3, kVarianceMin = 0.01;

}  // namespace

ShapeModels::Inputs ShapeModels::InputsOf(const Features& features, Path path) {
  const Shape& shape = features.shape;
  const auto size = [](double number) { return std::log1p(std::max(number, 0.0)) / 10; };
  const auto few = [](int count) { return std::min(count, 8) / 4.0; };
  const auto flag = [](bool is) { return is ? 1.0 : 0.0; };
  return {1,
          size(features.rows_touched),
          size(features.cost_us(path)),
          size(features.cost_us(path == Path::kRow ? Path::kColumn : Path::kRow)),
          few(shape.relations),
          few(shape.joins),
          few(shape.subqueries),
          few(shape.group_keys),
          few(shape.aggregates),
          few(shape.windows),
          few(shape.order_keys),
          few(shape.set_operations),
          few(shape.loose_conditions),
          flag(shape.limit),
          flag(shape.distinct),
          flag(shape.limit && shape.order_keys > 0),
          flag(shape.limit && shape.loose_conditions > 0),
          flag(shape.subqueries > 0 && shape.joins == 0),
          shape.windows > 0 ? size(features.rows_touched) : 0.0};
}

std::optional<Belief> ShapeModels::Of(const Features& features, Path path) const {
  const learn::Ridge& model = models_[PathIndex(path)];
  if (model.examples() < kExamplesMin) return std::nullopt;
  const Inputs inputs = InputsOf(features, path);
  const double error = model.error_variance();
  const Belief belief{model.Predict(inputs) + std::min(error / 2, kIgnoranceMax),
                      kVarianceMin + error * (kErrorShare + model.Novelty(inputs))};
  const bool sound = std::abs(belief.mean) <= kPredictionMax && belief.variance > 0 &&
                     std::isfinite(belief.variance);
  return sound ? std::optional(belief) : std::nullopt;
}

}  // namespace omen::router
