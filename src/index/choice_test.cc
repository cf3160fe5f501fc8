// The choices: what is chosen on which keys, that it follows the pattern, and that it is recorded.
#include <gtest/gtest.h>

#include "index/hybrid_index.h"
#include "learn/failing_memory.h"
#include "learn/key_sets.h"

namespace omen::index {
namespace {

/// Every look at the clock takes as long as the test says.
class SteppedClock final : public Clock {
 public:
  int64_t WallMicros() const override { return 1; }
  int64_t MonotonicNanos() const override { return now_ += step_; }
  int64_t ThreadNanos() const override { return now_; }
  mutable int64_t now_ = 0;
  int64_t step_ = 100;
};

HybridOptions Foreground() {
  HybridOptions options;
  options.background = false;
  options.run_bytes = 20000 * sizeof(IntKeys::Entry);
  return options;
}

std::vector<Change<IntKeys>> Pairs(std::string_view kind, size_t count) {
  std::vector<Change<IntKeys>> pairs;
  for (uint64_t key : learn::MakeKeys(kind, count, 1)) pairs.push_back({key, pairs.size()});
  return pairs;
}

TEST(Choice, SmoothKeysGetModelsAndARecordSaysWhy) {
  learn::HeapMemory memory;
  SteppedClock clock;
  obs::DecisionLog log(64);
  for (const char* kind : {"uniform", "lognormal", "sequential", "bursty"}) {
    auto index = HybridIndex<IntKeys>::Make(Foreground(), memory, clock, &log).value();
    ASSERT_TRUE(index->Load(Pairs(kind, 50000), 1).ok());
    EXPECT_EQ(index->statistics().learned_runs, index->statistics().runs) << kind;
    const auto recent = log.Recent();
    EXPECT_STREQ(recent.back().chosen, "learned");
    EXPECT_STREQ(recent.back().part, "index");
    EXPECT_GT(recent.back().input_count, 5u);
    EXPECT_NEAR(recent.back().measured_gain, 1.0, 0.01);
  }
}

// Where a model is near its limit a second one is tried: a choice, so its memory may be refused.
TEST(Choice, ASecondModelIsTriedOnlyWhereThereIsMemoryForIt) {
  SteppedClock clock;
  const auto pairs = Pairs("bursty", 12000);
  const auto finish = [&](learn::Memory& memory) {
    RunBuilder<IntKeys> builder(memory);
    OMEN_RETURN_IF_ERROR(builder.Start(pairs.front().key, pairs.back().key, pairs.size()));
    for (const auto& pair : pairs) OMEN_RETURN_IF_ERROR(builder.Add(pair.key, pair.payload));
    OMEN_ASSIGN_OR_RETURN(SortedRun<IntKeys>* const run,
                          builder.FinishByTrial(4, {.clock = &clock}));
    EXPECT_STREQ(NameOf(run->choice().search), "learned");
    Unplace(memory, run);
    return Status::Ok();
  };
  learn::FailingMemory unlimited;
  ASSERT_TRUE(finish(unlimited).ok());
  size_t done_without = 0;
  for (int64_t refuse = 0; refuse < unlimited.requests(); ++refuse) {
    learn::FailingMemory memory(refuse);
    done_without += finish(memory).ok();
    ASSERT_EQ(memory.allocated(), 0u) << refuse;
  }
  EXPECT_GT(done_without, 0u);
}

// Keys whose gaps grow from each to the next by a factor fit no line over more than a few.
TEST(Choice, AModelThatWouldBeTooLargeIsDroppedForATree) {
  learn::HeapMemory memory;
  SteppedClock clock;
  obs::DecisionLog log(64);
  std::vector<Change<IntKeys>> pairs;
  for (uint64_t i = 0, key = 0; i < 20000; ++i) {
    pairs.push_back({key, i});
    key += uint64_t{1} << (i / 8 % 40);
    if (i % 320 == 319) key += uint64_t{1} << 45;
  }
  auto index = HybridIndex<IntKeys>::Make(Foreground(), memory, clock, &log).value();
  ASSERT_TRUE(index->Load(pairs, 1).ok());
  for (const auto& pair : pairs) ASSERT_EQ(index->Find(pair.key).payload, pair.payload);
  const auto decision = log.Recent().back();
  EXPECT_STREQ(decision.reason, index->statistics().tree_runs == 0
                                    ? "a sample of lookups was not slower through the model"
                                    : "the model would be too large");
}

TEST(Choice, HashesComeWithSingleKeysAndGoWithRanges) {
  learn::HeapMemory memory;
  SteppedClock clock;
  obs::DecisionLog log(64);
  auto index = HybridIndex<IntKeys>::Make(Foreground(), memory, clock, &log).value();
  const auto pairs = Pairs("uniform", 50000);
  ASSERT_TRUE(index->Load(pairs, 1).ok());
  const auto ask = [&] {
    for (const auto& pair : pairs) ASSERT_EQ(index->Find(pair.key).payload, pair.payload);
    index->Reconsider();
  };
  ask();
  // The clock says that nothing is gained.
  EXPECT_EQ(index->statistics().hash_runs, 0u);
  EXPECT_STREQ(log.Recent().back().reason, "a hash was tried and did not pay");
}

TEST(Choice, ABatchOverRunsWithAndWithoutHashesFindsAll) {
  learn::HeapMemory memory;
  const auto pairs = Pairs("uniform", 60000);
  MadeRuns<IntKeys> made(memory);
  ASSERT_TRUE(BuildRuns<IntKeys>(pairs, {{Search::kHash, 4}, 20000, {}}, memory, made).ok());
  Unplace(memory, made.all()[1]->Attach(nullptr));
  const SortedRun<IntKeys>* of[32];
  IntKeys::Probe probes[32];
  const IntKeys::Entry* found[32];
  for (size_t i = 0; i < 32; ++i) {
    of[i] = made.all()[i % 3];
    probes[i] = of[i]->ProbeFor(of[i]->begin()[i * 7].key() + (i % 5 == 0));
  }
  SortedRun<IntKeys>::FindBatch(of, probes, 32, found);
  for (size_t i = 0; i < 32; ++i)
    EXPECT_EQ(found[i], i % 5 == 0 ? nullptr : of[i]->begin() + i * 7) << i;
}

TEST(Choice, ADeltaThatIsReadAndNotWrittenIsMerged) {
  learn::HeapMemory memory;
  SteppedClock clock;
  obs::DecisionLog log(64);
  auto index = HybridIndex<IntKeys>::Make(Foreground(), memory, clock, &log).value();
  const auto pairs = Pairs("uniform", 50000);
  ASSERT_TRUE(index->Load(pairs, 1).ok());
  ASSERT_TRUE(index->Insert(7, 7).ok());
  const auto ask = [&] {
    for (size_t i = 0; i < 20000; ++i) ASSERT_TRUE(index->Find(pairs[i].key).found);
    index->Reconsider();
  };
  ask();
  EXPECT_EQ(index->statistics().merges, 0u) << "it was written to meanwhile";
  for (int i = 0; i < 11; ++i) ask();
  EXPECT_EQ(index->statistics().merges, 1u);
  EXPECT_EQ(index->statistics().delta_entries, 0u);
  EXPECT_EQ(index->Find(7).payload, 7u);
}

TEST(MergePace, KeepsTheMergingThreadHalfBusy) {
  MergePace pace(16);
  EXPECT_FALSE(pace.Merged(50, 100));
  EXPECT_TRUE(pace.Merged(90, 100));
  EXPECT_EQ(pace.fraction(), 8u);
  EXPECT_FALSE(pace.Merged(200, 100)) << "larger deltas would cost memory";
  for (int i = 0; i < 10; ++i) pace.Merged(1, 100);
  EXPECT_EQ(pace.fraction(), MergePace::kMost);
  MergePace forced(1);
  EXPECT_FALSE(forced.Merged(90, 100)) << "what was asked for is not made larger still";
}

TEST(PatternWatch, AddsAfterEnoughPointsAndDropsWhenThePatternTurns) {
  PatternWatch watch;
  using Advice = PatternWatch::Advice;
  const PatternWatch::Shape plain{40000, 0, 2, 0}, half{40000, 0, 2, 1}, hashed{40000, 0, 2, 2};
  Asked asked;
  asked.points = 100;
  EXPECT_EQ(watch.Look(asked, plain), Advice::kWait);
  asked.points = 6000;
  EXPECT_EQ(watch.Look(asked, plain), Advice::kKeep);
  asked.points = 12000;
  EXPECT_EQ(watch.Look(asked, plain), Advice::kAddHash);
  asked.points = 18000;
  EXPECT_EQ(watch.Look(asked, hashed), Advice::kKeep);
  EXPECT_EQ(watch.Look(asked, half), Advice::kWait);
  asked.points = 24000;
  EXPECT_EQ(watch.Look(asked, half), Advice::kAddHash) << "a merge made a run without";
  asked.ranges = 6000;
  EXPECT_EQ(watch.Look(asked, hashed), Advice::kDropHash);
  asked.points = 36000;
  EXPECT_EQ(watch.Look(asked, plain), Advice::kAddHash);
  watch.Refuse();
  asked.points = 48000;
  EXPECT_EQ(watch.Look(asked, plain), Advice::kKeep);
}

TEST(PatternWatch, AsksForAMergeWhenADeltaIsReadForLong) {
  PatternWatch watch;
  using Advice = PatternWatch::Advice;
  const PatternWatch::Shape shape{40000, 500, 2, 0};
  Asked asked;
  asked.writes = 500;
  asked.ranges = 1000;
  EXPECT_EQ(watch.Look(asked, shape), Advice::kKeep) << "it was written to";
  asked.ranges = 2000;
  EXPECT_EQ(watch.Look(asked, shape), Advice::kKeep);
  asked.ranges = 2300;
  EXPECT_EQ(watch.Look(asked, shape), Advice::kMerge);
  asked.ranges = 2600;
  EXPECT_EQ(watch.Look(asked, shape), Advice::kKeep) << "it was refused, and costs as much again";
}

}  // namespace
}  // namespace omen::index
