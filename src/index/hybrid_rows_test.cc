// The hybrid index as the owner of its rows: against a set of keys and rows, under refused
// memory, and beside readers.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <map>
#include <thread>

#include "index/hybrid_index.h"
#include "index/operation_replay.h"
#include "learn/failing_memory.h"
#include "learn/key_sets.h"

namespace omen::index {
namespace {

using learn::HeapMemory;
using learn::Random;
using learn::RandomBytes;
using Row = std::array<uint64_t, 4>;
using Kind = RowChange<IntKeys>::Kind;

std::span<const std::byte> RowBytes(const Row& row) { return std::as_bytes(std::span(row)); }
std::span<std::byte> Into(Row& row) { return std::as_writable_bytes(std::span(row)); }
Row MakeRow(uint64_t key, uint64_t write) { return {key, write, key, write ^ key}; }
bool Whole(const Row& row, uint64_t key) {
  return row[0] == key && row[2] == key && row[3] == (row[1] ^ key);
}
bool Whole(std::span<const std::byte> bytes, uint64_t key) {
  Row row;
  std::memcpy(row.data(), bytes.data(), sizeof row);
  return Whole(row, key);
}

HybridOptions WithRows(Form form, uint32_t remembered = 0) {
  HybridOptions options;
  options.form = form;
  options.delta_minimum = 100;
  options.run_bytes = 400 * sizeof(IntKeys::Entry);
  options.remembered_commits = remembered;
  options.background = false;
  options.row_bytes = sizeof(Row);
  return options;
}

// Empty commits until nothing that was erased is kept.
void Settle(HybridIndex<IntKeys>& index) {
  for (int i = 0; i < 5000 && index.statistics().erased_rows != 0; ++i)
    ASSERT_TRUE(index.Apply({}, 0).ok());
}

TEST(HybridRows, RandomOperationsAgreeWithASet) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const std::string bytes = RandomBytes(5000 + seed, 200 + seed * 10);
    ASSERT_EQ(ReplayIntRows(bytes, false), "") << "seed " << seed;
    ASSERT_EQ(ReplayStringRows(bytes, false), "") << "seed " << seed;
  }
}

TEST(HybridRows, RandomOperationsAgreeWithASetWhileMergesRunBehind) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const std::string bytes = RandomBytes(6000 + seed, 2500);
    ASSERT_EQ(ReplayIntRows(bytes, true), "") << "seed " << seed;
    ASSERT_EQ(ReplayStringRows(bytes, true), "") << "seed " << seed;
  }
}

class Rows : public testing::TestWithParam<Form> {
 protected:
  std::unique_ptr<HybridIndex<IntKeys>> Make(uint32_t remembered = 0) {
    return HybridIndex<IntKeys>::Make(WithRows(GetParam(), remembered), memory_, clock_).value();
  }
  HeapMemory memory_;
  SystemClock clock_;
};
INSTANTIATE_TEST_SUITE_P(Forms, Rows, testing::Values(Form::kLearned, Form::kTree, Form::kHash));

TEST_P(Rows, ASlotGoesIntoOnePairOnly) {
  auto index = Make();
  const uint64_t slot = index->StoreRow(RowBytes(MakeRow(1, 1))).value();
  ASSERT_TRUE(index->Insert(1, slot).ok());
  EXPECT_TRUE(index->Insert(1, slot).Is(sqlstate::kInvalidParameter));
  EXPECT_TRUE(index->Insert(2, slot).Is(sqlstate::kInvalidParameter));
  EXPECT_TRUE(index->Insert(2, slot + 1).Is(sqlstate::kInvalidParameter)) << "never stored";
  EXPECT_TRUE(index->DropRow(slot).Is(sqlstate::kInvalidParameter)) << "in a pair";
  const uint64_t fresh = index->StoreRow(RowBytes(MakeRow(2, 2))).value();
  const Change<IntKeys> twice[] = {{1, slot, true}, {2, fresh}, {3, fresh}};
  EXPECT_TRUE(index->Apply(twice, 0).Is(sqlstate::kInvalidParameter));
  EXPECT_TRUE(index->Find(1).found) << "the whole commit is refused";
  EXPECT_FALSE(index->Find(2).found);
  const Change<IntKeys> again[] = {{1, slot, true}, {1, slot}};
  EXPECT_TRUE(index->Apply(again, 0).Is(sqlstate::kInvalidParameter)) << "readable still";
  EXPECT_TRUE(index->DropRow(fresh).ok());
  EXPECT_TRUE(index->DropRow(fresh).Is(sqlstate::kInvalidParameter));
  EXPECT_EQ(index->statistics().live_rows, 1u);
  EXPECT_EQ(index->statistics().stored_rows, 0u);
}

