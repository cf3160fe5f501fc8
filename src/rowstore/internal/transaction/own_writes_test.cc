#include "rowstore/internal/transaction/own_writes.h"

#include <gtest/gtest.h>
#include <rocksdb/iterator.h>

#include <map>
#include <random>

#include "rowstore/internal/engine/rows_family_fixture.h"
#include "rowstore/internal/engine/slices.h"
#include "rowstore/internal/transaction/merged_iterator.h"

namespace omen::rowstore {
namespace {

using Rows = std::map<std::string, std::string>;

/// Committed rows, as the engine's iterator gives them.
class RowsIterator final : public rocksdb::Iterator {
 public:
  explicit RowsIterator(const Rows& rows) : rows_(rows), at_(rows.end()) {}
  bool Valid() const override { return at_ != rows_.end(); }
  void SeekToFirst() override { at_ = rows_.begin(); }
  void SeekToLast() override { at_ = rows_.empty() ? rows_.end() : std::prev(rows_.end()); }
  void Seek(const rocksdb::Slice& key) override { at_ = rows_.lower_bound(key.ToString()); }
  void SeekForPrev(const rocksdb::Slice& key) override {
    at_ = rows_.upper_bound(key.ToString());
    Prev();
  }
  void Next() override { ++at_; }
  void Prev() override { at_ = at_ == rows_.begin() ? rows_.end() : std::prev(at_); }
  rocksdb::Slice key() const override { return at_->first; }
  rocksdb::Slice value() const override { return at_->second; }
  rocksdb::Status status() const override { return rocksdb::Status::OK(); }

 private:
  const Rows& rows_;
  Rows::const_iterator at_;
};

/// A transaction's writes beside what they should come to.
class OwnWritesTest : public testing::Test {
 protected:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint64_t>(limit)); }

  /// Few of them, of all lengths, alike in their first bytes.
  std::string AnyKey() {
    std::string key(static_cast<size_t>(Below(22)), '\0');
    for (int i = 0; i < 2 && !key.empty(); ++i) {
      key[static_cast<size_t>(Below(static_cast<int>(key.size())))] =
          static_cast<char>(Below(3) * 127);
    }
    return key;
  }

  void Commit(const std::string& key, const std::string& value) {
    committed_[key] = value;
    now_[key] = value;
  }
  void Put(const std::string& key, const std::string& value) {
    writes_.Put(&family_, key, value, ChangeKind::kUpdate);
    now_[key] = value;
  }
  void Delete(const std::string& key) {
    writes_.Delete(&family_, key, ChangeKind::kDelete);
    now_.erase(key);
  }
  void AnyWrite() {
    const std::string key = AnyKey();
    // Lengths on both sides of a length of two bytes.
    if (Below(3) == 0) return Delete(key);
    Put(key, std::string(static_cast<size_t>(Below(2) == 0 ? Below(4) : 120 + Below(20)), 'v') +
                 std::to_string(Below(1000)));
  }
  void SetSavepoint() {
    writes_.SetSavepoint();
    savepoints_.push_back(now_);
  }
  void RollBack() {
    writes_.RollbackToSavepoint();
    now_ = savepoints_.back();
  }
  void Release() {
    writes_.ReleaseSavepoint();
    savepoints_.pop_back();
  }
  void AnyStep() {
    const int what = Below(12);
    if (what == 0 && savepoints_.size() < 4) return SetSavepoint();
    if (what == 1 && !savepoints_.empty()) return RollBack();
    if (what == 2 && !savepoints_.empty()) return Release();
    AnyWrite();
  }

  void ExpectAll() {
    RowsIterator rows(committed_);
    MergedIterator merged(&rows, &writes_);
    Rows found;
    for (merged.Seek(""); merged.Valid(); merged.Next()) {
      found.emplace(ViewOf(merged.key()), ViewOf(merged.value()));
    }
    EXPECT_EQ(found, now_);
    found.clear();
    for (merged.SeekForPrev(std::string(30, '\xff')); merged.Valid(); merged.Prev()) {
      found.emplace(ViewOf(merged.key()), ViewOf(merged.value()));
    }
    EXPECT_EQ(found, now_);
    const std::string key = AnyKey();
    if (const auto own = writes_.Find(key)) {
      EXPECT_EQ(own->value.has_value(), now_.contains(key));
      if (own->value) {
        EXPECT_EQ(*own->value, now_.at(key));
      }
    }
  }

  const uint64_t seed_ = std::random_device{}();
  const testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
  std::mt19937_64 random_{seed_};
  RowsFamily family_;
  OwnWrites writes_;
  Rows committed_, now_;
  std::vector<Rows> savepoints_;
};

