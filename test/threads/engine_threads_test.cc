// What stands between sessions and engines, used by many threads at once: commits and the log,
// the replica behind them, pins, turns, half-read cursors beside checkpoints, locks and timers.
// With TSan the proof that "any thread" holds, over engines that TSan does not see into.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "colstore/test_store.h"
#include "crowd.h"
#include "exec/statement/relation_locks.h"
#include "replica/test_database.h"
#include "rowstore/internal/store/store_fixture.h"
#include "session/statement_timer.h"

namespace omen {
namespace {

using colstore::testing::TestStore;
using replica::testing::TablePtr;
using replica::testing::TestDatabase;
using rowstore::CommitId;
using session::StatementDeadline;
using session::StatementTimer;

bool OkOrCancelled(const Status& status) {
  return status.ok() || status.Is(sqlstate::kQueryCanceled);
}

/// Commits, readers, pins and schema changes over one replica, until the commits are done.
class ReplicaCrowd {
 public:
  static constexpr int kWriters = 2, kThreads = 7, kAccounts = 20, kTransfers = 120;

  ReplicaCrowd() : db_(SmallQueue()), accounts_(db_.CreateTable()) {
    for (int i = 0; i < kAccounts; ++i) db_.Put(accounts_, i, "100");
  }
  void Run() {
    Crowd(kThreads, [&](int me) {
      if (me < kWriters) return Transfer(me);
      do {
        if (me == kWriters) ChangeSchema();
        if (me == kWriters + 1) Pin();
        if (me == kWriters + 2) Look();
        if (me > kWriters + 2) Read(me);
      } while (writing_ > 0);
    });
    EXPECT_EQ(
        Sum(*db_.replica().OpenReader(db_.rows().last_commit(), nullptr, nullptr).value(), nullptr),
        kTotal);
  }

 private:
  static constexpr const char* kTotal = "2000";

  /// Overflows now and then, so that the log is read too.
  static replica::Options SmallQueue() {
    replica::Options options;
    options.queue_bytes = 8 << 10;
    options.batch_delay = std::chrono::milliseconds(1);
    return options;
  }
  std::string Sum(colstore::Reader& reader, CancelToken* cancel) {
    const std::string sql = "SELECT sum(c2::BIGINT)::VARCHAR FROM " + db_.Name(accounts_);
    auto cursor = reader.Query(sql, {}, {}, {{oid::kText, -1}}, {}, {}, cancel);
    std::vector<Row> rows;
    const Status status = cursor.ok() ? (*cursor)->Next(&rows) : cursor.status().Clone();
    EXPECT_TRUE(OkOrCancelled(status)) << status.ToString();
    return rows.empty() ? kTotal : std::string(rows[0][0].AsBytes());
  }
  void Transfer(int me) {
    std::mt19937 random(static_cast<uint32_t>(me));
    for (int i = 0; i < kTransfers; ++i) {
      const auto a = static_cast<int64_t>(random() % (kAccounts - 1));
      const int64_t b = a + 1 + static_cast<int64_t>(random()) % (kAccounts - 1 - a);
      auto transaction = db_.Begin();
      const auto from = db_.Lock(*transaction, accounts_, a);
      const auto to = db_.Lock(*transaction, accounts_, b);
      ASSERT_TRUE(from && to);
      db_.PutIn(*transaction, accounts_, a, std::to_string(std::stoi(*from) - 1), false);
      db_.PutIn(*transaction, accounts_, b, std::to_string(std::stoi(*to) + 1), false);
      ASSERT_TRUE(transaction->Commit().ok());
    }
    --writing_;
  }
  void ChangeSchema() {
    TablePtr table = db_.CreateTable();
    db_.Put(table, 1, "one");
    const CommitId filled = db_.BulkReplace(&table, 500);
    EXPECT_EQ(db_.Query("SELECT count(*)::VARCHAR FROM " + db_.Name(table), filled), "500");
    db_.DropTable(table);
  }
  void Pin() {
    CancelToken token;
    const StatementDeadline deadline(&timer_, &token, 50);
    auto pin = db_.replica().PinAt([&] { return db_.rows().View(); }, &token);
    if (!pin.ok()) return;  // cancelled, or copying
    EXPECT_EQ(Sum(*pin->reader, nullptr), kTotal);
    EXPECT_EQ(pin->view->commit_id(), pin->commit_id);
  }
  void Look() {
    const CommitId watermark = db_.replica().watermark();
    EXPECT_GE(db_.replica().state().last_commit, watermark);
    db_.replica().Has(accounts_->storage_id);  // not while it is copied anew
    CommitId last = watermark;
    const auto in_order = [&](const auto& record) {
      EXPECT_EQ(record->id, last + 1);
      last = record->id;
      return Status::Ok();
    };
    EXPECT_TRUE(db_.rows().ReadChanges(watermark, in_order).ok());
  }
  void Read(int me) {
    CancelToken token;
    const StatementDeadline deadline(&timer_, &token, me % 2 == 0 ? 3 : 3000);
    auto reader = db_.replica().OpenReader(db_.rows().last_commit(), &token, nullptr);
    EXPECT_TRUE(OkOrCancelled(reader.status())) << reader.status().ToString();
    if (reader.ok()) {
      EXPECT_EQ(Sum(**reader, &token), kTotal);
    }
  }