// Beside pairs in runs and in the tail, erases name a slot under a key that it is not under.
TEST_P(Rows, ErasingAPairThatIsNotThereFreesNobodysSlot) {
  auto index = Make();
  std::vector<uint64_t> slots;
  for (uint64_t key = 0; key < 300; ++key) {
    slots.push_back(index->StoreRow(RowBytes(MakeRow(key, key))).value());
    ASSERT_TRUE(index->Insert(key, slots[key]).ok());
    ASSERT_TRUE(key != 150 || index->Merge().ok());
  }
  for (uint64_t key = 0; key < 300; ++key) {
    ASSERT_TRUE(index->Erase(key, slots[(key + 1) % 300]).ok());
    ASSERT_TRUE(index->Erase(key + 300, slots[key]).ok());
    ASSERT_TRUE(index->Erase(key, slots[key] + 1000).ok());
    ASSERT_TRUE(index->Erase(key + 300, kEveryRow).ok());
  }
  EXPECT_EQ(index->statistics().live_rows, 300u);
  EXPECT_EQ(index->statistics().erased_rows, 0u);
  for (uint64_t key = 0; key < 300; ++key) {
    Row row{};
    ASSERT_TRUE(index->FindRow(key, Into(row)).found);
    ASSERT_TRUE(Whole(row, key));
  }
}

TEST_P(Rows, ACommitsChangesFollowEachOther) {
  auto index = Make();
  const Row a = MakeRow(7, 1), b = MakeRow(7, 2), c = MakeRow(7, 3);
  const RowChange<IntKeys> changes[] = {{Kind::kInsert, 7, RowBytes(a)},
                                        {Kind::kInsert, 7, RowBytes(b)},
                                        {Kind::kReplace, 7, RowBytes(c)},
                                        {Kind::kInsert, 8, RowBytes(a)},
                                        {Kind::kErase, 8},
                                        {Kind::kErase, 9}};
  ASSERT_TRUE(index->ApplyRows(changes, 1).ok());
  Row row{};
  const Found found = index->FindRow(7, Into(row));
  EXPECT_TRUE(found.found);
  EXPECT_EQ(row, c);
  EXPECT_FALSE(index->FindRow(8, Into(row)).found);
  EXPECT_EQ(index->statistics().live_rows, 1u);
  const RowChange<IntKeys> one[] = {{Kind::kInsert, 7, RowBytes(a)},
                                    {Kind::kReplace, 7, RowBytes(b), found.payload}};
  ASSERT_TRUE(index->ApplyRows(one, 2).ok());
  EXPECT_EQ(index->statistics().live_rows, 2u) << "only the named one went";
  const RowChange<IntKeys> small[] = {{Kind::kErase, 7}, {Kind::kInsert, 1, RowBytes(a).first(3)}};
  EXPECT_TRUE(index->ApplyRows(small, 3).Is(sqlstate::kInvalidParameter));
  EXPECT_TRUE(index->ApplyRows(one, 2).Is(sqlstate::kNotInPrerequisiteState));
  EXPECT_EQ(index->statistics().live_rows, 2u);
  EXPECT_EQ(index->statistics().stored_rows, 0u);
}

