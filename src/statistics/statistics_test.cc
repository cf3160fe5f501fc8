// The store: rows counted through commits and takings, samples that follow, and the memo.
#include "statistics/statistics.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "statistics/sampled.h"
#include "statistics/selectivity.h"

namespace omen::statistics {
namespace {

constexpr catalog::StorageId kTable = 7;
const std::vector<Type> kTypes = {{oid::kInt8, -1}, {oid::kText, -1}};

class StandingClock final : public Clock {
 public:
  int64_t WallMicros() const override { return nanos / 1000; }
  int64_t MonotonicNanos() const override { return nanos; }
  int64_t ThreadNanos() const override { return 0; }
  int64_t nanos = 1'000'000'000;
};

std::string KeyOf(int64_t number) { return fmt::format("{:012}", number); }

/// A row is its number, and its text a tenth of it.
Row RowOf(int64_t number) {
  return {Value::Int(number), Value::Text(fmt::format("t{:08}", number / 10))};
}

Result<Row> Decode(std::string_view bytes) { return RowOf(std::stoll(std::string(bytes))); }

class StoreTest : public testing::Test {
 protected:
  void SetUp() override { statistics_ = std::make_unique<Statistics>(nullptr, &clock_); }

  void Create() { Statistics::Commit(statistics_.get(), ++commit_).Created(kTable); }
  void Tell(RowChange kind, int64_t from, int64_t to) {
    Statistics::Commit commit(statistics_.get(), ++commit_);
    for (int64_t i = from; i < to; ++i) commit.Row(kTable, kind, KeyOf(i), std::to_string(i));
  }
  double Rows() const { return statistics_->Rows(kTable).value_or(-1); }
  bool Follow() { return statistics_->Follow(kTable, kTypes, Decode); }

  Taken TakeRows(int64_t from, int64_t to, double share) {
    std::mt19937_64 random(11);
    std::bernoulli_distribution chosen(share);
    Taken taken;
    taken.share = share;
    taken.statistics = std::make_shared<TableStatistics>();
    taken.statistics->storage = kTable;
    taken.statistics->rows = static_cast<double>(to - from);
    std::vector<Value> values;
    for (int64_t i = from; i < to; ++i) {
      if (!chosen(random)) continue;
      taken.sample.push_back({KeyOf(i), RowOf(i)});
      values.push_back(Value::Int(i));
    }
    taken.statistics->columns = {std::make_shared<ColumnStatistics>(
        ColumnFromSample(kTypes[0], values, taken.statistics->rows))};
    return taken;
  }

