// The hybrid index against std::set, in every form, under refused memory and beside readers.
#include "index/hybrid_index.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "index/memory/page_memory.h"
#include "index/operation_replay.h"
#include "learn/failing_memory.h"
#include "learn/key_sets.h"

namespace omen::index {
namespace {

using learn::HeapMemory;
using learn::MakeKeys;
using learn::Random;
using learn::RandomBytes;

TEST(HybridIndex, RandomOperationsAgreeWithASet) {
  for (uint64_t seed = 0; seed < 400; ++seed) {
    const std::string bytes = RandomBytes(seed, 200 + seed * 7);
    ASSERT_EQ(ReplayIntOperations(bytes, false), "") << "seed " << seed;
    ASSERT_EQ(ReplayStringOperations(bytes, false), "") << "seed " << seed;
  }
}

TEST(HybridIndex, RandomOperationsAgreeWithASetWhileMergesRunBehind) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const std::string bytes = RandomBytes(1000 + seed, 4000);
    ASSERT_EQ(ReplayIntOperations(bytes, true), "") << "seed " << seed;
    ASSERT_EQ(ReplayStringOperations(bytes, true), "") << "seed " << seed;
  }
}

std::vector<Change<IntKeys>> Numbered(const std::vector<uint64_t>& keys) {
  std::vector<Change<IntKeys>> pairs;
  for (size_t i = 0; i < keys.size(); ++i) pairs.push_back({keys[i], i});
  return pairs;
}

HybridOptions Small(Form form) {
  HybridOptions options;
  options.form = form;
  options.delta_minimum = 500;
  options.run_bytes = 7000 * sizeof(IntKeys::Entry);
  options.background = false;
  return options;
}

TEST(HybridIndex, LoadedSetsAnswerInEveryForm) {
  HeapMemory memory;
  SystemClock clock;
  for (Form form : {Form::kLearned, Form::kTree, Form::kHash}) {
    for (std::string_view kind : learn::KeyKinds()) {
      SCOPED_TRACE(testing::Message() << kind << " form " << static_cast<int>(form));
      const auto keys = MakeKeys(kind, 40000, 3);
      auto index = HybridIndex<IntKeys>::Make(Small(form), memory, clock).value();
      ASSERT_TRUE(index->Load(Numbered(keys), 5).ok());
      Random random(4);
      std::vector<uint64_t> asked(1000);
      for (uint64_t& key : asked) key = keys[random.Below(keys.size())] + random.Below(2);
      std::vector<Found> found(asked.size());
      index->FindBatch(asked.data(), asked.size(), found.data());
      for (size_t i = 0; i < asked.size(); ++i) {
        const auto truth = std::lower_bound(keys.begin(), keys.end(), asked[i]);
        const bool there = truth != keys.end() && *truth == asked[i];
        ASSERT_EQ(found[i].found, there);
        ASSERT_EQ(found[i].payload, there ? static_cast<uint64_t>(truth - keys.begin()) : 0);
      }
    }
  }
}

// Two payloads of a key lie in different leaves; when the first is erased, the bound between the
// leaves still names it.
TEST(HybridIndex, AKeyIsFoundBehindALeafThatLostItsFirstPayload) {
  HeapMemory memory;
  SystemClock clock;
  auto index = HybridIndex<IntKeys>::Make(Small(Form::kTree), memory, clock).value();
  for (uint64_t i = 0; i < 100; ++i) ASSERT_TRUE(index->Insert(7, i).ok());
  for (uint64_t i = 0; i < 99; ++i) {
    ASSERT_TRUE(index->Erase(7, i).ok());
    ASSERT_TRUE(index->Find(7).found) << i;
    ASSERT_EQ(index->Find(7).payload, i + 1);
  }
}

// The nodes that the first commit of all makes and empties again belong to no version before it.
TEST(HybridIndex, AFirstCommitMayUndoItself) {
  HeapMemory memory;
  SystemClock clock;
  for (Form form : {Form::kLearned, Form::kTree}) {
    auto index = HybridIndex<IntKeys>::Make(Small(form), memory, clock).value();
    const Change<IntKeys> changes[] = {{7, 1}, {7, 1, true}};
    ASSERT_TRUE(index->Apply(changes, 1).ok());
    EXPECT_FALSE(index->Find(7).found);
    ASSERT_TRUE(index->Insert(7, 2).ok());
    EXPECT_EQ(index->Find(7).payload, 2u);
  }
  EXPECT_EQ(memory.allocated(), 0u);
}

