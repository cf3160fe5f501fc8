// Cancellation, time zones and the query history from several threads.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>

#include "base/cancel.h"
#include "crowd.h"
#include "obs/query_history.h"
#include "types/io.h"

namespace omen {
namespace {

TEST(Threads, NoInterruptAfterItWasCleared) {
  CancelToken token;
  std::atomic<bool> stop = false;
  std::atomic<int> late = 0;
  Crowd(3, [&](int me) {
    if (me > 0) {
      while (!stop) token.Cancel(CancelToken::Reason::kUser);
      return;
    }
    for (int round = 0; round < 2000; ++round) {
      token.Reset();
      std::atomic<bool> running = true;
      token.SetInterrupt([&] { late += running ? 0 : 1; });
      const Status status = token.Check();
      EXPECT_TRUE(status.ok() || status.Is(sqlstate::kQueryCanceled));
      token.ClearInterrupt();
      running = false;
    }
    stop = true;
  });
  EXPECT_EQ(late, 0);
}

TEST(Threads, ACancelIsSeenByAnInterruptThatIsSetLater) {
  for (int round = 0; round < 300; ++round) {
    CancelToken token;
    std::atomic<bool> interrupted = false;
    Crowd(2, [&](int me) {
      if (me == 0) {
        token.Cancel(CancelToken::Reason::kUser);
      } else {
        token.SetInterrupt([&] { interrupted = true; });
      }
    });
    EXPECT_TRUE(interrupted);
    token.ClearInterrupt();
  }
}

TEST(Threads, TheHistoryNumbersEachStatementOnce) {
  constexpr int kThreads = 4, kEach = 500;
  constexpr size_t kKept = 300;
  obs::QueryHistory history(kKept);
  Crowd(kThreads, [&](int me) {
    for (int i = 0; i < kEach; ++i) {
      const std::string text = std::to_string(me) + " " + std::to_string(i);
      obs::Outcome event;
      event.session_id = static_cast<uint64_t>(me);
      event.template_text = text;
      history.OnOutcome(event);
      if (i % 50 == 0) {
        uint64_t before = 0;
        for (const obs::QueryRecord& seen : history.Recent()) {
          EXPECT_GT(seen.id, before);
          before = seen.id;
          EXPECT_TRUE(seen.template_text.starts_with(std::to_string(seen.session_id) + " "));
        }
      }
    }
  });
  std::set<uint64_t> ids;
  for (const obs::QueryRecord& record : history.Recent()) ids.insert(record.id);
  EXPECT_EQ(ids.size(), kKept);
  EXPECT_EQ(*ids.rbegin(), kThreads * kEach);
}

TEST(Threads, TimeZonesAreReadOnceAndMeanTheSame) {
  const char* const kZones[] = {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "EST5EDT",
                                "Australia/Lord_Howe", "Africa/Casablanca"};
  const Type type{oid::kTimestamptz, -1};
  Crowd(4, [&](int me) {
    for (int round = 0; round < 60; ++round) {
      TextStyle style;
      style.time_zone = kZones[(round + me) % std::size(kZones)];
      const auto value = ParseText(type, "2024-07-01 12:00:00", style);
      ASSERT_TRUE(value.ok());
      EXPECT_TRUE(ToText(type, *value, style).starts_with("2024-07-01 12:00:00"));
    }
  });
}

}  // namespace
}  // namespace omen
