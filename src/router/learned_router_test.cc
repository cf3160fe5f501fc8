#include "router/learned_router.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "learn/key_sets.h"

namespace omen::router {
namespace {

/// Statements of a made-up server: their estimates are wrong in a way of their own.
struct Statement {
  Features features;
  std::array<double, kPaths> truth_us{};

  double us(Path path) const { return truth_us[static_cast<size_t>(path)]; }
};

Statement Make(uint64_t id, double rows_us, double column_us, double rows_off, double column_off) {
  Statement made;
  made.features.template_id = id;
  made.features.row_cost_us = rows_us;
  made.features.column_cost_us = column_us;
  made.features.rows_touched = rows_us;
  made.features.on(Path::kMixed) = {false, "not here"};
  made.truth_us = {rows_us * rows_off, column_us * column_off, 0};
  return made;
}

Path RunOnce(LearnedRouter* router, const Statement& statement, learn::Random* noise) {
  const Choice choice = router->Choose(statement.features);
  router->Learn(statement.features,
                {.path = choice.path,
                 .us = statement.us(choice.path) * std::exp(0.1 * noise->Normal()),
                 .decision = choice.decision});
  return choice.path;
}

void Measure(LearnedRouter* router, const Statement& statement, double slower = 1) {
  for (const Path path : {Path::kRow, Path::kColumn}) {
    router->Learn(statement.features,
                  {.path = path, .us = statement.us(path) * slower, .measured = true});
  }
}

TEST(LearnedRouter, FollowsTheRulesWhereNothingIsKnown) {
  LearnedRouter router;
  for (double rows_us = 10; rows_us < 1e7; rows_us *= 3) {
    const Statement statement = Make(7, rows_us, 2000, 1, 1);
    EXPECT_EQ(router.Choose(statement.features).path, RuleRouter().Choose(statement.features).path);
  }
  Statement lookup = Make(8, 1e6, 10, 1, 1);
  lookup.features.key_lookup = true;
  EXPECT_EQ(router.Choose(lookup.features).path, Path::kRow);
  EXPECT_EQ(router.Choose(lookup.features).decision, 0u);
}

TEST(LearnedRouter, TakesThePathThatWasMeasuredToBeFaster) {
  LearnedRouter router;
  learn::Random noise(1);
  const Statement wrong = Make(1, 1000, 4000, 50, 1);  // rows take 50 ms, columns 4
  EXPECT_EQ(RunOnce(&router, wrong, &noise), Path::kRow);
  Measure(&router, wrong);
  Measure(&router, wrong);
  EXPECT_EQ(RunOnce(&router, wrong, &noise), Path::kColumn);
  const Choice choice = router.Choose(wrong.features);
  EXPECT_EQ(choice.on(Path::kColumn).source, Source::kTemplate);
  EXPECT_NEAR(std::log(choice.on(Path::kColumn).us / 4000), 0, 0.4);
  EXPECT_EQ(choice.by_rules, Path::kRow);
  EXPECT_TRUE(choice.reason.starts_with("learned by template: ")) << choice.reason;
}

TEST(LearnedRouter, MeasurementsUnderAnotherLoadTellOfDifferencesOnly) {
  LearnedRouter router;
  learn::Random noise(2);
  const Statement right = Make(1, 1000, 4000, 1, 1);
  for (int i = 0; i < 10; ++i) RunOnce(&router, right, &noise);
  // On an idle machine, where both take a tenth; what clients see of rows is no tenth.
  for (int i = 0; i < 5; ++i) Measure(&router, right, 0.1);
  EXPECT_EQ(RunOnce(&router, right, &noise), Path::kRow);
  EXPECT_GT(router.Choose(right.features).on(Path::kColumn).us, 2000);
}

TEST(LearnedRouter, KnowsParametersThatFlipTheBestPath) {
  LearnedRouter router;
  // Estimates are right of few rows, and twenty times too low of many.
  const Statement few = Make(1, 300, 4000, 1, 1), many = Make(1, 3000, 4000, 20, 1);
  for (int i = 0; i < 4; ++i) {
    Measure(&router, few);
    Measure(&router, many);
  }
  EXPECT_EQ(router.Choose(few.features).path, Path::kRow);
  EXPECT_EQ(router.Choose(many.features).path, Path::kColumn);
}

TEST(LearnedRouter, TemplatesThatSharePartsLearnFromEachOther) {
  LearnedRouter router;
  const std::vector<uint64_t> parts = {11, 12};
  Statement seen = Make(1, 1000, 4000, 50, 1), unseen = Make(2, 1200, 4000, 50, 1);
  seen.features.parts = unseen.features.parts = parts;
  for (int i = 0; i < 10; ++i) Measure(&router, seen);
  const Choice choice = router.Choose(unseen.features);
  EXPECT_EQ(choice.path, Path::kColumn);
  EXPECT_EQ(choice.on(Path::kRow).source, Source::kParts);
}

TEST(LearnedRouter, ShapesThatAreMisjudgedAlikeAreLearned) {
  LearnedRouter router;
  learn::Random random(3);
  const auto draw = [&](uint64_t id) {
    const bool grouped = id % 2 == 0;
    const double rows_us = 500 + static_cast<double>(random.Below(2000));
    Statement made = Make(id, rows_us, 3000, grouped ? 20 : 1, 1);
    made.features.shape.group_keys = grouped ? 2 : 0;
    return made;
  };
  for (uint64_t id = 1; id <= 200; ++id) {
    Measure(&router, draw(id));
    router.Train();
  }
  int right = 0;
  for (uint64_t id = 1001; id <= 1100; ++id) {
    const Statement unseen = draw(id);
    const Path best = unseen.us(Path::kRow) < unseen.us(Path::kColumn) ? Path::kRow : Path::kColumn;
    right += router.Choose(unseen.features).path == best ? 1 : 0;
  }
  EXPECT_GE(right, 90);
}

TEST(LearnedRouter, ForgetsWhatIsTrueNoMore) {
  LearnedRouter router;
  learn::Random noise(4);
  Statement statement = Make(1, 1000, 4000, 50, 1);
  for (int i = 0; i < 100; ++i) Measure(&router, statement);
  EXPECT_EQ(router.Choose(statement.features).path, Path::kColumn);
  statement.truth_us[0] = 500;  // an index came that the estimate knows nothing of
  int until = 0;
  for (; until < 200 && RunOnce(&router, statement, &noise) == Path::kColumn; ++until) {
    Measure(&router, statement);
  }
  EXPECT_LT(until, 100);
}

TEST(LearnedRouter, WantsTrialsEverMoreSeldomUnlessItIsSurprised) {
  LearnedRouter router;
  learn::Random noise(8);
  Statement statement = Make(1, 1000, 4000, 1, 1);
  int trials = 0;
  const auto run = [&](int times) {
    for (int i = 0; i < times; ++i) {
      RunOnce(&router, statement, &noise);
      if (!router.WantsTrial(1)) continue;
      ++trials;
      Measure(&router, statement);
    }
  };
  EXPECT_FALSE(router.WantsTrial(1));
  run(1000);
  EXPECT_GE(trials, 8);
  EXPECT_LE(trials, 12);
  trials = 0;
  statement.truth_us[0] = 20'000;
  run(30);
  EXPECT_GE(trials, 1);
  EXPECT_EQ(router.Choose(statement.features).path, Path::kColumn);
}

TEST(LearnedRouter, ShowsItsRegretAndHowOftenItWasRight) {
  LearnedRouter router;
  learn::Random noise(5);
  const Statement statement = Make(9, 1000, 4000, 20, 1);
  RunOnce(&router, statement, &noise);
  Measure(&router, statement);
  ASSERT_EQ(router.Regrets().size(), 1u);
  const Regret regret = router.Regrets().front();
  EXPECT_EQ(regret.chosen, Path::kRow);
  EXPECT_EQ(regret.best, Path::kColumn);
  EXPECT_GT(regret.chosen_us, 3 * regret.best_us);
  for (int i = 0; i < 50; ++i) RunOnce(&router, statement, &noise);
  const SourceRecord record = router.Records()[static_cast<size_t>(Source::kTemplate)];
  EXPECT_GT(record.predictions, 30u);
  EXPECT_GT(record.right, record.predictions * 8 / 10);
  EXPECT_EQ(router.Decisions().size(), 51u);
  EXPECT_GT(router.Decisions().front().us, 0);
}

TEST(LearnedRouter, IsBounded) {
  LearnedRouter router({.templates = 100, .parts = 50, .decisions = 10, .examples = 20});
  learn::Random noise(6);
  for (uint64_t id = 1; id <= 5000; ++id) {
    const std::vector<uint64_t> parts = {id, id + 1, id + 2};
    Statement statement = Make(id, 1000, 4000, 1, 1);
    statement.features.parts = parts;
    RunOnce(&router, statement, &noise);
  }
  EXPECT_LE(router.Regrets().size(), 100u);
  EXPECT_EQ(router.Decisions().size(), 10u);
  router.Train();
}

TEST(LearnedRouter, ServesManySessionsAtOnce) {
  LearnedRouter router({.templates = 8, .parts = 16, .decisions = 10, .examples = 20});
  std::vector<std::thread> sessions;
  for (uint64_t session = 1; session <= 3; ++session) {
    sessions.emplace_back([&, session] {
      learn::Random noise(session);
      const std::vector<uint64_t> parts = {session, 7};
      for (uint64_t i = 0; i < 300; ++i) {
        Statement statement = Make(1 + i % 12, 1000, 4000, 20, 1);
        statement.features.parts = parts;
        RunOnce(&router, statement, &noise);
        if (i % 20 == 0) router.Train();
        if (i % 50 == 0) {
          EXPECT_LE(router.Regrets().size(), 8u);
        }
      }
    });
  }
  for (std::thread& session : sessions) session.join();
  EXPECT_EQ(router.Decisions().size(), 10u);
}

}  // namespace
}  // namespace omen::router
