#include "learn/stream/ridge.h"

#include <gtest/gtest.h>

#include <cmath>

#include "learn/key_sets.h"

namespace omen::learn {
namespace {

using Features = std::vector<double>;

Features Draw(Random* random) { return {1, random->Normal(), random->Normal(), random->Unit()}; }

double Truth(const Features& x) { return 2 - 3 * x[1] + 0.5 * x[2]; }

TEST(Ridge, FindsALineThroughNoise) {
  Random random(1);
  Ridge ridge(4, 0.1, 1);
  for (int i = 0; i < 500; ++i) {
    const Features x = Draw(&random);
    ridge.Learn(x, Truth(x) + 0.1 * random.Normal());
  }
  for (int i = 0; i < 100; ++i) {
    const Features x = Draw(&random);
    EXPECT_NEAR(ridge.Predict(x), Truth(x), 0.1);
  }
  EXPECT_NEAR(std::sqrt(ridge.error_variance()), 0.1, 0.04);
}

TEST(Ridge, ForgetsWhatIsTrueNoMore) {
  Random random(2);
  Ridge ridge(4, 0.1, 0.98);
  const auto learn = [&](double sign) {
    for (int i = 0; i < 400; ++i) {
      const Features x = Draw(&random);
      ridge.Learn(x, sign * Truth(x));
    }
  };
  learn(1);
  learn(-1);
  const Features x = Draw(&random);
  EXPECT_NEAR(ridge.Predict(x), -Truth(x), 0.05);
}

TEST(Ridge, KnowsWhatItHasNotSeen) {
  Random random(3);
  Ridge ridge(4, 1, 1);
  for (int i = 0; i < 200; ++i) {
    Features x = Draw(&random);
    x[2] = 0;
    ridge.Learn(x, Truth(x));
  }
  EXPECT_LT(ridge.Novelty(Features{1, 1, 0, 0.5}), 0.1);
  EXPECT_GT(ridge.Novelty(Features{1, 1, 1, 0.5}), 0.9);
}

TEST(Ridge, StaysSoundWhereOneThingIsAllThereIs) {
  Ridge ridge(4, 0.1, 0.9);
  for (int i = 0; i < 100'000; ++i) ridge.Learn(Features{1, 0, 0, 0}, 5);
  EXPECT_NEAR(ridge.Predict(Features{1, 0, 0, 0}), 5, 1e-3);
  EXPECT_TRUE(std::isfinite(ridge.Novelty(Features{1, 1, 1, 1})));
  EXPECT_LE(ridge.Novelty(Features{0, 1, 0, 0}), 40.0);
  Random random(4);
  for (int i = 0; i < 1000; ++i) {
    const Features x = Draw(&random);
    ridge.Learn(x, Truth(x));
  }
  EXPECT_NEAR(ridge.Predict(Features{1, 1, 1, 0}), -0.5, 0.1);
}

TEST(Ridge, IsTheSameAfterARestart) {
  Random random(5);
  Ridge before(4, 0.1, 0.99), after(4, 0.1, 0.99);
  for (int i = 0; i < 100; ++i) {
    const Features x = Draw(&random);
    before.Learn(x, Truth(x));
  }
  ASSERT_TRUE(after.Restore(before.Encode()));
  EXPECT_EQ(after.Encode(), before.Encode());
  EXPECT_FALSE(Ridge(3, 0.1, 0.99).Restore(before.Encode()));
  for (uint64_t seed = 1; seed < 300; ++seed) {
    EXPECT_FALSE(after.Restore(RandomBytes(seed, seed)));
    EXPECT_EQ(after.Predict(Features{1, 1, 1, 1}), 0);
  }
}

}  // namespace
}  // namespace omen::learn