  StandingClock clock_;
  std::unique_ptr<Statistics> statistics_;
  uint64_t commit_ = 0;
};

TEST_F(StoreTest, RowsAreCounted) {
  EXPECT_EQ(Rows(), -1);
  Create();
  EXPECT_EQ(Rows(), 0);
  Tell(RowChange::kInserted, 0, 100);
  Tell(RowChange::kUpdated, 0, 50);
  Tell(RowChange::kDeleted, 90, 100);
  EXPECT_EQ(Rows(), 90);
  const auto report = statistics_->Report(kTable);
  EXPECT_EQ(report->changed, 160U);
  EXPECT_EQ(report->counters.inserted, 100U);
  Statistics::Commit(statistics_.get(), ++commit_).Dropped(kTable);
  EXPECT_EQ(Rows(), -1);
  EXPECT_FALSE(statistics_->Report(kTable).has_value());
}

TEST_F(StoreTest, AFillIsCountedWhereItSaidSo) {
  {
    Statistics::Commit commit(statistics_.get(), ++commit_);
    commit.Created(kTable);
    commit.Filled(kTable);
  }
  EXPECT_EQ(Rows(), -1);
  statistics_->NoteFill(8, 1000);
  {
    Statistics::Commit commit(statistics_.get(), ++commit_);
    commit.Created(8);
    commit.Filled(8);
  }
  EXPECT_EQ(statistics_->Rows(8), 1000);
  const auto needs = statistics_->Needs();
  ASSERT_EQ(needs.size(), 2U);
  EXPECT_EQ(needs[0].what, Need::What::kTake);
}

TEST_F(StoreTest, WhatIsCommittedWhileATableIsTakenCountsOnce) {
  Create();
  Statistics::Commit(statistics_.get(), ++commit_).Filled(kTable);
  const CancelToken cancel;
  auto taking = statistics_->Begin(kTable, &cancel);
  ASSERT_TRUE(taking.ok());
  EXPECT_EQ((*taking)->least_commit(), commit_);
  Tell(RowChange::kInserted, 1000, 1010);  // in the snapshot
  const uint64_t snapshot = commit_;
  Tell(RowChange::kInserted, 1010, 1013);  // after it, before it is known
  (*taking)->Stand(snapshot);
  Tell(RowChange::kInserted, 1013, 1015);
  Tell(RowChange::kDeleted, 0, 1);
  EXPECT_TRUE((*taking)->Finish(TakeRows(0, 1010, 1), true));
  EXPECT_EQ(Rows(), 1010 + 3 + 2 - 1);
  EXPECT_EQ(statistics_->Of(kTable)->rows, 1010);
  EXPECT_EQ(statistics_->Of(kTable)->commit_id, snapshot);
  EXPECT_EQ(statistics_->Report(kTable)->changed, 6U);
  EXPECT_EQ(statistics_->Report(kTable)->followed, 1014U);
  ASSERT_TRUE(Follow());
  EXPECT_EQ(statistics_->Of(kTable)->rows, 1014);
  EXPECT_EQ(statistics_->Of(kTable)->column(1)->bounds.front().AsInt(), 1);
  EXPECT_EQ(statistics_->Of(kTable)->column(1)->bounds.back().AsInt(), 1014);
}

TEST_F(StoreTest, ATakingThatIsGivenUpLeavesAllAsItWas) {
  Create();
  Tell(RowChange::kInserted, 0, 10);
  const CancelToken cancel;
  statistics_->Begin(kTable, &cancel).value().reset();
  EXPECT_EQ(Rows(), 10);
  ASSERT_NE(statistics_->Begin(kTable, &cancel).value(), nullptr);
  CancelToken cancelled;
  auto held = statistics_->Begin(kTable, &cancel).value();
  cancelled.Cancel(CancelToken::Reason::kUser);
  EXPECT_TRUE(statistics_->Begin(kTable, &cancelled).status().Is(sqlstate::kQueryCanceled));
}

TEST_F(StoreTest, SmallTablesAreKnownWithoutBeingRead) {
  Create();
  Tell(RowChange::kInserted, 0, 500);
  const auto needs = statistics_->Needs();
  ASSERT_EQ(needs.size(), 1U);
  EXPECT_EQ(needs[0].what, Need::What::kFollow);
  ASSERT_TRUE(Follow());
  const TableStatisticsPtr known = statistics_->Of(kTable);
  EXPECT_EQ(known->rows, 500);
  EXPECT_EQ(known->column(1)->distinct, 500);
  EXPECT_EQ(known->column(2)->distinct, 50);
  EXPECT_EQ(known->column(1)->correlation, 1);
  EXPECT_TRUE(statistics_->Needs().empty());
  Tell(RowChange::kDeleted, 0, 400);
  ASSERT_TRUE(Follow());
  EXPECT_EQ(statistics_->Of(kTable)->column(1)->bounds.front().AsInt(), 400);
  EXPECT_EQ(statistics_->Of(kTable)->column(2)->distinct, 10);
}

// A key that grows at one end and is deleted at the other.
TEST_F(StoreTest, TheSampleFollowsAQueue) {
  Create();
  constexpr int64_t kStep = 5'000;
  int64_t first = 0, next = 0;
  for (int round = 0; round < 60; ++round) {
    Tell(RowChange::kInserted, next, next + kStep);
    next += kStep;
    if (round >= 30) {
      Tell(RowChange::kDeleted, first, first + kStep / 2);
      first += kStep / 2;
    }
    ASSERT_TRUE(Follow()) << round;
  }
  const auto report = statistics_->Report(kTable);
  const auto rows = static_cast<double>(next - first);
  EXPECT_EQ(report->rows, rows);
  EXPECT_GE(report->followed, 20'000 * 0.7);
  EXPECT_LE(report->followed, 40'000U);
  const ColumnStatistics& known = *report->statistics->column(1);
  EXPECT_NEAR(static_cast<double>(known.bounds.front().AsInt()), static_cast<double>(first),
              rows / 500);
  EXPECT_NEAR(static_cast<double>(known.bounds.back().AsInt()), static_cast<double>(next),
              rows / 500);
  // As likely from every part of the table.
  for (int64_t from = first; from + 20'000 <= next; from += 20'000) {
    const Value lower = Value::Int(from), upper = Value::Int(from + 20'000);
    const double share =
        RangeShare(&known, RangeEnd::At(&lower, true), RangeEnd::At(&upper, false));
    EXPECT_NEAR(share * rows, 20'000, 2'000) << from;
  }
}

TEST_F(StoreTest, ASampleOfALargeTableFollowsUpdatesOfItsRowsAlone) {
  Create();
  Statistics::Commit(statistics_.get(), ++commit_).Filled(kTable);
  const CancelToken cancel;
  auto taking = statistics_->Begin(kTable, &cancel).value();
  taking->Stand(commit_);
  ASSERT_TRUE(taking->Finish(TakeRows(0, 200'000, 0.1), false));
  const size_t before = statistics_->Report(kTable)->followed;
  EXPECT_NEAR(static_cast<double>(before), 20'000, 600);
  Tell(RowChange::kUpdated, 0, 200'000);
  EXPECT_EQ(statistics_->Report(kTable)->followed, before);
  Tell(RowChange::kInserted, 200'000, 220'000);
  const size_t after = statistics_->Report(kTable)->followed;
  EXPECT_NEAR(static_cast<double>(after - before), 2'000, 300);
  ASSERT_TRUE(Follow());
  EXPECT_EQ(statistics_->Of(kTable)->rows, 220'000);
  EXPECT_GT(statistics_->Of(kTable)->column(1)->bounds.back().AsInt(), 219'800);
  EXPECT_NEAR(statistics_->Of(kTable)->column(1)->distinct, 220'000, 1);
}

TEST_F(StoreTest, WhatIsBuiltAnewInheritsColumnsThatKeptTheirTypes) {
  Create();
  Tell(RowChange::kInserted, 0, 100);
  ASSERT_TRUE(Follow());
  const std::vector<Type> types = {kTypes[0], {oid::kInt4, -1}};
  constexpr catalog::StorageId kAnew = 9, kEmptied = 10;
  statistics_->NoteFill(kAnew, 100);
  {
    Statistics::Commit commit(statistics_.get(), ++commit_);
    commit.Replaced(kTable, kAnew, types);
    commit.Filled(kAnew);
  }
  EXPECT_EQ(statistics_->Of(kTable), nullptr);
  EXPECT_EQ(statistics_->Rows(kAnew), 100);
  const TableStatisticsPtr known = statistics_->Of(kAnew);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->storage, kAnew);
  ASSERT_NE(known->column(1), nullptr);
  EXPECT_EQ(known->column(1)->distinct, 100);
  EXPECT_EQ(known->column(2), nullptr);
  ASSERT_EQ(statistics_->Needs().size(), 1U);
  EXPECT_EQ(statistics_->Needs()[0].what, Need::What::kTake);
  statistics_->NoteFill(kEmptied, 0);
  {
    Statistics::Commit commit(statistics_.get(), ++commit_);
    commit.Replaced(kAnew, kEmptied, types);
    commit.Filled(kEmptied);
  }
  EXPECT_EQ(statistics_->Of(kEmptied), nullptr);
  EXPECT_EQ(statistics_->Rows(kEmptied), 0);
}

TEST_F(StoreTest, AColumnMoreEndsTheSample) {
  Create();
  Tell(RowChange::kInserted, 0, 100);
  ASSERT_TRUE(Follow());
  Tell(RowChange::kInserted, 100, 200);
  std::vector<Type> types = kTypes;
  types.push_back({oid::kInt4, -1});
  const auto decode = [](std::string_view bytes) -> Result<Row> {
    Row row = RowOf(std::stoll(std::string(bytes)));
    row.push_back(Value::Int(1));
    return row;
  };
  EXPECT_FALSE(statistics_->Follow(kTable, types, decode));
  EXPECT_EQ(statistics_->Report(kTable)->followed, 0U);
  EXPECT_EQ(Rows(), 200);
}

// Commits go on while statistics are made from what is followed.
TEST_F(StoreTest, ATableMayGoWhileItIsFollowed) {
  Create();
  Tell(RowChange::kInserted, 0, 100);
  const auto decode = [&](std::string_view bytes) -> Result<Row> {
    if (statistics_->Rows(kTable)) {
      Statistics::Commit(statistics_.get(), ++commit_).Dropped(kTable);
    }
    return Decode(bytes);
  };
  EXPECT_FALSE(statistics_->Follow(kTable, kTypes, decode));
  EXPECT_EQ(Rows(), -1);
  EXPECT_EQ(statistics_->Of(kTable), nullptr);
}

TEST_F(StoreTest, LongRowsAreFollowedInLessOfThem) {
  Limits limits;
  limits.sample_bytes = 100'000;
  statistics_ = std::make_unique<Statistics>(nullptr, &clock_, limits);
  Create();
  Tell(RowChange::kInserted, 0, 5'000);
  ASSERT_TRUE(Follow());
  const auto report = statistics_->Report(kTable);
  EXPECT_LT(report->followed, 1'000U);
  EXPECT_GT(report->followed, 200U);
  EXPECT_EQ(report->statistics->rows, 5'000);
  EXPECT_EQ(report->statistics->column(1)->distinct, 5'000);
}

TEST_F(StoreTest, TooManyChangesBetweenTwoLooksEndTheSample) {
  Limits limits;
  limits.sample.noted_bytes = 10'000;
  statistics_ = std::make_unique<Statistics>(nullptr, &clock_, limits);
  Create();
  Tell(RowChange::kInserted, 0, 1'000);
  EXPECT_EQ(Rows(), 1'000);
  EXPECT_FALSE(Follow());
  ASSERT_EQ(statistics_->Needs().size(), 1U);
  EXPECT_EQ(statistics_->Needs()[0].what, Need::What::kTake);
}

TEST_F(StoreTest, MemoryIsBounded) {
  Limits limits;
  limits.samples_bytes = 300'000;
  statistics_ = std::make_unique<Statistics>(nullptr, &clock_, limits);
  for (catalog::StorageId storage = 100; storage < 120; ++storage) {
    {
      Statistics::Commit commit(statistics_.get(), ++commit_);
      commit.Created(storage);
      for (int64_t i = 0; i < 500; ++i) {
        commit.Row(storage, RowChange::kInserted, KeyOf(i), std::to_string(i));
      }
    }
    (void)statistics_->Follow(storage, kTypes, Decode);
  }
  EXPECT_EQ(statistics_->Report(100)->followed, 0U);
  EXPECT_EQ(statistics_->Report(119)->followed, 500U);
  EXPECT_EQ(statistics_->Rows(100), 500);
}

class KeptTest : public StoreTest {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "omen_statistics_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    Reopen();
  }
  void TearDown() override {
    statistics_.reset();
    memo_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Keep(uint64_t epoch) {
    statistics_->Keep([&](uint64_t commit) { return commit == commit_ ? epoch : 0; }, true);
  }
  void Reopen() {
    statistics_.reset();
    memo_.reset();
    memo_ = memo::Memo::Open(folder_ + "/memo").value();
    statistics_ = std::make_unique<Statistics>(memo_.get(), &clock_);
  }

  std::string folder_;
  std::unique_ptr<memo::Memo> memo_;
};

TEST_F(KeptTest, OutlivesTheProcess) {
  Create();
  Tell(RowChange::kInserted, 0, 700);
  ASSERT_TRUE(Follow());
  Keep(3);
  Tell(RowChange::kInserted, 700, 710);  // not kept, but in the log
  Reopen();
  ASSERT_TRUE(statistics_->kept().has_value());
  EXPECT_EQ(statistics_->kept()->commit, commit_ - 1);
  EXPECT_EQ(statistics_->kept()->epoch, 3U);
  statistics_->Restore(kTable);
  EXPECT_EQ(Rows(), 700);
  // Told twice, counted once.
  for (const uint64_t id : {commit_ - 1, commit_}) {
    Statistics::Commit commit(statistics_.get(), id);
    for (int64_t i = 0; i < 10; ++i) commit.Row(kTable, RowChange::kInserted, KeyOf(i), "1");
  }
  EXPECT_EQ(Rows(), 710);
  const TableStatisticsPtr known = statistics_->Of(kTable);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->rows, 700);
  EXPECT_EQ(known->column(2)->distinct, 70);
  EXPECT_EQ(known->column(2)->common.size(), 70U);
  EXPECT_EQ(known->column(1)->bounds.size(), 101U);
  const Value text = Value::Text("t00000003");
  EXPECT_NEAR(EqualShare(known->column(2), &text), 1.0 / 70, 1e-9);
  statistics_->ForgetCounts();
  EXPECT_EQ(Rows(), -1);
}

TEST_F(KeptTest, DroppedTablesLeaveNothing) {
  Create();
  Tell(RowChange::kInserted, 0, 100);
  ASSERT_TRUE(Follow());
  Keep(1);
  EXPECT_GE(memo_->records(), 4U);
  Statistics::Commit(statistics_.get(), ++commit_).Dropped(kTable);
  Keep(1);
  Reopen();
  statistics_->Restore(kTable);
  EXPECT_EQ(statistics_->Of(kTable), nullptr);
  EXPECT_EQ(Rows(), -1);
}

TEST_F(KeptTest, LongValuesAreKeptInPart) {
  std::vector<Value> values;
  for (int i = 0; i < 3000; ++i) {
    values.push_back(
        Value::Text(std::string(1000, static_cast<char>('a' + i % 26)) + fmt::format("{:06}", i)));
  }
  Taken taken = TakeRows(0, 10, 1);
  taken.statistics->columns.push_back(
      std::make_shared<ColumnStatistics>(ColumnFromSample({oid::kText, -1}, values, 3000)));
  Create();
  const CancelToken cancel;
  auto taking = statistics_->Begin(kTable, &cancel).value();
  taking->Stand(commit_);
  ASSERT_TRUE(taking->Finish(std::move(taken), true));
  Keep(1);
  Reopen();
  statistics_->Restore(kTable);
  const ColumnStatistics* known = statistics_->Of(kTable)->column(2);
  ASSERT_NE(known, nullptr);
  EXPECT_GE(known->bounds.size(), 25U);
  EXPECT_EQ(known->bounds.front().AsBytes(), std::string(1000, 'a') + "000000");
  EXPECT_EQ(known->distinct, 3000);
}

}  // namespace
}  // namespace omen::statistics
