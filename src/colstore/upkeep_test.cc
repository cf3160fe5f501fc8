// Checkpoints beside cursors that nobody reads and snapshots that are old; a damaged file.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/blame.h"
#include "colstore/test_store.h"

namespace omen::colstore {
namespace {

using testing::TestStore;

constexpr int kRows = 60'000;
const std::string kAllRows = "SELECT c1, c2 FROM t7_1";
const std::vector<Type> kTypes = {{oid::kInt4, -1}, {oid::kText, -1}};

std::vector<Row> ManyRows() {
  std::vector<Row> rows;
  for (int i = 0; i < kRows; ++i) {
    rows.push_back({Value::Int(i), Value::Text(std::string(200, static_cast<char>('a' + i % 26)))});
  }
  return rows;
}

class Upkeep : public ::testing::Test {
 protected:
  void SetUp() override {
    store_.Replace(table_, ManyRows(), 1);
    writer_ = store_.columns().NewWriter().value();
    reader_ = store_.columns().NewReader().value();
    ASSERT_TRUE(reader_->Begin().ok());
  }
  void TearDown() override {
    reader_.reset();
    writer_.reset();
  }
  std::unique_ptr<Cursor> Open(CancelToken* cancel = nullptr) {
    return reader_->Query(kAllRows, {}, {}, kTypes, {}, {}, cancel).value();
  }
  /// A cursor that nobody reads must give way: else this does not end.
  void CheckpointInTheEnd() {
    Status status = writer_->Checkpoint();
    while (status.Is(sqlstate::kObjectInUse)) status = writer_->Checkpoint();
    EXPECT_TRUE(status.ok()) << status.ToString();
  }
  /// Reads to the end: how many rows, each as it was written and none twice.
  static int Count(Cursor* cursor, int seen = 0) {
    std::vector<bool> met(kRows);
    for (std::vector<Row> rows;;) {
      EXPECT_TRUE(cursor->Next(&rows).ok());
      if (rows.empty()) return seen;
      for (const Row& row : rows) {
        const auto at = static_cast<size_t>(row[0].AsInt());
        EXPECT_FALSE(met[at]);
        EXPECT_EQ(row[1].AsBytes()[0], static_cast<char>('a' + at % 26));
        met[at] = true;
        ++seen;
      }
    }
  }

  const catalog::Table table_ = testing::MakeKeyedTable(7, kTypes);
  TestStore store_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Reader> reader_;
};

TEST_F(Upkeep, ACursorThatNobodyReadsGivesWayAndLosesNothing) {
  const auto cursor = Open();
  std::vector<Row> first;
  ASSERT_TRUE(cursor->Next(&first).ok());
  ASSERT_LT(first.size(), static_cast<size_t>(kRows));
  CheckpointInTheEnd();
  EXPECT_EQ(Count(cursor.get(), static_cast<int>(first.size())), kRows);
}

TEST_F(Upkeep, ReadingGoesOnWhileOthersAskForTheEngine) {
  const auto cursor = Open();
  std::atomic<bool> stop{false};
  std::jthread upkeep([&] {
    while (!stop) {
      const Status status = writer_->Checkpoint();
      EXPECT_TRUE(status.ok() || status.Is(sqlstate::kObjectInUse)) << status.ToString();
    }
  });
  EXPECT_EQ(Count(cursor.get()), kRows);
  stop = true;
}

TEST_F(Upkeep, ACursorCanBeClosedWhileItGivesWay) {
  for (int i = 0; i < 5; ++i) {
    const auto cursor = Open();
    std::vector<Row> first;
    ASSERT_TRUE(cursor->Next(&first).ok());
    // It may have given way in time.
    const Status status = writer_->Checkpoint();
    EXPECT_TRUE(status.ok() || status.Is(sqlstate::kObjectInUse)) << status.ToString();
  }
  CheckpointInTheEnd();
}

TEST_F(Upkeep, ACancelledReadEndsWithItsReason) {
  CancelToken token;
  const auto cursor = Open(&token);
  token.Cancel(CancelToken::Reason::kTimeout);
  std::vector<Row> rows;
  EXPECT_TRUE(cursor->Next(&rows).Is(sqlstate::kQueryCanceled));
  CheckpointInTheEnd();
}

/// As when another result is to be read on the same connection.
TEST_F(Upkeep, ADetachedCursorLeavesTheConnectionAndLosesNothing) {
  const auto first = Open();
  std::vector<Row> some;
  ASSERT_TRUE(first->Next(&some).ok());
  ASSERT_TRUE(first->Detach().ok());
  const auto second = Open();
  EXPECT_EQ(Count(second.get()), kRows);
  EXPECT_EQ(Count(first.get(), static_cast<int>(some.size())), kRows);
  CheckpointInTheEnd();
}

TEST(UpkeepTest, ACursorKeepsNoMoreThanItsShare) {
  Options options;
  options.temp_bytes = 16u << 20;
  TestStore store(options);
  store.Replace(testing::MakeKeyedTable(7, kTypes), ManyRows(), 1);
  const auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  const auto cursor = reader->Query(kAllRows, {}, {}, kTypes, {}, {}, nullptr).value();
  EXPECT_TRUE(cursor->Detach().Is(sqlstate::kOutOfMemory));
  Status status;
  for (std::vector<Row> rows{1}; status.ok() && !rows.empty();) status = cursor->Next(&rows);
  EXPECT_TRUE(status.Is(sqlstate::kOutOfMemory)) << "rows were lost in silence";
}

/// Its reader keeps the turn until it is let go.
class StuckSource final : public ScanSource {
 public:
  const std::vector<Type>& types() const override { return kTypes; }
  int parts() const override { return 1; }
  uint64_t row_estimate() const override { return 1; }
  Result<std::unique_ptr<Cursor>> Open(int, const std::vector<int>&) override {
    stuck_ = true;
    stuck_.notify_all();
    free_.wait(false);
    return Status(sqlstate::kQueryCanceled, "let go");
  }
  Result<std::shared_ptr<ScanSource>> Within(const std::vector<ColumnBound>&) override {
    return std::shared_ptr<ScanSource>();
  }
  void AwaitStuck() { stuck_.wait(false); }
  void LetGo() {
    free_ = true;
    free_.notify_all();
  }

