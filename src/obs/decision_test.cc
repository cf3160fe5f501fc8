#include "obs/decision.h"

#include <gtest/gtest.h>

namespace omen::obs {
namespace {

TEST(DecisionLog, KeepsTheLastOnesInOrder) {
  DecisionLog log(3);
  for (uint64_t i = 0; i < 5; ++i) {
    Decision decision;
    decision.subject = i;
    log.Add(decision);
  }
  const auto recent = log.Recent();
  ASSERT_EQ(recent.size(), 3u);
  for (uint64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(recent[i].id, i + 3);
    EXPECT_EQ(recent[i].subject, i + 2);
  }
}

TEST(DecisionLog, DropsInputsBeyondItsRoom) {
  Decision decision;
  for (int i = 0; i < 20; ++i) decision.AddInput("x", i);
  EXPECT_EQ(decision.input_count, Decision::kInputs);
}

}  // namespace
}  // namespace omen::obs