TEST(HybridIndex, KeysThatGrowRewriteNothing) {
  HeapMemory memory;
  SystemClock clock;
  auto index = HybridIndex<IntKeys>::Make(Small(Form::kLearned), memory, clock).value();
  for (uint64_t i = 0; i < 200000; i += 50) {
    std::vector<Change<IntKeys>> batch;
    for (uint64_t j = 0; j < 50; ++j) batch.push_back({i + j, i});
    ASSERT_TRUE(index->Apply(batch, i + 1).ok());
  }
  ASSERT_TRUE(index->Merge().ok());
  EXPECT_EQ(index->statistics().entries, 200000u);
  EXPECT_EQ(index->statistics().merged_entries, 0u) << "they went to the tail";
  for (uint64_t i = 0; i < 200000; ++i) ASSERT_TRUE(index->Find(i).found) << i;
}

// Payloads of one key on both sides of the border between runs and tail; tombstones above the
// tail; a key appended behind a tombstone.
TEST(HybridIndex, TheTailIsPartOfTheOrder) {
  HeapMemory memory;
  SystemClock clock;
  HybridOptions options = Small(Form::kLearned);
  options.tail_minimum = 4;
  auto index = HybridIndex<IntKeys>::Make(options, memory, clock).value();
  std::set<std::pair<uint64_t, uint64_t>> truth;
  const auto apply = [&](uint64_t key, uint64_t payload, bool erase) {
    const Change<IntKeys> change{key, payload, erase};
    ASSERT_TRUE(index->Apply({&change, 1}, 0).ok());
    erase ? void(truth.erase({key, payload})) : void(truth.insert({key, payload}));
    for (uint64_t asked = 0; asked < 12; ++asked) {
      const auto at = truth.lower_bound({asked, 0});
      const bool there = at != truth.end() && at->first == asked;
      Found batch[2];
      const uint64_t twice[] = {asked, asked};
      index->FindBatch(twice, 2, batch);
      ASSERT_EQ(index->Find(asked).found, there) << asked;
      ASSERT_EQ(batch[1].found, there) << asked;
      if (there) {
        ASSERT_EQ(index->Find(asked).payload, at->second);
        ASSERT_EQ(batch[0].payload, at->second);
      }
    }
  };
  for (uint64_t payload = 0; payload < 11; ++payload) apply(7, payload, false);
  for (uint64_t payload = 0; payload < 10; ++payload) apply(7, payload, true);
  apply(9, 1, false);
  apply(9, 1, true);
  apply(9, 1, false);
  apply(10, 1, false);
  apply(8, 1, false);
  ASSERT_TRUE(index->Merge().ok());
  apply(11, 1, false);
  apply(7, 10, true);
}

// Strings put in and taken out for ever: what they leave behind is given back.
TEST(HybridIndex, ChurnDoesNotGrow) {
  SystemClock clock;
  for (Form form : {Form::kLearned, Form::kTree}) {
    HeapMemory memory;
    auto index = HybridIndex<StringKeys>::Make(Small(form), memory, clock).value();
    const std::string tail(2000, 'x');
    for (uint64_t i = 0; i < 40000; ++i) {
      const std::string key = std::to_string(i * 7919 % 100003) + tail;
      const std::string gone = std::to_string((i - 100) * 7919 % 100003) + tail;
      ASSERT_TRUE(index->Insert(key, i).ok());
      ASSERT_TRUE(i < 100 || index->Erase(gone, i - 100).ok());
      ASSERT_LT(memory.allocated(), size_t{48} << 20) << i;
    }
    const std::string last = std::to_string(uint64_t{39999} * 7919 % 100003) + tail;
    EXPECT_EQ(index->Find(last).payload, 39999u);
  }
}

// Nodes that wait for their readers are no reason to merge a delta before it is full.
TEST(HybridIndex, ASmallDeltaIsLeftAloneUntilItIsFull) {
  SystemClock clock;
  HeapMemory memory;
  HybridOptions options;
  options.background = false;
  auto index = HybridIndex<StringKeys>::Make(options, memory, clock).value();
  ASSERT_TRUE(index->Insert("a", 1).ok());
  ASSERT_TRUE(index->Merge().ok());
  const uint64_t merges = index->statistics().merges;
  std::vector<std::string> text;
  for (uint64_t i = 0; i < 32000; ++i) text.push_back(std::to_string(i * 7919 % 100003));
  for (size_t i = 0; i < text.size(); i += 32) {
    std::vector<Change<StringKeys>> changes;
    for (size_t j = i; j < i + 32; ++j) changes.push_back({text[j], j});
    ASSERT_TRUE(index->Apply(changes, 0).ok());
  }
  EXPECT_EQ(index->statistics().merges, merges);
  EXPECT_EQ(index->statistics().delta_entries, text.size());
}

