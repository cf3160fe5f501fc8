#include "rowstore/change_clock.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "rowstore/internal/store/store_fixture.h"

namespace omen::rowstore {
namespace {

void Tell(ChangeClock* clock, CommitId id, std::vector<Change> changes) {
  auto record = std::make_shared<CommitRecord>();
  record->id = id;
  record->changes = std::move(changes);
  clock->OnCommit(record);
}

TEST(ChangeClock, KnowsTheLastCommitOfEachStorage) {
  ChangeClock clock(10);
  EXPECT_EQ(clock.LastChange(1), 10u);
  Tell(&clock, 11, {{1, ChangeKind::kInsert, "a", "x"}});
  Tell(&clock, 12, {{2, ChangeKind::kDelete, "b", ""}, {2, ChangeKind::kUpdate, "c", "y"}});
  EXPECT_EQ(clock.LastChange(1), 11u);
  EXPECT_EQ(clock.LastChange(2), 12u);
  EXPECT_EQ(clock.LastChange(3), 10u);
  Tell(&clock, 13, {{1, ChangeKind::kStorage, {}, {}}});
  EXPECT_EQ(clock.LastChange(1, "zz", ""), 13u);
  // Who knows it no more must not take it for unchanged.
  clock.Forget(1);
  EXPECT_EQ(clock.LastChange(1), 13u);
  EXPECT_EQ(clock.LastChange(2), 12u);
}

TEST(ChangeClock, AViewSeesTheChangesBeforeIt) {
  ChangeClock clock(10);
  EXPECT_EQ(clock.LastChangeSeenBy(1, 10), 10u);
  for (const CommitId id : {12, 15, 19}) Tell(&clock, id, {{1, ChangeKind::kInsert, "a", ""}});
  EXPECT_EQ(clock.LastChangeSeenBy(1, 11), 10u);
  EXPECT_EQ(clock.LastChangeSeenBy(1, 12), 12u);
  EXPECT_EQ(clock.LastChangeSeenBy(1, 18), 15u);
  EXPECT_EQ(clock.LastChangeSeenBy(1, 40), 19u);
  for (CommitId id = 20; id < 30; ++id) Tell(&clock, id, {{1, ChangeKind::kInsert, "a", ""}});
  EXPECT_EQ(clock.LastChangeSeenBy(1, 12), std::nullopt);
  EXPECT_EQ(clock.LastChangeSeenBy(1, 25), 25u);
}

/// Appending leaves what is behind alone.
TEST(ChangeClock, RangesAreNarrowWhereChangesFall) {
  ChangeClock clock(1);
  CommitId id = 1;
  const auto key = [](int row) { return fmt::format("{:010}", row); };
  for (int row = 0; row < 200'000; ++row) {
    const std::string at = key(row);
    Tell(&clock, ++id, {{1, ChangeKind::kInsert, at, ""}});
  }
  EXPECT_LT(clock.LastChange(1, key(0), key(160'000)), 170'000u);
  EXPECT_LT(clock.LastChange(1, key(0), key(190'000)), 191'000u);
  EXPECT_EQ(clock.LastChange(1, key(0), ""), id);
}

/// Against a map of every key: never earlier than the truth.
TEST(ChangeClock, IsNeverTooEarly) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  ChangeClock clock(1);
  std::map<std::string, CommitId> truth;
  const auto draw = [&] {
    const bool hot = random() % 3 != 0;
    const std::string prefix(random() % 4 == 0 ? 70 : 0, 'p');
    return prefix + fmt::format("{:05}", hot ? 5000 + random() % 50 : random() % 20000);
  };
  for (CommitId id = 2; id < 40'000; ++id) {
    const std::string key = draw();
    truth[key] = id;
    Tell(&clock, id, {{1, ChangeKind::kUpdate, key, ""}});
    if (id % 40 != 0) continue;
    std::string lower = draw(), upper = random() % 8 == 0 ? "" : draw();
    if (!upper.empty() && upper < lower) std::swap(lower, upper);
    CommitId last = 1;
    const auto end = upper.empty() ? truth.end() : truth.lower_bound(upper);
    for (auto it = truth.lower_bound(lower); it != end; ++it) last = std::max(last, it->second);
    ASSERT_GE(clock.LastChange(1, lower, upper), last) << lower << " " << upper;
  }
}

struct CountingExtender final : ViewExtender {
  struct Companion final : ViewCompanion {
    explicit Companion(CommitId commit) : commit(commit) {}
    const CommitId commit;
  };
  std::shared_ptr<const ViewCompanion> At(CommitId commit) override {
    return std::make_shared<Companion>(commit);
  }
};

class StoreClockTest : public StoreTest {};

TEST_F(StoreClockTest, ViewsCarryWhatIsOfTheirCommit) {
  Open();
  CountingExtender extender;
  const size_t slot = store_->AddViewExtender(&extender);
  PutNow(1, "a");
  const auto first = store_->View();
  PutNow(2, "b");
  const auto second = store_->View();
  const auto commit_of = [&](const ReadView& view) {
    return static_cast<const CountingExtender::Companion*>(view.companion(slot))->commit;
  };
  EXPECT_EQ(commit_of(*first), first->commit_id());
  EXPECT_EQ(commit_of(*second), second->commit_id());
  EXPECT_NE(first->commit_id(), second->commit_id());
  EXPECT_EQ(store_->changes().LastChange(kStorage), second->commit_id());
}

/// Index entries are told to those who ask, from the commit and from the log.
TEST_F(StoreClockTest, EntriesOfIndexesAreToldToWhoWantsThem) {
  struct Listener final : CommitObserver {
    bool wants_entries() const override { return true; }
    void OnCommit(const std::shared_ptr<const CommitRecord>& record) override { last = record; }
    std::shared_ptr<const CommitRecord> last;
  };
  Listener listener;
  Open();
  store_->AddObserver(&listener);
  constexpr catalog::StorageId kIndex = 8;
  auto transaction = Begin();
  ASSERT_TRUE(transaction->Put(kStorage, KeyOf(1), "row", ChangeKind::kInsert).ok());
  ASSERT_TRUE(transaction->Put(kIndex, KeyOf(5, kIndex), "to", ChangeKind::kNone).ok());
  ASSERT_TRUE(transaction->Delete(kIndex, KeyOf(4, kIndex), ChangeKind::kNone).ok());
  ASSERT_TRUE(transaction->Commit().ok());
  const auto check = [&](const CommitRecord& record) {
    ASSERT_EQ(record.changes.size(), 1u);
    ASSERT_EQ(record.entries.size(), 2u);
    for (const Change& entry : record.entries) {
      EXPECT_EQ(entry.storage, kIndex);
      const bool added = entry.kind == ChangeKind::kInsert;
      EXPECT_EQ(entry.key, KeyOf(added ? 5 : 4, kIndex));
      EXPECT_EQ(entry.value, added ? "to" : "");
    }
  };
  check(*listener.last);
  ASSERT_TRUE(store_
                  ->ReadChanges(listener.last->id - 1,
                                [&](const auto& record) {
                                  check(*record);
                                  return Status::Ok();
                                })
                  .ok());
}

}  // namespace
}  // namespace omen::rowstore
