#include "base/serving_place.h"

#include <gtest/gtest.h>

namespace omen {
namespace {

class Places final : public ServingPlaces {
 public:
  bool PassOn() override {
    ++asked;
    return granted;
  }
  int asked = 0;
  bool granted = true;
};

TEST(ServingPlace, IsPassedOnOnce) {
  Places places;
  HoldPlace(&places);
  PassPlace();
  EXPECT_FALSE(HoldsPlace());
  PassPlace();
  EXPECT_EQ(places.asked, 1);
}

TEST(ServingPlace, IsKeptWhenNobodyCanTakeIt) {
  Places places;
  places.granted = false;
  HoldPlace(&places);
  PassPlace();
  EXPECT_TRUE(HoldsPlace());
  HoldPlace(nullptr);
}

TEST(ServingPlace, AThreadWithoutOneHasNothingToPass) {
  PassPlace();
  EXPECT_FALSE(HoldsPlace());
}

}  // namespace
}  // namespace omen
