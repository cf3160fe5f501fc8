#include "rowstore/internal/commit/log_gaps.h"

#include <gtest/gtest.h>
#include <rocksdb/write_batch.h>

#include "rowstore/internal/commit/commit_format.h"

namespace omen::rowstore {
namespace {

using Option = rocksdb::WalFilter::WalProcessingOption;

rocksdb::WriteBatch BatchOfCommits(CommitId first, CommitId last) {
  rocksdb::WriteBatch batch;
  for (CommitId id = first; id <= last && id > 0; ++id) {
    std::string header;
    AppendCommitHeader(id, /*epoch=*/1, {}, {}, &header);
    EXPECT_TRUE(batch.PutLogData(header).ok());
  }
  EXPECT_TRUE(batch.Put("counter", "1").ok());
  return batch;
}

class LogGapsTest : public testing::Test {
 protected:
  Option Replay(CommitId first, CommitId last) {
    return gaps_.LogRecordFound(1, "log", BatchOfCommits(first, last), nullptr, nullptr);
  }
  LogGaps gaps_;
};

TEST_F(LogGapsTest, CommitsThatFollowEachOtherAreReplayed) {
  EXPECT_EQ(Replay(7, 7), Option::kContinueProcessing);
  EXPECT_EQ(Replay(8, 12), Option::kContinueProcessing);
  EXPECT_EQ(Replay(0, 0), Option::kContinueProcessing);  // no commit
  EXPECT_EQ(Replay(13, 13), Option::kContinueProcessing);
}

TEST_F(LogGapsTest, TheReplayEndsBeforeAGapAndAnotherBeginsAnywhere) {
  EXPECT_EQ(Replay(7, 9), Option::kContinueProcessing);
  EXPECT_EQ(Replay(11, 11), Option::kStopReplay);
  gaps_.ColumnFamilyLogNumberMap({}, {});
  EXPECT_EQ(Replay(3, 3), Option::kContinueProcessing);
  EXPECT_EQ(Replay(4, 4), Option::kContinueProcessing);
}

}  // namespace
}  // namespace omen::rowstore
