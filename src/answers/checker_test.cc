#include "answers/checker.h"

#include <gtest/gtest.h>

#include <cmath>

namespace omen::answers {
namespace {

constexpr Type kInt{oid::kInt4, -1}, kFloat{oid::kFloat8, -1};

Digest DigestOf(const std::vector<Type>& types, const std::vector<std::vector<Value>>& rows) {
  Digest digest(types);
  for (const auto& row : rows) digest.Add(row);
  return digest;
}

/// A path that answers what the test plants.
class Planted final : public Recheck {
 public:
  explicit Planted(Result<Answer> answer) : answer_(std::move(answer)) {}
  Result<Answer> Run(CancelToken*) override { return std::move(answer_); }

 private:
  Result<Answer> answer_;
};

/// A path that runs until it is stopped.
class Endless final : public Recheck {
 public:
  Result<Answer> Run(CancelToken* cancel) override {
    while (cancel->Check().ok()) std::this_thread::yield();
    return cancel->Check();
  }
};

Sample SampleOf(int64_t told, std::unique_ptr<Recheck> again) {
  Sample sample;
  sample.template_text = "select count(*) from t where a = ?";
  sample.path = "row";
  sample.commit = 7;
  sample.share = 1;
  sample.digest = DigestOf({kInt}, {{Value::Int(told)}});
  sample.again = std::move(again);
  return sample;
}

std::unique_ptr<Recheck> Answering(int64_t value) {
  return std::make_unique<Planted>(
      Recheck::Answer{DigestOf({kInt}, {{Value::Int(value)}}), "column"});
}

void AwaitAll(const Checker& checker) {
  while (checker.counts().waiting > 0) std::this_thread::yield();
}

TEST(Digest, OrderOfRowsDoesNotMatterAndContentDoes) {
  const std::vector<Value> one{Value::Int(1), Value::Int(2)}, other{Value::Int(2), Value::Int(1)};
  const std::vector<Type> types{kInt, kInt};
  EXPECT_TRUE(DigestOf(types, {one, other}).Same(DigestOf(types, {other, one})));
  EXPECT_FALSE(DigestOf(types, {one, other}).Same(DigestOf(types, {one, one})));
  EXPECT_FALSE(DigestOf(types, {one}).Same(DigestOf(types, {one, one})));
  EXPECT_FALSE(DigestOf(types, {one}).Same(DigestOf(types, {other})));
  EXPECT_FALSE(DigestOf({kInt}, {{Value()}}).Same(DigestOf({kInt}, {{Value::Int(0)}})));
}

TEST(Digest, FloatsDifferByMoreThanTheirRounding) {
  const auto of = [](double a, double b) {
    return DigestOf({kInt, kFloat},
                    {{Value::Int(1), Value::Double(a)}, {Value::Int(2), Value::Double(b)}});
  };
  EXPECT_TRUE(of(0.1 + 0.2, 1e9).Same(of(0.3, 1e9)));
  EXPECT_TRUE(of(0.0, 1).Same(of(-0.0, 1)));
  EXPECT_FALSE(of(1.5, 2.5).Same(of(2.5, 1.5)));
  EXPECT_FALSE(of(1, 2).Same(of(1, 2.000001)));
  EXPECT_FALSE(of(1, NAN).Same(of(1, INFINITY)));
}

TEST(Checker, APlantedWrongAnswerIsReportedWithoutData) {
  const SystemClock clock;
  jobs::Runner runner(&clock, jobs::ThisMachine());
  Checker checker(&clock, &runner);
  checker.Submit(SampleOf(4711, Answering(4711)), nullptr);
  checker.Submit(SampleOf(4711, Answering(4712)), nullptr);
  AwaitAll(checker);
  const Counts counts = checker.counts();
  EXPECT_EQ(counts.checked, 2u);
  EXPECT_EQ(counts.equal, 1u);
  EXPECT_EQ(counts.different, 1u);
  const std::vector<Difference> found = checker.Differences();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].template_text, "select count(*) from t where a = ?");
  EXPECT_EQ(found[0].path, "row");
  EXPECT_EQ(found[0].other_path, "column");
  EXPECT_EQ(found[0].commit, 7u);
  EXPECT_NE(found[0].digest, found[0].other_digest);
  EXPECT_EQ(found[0].digest.find("4711"), std::string::npos);
}

TEST(Checker, AnErrorOfTheOtherPathIsADifferenceUnlessItRefuses) {
  const SystemClock clock;
  jobs::Runner runner(&clock, jobs::ThisMachine());
  Checker checker(&clock, &runner);
  checker.Submit(SampleOf(1, std::make_unique<Planted>(Status(sqlstate::kInternalError, "oh"))),
                 nullptr);
  checker.Submit(SampleOf(1, std::make_unique<Planted>(NotSupported("that"))), nullptr);
  AwaitAll(checker);
  EXPECT_EQ(checker.counts().different, 1u);
  EXPECT_EQ(checker.counts().skipped.at("another path answered SQLSTATE 0A000"), 1u);
}

TEST(Checker, DifferencesAreBounded) {
  const SystemClock clock;
  jobs::Runner runner(&clock, jobs::ThisMachine());
  Options options;
  options.differences = 3;
  Checker checker(&clock, &runner, options);
  for (int i = 0; i < 10; ++i) checker.Submit(SampleOf(1, Answering(2)), nullptr);
  AwaitAll(checker);
  EXPECT_EQ(checker.counts().different, 10u);
  EXPECT_EQ(checker.Differences().size(), 3u);
  EXPECT_EQ(checker.Differences().back().id, 10u);
}

TEST(Checker, ARunIsCutShortByItsLimitAndByStop) {
  const SystemClock clock;
  jobs::Runner runner(&clock, jobs::ThisMachine());
  Options options;
  options.limit = std::chrono::milliseconds(20);
  Checker checker(&clock, &runner, options);
  checker.Submit(SampleOf(1, std::make_unique<Endless>()), nullptr);
  AwaitAll(checker);
  EXPECT_EQ(checker.counts().skipped.at("another path answered SQLSTATE 57014"), 1u);
  checker.Stop();
  Checker patient(&clock, &runner);
  CancelToken gone;  // the client does not wait
  gone.Cancel(CancelToken::Reason::kUser);
  patient.Submit(SampleOf(1, std::make_unique<Endless>()), &gone);
  patient.Stop();
  EXPECT_EQ(patient.counts().waiting, 0u);
}

TEST(Checker, AShareIsTakenEvenly) {
  const SystemClock clock;
  jobs::Runner runner(&clock, jobs::ThisMachine());
  Checker checker(&clock, &runner);
  int taken = 0;
  for (int i = 0; i < 1000; ++i) taken += checker.Wants(0.01) ? 1 : 0;
  EXPECT_EQ(taken, 10);
  EXPECT_FALSE(checker.Wants(0));
}

}  // namespace
}  // namespace omen::answers