  StatementTimer timer_;
  TestDatabase db_;
  const TablePtr accounts_;
  std::atomic<int> writing_{kWriters};
};

TEST(Threads, OneReplicaServesCommitsReadersPinsAndSchemaChanges) { ReplicaCrowd().Run(); }

TEST(Threads, CursorsAreReadLeftAndClosedBesideCheckpoints) {
  constexpr int kRows = 20'000, kClients = 4, kRounds = 12;
  const std::vector<Type> types = {{oid::kInt4, -1}, {oid::kText, -1}};
  const catalog::Table table = colstore::testing::MakeKeyedTable(7, types);
  std::vector<Row> rows;
  for (int i = 0; i < kRows; ++i) {
    rows.push_back({Value::Int(i), Value::Text(std::string(100, 'x'))});
  }
  TestStore store;
  store.Replace(table, rows, 1);
  StatementTimer timer;
  std::atomic<int> reading{kClients};
  const auto read = [&](std::mt19937& random) {
    CancelToken token;
    const StatementDeadline deadline(&timer, &token, random() % 4 == 0 ? 5 : 0);
    const auto reader = store.columns().NewReader().value();
    ASSERT_TRUE(reader->Begin().ok());
    auto cursor = reader->Query("SELECT c1, c2 FROM t7_1", {}, {}, types, {}, {}, &token);
    ASSERT_TRUE(OkOrCancelled(cursor.status())) << cursor.status().ToString();
    if (!cursor.ok()) return;
    size_t seen = 0;
    const bool whole = random() % 2 == 0, detach = random() % 4 == 0;
    std::vector<Row> some;
    do {
      const Status status = (*cursor)->Next(&some);
      ASSERT_TRUE(OkOrCancelled(status)) << status.ToString();
      if (!status.ok()) return;
      seen += some.size();
      if (seen == some.size()) std::this_thread::sleep_for(std::chrono::milliseconds(random() % 8));
      if (detach && seen == some.size() && !(*cursor)->Detach().ok()) return;
    } while (!some.empty() && (whole || seen < kRows / 2));
    EXPECT_TRUE(!whole || seen >= kRows) << seen;
  };
  Crowd(kClients + 1, [&](int me) {
    if (me < kClients) {
      std::mt19937 random(static_cast<uint32_t>(me));
      for (int i = 0; i < kRounds; ++i) read(random);
      --reading;
      return;
    }
    const auto writer = store.columns().NewWriter().value();
    for (uint64_t commit = 2; reading > 0; ++commit) {
      const Row more = {Value::Int(kRows + static_cast<int>(commit)), Value::Text("more")};
      ASSERT_TRUE(writer->Begin().ok());
      ASSERT_TRUE(writer->Apply({std::make_shared<catalog::Table>(table), {}, {more}}).ok());
      ASSERT_TRUE(writer->Commit({commit, 1}).ok());
      const Status status = writer->Checkpoint();
      EXPECT_TRUE(status.ok() || status.Is(sqlstate::kObjectInUse)) << status.ToString();
    }
  });
}

class LockThreads : public rowstore::StoreTest {};

TEST_F(LockThreads, CirclesOverRowsAndTablesEndAndLeaveNothing) {
  constexpr int kThreads = 6, kRounds = 15, kThings = 3;
  options_.deadlock_timeout = std::chrono::milliseconds(10);
  options_.sync = false;
  Open();
  for (uint64_t row = 0; row < kThings; ++row) PutNow(row, "0");
  exec::RelationLocks locks(&store_->waits());
  StatementTimer timer;
  std::atomic<int> circles{0};
  const auto take = [&](std::mt19937& random, rowstore::Transaction& transaction,
                        exec::RelationLocks::Holder& holder, const CancelToken& token) {
    exec::RelationLocks::Wait wait;
    wait.cancel = &token;
    const uint64_t thing = random() % kThings;
    const auto mode =
        random() % 2 == 0 ? exec::LockMode::kRowExclusive : exec::LockMode::kShareRowExclusive;
    if (random() % 2 == 0)
      return holder.Lock(exec::RelationTag(static_cast<Oid>(thing)), mode, wait);
    std::string value;
    return transaction.GetForUpdate(rowstore::KeyOf(thing), &value).status().Clone();
  };
  Crowd(kThreads, [&](int me) {
    std::mt19937 random(static_cast<uint32_t>(me));
    for (int round = 0; round < kRounds; ++round) {
      CancelToken token;
      const StatementDeadline deadline(&timer, &token, random() % 4 == 0 ? 4 : 0);
      WaitParty party;
      party.pid = me;
      exec::RelationLocks::Holder holder(&locks, &party);
      auto transaction = store_->Begin(rowstore::IsolationLevel::kReadCommitted, &party);
      transaction->set_cancel(&token);
      transaction->BeginStatement();
      Status status;
      for (int i = 0; i < 3 && status.ok(); ++i) status = take(random, *transaction, holder, token);
      circles += status.Is(sqlstate::kDeadlock);
      EXPECT_TRUE(OkOrCancelled(status) || status.Is(sqlstate::kDeadlock)) << status.ToString();
      if (status.ok()) {
        EXPECT_TRUE(transaction->Commit().ok());
      }
    }
  });
  exec::RelationLocks::Holder all(&locks);
  exec::RelationLocks::Wait now;
  now.nowait = true;
  for (Oid table = 0; table < kThings; ++table) {
    EXPECT_TRUE(all.Lock(exec::RelationTag(table), exec::LockMode::kAccessExclusive, now).ok());
  }
  for (uint64_t row = 0; row < kThings; ++row) PutNow(row, "1");
}

/// Checks that every commit is told once and in order, before anyone can see it.
class InOrder final : public rowstore::CommitObserver {
 public:
  void OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) override {
    EXPECT_EQ(record->id, last_ + 1);
    last_ = record->id;
  }
  CommitId last() const { return last_; }

