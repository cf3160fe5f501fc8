#include "exec/cost/cost_model.h"

#include <gtest/gtest.h>

#include <set>

namespace omen::exec {
namespace {

TEST(CostModel, EveryCoefficientIsNamedOnce) {
  std::set<std::string_view> names;
  std::set<double CostModel::*, decltype([](auto a, auto b) {
             const CostModel model;
             return &(model.*a) < &(model.*b);
           })>
      values;
  for (const Coefficient& each : Coefficients()) {
    names.insert(each.name);
    values.insert(each.value);
  }
  EXPECT_EQ(names.size(), Coefficients().size());
  EXPECT_EQ(values.size() * sizeof(double), sizeof(CostModel));
}

TEST(CostModel, FollowsTheMachinesPace) {
  Costs costs;
  EXPECT_EQ(costs.model().get, CostModel().get);
  costs.Set({.rows = 2, .engine_start = 0.5, .engine_rows = 0.25});
  const CostModel model = costs.model();
  EXPECT_DOUBLE_EQ(model.get, 2 * CostModel().get);
  EXPECT_DOUBLE_EQ(model.engine_table, CostModel().engine_table / 2);
  EXPECT_DOUBLE_EQ(model.engine_value, CostModel().engine_value / 4);
  EXPECT_EQ(costs.pace().engine_rows, 0.25);
}

}  // namespace
}  // namespace omen::exec
