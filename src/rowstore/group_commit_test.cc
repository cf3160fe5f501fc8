// Commits that wait without a thread: who is told of what and when, beside commits that block.
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

/// Counts how often it is told.
class Waiting final : public Resumable {
 public:
  void Resume() override {
    ++told_;
    told_.notify_all();
  }
  void Await() const { told_.wait(0); }
  int told() const { return told_.load(); }

 private:
  std::atomic<int> told_{0};
};

class GroupCommitTest : public StoreTest {
 protected:
  /// A commit that another thread leads and that is being synced until LetSync.
  void HoldACommit() {
    faults_.hold_sync = true;
    const int before = faults_.log_syncs;
    leader_ = std::thread([this] { PutNow(1, "leader"); });
    while (faults_.log_syncs == before) std::this_thread::yield();
  }
  void LetSync() {
    faults_.hold_sync = false;
    faults_.hold_sync.notify_all();
    leader_.join();
  }

  struct Commit {
    std::unique_ptr<Transaction> transaction;
    std::unique_ptr<Waiting> waiting = std::make_unique<Waiting>();
  };
  /// Of `count` rows from 2 on, behind the one that is held.
  std::vector<Commit> StartBehind(uint64_t count) {
    std::vector<Commit> commits(count);
    for (uint64_t i = 0; i < count; ++i) {
      commits[i].transaction = Begin();
      Put(*commits[i].transaction, i + 2, "v");
      EXPECT_FALSE(commits[i].transaction->StartCommit({commits[i].waiting.get()}));
    }
    return commits;
  }

  std::thread leader_;
};

TEST_F(GroupCommitTest, ALoneCommitIsDoneAtOnce) {
  Open();
  Waiting waiting;
  auto transaction = Begin();
  Put(*transaction, 1, "a");
  EXPECT_TRUE(transaction->StartCommit({&waiting}));
  EXPECT_EQ(ReadNow(1), "a");
  EXPECT_EQ(*transaction->EndCommit(), 1u);
  EXPECT_EQ(waiting.told(), 0);
  auto reader = Begin();
  EXPECT_TRUE(reader->StartCommit({&waiting}));
  EXPECT_EQ(*reader->EndCommit(), 1u);
  EXPECT_EQ(waiting.told(), 0);
}

TEST_F(GroupCommitTest, ThoseWhoWaitBecomeOneGroupInTheirOrder) {
  Open();
  HoldACommit();
  std::vector<Commit> commits = StartBehind(50);
  for (const Commit& commit : commits) EXPECT_EQ(commit.waiting->told(), 0);
  EXPECT_EQ(ReadNow(1), "-");
  EXPECT_EQ(ReadNow(2), "-");
  const int before = faults_.log_syncs;
  LetSync();
  for (uint64_t i = 0; i < commits.size(); ++i) {
    commits[i].waiting->Await();
    // Seen, and free for others, before its own session goes on.
    EXPECT_EQ(ReadNow(i + 2), "v");
    auto other = Begin();
    std::string value;
    EXPECT_TRUE(other->GetForUpdate(KeyOf(i + 2), &value, Transaction::Wait::kNoWait).ok());
    EXPECT_EQ(*commits[i].transaction->EndCommit(), i + 2);
    EXPECT_EQ(commits[i].waiting->told(), 1);
  }
  EXPECT_LE(faults_.log_syncs, before + 1);
  Open();
  EXPECT_EQ(Count(store_->View()), 51u);
}

TEST_F(GroupCommitTest, AFullDiskFailsThoseWhoWait) {
  Open();
  PutNow(100, "a");
  HoldACommit();
  std::vector<Commit> commits = StartBehind(5);
  faults_.log_bytes_left = 10;
  LetSync();
  for (uint64_t i = 0; i < commits.size(); ++i) {
    commits[i].waiting->Await();
    EXPECT_TRUE(commits[i].transaction->EndCommit().status().Is(sqlstate::kDiskFull));
    EXPECT_EQ(commits[i].waiting->told(), 1);
    EXPECT_EQ(ReadNow(i + 2), "-");
  }
  faults_.log_bytes_left = -1;
  std::this_thread::sleep_for(std::chrono::milliseconds(650));
  EXPECT_EQ(PutNow(2, "after"), 3u);  // their locks are free
}

TEST_F(GroupCommitTest, ThreadsThatBlockAndClientsThatWaitCommitTogether) {
  Open();
  constexpr int kThreads = 4, kRounds = 60;
  constexpr uint64_t kEach = 8;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 random(static_cast<uint64_t>(t));
      CommitId last = 0;
      for (int round = 0; round < kRounds; ++round) {
        const uint64_t first = static_cast<uint64_t>(t * kRounds + round) * kEach;
        std::vector<Commit> commits(kEach);
        std::vector<bool> done(kEach);
        for (uint64_t i = 0; i < kEach; ++i) {
          commits[i].transaction = Begin();
          Put(*commits[i].transaction, first + i, std::string(random() % 2000, 'v'));
          Resumable* waiting = random() % 4 == 0 ? nullptr : commits[i].waiting.get();
          done[i] = commits[i].transaction->StartCommit({waiting, random() % 2 == 0});
          ASSERT_TRUE(done[i] || waiting != nullptr);
        }
        for (uint64_t i = 0; i < kEach; ++i) {
          if (!done[i]) commits[i].waiting->Await();
          const auto id = commits[i].transaction->EndCommit();
          ASSERT_TRUE(id.ok());
          ASSERT_GT(*id, last);
          last = *id;
          ASSERT_EQ(commits[i].waiting->told(), done[i] ? 0 : 1);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->last_commit(), CommitId{kThreads * kRounds * kEach});
  EXPECT_EQ(Count(store_->View()), uint64_t{kThreads * kRounds * kEach});
}

}  // namespace
}  // namespace omen::rowstore
