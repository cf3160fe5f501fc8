#include "replica/replica.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "base/blame.h"
#include "replica/test_database.h"

namespace omen::replica {
namespace {

using testing::TestDatabase;

TEST(Replica, FollowsInsertsUpdatesAndDeletes) {
  TestDatabase db;
  const auto table = db.CreateTable();
  db.Put(table, 1, "a");
  db.Put(table, 2, "b");
  db.Put(table, 2, "B");
  db.Delete(table, 1);
  const auto last = db.Put(table, 3, "c");
  EXPECT_EQ(db.Columns(table, last), "2=B 3=c");
  EXPECT_EQ(db.replica().watermark(), last);
  EXPECT_TRUE(db.replica().Has(table->storage_id));
  EXPECT_EQ(db.replica().state().phase, "following");
}

TEST(Replica, OneCommitOfManyChangesIsCoalesced) {
  TestDatabase db;
  const auto table = db.CreateTable();
  auto transaction = db.Begin();
  db.PutIn(*transaction, table, 1, "a", true);
  db.PutIn(*transaction, table, 1, "b", false);
  db.DeleteIn(*transaction, table, 1);
  db.PutIn(*transaction, table, 1, "c", true);
  db.PutIn(*transaction, table, 2, "x", true);
  db.DeleteIn(*transaction, table, 2);
  EXPECT_EQ(db.Columns(table, transaction->Commit().value()), "1=c");
}

/// Else a loss of the machine's power would leave columns of what the rows have lost.
TEST(Replica, WhatIsAppliedHasBeenSynced) {
  TestDatabase db;
  const auto table = db.CreateTable();
  for (int64_t key = 1; key <= 20; ++key) {
    auto transaction = db.Begin();
    db.PutIn(*transaction, table, key, "a", true);
    ASSERT_TRUE(transaction->StartCommit({.synced = false}));
    const auto last = transaction->EndCommit().value();
    ASSERT_TRUE(db.replica().WaitFor(last, nullptr).ok());
    EXPECT_GE(db.rows().synced_commit(), last);
  }
}

TEST(Replica, SchemaChangesApplyAtTheirCommit) {
  TestDatabase db;
  auto table = db.CreateTable();
  db.Put(table, 1, "a");
  auto wider = std::make_shared<catalog::Table>(*table);
  catalog::Column column;
  column.attnum = 3;
  column.type = {oid::kInt8, -1};
  wider->columns.push_back(column);
  wider->columns[1].dropped = true;
  wider->schema_version = 2;
  auto last = db.ChangeTable(wider);
  ASSERT_TRUE(db.replica().WaitFor(last, nullptr).ok());
  EXPECT_TRUE(db.replica().Has(table->storage_id, 2));
  EXPECT_FALSE(db.replica().Has(table->storage_id, 1));
  auto transaction = db.Begin();
  db.PutRow(*transaction, wider, {Value::Int(2), Value(), Value::Int(7)}, true);
  last = transaction->Commit().value();
  EXPECT_EQ(db.Query("SELECT string_agg(c1::VARCHAR || '=' || coalesce(c3::VARCHAR, '-'), ' ' "
                     "ORDER BY c1) FROM t" +
                         std::to_string(table->storage_id) + "_2",
                     last),
            "1=- 2=7");
  last = db.DropTable(table);
  ASSERT_TRUE(db.replica().WaitFor(last, nullptr).ok());
  EXPECT_FALSE(db.replica().Has(table->storage_id));
}

TEST(Replica, CreateFillAndAlterInOneCommit) {
  TestDatabase db;
  auto transaction = db.Begin();
  auto table = db.NewTable();
  ASSERT_TRUE(transaction->PutCatalog(db.Mutation(table)).ok());
  db.PutIn(*transaction, table, 5, "five", true);
  EXPECT_EQ(db.Columns(table, transaction->Commit().value()), "5=five");
}

TEST(Replica, BulkLoadedStorageIsCopied) {
  TestDatabase db;
  auto table = db.CreateTable();
  db.Put(table, 1, "old");
  const auto last = db.BulkReplace(&table, 10'000);
  EXPECT_EQ(db.Query("SELECT count(*) || ' ' || sum(c1) FROM " + db.Name(table), last),
            "10000 49995000");
  db.Put(table, 20'000, "after");
  EXPECT_EQ(db.Query("SELECT max(c1)::VARCHAR FROM " + db.Name(table), db.rows().last_commit()),
            "20000");
}

TEST(Replica, TablesWithoutAKeyGoByRowId) {
  TestDatabase db;
  auto table = db.CreateTable(TestDatabase::KeyKind::kRowId);
  db.Put(table, 1, "a");
  db.Put(table, 2, "b");
  db.Delete(table, 1);
  EXPECT_EQ(db.Query("SELECT c2 FROM " + db.Name(table), db.rows().last_commit()), "b");
}

TEST(Replica, NumericKeysGoByTheirBytes) {
  TestDatabase db;
  auto table = db.CreateTable(TestDatabase::KeyKind::kNumeric);
  db.Put(table, 1, "a");
  db.Put(table, 2, "b");
  db.Put(table, 1, "A");
  db.Delete(table, 2);
  EXPECT_EQ(db.Query("SELECT string_agg(c2, ',') FROM " + db.Name(table), db.rows().last_commit()),
            "A");
}

TEST(Replica, RestartGoesOnWhereItStopped) {
  TestDatabase db;
  auto table = db.CreateTable();
  db.Put(table, 1, "a");
  ASSERT_TRUE(db.replica().WaitFor(db.rows().last_commit(), nullptr).ok());
  db.Reopen();
  EXPECT_EQ(db.replica().state().rebuilds, 0u);
  EXPECT_EQ(db.Columns(table, db.rows().last_commit()), "1=a");
  db.StopReplica();
  for (int i = 2; i < 50; ++i) db.Put(table, i, "n");
  db.Reopen();
  EXPECT_EQ(db.Query("SELECT count(*)::VARCHAR FROM " + db.Name(table), db.rows().last_commit()),
            "49");
  EXPECT_EQ(db.replica().state().rebuilds, 0u);
}

TEST(Replica, SchemaChangesWhileItWasAway) {
  TestDatabase db;
  auto kept = db.CreateTable();
  auto dropped = db.CreateTable();
  db.Put(kept, 1, "a");
  ASSERT_TRUE(db.replica().WaitFor(db.rows().last_commit(), nullptr).ok());
  db.StopReplica();
  db.DropTable(dropped);
  auto made = db.CreateTable();
  db.Put(made, 7, "m");
  db.BulkReplace(&kept, 100);
  db.Put(kept, 1000, "z");
  db.Reopen();
  const auto last = db.rows().last_commit();
  EXPECT_EQ(db.Columns(made, last), "7=m");
  EXPECT_EQ(db.Query("SELECT count(*)::VARCHAR FROM " + db.Name(kept), last), "101");
  EXPECT_FALSE(db.replica().Has(dropped->storage_id));
}

/// Ways in which the file may be found unusable.
enum class Damage { kDeleted, kTruncated, kGarbage, kLogDeleted, kOlderCopy };

class DamagedFile : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedFile, IsRebuiltOrCaughtUp) {
  namespace fs = std::filesystem;
  TestDatabase db;
  auto table = db.CreateTable();
  for (int i = 0; i < 200; ++i) db.Put(table, i, "v" + std::to_string(i));
  ASSERT_TRUE(db.replica().WaitFor(db.rows().last_commit(), nullptr).ok());
  db.StopReplica();
  const std::string path = db.column_path();
  fs::copy_file(path, path + ".old");
  db.Reopen();
  for (int i = 0; i < 100; ++i) db.Delete(table, i);
  ASSERT_TRUE(db.replica().WaitFor(db.rows().last_commit(), nullptr).ok());
  db.StopReplica();
  switch (GetParam()) {
    case Damage::kDeleted:
      fs::remove(path);
      break;
    case Damage::kTruncated:
      fs::resize_file(path, fs::file_size(path) / 2);
      break;
    case Damage::kGarbage:
      std::ofstream(path, std::ios::trunc) << "this is no database";
      break;
    case Damage::kLogDeleted:
      fs::remove(path + ".wal");
      break;
    case Damage::kOlderCopy:
      fs::remove(path + ".wal");
      fs::rename(path + ".old", path);
      break;
  }
  db.Reopen();
  EXPECT_EQ(
      db.Query("SELECT count(*) || ' ' || min(c1) FROM " + db.Name(table), db.rows().last_commit()),
      "100 100");
  db.Put(table, 1000, "more");
  EXPECT_EQ(db.Query("SELECT count(*)::VARCHAR FROM " + db.Name(table), db.rows().last_commit()),
            "101");
}

INSTANTIATE_TEST_SUITE_P(All, DamagedFile,
                         ::testing::Values(Damage::kDeleted, Damage::kTruncated, Damage::kGarbage,
                                           Damage::kLogDeleted, Damage::kOlderCopy));

TEST(Replica, WatermarkOfAnotherHistoryIsNotTrusted) {
  TestDatabase db, other;
  auto table = db.CreateTable();
  db.Put(table, 1, "mine");
  auto foreign = other.CreateTable();
  for (int i = 0; i < 20; ++i) other.Put(foreign, i, "foreign");
  ASSERT_TRUE(other.replica().WaitFor(other.rows().last_commit(), nullptr).ok());
  other.StopReplica();
  db.StopReplica();
  std::filesystem::remove(db.column_path() + ".wal");
  std::filesystem::copy_file(other.column_path(), db.column_path(),
                             std::filesystem::copy_options::overwrite_existing);
  db.Reopen();
  EXPECT_EQ(db.replica().state().rebuilds, 1u);
  EXPECT_EQ(db.Columns(table, db.rows().last_commit()), "1=mine");
}

TEST(Replica, OverflowIsMadeGoodFromTheLog) {
  Options options;
  options.queue_bytes = 4096;
  options.batch_delay = std::chrono::milliseconds(200);
  TestDatabase db(options);
  auto table = db.CreateTable();
  for (int i = 0; i < 2000; ++i) db.Put(table, i % 100, "v" + std::to_string(i));
  EXPECT_EQ(
      db.Query("SELECT count(*) || ' ' || max(c2) FROM " + db.Name(table), db.rows().last_commit()),
      "100 v1999");
  EXPECT_EQ(db.replica().state().rebuilds, 0u);
}

TEST(Replica, ChangesGatherUntilSomebodyAsksForThem) {
  Options options;
  options.apply_share = 1e-9;  // after one window the share is used up for good
  options.batch_delay_max = std::chrono::hours(1);
  TestDatabase db(options);
  auto table = db.CreateTable();
  ASSERT_TRUE(db.replica().WaitFor(db.Put(table, 1, "first"), nullptr).ok());
  const auto before = db.replica().watermark();
  for (int i = 0; i < 100; ++i) db.Put(table, 1, std::to_string(i));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(db.replica().watermark(), before);
  EXPECT_EQ(db.Columns(table, db.rows().last_commit()), "1=99");
}

TEST(Replica, ValuesThatColumnsCannotHoldStayInRows) {
  TestDatabase db;
  auto table = db.CreateTable(TestDatabase::KeyKind::kInt, {oid::kTimestamp, -1});
  auto other = db.CreateTable();
  auto transaction = db.Begin();
  db.PutRow(*transaction, table, {Value::Int(1), Value::Int(9223371331199999999)}, true);
  auto last = transaction->Commit().value();
  ASSERT_TRUE(db.replica().WaitFor(last, nullptr).ok());
  EXPECT_FALSE(db.replica().Has(table->storage_id));
  last = db.Put(other, 1, "fine");
  EXPECT_EQ(db.Columns(other, last), "1=fine");
  db.Reopen();
  ASSERT_TRUE(db.replica().WaitFor(last, nullptr).ok());
  EXPECT_FALSE(db.replica().Has(table->storage_id));
  EXPECT_EQ(db.Columns(other, last), "1=fine");
}

TEST(Replica, WaitForAlwaysSeesTheCommit) {
  TestDatabase db;
  auto table = db.CreateTable();
  for (int i = 0; i < 1000; ++i) {
    const auto commit = db.Put(table, 1, std::to_string(i));
    rowstore::CommitId seen = 0;
    auto reader = db.replica().OpenReader(commit, nullptr, &seen);
    ASSERT_TRUE(reader.ok()) << reader.status().ToString();
    ASSERT_GE(seen, commit);
    ASSERT_EQ(db.QueryOn(**reader, "SELECT c2 FROM " + db.Name(table)), std::to_string(i));
  }
}

TEST(Replica, WaitForCanBeCancelled) {
  TestDatabase db;
  CancelToken cancel;
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    cancel.Cancel(CancelToken::Reason::kUser);
  });
  EXPECT_TRUE(db.replica().WaitFor(1'000'000, &cancel).Is(sqlstate::kQueryCanceled));
  canceller.join();
}

/// Moves amounts between rows; the sum never changes.
void Transfer(TestDatabase& db, const std::shared_ptr<const catalog::Table>& table,
              std::atomic<bool>* stop, uint64_t seed) {
  std::mt19937_64 random(seed);
  while (!*stop) {
    const auto from = static_cast<int64_t>(random() % 50), to = static_cast<int64_t>(random() % 50);
    if (from == to) continue;
    auto transaction = db.Begin();
    const int64_t amount = static_cast<int64_t>(random() % 100);
    std::map<int64_t, int64_t> balance;
    bool locked = true;
    for (int64_t key : {std::min(from, to), std::max(from, to)}) {
      auto value = db.Lock(*transaction, table, key);
      locked = locked && value.has_value();
      if (locked) balance[key] = std::stoll(*value);
    }
    if (!locked) continue;
    db.PutIn(*transaction, table, from, std::to_string(balance[from] - amount), false);
    db.PutIn(*transaction, table, to, std::to_string(balance[to] + amount), false);
    ASSERT_TRUE(transaction->Commit().ok());
  }
}

TEST(Replica, PinsAreOneSnapshotOverBothStores) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  TestDatabase db;
  auto table = db.CreateTable();
  for (int i = 0; i < 50; ++i) db.Put(table, i, "1000");
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  for (uint64_t i = 0; i < 3; ++i) {
    writers.emplace_back([&, i] { Transfer(db, table, &stop, seed + i); });
  }
  std::vector<Pin> held;
  for (int i = 0; i < 100; ++i) {
    auto pin = db.replica().PinAt([&] { return db.rows().View(); }, nullptr);
    ASSERT_TRUE(pin.ok()) << pin.status().ToString();
    const std::string in_columns = db.QueryOn(
        *pin->reader, "SELECT string_agg(c1 || '=' || c2, ' ' ORDER BY c1) FROM " + db.Name(table));
    ASSERT_EQ(in_columns, db.Rows(table, pin->view));
    ASSERT_EQ(db.QueryOn(*pin->reader, "SELECT sum(c2::BIGINT)::VARCHAR FROM " + db.Name(table)),
              "50000");
    if (i % 10 == 0) held.push_back(std::move(*pin));
  }
  for (const Pin& pin : held) {
    EXPECT_EQ(db.QueryOn(*pin.reader, "SELECT string_agg(c1 || '=' || c2, ' ' ORDER BY c1) FROM " +
                                          db.Name(table)),
              db.Rows(table, pin.view));
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
}

TEST(Replica, PinsAreBoundedInNumber) {
  Options options;
  options.pins_max = 2;
  TestDatabase db(options);
  const auto view = [&] { return db.rows().View(); };
  auto first = db.replica().PinAt(view, nullptr), second = db.replica().PinAt(view, nullptr);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(BlameOf(db.replica().PinAt(view, nullptr).status()), Blame::kRefusal);
  first->reader.reset();
  EXPECT_TRUE(db.replica().PinAt(view, nullptr).ok());
}

TEST(Replica, PinOfAFreshlyLoadedTable) {
  TestDatabase db;
  auto table = db.CreateTable();
  db.BulkReplace(&table, 5000);
  auto pin = db.replica().PinAt([&] { return db.rows().View(); }, nullptr);
  ASSERT_TRUE(pin.ok()) << pin.status().ToString();
  EXPECT_EQ(db.QueryOn(*pin->reader, "SELECT count(*)::VARCHAR FROM " + db.Name(table)), "5000");
}

TEST(Replica, RandomWorkEqualsAModel) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  TestDatabase db;
  auto table = db.CreateTable();
  std::map<int64_t, std::string> model;
  for (int round = 0; round < 60; ++round) {
    auto transaction = db.Begin();
    for (uint64_t i = random() % 40; i > 0; --i) {
      const auto key = static_cast<int64_t>(random() % 60);
      if (random() % 3 == 0) {
        if (model.erase(key) != 0) db.DeleteIn(*transaction, table, key);
      } else {
        const std::string value = std::to_string(random() % 1000);
        db.PutIn(*transaction, table, key, value, !model.contains(key));
        model[key] = value;
      }
    }
    const auto commit = transaction->Commit().value();
    if (round % 25 == 24) db.Reopen();
    if (round % 20 == 19) {
      db.BulkReplace(&table, 10);
      model.clear();
      for (int64_t i = 0; i < 10; ++i) model[i] = "bulk";
    }
    if (random() % 3 != 0) continue;
    std::string expected;
    for (const auto& [key, value] : model) {
      expected += (expected.empty() ? "" : " ") + std::to_string(key) + "=" + value;
    }
    ASSERT_EQ(db.Columns(table, std::max(commit, db.rows().last_commit())), expected);
  }
}

}  // namespace
}  // namespace omen::replica
