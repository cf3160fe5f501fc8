#include "obs/query_history.h"

#include <gtest/gtest.h>

#include <thread>

namespace omen::obs {
namespace {

Outcome Event(uint64_t rows, std::string_view text = "SELECT ?") {
  Outcome event;
  event.template_text = text;
  event.rows = rows;
  return event;
}

TEST(QueryHistory, KeepsTheLastInOrder) {
  QueryHistory history(3);
  EXPECT_TRUE(history.Recent().empty());
  for (uint64_t i = 1; i <= 5; ++i) history.OnOutcome(Event(i));
  const auto recent = history.Recent();
  ASSERT_EQ(recent.size(), 3u);
  for (uint64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(recent[i].rows, i + 3);
    EXPECT_EQ(recent[i].id, i + 3);
  }
}

TEST(QueryHistory, ARecordTakesNothingFromTheOneBeforeIt) {
  QueryHistory history(1);
  Outcome failed = Event(1, "a longer text than the next one has, which stays allocated");
  failed.sqlstate = "22012";
  history.OnOutcome(failed);
  history.OnOutcome(Event(2, "short"));
  const auto recent = history.Recent();
  ASSERT_EQ(recent.size(), 1u);
  EXPECT_EQ(recent[0].template_text, "short");
  EXPECT_EQ(recent[0].sqlstate, "");
}

TEST(QueryHistory, RecordsOfManyThreadsAreWhole) {
  QueryHistory history(64);
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const std::string text(t * 20 + 1, static_cast<char>('a' + t));
      for (int i = 0; i < 20000; ++i) history.OnOutcome(Event(t, text));
    });
  }
  for (int i = 0; i < 100; ++i) {
    for (const QueryRecord& record : history.Recent()) {
      const std::string whole(record.rows * 20 + 1, static_cast<char>('a' + record.rows));
      ASSERT_EQ(record.template_text, whole);
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(history.Recent().size(), 64u);
}

}  // namespace
}  // namespace omen::obs
