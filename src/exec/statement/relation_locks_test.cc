#include "exec/statement/relation_locks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace omen::exec {
namespace {

using std::chrono::milliseconds;

constexpr LockTag kTable = 1;
constexpr LockTag kOther = 2;

RelationLocks::Wait NoWait() {
  RelationLocks::Wait wait;
  wait.nowait = true;
  return wait;
}

// PostgreSQL's table of conflicting lock modes, row by row.
constexpr bool kConflicts[8][8] = {
    {0, 0, 0, 0, 0, 0, 0, 1}, {0, 0, 0, 0, 0, 0, 1, 1}, {0, 0, 0, 0, 1, 1, 1, 1},
    {0, 0, 0, 1, 1, 1, 1, 1}, {0, 0, 1, 1, 0, 1, 1, 1}, {0, 0, 1, 1, 1, 1, 1, 1},
    {0, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1},
};

TEST(RelationLocks, ModesConflictAsPostgresqlSays) {
  for (int held = 1; held <= 8; ++held) {
    for (int asked = 1; asked <= 8; ++asked) {
      WaitGraph waits(milliseconds(20));
      RelationLocks locks(&waits);
      RelationLocks::Holder first(&locks), second(&locks);
      ASSERT_TRUE(first.Lock(kTable, static_cast<LockMode>(held), NoWait()).ok());
      const Status status = second.Lock(kTable, static_cast<LockMode>(asked), NoWait());
      EXPECT_EQ(!status.ok(), kConflicts[held - 1][asked - 1]) << held << " " << asked;
      EXPECT_TRUE(status.ok() || status.Is(sqlstate::kLockNotAvailable));
      EXPECT_TRUE(second.Lock(kOther, static_cast<LockMode>(asked), NoWait()).ok());
    }
  }
}

TEST(RelationLocks, ReleaseLetsTheWaiterIn) {
  WaitGraph waits(milliseconds(20));
  RelationLocks locks(&waits);
  auto reader = std::make_unique<RelationLocks::Holder>(&locks);
  ASSERT_TRUE(reader->Lock(kTable, LockMode::kAccessShare, {}).ok());
  std::atomic<bool> entered = false;
  std::thread changer([&] {
    RelationLocks::Holder holder(&locks);
    EXPECT_TRUE(holder.Lock(kTable, LockMode::kAccessExclusive, {}).ok());
    entered = true;
  });
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_FALSE(entered);
  reader->ReleaseAll();
  changer.join();
  EXPECT_TRUE(entered);
  EXPECT_TRUE(reader->Lock(kTable, LockMode::kAccessShare, NoWait()).ok());
}

TEST(RelationLocks, TheTimeoutEndsAWait) {
  WaitGraph waits(milliseconds(20));
  RelationLocks locks(&waits);
  RelationLocks::Holder first(&locks), second(&locks);
  ASSERT_TRUE(first.Lock(kTable, LockMode::kAccessExclusive, {}).ok());
  RelationLocks::Wait wait;
  wait.timeout = milliseconds(30);
  EXPECT_TRUE(second.Lock(kTable, LockMode::kAccessShare, wait).Is(sqlstate::kLockNotAvailable));
}

TEST(RelationLocks, CancelEndsAWait) {
  WaitGraph waits(milliseconds(20));
  RelationLocks locks(&waits);
  RelationLocks::Holder first(&locks), second(&locks);
  ASSERT_TRUE(first.Lock(kTable, LockMode::kAccessExclusive, {}).ok());
  CancelToken cancel;
  RelationLocks::Wait wait;
  wait.cancel = &cancel;
  std::thread killer([&] { cancel.Cancel(CancelToken::Reason::kUser); });
  EXPECT_TRUE(second.Lock(kTable, LockMode::kAccessShare, wait).Is(sqlstate::kQueryCanceled));
  killer.join();
}

TEST(RelationLocks, OneOfTwoThatWaitForEachOtherFails) {
  WaitGraph waits(milliseconds(20));
  RelationLocks locks(&waits);
  RelationLocks::Holder first(&locks), second(&locks);
  ASSERT_TRUE(first.Lock(kTable, LockMode::kAccessExclusive, {}).ok());
  ASSERT_TRUE(second.Lock(kOther, LockMode::kAccessExclusive, {}).ok());
  Status seen_by_second;
  std::thread other([&] {
    seen_by_second = second.Lock(kTable, LockMode::kAccessShare, {});
    if (!seen_by_second.ok()) second.ReleaseAll();
  });
  const Status seen_by_first = first.Lock(kOther, LockMode::kAccessShare, {});
  if (!seen_by_first.ok()) first.ReleaseAll();
  other.join();
  EXPECT_NE(seen_by_first.ok(), seen_by_second.ok());
  const Status& failed = seen_by_first.ok() ? seen_by_second : seen_by_first;
  EXPECT_TRUE(failed.Is(sqlstate::kDeadlock)) << failed.ToString();
}

// changer waits for reader, reader for owner, and owner comes behind changer in the queue.
TEST(RelationLocks, APlaceInTheQueueIsNotPartOfADeadlock) {
  WaitGraph waits(milliseconds(20));
  RelationLocks locks(&waits);
  RelationLocks::Holder reader(&locks), changer(&locks), owner(&locks);
  ASSERT_TRUE(reader.Lock(kTable, LockMode::kAccessShare, {}).ok());
  ASSERT_TRUE(owner.Lock(kOther, LockMode::kAccessExclusive, {}).ok());
  std::thread change([&] {
    EXPECT_TRUE(changer.Lock(kTable, LockMode::kAccessExclusive, {}).ok());
    changer.ReleaseAll();
  });
  std::thread read([&] {
    EXPECT_TRUE(reader.Lock(kOther, LockMode::kAccessShare, {}).ok());
    reader.ReleaseAll();
  });
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_TRUE(owner.Lock(kTable, LockMode::kAccessShare, {}).ok());
  owner.ReleaseAll();
  change.join();
  read.join();
}

TEST(RelationLocks, AStreamOfReadersDoesNotStarveAChange) {
  WaitGraph waits(milliseconds(20));
  RelationLocks locks(&waits);
  std::atomic<bool> stop = false, changed = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        RelationLocks::Holder holder(&locks);
        EXPECT_TRUE(holder.Lock(kTable, LockMode::kAccessShare, {}).ok());
        std::this_thread::sleep_for(milliseconds(2));
      }
    });
  }
  std::this_thread::sleep_for(milliseconds(20));
  {
    RelationLocks::Holder changer(&locks);
    RelationLocks::Wait wait;
    wait.timeout = milliseconds(5000);
    changed = changer.Lock(kTable, LockMode::kAccessExclusive, wait).ok();
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_TRUE(changed);
}

// Fast-path locks and the strong lock that must see them all: a counter that only the holder
// of the strong lock may change without the weak ones noticing.
TEST(RelationLocks, WeakAndStrongNeverHoldTogether) {
  WaitGraph waits(milliseconds(20));
  RelationLocks locks(&waits);
  std::atomic<int> weak = 0;
  std::atomic<bool> broken = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 300; ++round) {
        RelationLocks::Holder holder(&locks);
        if (i == 0 && round % 10 == 0) {
          EXPECT_TRUE(holder.Lock(kTable, LockMode::kAccessExclusive, {}).ok());
          if (weak != 0) broken = true;
        } else {
          EXPECT_TRUE(holder.Lock(kTable, LockMode::kRowExclusive, {}).ok());
          ++weak;
          std::this_thread::yield();
          --weak;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(broken);
}

}  // namespace
}  // namespace omen::exec
