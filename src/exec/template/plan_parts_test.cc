#include "exec/template/plan_parts.h"

#include <gtest/gtest.h>

namespace omen::exec {
namespace {

using Is = sql::PlanPart::Kind;

TEST(PlanParts, APartIsToldByKindAndTablesWhereTheyTellOneAlone) {
  sql::StatementTraits traits;
  traits.parts = {{Is::kScan, 100, {1}}, {Is::kScan, 101, {2}}, {Is::kJoin, 102, {1, 2}}};
  const auto runs =
      PartRunsOf(traits, {{Is::kScan, {2}, 5}, {Is::kJoin, {1, 2}, 8}}, {{Is::kJoin, {1, 2}, 16}});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].part_id, 101u);
  EXPECT_EQ(runs[0].rows, 5);
  EXPECT_EQ(runs[0].estimated_rows, 0);
  EXPECT_EQ(runs[1].part_id, 102u);
  EXPECT_EQ(runs[1].estimated_rows, 16);
}

TEST(PlanParts, ATableReadTwiceIsNotGuessed) {
  sql::StatementTraits traits;
  traits.parts = {{Is::kScan, 100, {1}}, {Is::kScan, 101, {1}}};
  EXPECT_TRUE(PartRunsOf(traits, {{Is::kScan, {1}, 5}}, {}).empty());
  traits.parts.pop_back();
  EXPECT_TRUE(PartRunsOf(traits, {{Is::kScan, {1}, 5}, {Is::kScan, {1}, 6}}, {}).empty());
}

obs::Outcome OutcomeOf(int64_t micros, const std::vector<obs::PartRun>& parts) {
  obs::Outcome outcome;
  outcome.started_micros = micros;
  outcome.parts = parts;
  return outcome;
}

TEST(PlanParts, RunsAreSummedAndTheOldestLeaves) {
  PlanParts parts(2);
  const std::vector<obs::PartRun> first = {{1, 10, 20}}, again = {{1, 12, 30}}, other = {{2, 0, 5}},
                                  third = {{3, 0, 6}};
  parts.OnOutcome(OutcomeOf(100, first));
  parts.OnOutcome(OutcomeOf(200, other));
  parts.OnOutcome(OutcomeOf(300, again));
  auto all = parts.All();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].runs, 2u);
  EXPECT_EQ(all[1].total_rows, 50);
  EXPECT_EQ(all[1].last_rows, 30);
  EXPECT_EQ(all[1].last_estimated_rows, 12);
  parts.OnOutcome(OutcomeOf(400, third));
  all = parts.All();
  EXPECT_FALSE(all.contains(2)) << "it was seen longest ago";
  EXPECT_EQ(all.size(), 2u);
}

}  // namespace
}  // namespace omen::exec
