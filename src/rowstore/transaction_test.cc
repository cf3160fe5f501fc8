// Isolation, locks, savepoints, scans.
#include <atomic>
#include <random>
#include <thread>

#include "base/work.h"
#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

using TransactionTest = StoreTest;
using std::chrono::milliseconds;

TEST_F(TransactionTest, ReadsItsOwnWritesAndCommits) {
  Open();
  auto writer = Begin();
  Put(*writer, 1, "a");
  EXPECT_EQ(Read(*writer, 1), "a");
  EXPECT_EQ(ReadNow(1), "-");
  EXPECT_TRUE(writer->has_writes());
  EXPECT_EQ(writer->changed_storages(), std::vector<catalog::StorageId>{kStorage});
  auto id = writer->Commit();
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(*id, store_->last_commit());
  EXPECT_EQ(store_->View()->commit_id(), *id);
  EXPECT_EQ(ReadNow(1), "a");
  EXPECT_EQ(*Begin()->Commit(), *id);  // nothing written: the view's id
}

TEST_F(TransactionTest, RollbackLeavesNothing) {
  Open();
  {
    auto writer = Begin();
    Put(*writer, 1, "a");
  }
  EXPECT_EQ(ReadNow(1), "-");
  EXPECT_EQ(store_->last_commit(), 0u);
  PutNow(1, "b");  // its lock is free
}

TEST_F(TransactionTest, ReadCommittedSeesEachStatementsPresent) {
  Open();
  PutNow(1, "old");
  auto reader = Begin();
  auto repeatable = Begin(IsolationLevel::kRepeatableRead);
  EXPECT_EQ(Read(*reader, 1), "old");
  PutNow(1, "new");
  EXPECT_EQ(Read(*reader, 1), "old");
  reader->BeginStatement();
  repeatable->BeginStatement();
  EXPECT_EQ(Read(*reader, 1), "new");
  EXPECT_EQ(Read(*repeatable, 1), "old");
}

TEST_F(TransactionTest, GetForUpdateReadsTheNewestRow) {
  Open();
  PutNow(1, "old");
  auto writer = Begin();
  PutNow(1, "new");
  std::string value;
  ASSERT_TRUE(*writer->GetForUpdate(KeyOf(1), &value));
  EXPECT_EQ(value, "new");
  EXPECT_FALSE(*writer->GetForUpdate(KeyOf(2), &value));
}

TEST_F(TransactionTest, RenewForUpdateKeepsWhatIsNewest) {
  Open();
  PutNow(1, "old");
  PutNow(2, "two");
  auto writer = Begin();
  PutNow(1, "new");
  const auto renewed = [&](uint64_t row, std::string seen) {
    const auto found = writer->RenewForUpdate(KeyOf(row), &seen);
    EXPECT_TRUE(found.ok());
    return *found ? seen : "-";
  };
  EXPECT_EQ(renewed(1, "old"), "new");
  EXPECT_EQ(renewed(2, "two"), "two");
  ASSERT_TRUE(writer->Put(kStorage, KeyOf(2), "own", ChangeKind::kUpdate).ok());
  EXPECT_EQ(renewed(2, "two"), "own");
  ASSERT_TRUE(writer->Delete(kStorage, KeyOf(1), ChangeKind::kDelete).ok());
  EXPECT_EQ(renewed(1, "old"), "-");
}

TEST_F(TransactionTest, RepeatableReadFailsOnAChangedKey) {
  Open();
  PutNow(1, "old");
  PutNow(2, "other");
  auto writer = Begin(IsolationLevel::kRepeatableRead);
  // Changed and changed back: still another version.
  PutNow(1, "new");
  PutNow(1, "old");
  std::string value;
  const Status status = writer->GetForUpdate(KeyOf(1), &value).status().Clone();
  EXPECT_TRUE(status.Is(sqlstate::kSerializationFailure)) << status.ToString();
  EXPECT_EQ(status.error().message, "could not serialize access due to concurrent update");
  auto renewed = writer->RenewForUpdate(KeyOf(1), &value);
  EXPECT_TRUE(renewed.status().Is(sqlstate::kSerializationFailure));
  auto other = writer->GetForUpdate(KeyOf(2), &value);
  EXPECT_TRUE(other.ok() && *other);
}