TEST_P(Rows, SnapshotsAndRememberedCommitsKeepTheirRows) {
  auto index = Make(2);
  const Row first = MakeRow(5, 1);
  const RowChange<IntKeys> insert[] = {{Kind::kInsert, 5, RowBytes(first)}};
  ASSERT_TRUE(index->ApplyRows(insert, 1).ok());
  auto held = std::make_unique<IndexSnapshot<IntKeys>>(index->Snapshot(1).value());
  const std::byte* at = held->Row(held->Find(5).payload).data();
  for (uint64_t commit = 2; commit < 4000; ++commit) {
    const Row next = MakeRow(5, commit);
    const RowChange<IntKeys> replace[] = {{Kind::kReplace, 5, RowBytes(next)}};
    ASSERT_TRUE(index->ApplyRows(replace, commit).ok());
    ASSERT_TRUE(commit % 1000 != 0 || index->Merge().ok());
    for (uint64_t back : {commit - 1, commit}) {
      const auto before = index->Snapshot(back).value();
      const auto bytes = before.Row(before.Find(5).payload);
      ASSERT_EQ(std::memcmp(bytes.data(), MakeRow(5, back).data(), sizeof(Row)), 0) << commit;
    }
    ASSERT_EQ(std::memcmp(at, first.data(), sizeof first), 0) << commit;
  }
  EXPECT_GE(index->statistics().erased_rows, 3900u) << "all newer than the snapshot";
  held.reset();
  Settle(*index);
  EXPECT_EQ(index->statistics().erased_rows, 0u);
  EXPECT_EQ(index->statistics().live_rows, 1u);
}

TEST_P(Rows, ErasedRowsAreReusedBeforeMemoryIsAskedFor) {
  auto index = Make();
  uint64_t commit = 0;
  size_t after_some = 0;
  for (int i = 0; i < 20000; ++i) {
    const Row row = MakeRow(i % 10, i);
    const RowChange<IntKeys> replace[] = {{Kind::kReplace, row[0], RowBytes(row)}};
    ASSERT_TRUE(index->ApplyRows(replace, ++commit).ok());
    const IndexStatistics now = index->statistics();
    const uint64_t slots = now.live_rows + now.erased_rows + now.free_rows;
    if (i == 5000) after_some = slots;
    ASSERT_TRUE(after_some == 0 || slots == after_some) << i;
  }
  EXPECT_GE(index->memory().entries, after_some * sizeof(Row));
}

TEST_P(Rows, LoadTakesStoredSlots) {
  auto index = Make();
  std::vector<Change<IntKeys>> pairs;
  for (uint64_t key = 0; key < 1000; ++key)
    pairs.push_back({key / 2, index->StoreRow(RowBytes(MakeRow(key / 2, key))).value()});
  pairs.push_back(pairs.back());
  EXPECT_TRUE(index->Load(pairs, 1).Is(sqlstate::kInvalidParameter)) << "a slot twice";
  EXPECT_EQ(index->statistics().stored_rows, 1000u);
  pairs.pop_back();
  ASSERT_TRUE(index->Load(pairs, 1).ok());
  EXPECT_EQ(index->statistics().live_rows, 1000u);
  ASSERT_TRUE(index->Erase(77, kEveryRow).ok());
  EXPECT_EQ(index->statistics().live_rows, 998u);
  std::vector<uint64_t> keys;
  for (uint64_t key = 0; key < 501; ++key) keys.push_back(key);
  std::vector<Row> rows(keys.size());
  std::vector<Found> found(keys.size());
  index->FindRows(keys.data(), keys.size(), found.data(), std::as_writable_bytes(std::span(rows)));
  for (uint64_t key : keys) {
    ASSERT_EQ(found[key].found, key != 77 && key != 500) << key;
    ASSERT_TRUE(!found[key].found || Whole(rows[key], key)) << key;
  }
}

TEST(HybridRows, AnIndexOfNumbersHasNoRows) {
  HeapMemory memory;
  SystemClock clock;
  HybridOptions options;
  options.background = false;
  auto index = HybridIndex<IntKeys>::Make(options, memory, clock).value();
  EXPECT_TRUE(index->StoreRow({}).status().Is(sqlstate::kInvalidParameter));
  const RowChange<IntKeys> erase[] = {{Kind::kErase, 7}};
  EXPECT_TRUE(index->ApplyRows(erase, 1).Is(sqlstate::kInvalidParameter));
  ASSERT_TRUE(index->Insert(7, kEveryRow).ok());
  ASSERT_TRUE(index->Insert(7, 3).ok());
  ASSERT_TRUE(index->Erase(7, kEveryRow).ok());
  EXPECT_EQ(index->Find(7).payload, 3u) << "a number like any other";
  options.row_bytes = RowSlots::kLargestRow + 1;
  EXPECT_TRUE(
      HybridIndex<IntKeys>::Make(options, memory, clock).status().Is(sqlstate::kInvalidParameter));
}