// Readers of loaded runs ask a filter before they walk what was written since.
TEST(HybridIndex, TheFirstDeltaAboveRunsHasAFilter) {
  SystemClock clock;
  HeapMemory memory;
  HybridOptions options;
  options.background = false;
  auto index = HybridIndex<IntKeys>::Make(options, memory, clock).value();
  std::vector<Change<IntKeys>> pairs;
  for (uint64_t key = 0; key < 1000; ++key) pairs.push_back({key * 2, key});
  ASSERT_TRUE(index->Load(pairs, 1).ok());
  const size_t before = index->memory().other;
  ASSERT_TRUE(index->Insert(1, 1).ok());
  EXPECT_GE(index->memory().other, before + options.delta_minimum);
}

// Remembered commits must not keep all the runs that a merge replaces.
TEST(HybridIndex, AMergeDoesNotHoldTheIndexTwice) {
  SystemClock clock;
  PageMemory memory;
  HybridOptions options;
  options.background = false;
  options.run_bytes = 200'000 * sizeof(IntKeys::Entry);
  auto index = HybridIndex<IntKeys>::Make(options, memory, clock).value();
  std::vector<Change<IntKeys>> pairs;
  for (uint64_t key = 0; key < 4'000'000; ++key) pairs.push_back({key * 1000, key});
  ASSERT_TRUE(index->Load(pairs, 1).ok());
  for (uint64_t i = 0; i < 20; ++i) ASSERT_TRUE(index->Insert(i * 200'000'000 + 7, i).ok());
  const size_t before = memory.allocated();
  memory.RestartPeak();
  ASSERT_TRUE(index->Merge().ok());
  EXPECT_EQ(index->statistics().merged_entries, pairs.size() * 2 + 20);
  EXPECT_LT(memory.peak(), before / 2 * 3);
  EXPECT_TRUE(index->Snapshot(index->commit_id()).ok()) << "the newest commit stays";
}