TEST_F(TransactionTest, NoWaitLockTimeoutAndCancel) {
  Open();
  auto holder = Begin();
  Put(*holder, 1, "a");
  auto waiter = Begin();
  std::string value;
  EXPECT_TRUE(waiter->GetForUpdate(KeyOf(1), &value, Transaction::Wait::kNoWait)
                  .status()
                  .Is(sqlstate::kLockNotAvailable));
  waiter->set_lock_timeout(milliseconds(120));
  const auto begin = std::chrono::steady_clock::now();
  const Status timed_out = waiter->GetForUpdate(KeyOf(1), &value).status().Clone();
  EXPECT_TRUE(timed_out.Is(sqlstate::kLockNotAvailable));
  EXPECT_EQ(timed_out.error().message, "canceling statement due to lock timeout");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(115));

  CancelToken cancel;
  waiter->set_cancel(&cancel);
  waiter->set_lock_timeout(milliseconds(0));
  std::thread canceller([&] {
    std::this_thread::sleep_for(milliseconds(60));
    cancel.Cancel(CancelToken::Reason::kUser);
  });
  EXPECT_TRUE(waiter->Lock(KeyOf(1)).Is(sqlstate::kQueryCanceled));
  canceller.join();
}

TEST_F(TransactionTest, UndoGetForUpdateFreesWhatNothingElseHolds) {
  Open();
  auto holder = Begin();
  auto other = Begin();
  std::string value;
  const auto locked = [&](uint64_t row) {
    const auto got = other->GetForUpdate(KeyOf(row), &value, Transaction::Wait::kNoWait);
    return got.status().Is(sqlstate::kLockNotAvailable);
  };
  Put(*holder, 2, "written");
  for (uint64_t row : {1, 2, 3}) ASSERT_TRUE(holder->GetForUpdate(KeyOf(row), &value).ok());
  ASSERT_TRUE(holder->GetForUpdate(KeyOf(3), &value).ok());
  for (uint64_t row : {1, 2, 3}) holder->UndoGetForUpdate(KeyOf(row));
  EXPECT_FALSE(locked(1));
  EXPECT_TRUE(locked(2));
  EXPECT_TRUE(locked(3));
  holder->Rollback();
  EXPECT_FALSE(locked(3));
}

TEST_F(TransactionTest, DeadlockIsFound) {
  Open();
  PutNow(1, "a");
  PutNow(2, "b");
  std::atomic<int> deadlocks{0}, commits{0}, ready{0};
  auto run = [&](uint64_t first, uint64_t second) {
    auto transaction = Begin();
    std::string value;
    ASSERT_TRUE(transaction->GetForUpdate(KeyOf(first), &value).ok());
    ++ready;
    while (ready < 2) std::this_thread::yield();
    auto found = transaction->GetForUpdate(KeyOf(second), &value);
    if (found.ok()) {
      commits += transaction->Commit().ok();
    } else {
      deadlocks += found.status().Is(sqlstate::kDeadlock);
    }
  };
  std::thread one(run, 1, 2), two(run, 2, 1);
  one.join();
  two.join();
  EXPECT_EQ(deadlocks, 1);
  EXPECT_EQ(commits, 1);
}