 private:
  std::atomic<bool> stuck_{false}, free_{false};
};

TEST(UpkeepTest, ACursorIsClosedWhileItsWithdrawalWaitsForATurn) {
  Options options;
  options.threads = 1;
  TestStore store(options);
  store.Replace(testing::MakeKeyedTable(7, kTypes), ManyRows(), 1);
  const auto reader = store.columns().NewReader().value();
  ASSERT_TRUE(reader->Begin().ok());
  auto cursor = reader->Query(kAllRows, {}, {}, kTypes, {}, {}, nullptr).value();
  std::vector<Row> some;
  ASSERT_TRUE(cursor->Next(&some).ok());
  const auto source = std::make_shared<StuckSource>();
  std::jthread holds_the_turn([&] {
    const auto other = store.columns().NewReader().value();
    Status status;
    if (other->Begin().ok()) {
      TestStore::Run(*other, "SELECT c1 FROM omen_rows(0)", {kTypes[0]}, &status, {source});
    }
    EXPECT_FALSE(status.ok());
  });
  source->AwaitStuck();
  const auto writer = store.columns().NewWriter().value();
  EXPECT_TRUE(writer->Checkpoint().Is(sqlstate::kObjectInUse));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the withdrawal is in the queue
  cursor.reset();
  source->LetGo();
}

/// Its blocks would be used again under a snapshot that still reads them.
TEST_F(Upkeep, WhatAnOldSnapshotReadsIsNotFreed) {
  CheckpointInTheEnd();
  store_.Replace(testing::MakeKeyedTable(7, {{oid::kInt4, -1}}), {{Value::Int(1)}}, 2);
  EXPECT_TRUE(writer_->Checkpoint().Is(sqlstate::kObjectInUse));
  EXPECT_EQ(Count(Open().get()), kRows);
  reader_->End();
  EXPECT_TRUE(writer_->Checkpoint().ok());
}

/// Another value for one byte of a file.
void Flip(const std::string& path, std::streamoff at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  const char byte = static_cast<char>(file.peek() ^ 8);
  file.seekp(at);
  file.put(byte);
}

TEST(UpkeepTest, ADamagedFileIsReportedAndRefused) {
  TestStore store;
  store.Replace(testing::MakeKeyedTable(7, kTypes), ManyRows(), 1);
  ASSERT_TRUE(store.columns().NewWriter().value()->Checkpoint().ok());
  store.Close();
  const std::string path = store.options().path;
  constexpr std::streamoff kHeaders = 3 * 4096, kBlock = 256 << 10;
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path));
  bool seen = false;
  // Which blocks hold rows is the engine's affair: one after another is damaged and mended.
  for (std::streamoff at = kHeaders + 5000; at < size && !seen; at += kBlock) {
    Flip(path, at);
    if (auto opened = ColumnStore::Open(store.options()); opened.ok()) {
      const auto reader = (*opened)->NewReader().value();
      ASSERT_TRUE(reader->Begin().ok());
      Status status;
      TestStore::Run(*reader, kAllRows, kTypes, &status);
      seen = !status.ok();
      if (seen) {
        EXPECT_EQ(BlameOf(status), Blame::kRefusal) << status.ToString();
        EXPECT_TRUE((*opened)->failed());
        EXPECT_FALSE((*opened)->NewReader().ok());
      }
    }
    Flip(path, at);
  }
  EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace omen::colstore
