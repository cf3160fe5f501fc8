#include "router/router.h"

#include <gtest/gtest.h>

#include "router/routers.h"

namespace omen::router {
namespace {

Features Big() {
  Features features;
  features.row_cost_us = 1e6;
  features.column_cost_us = 20'000;
  features.mixed_cost_us = 300'000;
  features.rows_touched = 1e6;
  return features;
}

TEST(RuleRouter, SendsKeyLookupsToRowsWhateverTheyCost) {
  Features features = Big();
  features.key_lookup = true;
  EXPECT_EQ(RuleRouter().Choose(features).path, Path::kRow);
}

TEST(RuleRouter, SendsMuchReadingToColumns) {
  EXPECT_EQ(RuleRouter().Choose(Big()).path, Path::kColumn);
}

TEST(RuleRouter, KeepsSmallReadsOnRows) {
  Features features = Big();
  features.row_cost_us = 100;
  EXPECT_EQ(RuleRouter().Choose(features).path, Path::kRow);
}

TEST(RuleRouter, KeepsBriefReadsOnRowsThatColumnsWouldHardlyHasten) {
  Features features = Big();
  features.row_cost_us = 1'300;
  features.column_cost_us = 1'000;
  EXPECT_EQ(RuleRouter().Choose(features).path, Path::kRow);
  features.column_cost_us = 800;
  EXPECT_EQ(RuleRouter().Choose(features).path, Path::kColumn);
  features.row_cost_us = 13'000;
  features.column_cost_us = 10'000;
  EXPECT_EQ(RuleRouter().Choose(features).path, Path::kColumn);
}

TEST(RuleRouter, LeavesColumnsThatCannotServe) {
  Features features = Big();
  features.on(Path::kColumn) = {false, "own writes"};
  EXPECT_EQ(RuleRouter().Choose(features).path, Path::kMixed);
  features.on(Path::kMixed) = {false, "no form"};
  EXPECT_EQ(RuleRouter().Choose(features).path, Path::kRow);
  features.on(Path::kRow) = {false, "windows"};
  EXPECT_FALSE(RuleRouter().Choose(features).possible);
}

TEST(RuleRouter, TakesColumnsWhenRowsCannot) {
  Features features;
  features.on(Path::kRow) = {false, "window functions"};
  const Choice choice = RuleRouter().Choose(features);
  EXPECT_EQ(choice.path, Path::kColumn);
  EXPECT_EQ(choice.reason, "the row path cannot: window functions");
}

TEST(RuleRouter, DoesNotWaitForAReplicaThatCopies) {
  Features features = Big();
  features.row_cost_us = 100'000;
  features.replica_behind = true;
  EXPECT_EQ(RuleRouter().Choose(features).path, Path::kRow);
}

TEST(Routers, AreMadeByNameAndArgument) {
  EXPECT_EQ(RouterForms(), "learned or rules or random:SEED");
  for (const char* good : {"rules", "random:0", "random:18446744073709551615"}) {
    ASSERT_TRUE(MakeRouter(good).ok()) << good;
    EXPECT_EQ((*MakeRouter(good))->wants_every_read(), good[1] == 'a') << good;
  }
  for (const char* bad : {"", "rule", "rules:", "rules:1", "random", "random:", "random:x1",
                          "random:1x", "random:-1", "learned:1"}) {
    const auto made = MakeRouter(bad);
    ASSERT_FALSE(made.ok()) << bad;
    EXPECT_EQ(made.status().error().message, "router must be learned or rules or random:SEED");
  }
}

}  // namespace
}  // namespace omen::router