TEST_F(OwnWritesTest, AreReadAsIfTheyWereCommitted) {
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < 20; ++i) Commit(AnyKey(), "committed");
    for (int i = 0; i < 60; ++i) {
      AnyStep();
      ExpectAll();
    }
    while (!savepoints_.empty()) Release();
    writes_.Clear();
    committed_.clear();
    now_.clear();
  }
}

// What comes or goes beside the place of a walk does not lead it back, or past what was there.
TEST_F(OwnWritesTest, AWalkGoesOnOverWrites) {
  for (int round = 0; round < 400; ++round) {
    const bool backward = Below(2) == 0;
    for (int i = 0; i < 20; ++i) Commit(AnyKey(), "committed");
    for (int i = 0; i < 20; ++i) AnyWrite();
    SetSavepoint();
    RowsIterator rows(committed_);
    MergedIterator merged(&rows, &writes_);
    backward ? merged.SeekForPrev(std::string(30, '\xff')) : merged.Seek("");
    Rows always = now_;
    std::vector<std::string> seen;
    while (merged.Valid()) {
      seen.push_back(merged.key().ToString());
      for (int i = Below(3); i > 0; --i) {
        if (Below(8) == 0) {
          RollBack();
        } else {
          AnyWrite();
        }
        std::erase_if(always, [&](const auto& row) { return !now_.contains(row.first); });
      }
      backward ? merged.Prev() : merged.Next();
    }
    for (size_t i = 1; i < seen.size(); ++i) {
      EXPECT_TRUE(backward ? seen[i] < seen[i - 1] : seen[i] > seen[i - 1]);
    }
    for (const auto& [key, value] : always) {
      EXPECT_TRUE(std::ranges::find(seen, key) != seen.end());
    }
    Release();
    writes_.Clear();
    committed_.clear();
    now_.clear();
  }
}

/// The records of a batch: "+a=1" was put, "-b" deleted.
class Told final : public rocksdb::WriteBatch::Handler {
 public:
  rocksdb::Status PutCF(uint32_t, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    text += "+" + key.ToString() + "=" + value.ToString() + " ";
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(uint32_t, const rocksdb::Slice& key) override {
    text += "-" + key.ToString() + " ";
    return rocksdb::Status::OK();
  }
  std::string text;
};

TEST_F(OwnWritesTest, AreCommittedInTheOrderOfKeysWhereEachIsWrittenOnce) {
  for (const bool twice : {false, true}) {
    std::string kinds;
    const auto put = [&](const std::string& key, ChangeKind kind) {
      writes_.Put(&family_, key, key + key, kind);
      kinds.push_back(static_cast<char>(kind));
    };
    put("c", ChangeKind::kInsert);
    put("a", ChangeKind::kNone);
    put("d", ChangeKind::kUpdate);
    writes_.Delete(&family_, "b", ChangeKind::kDelete);
    kinds.push_back(static_cast<char>(ChangeKind::kDelete));
    if (twice) put("a", ChangeKind::kUpdate);
    const std::string before = kinds;
    Told told;
    ASSERT_TRUE(writes_.Finish(&family_, &kinds)->Iterate(&told).ok());
    if (twice) {
      EXPECT_EQ(told.text, "+c=cc +a=aa +d=dd -b +a=aa ");
      EXPECT_EQ(kinds, before);
    } else {
      EXPECT_EQ(told.text, "+a=aa -b +c=cc +d=dd ");
      EXPECT_EQ(kinds, (std::string{before[1], before[3], before[0], before[2]}));
    }
    writes_.Clear();
  }
}

TEST_F(OwnWritesTest, TheBatchHasEveryRecordInItsOrder) {
  Put("a", "1");
  Delete("b");
  SetSavepoint();
  Put("a", "2");
  RollBack();
  Release();
  Put("c", "");
  EXPECT_EQ(writes_.batch()->Count(), 3);
  EXPECT_EQ(writes_.Find("a")->value, "1");
  EXPECT_FALSE(writes_.Find("b")->value.has_value());
  EXPECT_EQ(writes_.Find("c")->value, "");
  EXPECT_FALSE(writes_.Find("d").has_value());
  // The commit takes a large batch away.
  const rocksdb::WriteBatch moved = std::move(*writes_.batch());
  writes_.Clear();
  EXPECT_TRUE(writes_.empty());
  Put("e", "5");
  EXPECT_EQ(writes_.batch()->Count(), 1);
  EXPECT_EQ(writes_.Find("e")->value, "5");
}

}  // namespace
}  // namespace omen::rowstore