// A busy life: whole commits by key, commits by slot, loads, merges; true where nothing refused.
template <typename Keys, typename MakeKey>
void LiveThroughRefusals(Form form, int64_t refuse, MakeKey make_key, int64_t& requests) {
  using RowKind = typename RowChange<Keys>::Kind;
  SystemClock clock;
  HybridOptions options = WithRows(form);
  options.delta_minimum = 40;
  options.run_bytes = 100 * sizeof(IntKeys::Entry);
  options.tail_minimum = 8;
  learn::FailingMemory memory(refuse);
  {
    auto made = HybridIndex<Keys>::Make(options, memory, clock);
    if (!made.ok()) return;
    auto& index = *made.value();
    std::map<uint64_t, Row> truth;
    Random random(11);
    for (uint64_t i = 0; i < 120; ++i) {
      const uint64_t a = i % 4 == 3 ? 100 + i : random.Below(100), b = random.Below(100);
      const auto key_a = make_key(a), key_b = make_key(b);
      const Row row_a = MakeRow(a, i), row_b = MakeRow(b, i);
      if (i % 4 == 3) {  // a key that grows, for the tail
        const auto slot = index.StoreRow(RowBytes(row_a));
        if (!slot.ok()) continue;
        if (index.Insert(key_a, *slot).ok()) {
          truth[a] = row_a;
        } else {
          ASSERT_TRUE(index.DropRow(*slot).ok());
        }
        continue;
      }
      const RowChange<Keys> changes[] = {
          {RowKind::kReplace, key_a, RowBytes(row_a)},
          {i % 3 == 0 ? RowKind::kErase : RowKind::kReplace, key_b, RowBytes(row_b)}};
      if (!index.ApplyRows(changes, i + 1).ok()) continue;
      truth[a] = row_a;
      i % 3 == 0 ? void(truth.erase(b)) : void(truth[b] = row_b);
    }
    ASSERT_EQ(index.statistics().live_rows, truth.size()) << refuse;
    ASSERT_EQ(index.statistics().stored_rows, 0u) << refuse;
    for (uint64_t i = 0; i < 230; ++i) {
      Row row{};
      const auto at = truth.find(i);
      ASSERT_EQ(index.FindRow(make_key(i), Into(row)).found, at != truth.end()) << refuse;
      ASSERT_TRUE(at == truth.end() || row == at->second) << refuse;
    }
  }
  requests = memory.requests();
  ASSERT_EQ(memory.allocated(), 0u) << refuse;
}

TEST(HybridRows, EveryRefusedAllocationIsSurvived) {
  for (Form form : {Form::kLearned, Form::kTree, Form::kHash}) {
    int64_t requests = 1, ignored = 0;
    const auto number = [](uint64_t i) { return i * 1000; };
    for (int64_t refuse = -1; refuse < requests; ++refuse)
      LiveThroughRefusals<IntKeys>(form, refuse, number, refuse < 0 ? requests : ignored);
    EXPECT_GT(requests, 200);
    const auto text = [](uint64_t i) { return "https://example.org/" + std::to_string(i); };
    for (int64_t refuse = -1; refuse < requests; ++refuse)
      LiveThroughRefusals<StringKeys>(form, refuse, text, refuse < 0 ? requests : ignored);
  }
}