TEST_F(TransactionTest, ConcurrentIncrementsLoseNothing) {
  Open();
  constexpr int kThreads = 8, kEach = 150;
  PutNow(1, "0");
  for (const auto level : {IsolationLevel::kReadCommitted, IsolationLevel::kRepeatableRead}) {
    PutNow(1, "0");
    std::atomic<int> retries{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kEach;) {
          auto transaction = Begin(level);
          std::string value;
          const bool seen = i % 2 == 0;
          if (seen) value = Read(*transaction, 1);
          auto found = seen ? transaction->RenewForUpdate(KeyOf(1), &value)
                            : transaction->GetForUpdate(KeyOf(1), &value);
          if (!found.ok()) {
            ASSERT_TRUE(found.status().Is(sqlstate::kSerializationFailure));
            ++retries;
            continue;
          }
          Put(*transaction, 1, std::to_string(std::stoi(value) + 1));
          ASSERT_TRUE(transaction->Commit().ok());
          ++i;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(ReadNow(1), std::to_string(kThreads * kEach));
    if (level == IsolationLevel::kReadCommitted) {
      EXPECT_EQ(retries, 0);
    }
  }
}

TEST_F(TransactionTest, EveryViewShowsWholeCommitsOfItsId) {
  Open();
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  for (uint64_t w = 0; w < 4; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 1; i <= 200; ++i) {
        auto transaction = Begin();
        Put(*transaction, 2 * w, std::to_string(i));
        Put(*transaction, 2 * w + 1, std::to_string(-i));
        auto id = transaction->Commit();
        ASSERT_TRUE(id.ok());
        ASSERT_GE(store_->View()->commit_id(), *id);
      }
    });
  }
  std::thread reader([&] {
    while (!stop) {
      auto view = store_->View();
      int64_t sum = 0, commits = 0;
      for (auto it = store_->Scan(view, StorageRange(kStorage)); it->Valid(); it->Next()) {
        sum += std::stoll(std::string(it->value()));
        commits += std::max<int64_t>(0, std::stoll(std::string(it->value())));
      }
      ASSERT_EQ(sum, 0);
      // Each writer's value counts its commits, so their sum is the view's commit id.
      ASSERT_EQ(static_cast<CommitId>(commits), view->commit_id());
    }
  });
  for (std::thread& writer : writers) writer.join();
  stop = true;
  reader.join();
}

TEST_F(TransactionTest, SavepointsRollBackWritesAndTheirRecord) {
  Open();
  auto transaction = Begin();
  transaction->SetSavepoint();  // before anything was written
  Put(*transaction, 1, "a");
  transaction->SetSavepoint();
  Put(*transaction, 2, "b");
  Put(*transaction, 9, "x", 99);
  transaction->NoteStorage(50);
  EXPECT_EQ(transaction->write_count(), 4u);
  ASSERT_TRUE(transaction->RollbackToSavepoint().ok());
  EXPECT_EQ(transaction->write_count(), 1u);
  EXPECT_EQ(transaction->changed_storages().size(), 1u);
  EXPECT_EQ(Read(*transaction, 2), "-");
  Put(*transaction, 3, "c");
  ASSERT_TRUE(transaction->RollbackToSavepoint().ok());  // the savepoint is still there
  EXPECT_EQ(Read(*transaction, 3), "-");
  PutNow(2, "other");  // its lock was given back
  Put(*transaction, 4, "d");
  transaction->ReleaseSavepoint();
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(ReadNow(1), "a");
  EXPECT_EQ(ReadNow(2), "other");
  EXPECT_EQ(ReadNow(3), "-");
  EXPECT_EQ(ReadNow(4), "d");
}

