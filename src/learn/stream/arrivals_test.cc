#include "learn/stream/arrivals.h"

#include <gtest/gtest.h>

#include <map>

#include "learn/key_sets.h"

namespace omen::learn {
namespace {

std::map<int64_t, uint64_t> MinutesOf(const Arrivals& arrivals) {
  std::map<int64_t, uint64_t> minutes;
  arrivals.ForEach([&](int64_t minute, int64_t, uint64_t count) { minutes[minute] += count; });
  return minutes;
}

/// Two weeks of a template that runs now and then.
Arrivals Drawn(uint64_t seed, std::map<int64_t, uint64_t>* expected) {
  Random random(seed);
  Arrivals arrivals;
  for (int64_t minute = 1000; minute < 1000 + 14 * 24 * 60;
       minute += static_cast<int64_t>(1 + random.Below(20))) {
    for (uint64_t i = 0; i <= random.Below(3); ++i) {
      const uint64_t count = 1 + random.Below(random.Below(2) == 0 ? 3 : 100'000);
      arrivals.Add(minute, count);
      (*expected)[minute] += count;
    }
  }
  return arrivals;
}

TEST(Arrivals, AreCountedByMinute) {
  for (const uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(seed);
    std::map<int64_t, uint64_t> expected;
    const Arrivals arrivals = Drawn(seed, &expected);
    EXPECT_EQ(MinutesOf(arrivals), expected);
    uint64_t sum = 0;
    for (const auto& [minute, count] : expected) sum += count;
    EXPECT_EQ(arrivals.total(), sum);
  }
}

TEST(Arrivals, MayComeLateOrNotAtAll) {
  Arrivals arrivals;
  arrivals.Add(125, 0);
  EXPECT_TRUE(arrivals.empty());
  arrivals.Add(125, 2);
  arrivals.Add(124, 3);  // of the same hour
  arrivals.Add(7, 4);    // a clock that was set back
  EXPECT_EQ(arrivals.total(), 9u);
  EXPECT_EQ(MinutesOf(arrivals), (std::map<int64_t, uint64_t>{{125, 9}}));
}

TEST(Arrivals, OldHoursAreSummedUpAndForgotten) {
  std::map<int64_t, uint64_t> expected;
  Arrivals arrivals = Drawn(4, &expected);
  const size_t bytes = arrivals.bytes();
  arrivals.Coarsen(200);
  EXPECT_LT(arrivals.bytes(), bytes);
  std::map<int64_t, uint64_t> summed;
  for (const auto& [minute, count] : expected) {
    summed[minute / 60 < 200 ? minute / 60 * 60 : minute] += count;
  }
  EXPECT_EQ(MinutesOf(arrivals), summed);
  arrivals.Forget(100);
  summed.erase(summed.begin(), summed.lower_bound(100 * 60));
  EXPECT_EQ(MinutesOf(arrivals), summed);
  arrivals.Forget(1'000'000);
  EXPECT_TRUE(arrivals.empty());
  EXPECT_EQ(arrivals.total(), 0u);
  EXPECT_EQ(arrivals.bytes(), 0u);
}

TEST(Arrivals, AreTheSameFromTwoRecords) {
  std::map<int64_t, uint64_t> expected;
  Arrivals arrivals = Drawn(5, &expected);
  arrivals.Coarsen(150);
  for (const int64_t hour : {int64_t{0}, int64_t{150}, arrivals.last_hour(), int64_t{100'000}}) {
    Arrivals again;
    ASSERT_TRUE(again.Append(arrivals.EncodeBefore(hour)));
    ASSERT_TRUE(again.Append(arrivals.EncodeFrom(hour)));
    EXPECT_EQ(MinutesOf(again), MinutesOf(arrivals));
    EXPECT_EQ(again.total(), arrivals.total());
    again.Add(arrivals.last_hour() * 60 + 59, 1);
    EXPECT_EQ(again.total(), arrivals.total() + 1);
  }
}

TEST(Arrivals, AWeekOfEveryMinuteTakesFewBytes) {
  Arrivals arrivals;
  for (int64_t minute = 0; minute < 7 * 24 * 60; ++minute) {
    arrivals.Add(minute, 200 + static_cast<uint64_t>(minute % 300));
  }
  EXPECT_LT(arrivals.bytes(), 64u << 10);
  EXPECT_LT(arrivals.EncodeFrom(0).size(), 32u << 10);
}

TEST(Arrivals, FourWeeksOfCoarseHoursTakeFewBytes) {
  Arrivals arrivals;
  uint64_t sum = 0;
  for (int64_t hour = 400'000; hour < 400'000 + 28 * 24; ++hour) {
    arrivals.Add(hour * 60, 100);
    arrivals.Add(hour * 60 + 7, static_cast<uint64_t>(hour % 9000));
    arrivals.Coarsen(hour);
    sum += 100 + static_cast<uint64_t>(hour % 9000);
  }
  EXPECT_LT(arrivals.bytes(), 4u << 10);
  EXPECT_EQ(arrivals.total(), sum);
  arrivals.Forget(400'000 + 26 * 24);
  EXPECT_EQ(MinutesOf(arrivals).size(), 2 * 24u + 1);  // the last hour is not coarse
  EXPECT_LT(arrivals.bytes(), 400u);
}

TEST(Arrivals, TakeNoBytesThatAreNoneOfTheirs) {
  std::map<int64_t, uint64_t> expected;
  const std::string whole = Drawn(6, &expected).EncodeFrom(0);
  Random random(6);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = whole.substr(0, random.Below(whole.size()));
    if (!bytes.empty()) bytes[random.Below(bytes.size())] = static_cast<char>(random.Next());
    Arrivals arrivals;
    arrivals.Append(bytes);
    int64_t last = -1;
    arrivals.ForEach([&](int64_t minute, int64_t minutes, uint64_t) {
      EXPECT_GT(minute, last);
      last = minute + minutes - 1;
    });
  }
}

}  // namespace
}  // namespace omen::learn
