#include "rowstore/internal/lock/lock_table.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>

namespace omen::rowstore {
namespace {

using Taken = LockTable::Taken;

TEST(LockFingerprint, TellsFamiliesLengthsAndBytesApart) {
  std::set<uint64_t> seen;
  size_t keys = 0;
  for (uint32_t family = 0; family < 2; ++family) {
    for (size_t size = 0; size < 40; ++size) {
      std::string key(size, '\0');
      seen.insert(LockFingerprint(family, key));
      ++keys;
      for (size_t i = 0; i < size; ++i) {
        key[i] = '\1';
        seen.insert(LockFingerprint(family, key));
        key[i] = '\0';
        ++keys;
      }
    }
  }
  EXPECT_EQ(seen.size(), keys);
}

TEST(LockTable, IsHeldUntilReleasedAsOftenAsTaken) {
  LockTable table;
  HeldLocks mine(&table), other(&table);
  mine.Begin();
  other.Begin();
  EXPECT_EQ(mine.Try(1), Taken::kNew);
  EXPECT_EQ(mine.Try(1), Taken::kAgain);
  EXPECT_EQ(other.Try(1), Taken::kNo);
  EXPECT_EQ(other.Try(2), Taken::kNew);
  mine.Undo(1);
  EXPECT_EQ(other.Try(1), Taken::kNo);
  EXPECT_EQ(other.OwnerOf(1), mine.owner());
  mine.Undo(1);
  mine.Undo(1);
  EXPECT_EQ(other.Try(1), Taken::kNew);
  other.ReleaseAll();
  EXPECT_EQ(table.size(), 0U);
}

TEST(LockTable, ASavepointGivesBackWhatCameAfterIt) {
  LockTable table;
  HeldLocks mine(&table), other(&table);
  mine.Begin();
  other.Begin();
  mine.Try(1);
  mine.Try(2);
  mine.SetSavepoint();
  mine.Try(1);
  mine.Try(3);
  mine.Undo(2);  // taken before the savepoint
  mine.RollbackToSavepoint();
  EXPECT_EQ(other.Try(3), Taken::kNew);
  EXPECT_EQ(other.Try(2), Taken::kNew);
  EXPECT_EQ(other.Try(1), Taken::kNo);
  mine.Undo(1);
  EXPECT_EQ(other.Try(1), Taken::kNew);
}

TEST(LockTable, AWaitEndsByTimeAndByWord) {
  LockTable table;
  HeldLocks holder(&table), late(&table);
  holder.Begin();
  late.Begin();
  holder.Try(1);
  LockTable::Waiter waiter(1);
  const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  EXPECT_EQ(late.Await(&waiter, WaitLimit(nullptr, soon), [] { return false; }), Taken::kNo);
  std::atomic<bool> chosen = false;
  std::thread chooser([&] {
    chosen = true;
    table.Wake(&waiter);
  });
  EXPECT_EQ(late.Await(&waiter, WaitLimit(), [&] { return chosen.load(); }), Taken::kNo);
  chooser.join();
  holder.ReleaseAll();
  EXPECT_EQ(late.Await(&waiter, WaitLimit(), [] { return false; }), Taken::kNew);
}

// A counter without a lock of its own, under locks that many want, some of whom give up.
TEST(LockTable, OneAtATimeAndNobodyIsForgotten) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr int kThreads = 6, kRounds = 2000;
  constexpr uint64_t kKeys = 3;
  LockTable table;
  std::array<int, kKeys> counts{};
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 random(seed + static_cast<uint64_t>(t));
      HeldLocks held(&table);
      for (int i = 0; i < kRounds; ++i) {
        held.Begin();
        const uint64_t key = random() % kKeys;
        LockTable::Waiter waiter(key);
        const bool patient = random() % 4 != 0;
        const auto until =
            patient ? WaitLimit::TimePoint::max()
                    : std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 50);
        if (held.Try(key) == Taken::kNo &&
            held.Await(&waiter, WaitLimit(nullptr, until), [] { return false; }) == Taken::kNo) {
          continue;
        }
        ++counts[key];
        ++taken;
        held.ReleaseAll();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counts[0] + counts[1] + counts[2], taken.load());
  EXPECT_EQ(table.size(), 0U);
}

}  // namespace
}  // namespace omen::rowstore