TEST_F(TransactionTest, AScanGoesOnInAnotherRange) {
  Open();
  for (uint64_t row = 0; row < 20; ++row) PutNow(row, std::to_string(row));
  auto own = Begin();
  Put(*own, 7, "own");
  for (const bool with_own : {false, true}) {
    const KeyRange low{KeyOf(2), KeyOf(4)}, high{KeyOf(6), KeyOf(9)}, none{KeyOf(40), KeyOf(50)};
    auto rows = with_own ? own->Scan(low) : store_->Scan(store_->View(), low);
    const auto read = [&] {
      std::string values;
      for (; rows->Valid(); rows->Next()) values += std::string(rows->value()) + " ";
      EXPECT_TRUE(rows->status().ok());
      return values;
    };
    const std::string seventh = with_own ? "own" : "7";
    EXPECT_EQ(read(), "2 3 ");
    rows->Reset(high, /*backward=*/false);
    EXPECT_EQ(read(), "6 " + seventh + " 8 ");
    rows->Reset(high, /*backward=*/true);
    EXPECT_EQ(read(), "8 " + seventh + " 6 ");
    rows->Reset(none, /*backward=*/true);
    EXPECT_EQ(read(), "");
    rows->Reset({KeyOf(18), ""}, /*backward=*/true);
    EXPECT_EQ(read(), "19 18 ");
    rows->Reset(low, /*backward=*/false);
    EXPECT_EQ(read(), "2 3 ");
  }
}

TEST_F(TransactionTest, ScansMergeOwnWritesBothWays) {
  Open();
  for (uint64_t row = 0; row < 10; row += 2) PutNow(row, "committed");
  PutNow(3, "outside", kStorage - 1);
  PutNow(3, "outside", kStorage + 1);
  auto transaction = Begin();
  auto scan = [&](KeyRange range, bool backward) {
    std::string rows;
    auto it = transaction->Scan(range, backward);
    for (; it->Valid(); it->Next()) {
      rows += std::to_string(RowIdOfKey(it->key()));
      rows += it->value() == "own" ? "o " : " ";
    }
    EXPECT_TRUE(it->status().ok());
    return rows;
  };
  EXPECT_EQ(scan(StorageRange(kStorage), false), "0 2 4 6 8 ");
  EXPECT_EQ(scan(StorageRange(kStorage), true), "8 6 4 2 0 ");
  Put(*transaction, 3, "own");
  Put(*transaction, 4, "own");
  Put(*transaction, 3, "own", kStorage - 1);
  Put(*transaction, 3, "own", kStorage + 1);
  ASSERT_TRUE(transaction->Delete(kStorage, KeyOf(6), ChangeKind::kDelete).ok());
  EXPECT_EQ(scan(StorageRange(kStorage), false), "0 2 3o 4o 8 ");
  EXPECT_EQ(scan(StorageRange(kStorage), true), "8 4o 3o 2 0 ");
  EXPECT_EQ(scan({KeyOf(2), KeyOf(4)}, false), "2 3o ");
  EXPECT_EQ(scan({KeyOf(2), KeyOf(4)}, true), "3o 2 ");
  EXPECT_EQ(scan({KeyOf(5), KeyOf(6)}, true), "");
}

TEST_F(TransactionTest, ManyKeysAreReadTogether) {
  Open();
  PutNow(1, "a");
  PutNow(2, "b");
  const auto view = store_->View();
  PutNow(2, "later");
  PutNow(3, "later");
  RowBatch batch;
  for (int times = 0; times < 2; ++times) {
    batch.Clear();
    for (const uint64_t row : {2, 9, 3, 1}) batch.Add() = KeyOf(row);
    ASSERT_TRUE(store_->MultiGet(*view, &batch).ok());
    ASSERT_EQ(batch.size(), 4u);
    EXPECT_EQ(batch.value(0), "b");
    EXPECT_FALSE(batch.found(1));
    EXPECT_FALSE(batch.found(2)) << "it is younger than the view";
    EXPECT_EQ(batch.value(3), "a");
    EXPECT_TRUE(batch.found(0) && batch.found(3));
  }
}

TEST_F(TransactionTest, TooManyWritesAreRefused) {
  options_.transaction_bytes_max = 100000;
  Open();
  auto transaction = Begin();
  Status status;
  for (uint64_t row = 0; status.ok() && row < 100000; ++row) {
    status = transaction->Put(kStorage, KeyOf(row), "value", ChangeKind::kInsert);
  }
  EXPECT_TRUE(status.Is(sqlstate::kProgramLimit));
  EXPECT_FALSE(status.error().hint.empty());
  transaction->Rollback();
  PutNow(1, "a");
}

