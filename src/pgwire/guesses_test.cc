#include "pgwire/guesses.h"

#include <gtest/gtest.h>

namespace omen::pgwire {
namespace {

using namespace std::chrono_literals;

const Guesses::Source kSource{"ann", "192.0.2.1"};
const Guesses::Clock::time_point kNow{1h};

TEST(Guesses, TheFirstFailuresCostNothingAndLaterOnesMoreEachTime) {
  Guesses guesses;
  auto now = kNow;
  Guesses::Clock::duration last{};
  for (int i = 0; i < 20; ++i) {
    const auto delay = guesses.Delay(kSource, now);
    if (i < 3) {
      EXPECT_EQ(delay, 0ms);
    } else {
      EXPECT_GE(delay, last);
      EXPECT_GT(delay, 0ms);
    }
    EXPECT_LE(delay, 10s);
    last = delay;
    now += delay;
    guesses.Failed(kSource, now);
  }
  EXPECT_GT(last, 5s);
}

TEST(Guesses, AttemptsThatComeAtOnceWaitBehindEachOther) {
  Guesses guesses;
  for (int i = 0; i < 5; ++i) guesses.Failed(kSource, kNow);
  const auto first = guesses.Delay(kSource, kNow), second = guesses.Delay(kSource, kNow);
  EXPECT_GT(second, first);
}

TEST(Guesses, OthersAreNotSlowedAndASuccessForgets) {
  Guesses guesses;
  for (int i = 0; i < 9; ++i) guesses.Failed(kSource, kNow);
  EXPECT_EQ(guesses.Delay({"bob", kSource.address}, kNow), 0ms);
  EXPECT_EQ(guesses.Delay({kSource.role, "192.0.2.2"}, kNow), 0ms);
  guesses.Succeeded(kSource);
  EXPECT_EQ(guesses.Delay(kSource, kNow), 0ms);
}

TEST(Guesses, WhoTriesEveryAddressTakesNoMemoryForEver) {
  Guesses guesses;
  for (int i = 0; i < 20'000; ++i) guesses.Failed({"ann", std::to_string(i)}, kNow);
  EXPECT_EQ(guesses.Delay({"ann", "0"}, kNow), 0ms);
}

}  // namespace
}  // namespace omen::pgwire
