#include "base/contention/serving_place.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace omen {
namespace {

class Places final : public ServingPlaces {
 public:
  bool PassOn(bool holds, Pause pause) override {
    asked.emplace_back(holds, pause);
    return holds && must_keep;
  }
  std::vector<std::pair<bool, Pause>> asked;
  bool must_keep = false;
};

class ServingPlaceTest : public testing::Test {
 protected:
  ~ServingPlaceTest() override { HoldPlace(nullptr); }
  Places places_;
};

TEST_F(ServingPlaceTest, IsHeldUntilPassedOn) {
  HoldPlace(&places_);
  EXPECT_TRUE(HoldsPlace());
  PassPlace(Pause::kBrief);
  EXPECT_FALSE(HoldsPlace());
  PassPlace();
  const std::vector<std::pair<bool, Pause>> asked = {{true, Pause::kBrief}, {false, Pause::kLong}};
  EXPECT_EQ(places_.asked, asked);
}

TEST_F(ServingPlaceTest, IsKeptWhenNobodyCanTakeIt) {
  places_.must_keep = true;
  HoldPlace(&places_);
  PassPlace();
  EXPECT_TRUE(HoldsPlace());
}

TEST_F(ServingPlaceTest, AThreadThatDoesNotServeHasNothingToPass) {
  PassPlace();
  EXPECT_FALSE(HoldsPlace());
  EXPECT_TRUE(places_.asked.empty());
}

}  // namespace
}  // namespace omen
