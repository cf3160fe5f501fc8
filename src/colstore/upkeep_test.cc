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
    EXPECT_TRUE(writer_->Checkpoint().Is(sqlstate::kObjectInUse));
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