// Runs are as large as their bytes say, whatever the keys: one of them is what a merge takes more.
TEST(HybridIndex, LongStringsMakeRunsOfFewerEntries) {
  SystemClock clock;
  HeapMemory memory;
  HybridOptions options = Small(Form::kLearned);
  options.run_bytes = 256 << 10;
  const auto runs_of = [&](size_t entries) { return entries * 1000 / (options.run_bytes * 3 / 2); };
  auto index = HybridIndex<StringKeys>::Make(options, memory, clock).value();
  std::vector<std::string> texts;
  for (uint64_t i = 0; i < 4000; ++i)
    texts.push_back(std::to_string(100'000 + i) + std::string(1000, 'x'));
  std::vector<Change<StringKeys>> loaded, written;
  for (uint64_t i = 0; i < texts.size(); ++i)
    (i % 2 == 0 ? loaded : written).push_back({texts[i], i});
  ASSERT_TRUE(index->Load(loaded, 1).ok());
  EXPECT_GE(index->statistics().runs, runs_of(loaded.size()));
  ASSERT_TRUE(index->Apply(written, 2).ok());
  ASSERT_TRUE(index->Merge().ok());
  EXPECT_EQ(index->statistics().delta_entries, 0u);
  EXPECT_GE(index->statistics().runs, runs_of(texts.size()));
  for (uint64_t i = 0; i < texts.size(); ++i) ASSERT_EQ(index->Find(texts[i]).payload, i);
}

TEST(HybridIndex, SnapshotsSayNotHereForOtherCommits) {
  HeapMemory memory;
  SystemClock clock;
  HybridOptions options = Small(Form::kLearned);
  options.remembered_commits = 2;
  auto index = HybridIndex<IntKeys>::Make(options, memory, clock).value();
  for (uint64_t commit : {10, 20, 30, 40}) {
    const Change<IntKeys> change{commit, commit};
    ASSERT_TRUE(index->Apply({&change, 1}, commit).ok());
  }
  EXPECT_TRUE(index->Snapshot(41).status().Is(sqlstate::kNotInPrerequisiteState));
  EXPECT_TRUE(index->Snapshot(9).status().Is(sqlstate::kNotInPrerequisiteState));
  EXPECT_TRUE(index->Snapshot(40)->Find(40).found);
  EXPECT_FALSE(index->Snapshot(39)->Find(40).found);
  EXPECT_TRUE(index->Snapshot(39)->Find(30).found);
  EXPECT_FALSE(index->Apply({}, 40).ok());
  ASSERT_TRUE(index->Apply({}, 50).ok());
  EXPECT_TRUE(index->Snapshot(45)->Find(40).found);
}

// Every allocation of a busy life is refused once: what was acknowledged stays, what was refused
// left no trace, and nothing leaks.
template <typename Keys, typename MakeKey>
void SurviveRefusals(Form form, MakeKey make_key) {
  SystemClock clock;
  HybridOptions options = Small(form);
  options.delta_minimum = 60;
  options.run_bytes = 150 * sizeof(IntKeys::Entry);
  options.tail_minimum = 8;
  int64_t requests = 1;
  for (int64_t refuse = -1; refuse < requests; ++refuse) {
    learn::FailingMemory memory(refuse);
    {
      auto made = HybridIndex<Keys>::Make(options, memory, clock);
      if (!made.ok()) continue;
      auto& index = *made.value();
      std::map<std::decay_t<decltype(make_key(0))>, uint64_t> truth;
      Random random(7);
      for (int i = 0; i < 150; ++i) {
        const auto first = make_key(random.Below(300)), second = make_key(random.Below(300));
        if (i % 4 == 3) {  // keys that grow, for the tail
          const auto last = make_key(300 + i), after = make_key(301 + i);
          const Change<Keys> growing[] = {{last, 1}, {after, 1}};
          if (index.Apply(growing, i + 1).ok()) truth[last] = truth[after] = 1;
          continue;
        }
        const Change<Keys> changes[] = {{first, 1}, {second, 1, i % 3 == 0}};
        if (!index.Apply(changes, i + 1).ok()) continue;
        truth[first] = 1;
        changes[1].erase ? void(truth.erase(second)) : void(truth[second] = 1);
      }
      for (uint64_t i = 0; i < 460; ++i)
        ASSERT_EQ(index.Find(make_key(i)).found, truth.count(make_key(i)) != 0) << refuse;
    }
    if (refuse == -1) requests = memory.requests();
    ASSERT_EQ(memory.allocated(), 0u) << refuse;
  }
  EXPECT_GT(requests, 100);
}

TEST(HybridIndex, EveryRefusedAllocationIsSurvived) {
  for (Form form : {Form::kLearned, Form::kTree, Form::kHash}) {
    SurviveRefusals<IntKeys>(form, [](uint64_t i) { return i * 1000; });
    SurviveRefusals<StringKeys>(
        form, [](uint64_t i) { return "https://example.org/" + std::to_string(i); });
  }
}

// Each commit moves the pair under one key from one half of the domain to the other: whatever
// state a reader meets, the number of pairs is the same.
TEST(HybridIndex, ReadersSeeWholeCommitsWhileWritesAndMergesRun) {
  HeapMemory memory;
  SystemClock clock;
  HybridOptions options = Small(Form::kLearned);
  options.background = true;
  options.delta_minimum = 300;
  auto index = HybridIndex<IntKeys>::Make(options, memory, clock).value();
  constexpr uint64_t kPairs = 5000, kFar = uint64_t{1} << 40;
  std::vector<uint64_t> keys(kPairs);
  for (uint64_t i = 0; i < kPairs; ++i) keys[i] = i;
  ASSERT_TRUE(index->Load(Numbered(keys), 1).ok());

  struct Count final : Visitor<IntKeys> {
    uint64_t entries = 0;
    bool Visit(const IntKeys::Entry*, size_t count) override {
      entries += count;
      return true;
    }
  };
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> wrong{0}, scans{0};
  const auto read = [&] {
    Random random(99);
    while (!stop.load() || scans.load() < 20) {
      Count count;
      index->Scan(0, 2 * kPairs, count);
      wrong += count.entries != kPairs;
      ++scans;
      uint64_t both[2];
      both[0] = random.Below(kPairs);
      both[1] = both[0] + kFar;
      Found found[2];
      index->FindBatch(both, 2, found);
      wrong += found[0].found == found[1].found;
      if (auto snapshot = index->Snapshot(index->commit_id()); snapshot.ok()) {
        Count again;
        snapshot->Scan(0, 0, 2 * kPairs, again);
        wrong += again.entries != kPairs;
      }
    }
  };
  std::thread readers[] = {std::thread(read), std::thread(read)};
  Random random(1);
  std::set<uint64_t> far;
  for (int i = 0; i < 6000; ++i) {
    const uint64_t key = random.Below(kPairs);
    const bool back = far.count(key) != 0;
    const Change<IntKeys> changes[] = {{key + kFar, key, back}, {key, key, !back}};
    ASSERT_TRUE(index->Apply(changes, i + 2).ok());
    back ? void(far.erase(key)) : void(far.insert(key));
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong.load(), 0u);
  index->WaitForMerges();
  EXPECT_GT(index->statistics().merges, 3u);
}

TEST(HybridIndex, AWriterThatCannotMergeIsRefusedNotDrowned) {
  SystemClock clock;
  PageMemory memory(3 << 20);
  auto index = HybridIndex<IntKeys>::Make(Small(Form::kLearned), memory, clock).value();
  Status status;
  uint64_t accepted = 0;
  for (; accepted < 10'000'000 && (status = index->Insert(accepted * 977, 1)).ok();) ++accepted;
  EXPECT_TRUE(status.Is(sqlstate::kOutOfMemory));
  EXPECT_LE(memory.allocated(), size_t{3} << 20);
  for (uint64_t i = 0; i < accepted; i += 101) ASSERT_TRUE(index->Find(i * 977).found);
}

}  // namespace
}  // namespace omen::index
