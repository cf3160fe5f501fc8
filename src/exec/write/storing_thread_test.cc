// Batches that another thread stores.
#include "exec/write/storing_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/check.h"
#include "base/work.h"

namespace omen::exec {
namespace {

std::vector<Row> Numbered(int64_t number) { return {{Value::Int(number)}}; }

TEST(StoringThread, StoresBatchesInTheirOrder) {
  std::vector<int64_t> stored;
  StoringThread thread(
      [&](std::vector<Row>* rows) {
        stored.push_back(rows->front()[0].AsInt());
        return Status::Ok();
      },
      nullptr);
  for (int64_t i = 0; i < 100; ++i) {
    std::vector<Row> batch = Numbered(i);
    ASSERT_TRUE(thread.Give(&batch).ok());
  }
  ASSERT_TRUE(thread.AwaitIdle().ok());
  ASSERT_EQ(stored.size(), 100u);
  for (int64_t i = 0; i < 100; ++i) EXPECT_EQ(stored[static_cast<size_t>(i)], i);
}

TEST(StoringThread, AnErrorIsToldAndEndsIt) {
  std::atomic<int> stored{0};
  StoringThread thread(
      [&](std::vector<Row>* rows) -> Status {
        if (rows->front()[0].AsInt() == 3) return Status(sqlstate::kUniqueViolation, "three");
        ++stored;
        return Status::Ok();
      },
      nullptr);
  Status status;
  for (int64_t i = 0; status.ok(); ++i) {
    std::vector<Row> batch = Numbered(i);
    status = thread.Give(&batch);
    ASSERT_LT(i, 10);
  }
  EXPECT_TRUE(status.Is(sqlstate::kUniqueViolation));
  EXPECT_TRUE(thread.AwaitIdle().Is(sqlstate::kUniqueViolation));
  EXPECT_EQ(stored, 3);
}

TEST(StoringThread, AFaultIsTheStatements) {
  StoringThread thread(
      [](std::vector<Row>* rows) {
        OMEN_CHECK(rows->empty());
        return Status::Ok();
      },
      nullptr);
  std::vector<Row> batch = Numbered(1);
  ASSERT_TRUE(thread.Give(&batch).ok());
  EXPECT_TRUE(thread.AwaitIdle().Is(sqlstate::kInternalError));
}

TEST(StoringThread, WhoWaitsForItCanBeCancelled) {
  CancelToken token;
  std::atomic<bool> goes_on{false};
  StoringThread thread(
      [&](std::vector<Row>*) {
        goes_on.wait(false);
        return Status::Ok();
      },
      &token);
  for (int64_t i = 0; i < 2; ++i) {
    std::vector<Row> batch = Numbered(i);
    ASSERT_TRUE(thread.Give(&batch).ok());
  }
  token.Cancel(CancelToken::Reason::kUser);
  std::vector<Row> batch = Numbered(2);
  EXPECT_TRUE(thread.Give(&batch).Is(sqlstate::kQueryCanceled));
  goes_on = true;
  goes_on.notify_all();
}

TEST(StoringThread, StoresAtTheStatementsCost) {
  const auto memory = std::make_shared<MemoryAccount>(1 << 20);
  const Work::Statement statement(memory);
  StoringThread thread(
      [](std::vector<Row>*) {
        return Work::Run({}, [] {
          const std::string large(2 << 20, 'x');
          return large.empty() ? NotSupported("") : Status::Ok();
        });
      },
      nullptr);
  std::vector<Row> batch = Numbered(1);
  ASSERT_TRUE(thread.Give(&batch).ok());
  EXPECT_TRUE(thread.AwaitIdle().Is(sqlstate::kOutOfMemory));
}

}  // namespace
}  // namespace omen::exec