 private:
  CommitId last_ = 0;  // the commit queue tells one at a time
};

TEST_F(LockThreads, CommitsAreNumberedAndToldInOrderWhileTheLogIsRead) {
  constexpr int kWriters = 4, kEach = 60;
  options_.sync = false;
  InOrder observer;
  Open();
  store_->AddObserver(&observer);
  std::atomic<int> writing{kWriters};
  Crowd(kWriters + 2, [&](int me) {
    for (int i = 0; me < kWriters && i < kEach; ++i) {
      const CommitId id = PutNow(static_cast<uint64_t>(me), std::to_string(i));
      EXPECT_GE(store_->View()->commit_id(), id);
      if (i % 20 == 0) {
        EXPECT_TRUE(store_->NewRowId(rowstore::kStorage).ok());
        store_->DropStorage(store_->NewStorageId().value());
      }
    }
    if (me < kWriters) --writing;
    while (me >= kWriters && writing > 0) {
      CommitId last = store_->last_commit();
      const auto next = [&](const auto& record) {
        EXPECT_EQ(record->id, ++last);
        return Status::Ok();
      };
      EXPECT_TRUE(store_->ReadChanges(last, next).ok());
      const CommitId published = store_->last_commit();
      EXPECT_GE(store_->View()->commit_id(), published);
    }
  });
  EXPECT_EQ(observer.last(), kWriters * kEach);
  store_.reset();
}

}  // namespace
}  // namespace omen
