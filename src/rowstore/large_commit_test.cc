// Commits that are large enough for a write buffer of their own are commits like others.
#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

class LargeCommits : public StoreTest {
 protected:
  static constexpr uint64_t kRows = 6000;  // of one: more than four megabytes

  /// Rows from `first` on, in one commit.
  CommitId PutMany(uint64_t first, bool synced = true) {
    auto transaction = Begin();
    for (uint64_t row = first; row < first + kRows; ++row) {
      Put(*transaction, row, std::string(1000, static_cast<char>('a' + row % 26)));
    }
    (void)transaction->StartCommit({.synced = synced});
    auto id = transaction->EndCommit();
    EXPECT_TRUE(id.ok()) << id.status().ToString();
    return id.ok() ? *id : 0;
  }

  /// Of each commit from the log: how many rows it wrote.
  std::vector<size_t> Logged() {
    std::vector<size_t> rows;
    const auto read =
        store_->ReadChanges(0, [&](const std::shared_ptr<const CommitRecord>& record) {
          EXPECT_EQ(record->id, rows.size() + 1);
          rows.push_back(record->changes.size());
          return Status::Ok();
        });
    EXPECT_TRUE(read.ok() && *read);
    return rows;
  }
};

TEST_F(LargeCommits, AreSeenAndKeptInTheirOrder) {
  options_.write_buffer_bytes = 16u << 20;
  Open();
  PutNow(1, "first");
  PutMany(1000);
  auto view = store_->View();
  PutNow(2, "second");
  PutMany(100'000);
  PutMany(50'000);
  PutNow(1000, "again");
  EXPECT_EQ(Count(std::move(view)), kRows + 1);
  const std::vector<size_t> expected = {1, kRows, 1, kRows, kRows, 1};
  for (int start = 0; start < 3; ++start) {
    EXPECT_EQ(Count(store_->View()), 3 * kRows + 2);
    EXPECT_EQ(ReadNow(1), "first");
    EXPECT_EQ(ReadNow(1000), "again");
    EXPECT_EQ(ReadNow(1001), std::string(1000, 'a' + 1001 % 26));
    EXPECT_EQ(ReadNow(55'999), std::string(1000, 'a' + 55'999 % 26));
    if (start == 0) {
      EXPECT_EQ(Logged(), expected);
    }
    Open();
  }
}

TEST_F(LargeCommits, LeaveWholeCommitsWhenTheProcessEnds) {
  options_.write_buffer_bytes = 16u << 20;
  Open();
  CommitId last = 0;
  for (uint64_t i = 0; i < 4; ++i) {
    PutNow(i, "small");
    last = PutMany((i + 1) * 10'000, /*synced=*/i % 2 == 0);
  }
  const std::string copy = options_.path + "_copy";
  CopyAtOnce(options_.path, copy);
  store_.reset();
  std::filesystem::remove_all(options_.path);
  std::filesystem::rename(copy, options_.path);
  Open();
  EXPECT_EQ(store_->last_commit(), last);
  EXPECT_EQ(Count(store_->View()), 4 * kRows + 4);
}

}  // namespace
}  // namespace omen::rowstore