TEST(HybridRows, RefusedMemoryInALoadLeavesTheRowsStored) {
  SystemClock clock;
  for (Form form : {Form::kLearned, Form::kTree, Form::kHash}) {
    uint64_t refusals = 0;
    for (bool done = false; !done;) {
      // Refuses the next request of the load, after those that earlier rounds refused.
      class Refusing final : public learn::Memory {
       public:
        void* Allocate(size_t bytes) override {
          return left-- == 0 ? nullptr : heap_.Allocate(bytes);
        }
        void Free(void* block, size_t bytes) override { heap_.Free(block, bytes); }
        int64_t left = -1;

       private:
        HeapMemory heap_;
      } memory;
      auto index = HybridIndex<IntKeys>::Make(WithRows(form), memory, clock).value();
      std::vector<Change<IntKeys>> pairs;
      for (uint64_t key = 0; key < 500; ++key)
        pairs.push_back({key, index->StoreRow(RowBytes(MakeRow(key, key))).value()});
      memory.left = static_cast<int64_t>(refusals);
      done = index->Load(pairs, 1).ok();
      if (!done) {
        ++refusals;
        ASSERT_EQ(index->statistics().stored_rows, 500u);
        ASSERT_TRUE(index->Load(pairs, 1).ok()) << refusals;
      }
      ASSERT_EQ(index->statistics().live_rows, 500u);
    }
    EXPECT_GT(refusals, 3u);
  }
}

// Each commit replaces rows; whoever reads one, by whatever way, finds all of one write.
TEST(HybridRows, ReadersMeetWholeRowsWhileWritesAndMergesRun) {
  HeapMemory memory;
  SystemClock clock;
  HybridOptions options = WithRows(Form::kLearned, 4);
  options.background = true;
  auto index = HybridIndex<IntKeys>::Make(options, memory, clock).value();
  constexpr uint64_t kKeys = 600;
  std::vector<Change<IntKeys>> pairs;
  for (uint64_t key = 0; key < kKeys; ++key)
    pairs.push_back({key, index->StoreRow(RowBytes(MakeRow(key, 0))).value()});
  ASSERT_TRUE(index->Load(pairs, 1).ok());

  struct Check final : Visitor<IntKeys> {
    const HybridIndex<IntKeys>* index;
    const IndexSnapshot<IntKeys>* snapshot = nullptr;
    uint64_t entries = 0, torn = 0;
    bool Visit(const IntKeys::Entry* at, size_t count) override {
      for (size_t i = 0; i < count; ++i) {
        const uint64_t slot = at[i].payload();
        const auto bytes = snapshot != nullptr ? snapshot->Row(slot) : index->Row(slot);
        torn += !Whole(bytes, at[i].key());
      }
      entries += count;
      return true;
    }
  };
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> wrong{0}, rounds{0};
  const auto read = [&](uint64_t seed) {
    Random random(seed);
    while (!stop.load() || rounds.load() < 20) {
      auto snapshot = index->Snapshot(index->commit_id());
      for (int i = 0; i < 50; ++i) {
        uint64_t keys[3];
        for (uint64_t& key : keys) key = random.Below(kKeys);
        Row row{}, rows[3] = {};
        wrong += !index->FindRow(keys[0], Into(row)).found || !Whole(row, keys[0]);
        Found found[3];
        index->FindRows(keys, 3, found, std::as_writable_bytes(std::span(rows)));
        for (int k = 0; k < 3; ++k) wrong += !found[k].found || !Whole(rows[k], keys[k]);
      }
      Check now;
      now.index = index.get();
      index->Scan(0, 2 * kKeys, now);
      wrong += now.torn + (now.entries != kKeys);
      if (snapshot.ok()) {
        Check then;
        then.snapshot = &*snapshot;
        snapshot->Scan(0, 0, 2 * kKeys, then);
        wrong += then.torn + (then.entries != kKeys);
      }
      ++rounds;
    }
  };
  std::thread readers[] = {std::thread(read, 1), std::thread(read, 2)};
  Random random(3);
  for (uint64_t write = 1; write < 12000; ++write) {
    const uint64_t a = random.Below(kKeys), b = random.Below(kKeys);
    const Row row_a = MakeRow(a, write), row_b = MakeRow(b, ~write);
    const RowChange<IntKeys> changes[] = {{Kind::kReplace, a, RowBytes(row_a)},
                                          {Kind::kReplace, b, RowBytes(row_b)}};
    ASSERT_TRUE(index->ApplyRows(changes, write + 1).ok());
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  index->WaitForMerges();
  EXPECT_EQ(wrong.load(), 0u);
  EXPECT_GT(index->statistics().merges, 3u);
  EXPECT_EQ(index->statistics().live_rows, kKeys);
  Settle(*index);
  EXPECT_EQ(index->statistics().erased_rows, 0u);
}

}  // namespace
}  // namespace omen::index