TEST_F(TransactionTest, AStatementWritesNoMoreThanItMayTake) {
  Open();
  const auto account = std::make_shared<MemoryAccount>(int64_t{1} << 20);
  const Work::Statement statement(account);
  auto transaction = Begin();
  const std::string value(10000, 'v');
  uint64_t row = 0;
  for (int number = 0; number < 3; ++number) {
    transaction->BeginStatement();
    for (int i = 0; i < 100; ++i) Put(*transaction, ++row, value);
  }
  Status status;
  while (status.ok() && row < 1000) {
    status = transaction->Put(kStorage, KeyOf(++row), value, ChangeKind::kInsert);
  }
  EXPECT_TRUE(status.Is(sqlstate::kOutOfMemory));
  EXPECT_LT(row, 310u);
}

TEST_F(TransactionTest, WhatItKeepsIsChargedUntilItEnds) {
  Open();
  const auto account = std::make_shared<MemoryAccount>(int64_t{1} << 20);
  auto transaction = Begin();
  transaction->set_memory(account);
  const std::string value(10000, 'v');
  Put(*transaction, 1, value);
  transaction->SetSavepoint();
  Status status;
  for (uint64_t row = 2; status.ok() && row < 10000; ++row) {
    status = transaction->Put(kStorage, KeyOf(row), value, ChangeKind::kInsert);
  }
  EXPECT_TRUE(status.Is(sqlstate::kOutOfMemory));
  EXPECT_GT(account->used(), 800'000);
  EXPECT_LE(account->used(), account->limit());
  ASSERT_TRUE(transaction->RollbackToSavepoint().ok());
  EXPECT_LT(account->used(), 200'000);
  Put(*transaction, 2, value);
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(account->used(), 0);
  EXPECT_EQ(ReadNow(2), value);
}

TEST_F(TransactionTest, LocksAreChargedOnce) {
  Open();
  const auto account = std::make_shared<MemoryAccount>(int64_t{16} << 20);
  auto transaction = Begin();
  transaction->set_memory(account);
  std::string value;
  for (int i = 0; i < 200'000; ++i) {
    ASSERT_TRUE(transaction->GetForUpdate(KeyOf(1), &value).ok());
  }
  EXPECT_LT(account->used(), 5'000'000);
  Status status;
  for (uint64_t row = 2; status.ok() && row < 200'000; ++row) {
    status = transaction->GetForUpdate(KeyOf(row), &value).status().Clone();
  }
  EXPECT_TRUE(status.Is(sqlstate::kOutOfMemory));
  transaction->Rollback();
  EXPECT_EQ(account->used(), 0);
}

TEST_F(TransactionTest, LocksTakenBackAreChargedNoLonger) {
  Open();
  const auto account = std::make_shared<MemoryAccount>(int64_t{1} << 20);
  auto transaction = Begin();
  transaction->set_memory(account);
  std::string value;
  for (uint64_t row = 0; row < 50'000; ++row) {
    ASSERT_TRUE(transaction->GetForUpdate(KeyOf(row), &value).ok());
    transaction->UndoGetForUpdate(KeyOf(row));
  }
  EXPECT_LT(account->used(), 100'000);
}

TEST_F(TransactionTest, LargeCommitsArriveWhole) {
  Open();
  auto transaction = Begin();
  const std::string value(1000, 'v');
  for (uint64_t row = 0; row < 3000; ++row) Put(*transaction, row, value);
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(Count(store_->View()), 3000u);
  // The transaction object whose batch was moved away is used again.
  for (uint64_t row = 0; row < 10; ++row) PutNow(row, "small");
  EXPECT_EQ(ReadNow(9), "small");
  EXPECT_EQ(ReadNow(10), value);
}

}  // namespace
}  // namespace omen::rowstore
