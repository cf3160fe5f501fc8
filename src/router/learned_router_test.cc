#include "router/learned_router.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
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
  router->EndTrial(statement.features,
                   {statement.us(Path::kRow) * slower, statement.us(Path::kColumn) * slower, 0});
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

TEST(LearnedRouter, KnowsValuesThatEstimatesDoNotTellApart) {
  LearnedRouter router;
  learn::Random noise(9);
  // What is looked for is found at once, or never: the estimates are the same.
  Statement soon = Make(1, 1000, 4000, 0.5, 1), never = Make(1, 1000, 4000, 60, 1);
  soon.features.values = 101;
  never.features.values = 102;
  for (int i = 0; i < 8; ++i) {
    RunOnce(&router, soon, &noise);
    RunOnce(&router, never, &noise);
    for (const Statement* statement : {&soon, &never}) {
      if (!router.WantsTrial(1, statement->features.values)) continue;
      Measure(&router, *statement);
    }
  }
  EXPECT_EQ(router.Choose(soon.features).path, Path::kRow);
  EXPECT_EQ(router.Choose(never.features).path, Path::kColumn);
}

TEST(LearnedRouter, ValuesThatComeAgainAreTriedOnce) {
  LearnedRouter router;
  learn::Random noise(10);
  Statement statement = Make(1, 1000, 4000, 1, 1);
  for (int i = 0; i < 40; ++i) RunOnce(&router, statement, &noise);
  router.EndTrial(statement.features, {});
  statement.features.values = 7;
  RunOnce(&router, statement, &noise);
  EXPECT_FALSE(router.WantsTrial(1, 7));
  RunOnce(&router, statement, &noise);
  EXPECT_TRUE(router.WantsTrial(1, 7));
  EXPECT_FALSE(router.WantsTrial(1, 8));
  router.EndTrial(statement.features, {});
  EXPECT_FALSE(router.WantsTrial(1, 7));
}

TEST(LearnedRouter, WhatIsKeptIsKnownToTheNext) {
  LearnedRouter first;
  const std::vector<uint64_t> parts = {11, 12};
  Statement wrong = Make(1, 1000, 4000, 50, 1), right = Make(2, 1000, 4000, 1, 1);
  Statement unseen = Make(3, 1200, 4000, 50, 1);
  wrong.features.parts = unseen.features.parts = parts;
  wrong.features.values = 5;
  for (int i = 0; i < 60; ++i) {
    Measure(&first, wrong);
    Measure(&first, right);
    first.Train();
  }
  std::vector<Lesson> lessons = first.TakeLessons();
  EXPECT_FALSE(lessons.empty());
  EXPECT_TRUE(first.TakeLessons().empty());
  LearnedRouter second;
  for (const Lesson& lesson : lessons) second.Restore(lesson);
  for (const Statement* statement : {&wrong, &right, &unseen}) {
    for (const Path path : {Path::kRow, Path::kColumn}) {
      const Prediction before = first.Choose(statement->features).on(path);
      const Prediction after = second.Choose(statement->features).on(path);
      EXPECT_DOUBLE_EQ(after.us, before.us);
      EXPECT_EQ(after.source, before.source);
    }
  }
  EXPECT_EQ(second.Choose(wrong.features).path, Path::kColumn);
  EXPECT_TRUE(second.TakeLessons().empty());
}

TEST(LearnedRouter, DamagedLessonsArePassedBy) {
  LearnedRouter first;
  Statement statement = Make(1, 1000, 4000, 50, 1);
  const std::vector<uint64_t> parts = {11, 12};
  statement.features.parts = parts;
  statement.features.values = 3;
  for (int i = 0; i < 5; ++i) Measure(&first, statement);
  learn::Random random(11);
  const std::vector<Lesson> lessons = first.TakeLessons();
  for (int i = 0; i < 3000; ++i) {
    LearnedRouter second;
    for (Lesson lesson : lessons) {
      for (uint64_t changes = random.Below(4); changes > 0 && !lesson.bytes.empty(); --changes) {
        lesson.bytes[random.Below(lesson.bytes.size())] = static_cast<char>(random.Below(256));
      }
      if (random.Below(3) == 0) lesson.bytes.resize(random.Below(lesson.bytes.size() + 1));
      second.Restore(lesson);
    }
    const Choice choice = second.Choose(statement.features);
    for (const Prediction& prediction : choice.predictions) {
      EXPECT_TRUE(std::isfinite(prediction.us) && std::isfinite(prediction.spread));
    }
    (void)second.Regrets();
  }
}

TEST(LearnedRouter, TemplatesThatMadeRoomAreForgottenInWhatIsKept) {
  LearnedRouter router({.templates = 8, .parts = 64, .decisions = 10, .examples = 20});
  std::set<std::string> kept;
  for (uint64_t id = 1; id <= 40; ++id) {
    Measure(&router, Make(id, 1000, 4000, 1, 1));
    for (const Lesson& lesson : router.TakeLessons()) {
      if (!lesson.key.starts_with("template/")) continue;
      lesson.bytes.empty() ? (void)kept.erase(lesson.key) : (void)kept.insert(lesson.key);
    }
  }
  EXPECT_LE(kept.size(), 8u);
}

TEST(LearnedRouter, TemplatesThatSharePartsLearnFromEachOther) {
  LearnedRouter router;
  const std::vector<uint64_t> parts = {11, 12};
  Statement seen = Make(1, 1000, 4000, 50, 1), unseen = Make(2, 1200, 4000, 50, 1);
  seen.features.parts = unseen.features.parts = parts;
  for (int i = 0; i < 30; ++i) Measure(&router, seen);
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

TEST(LearnedRouter, WhatLosesBesideTheRulesIsPutAside) {
  LearnedRouter router;
  learn::Random random(12);
  const std::vector<uint64_t> parts = {21};
  const auto record = [&] { return router.Records()[static_cast<size_t>(Source::kParts)]; };
  const auto draw = [&](uint64_t id, double rows_off) {
    Statement made = Make(id, 1000, 4000, rows_off, 1);
    made.features.parts = parts;
    return made;
  };
  EXPECT_FALSE(record().in_use);  // it has won nothing
  for (uint64_t id = 1; id <= 60; ++id) Measure(&router, draw(id, 30));
  EXPECT_TRUE(record().in_use);
  EXPECT_GT(record().saved, 0.5);
  // Now templates that share the part have nothing else in common: most are as estimated.
  for (uint64_t id = 1000; id <= 1200; ++id) Measure(&router, draw(id, id % 8 == 0 ? 30 : 0.3));
  const bool wins = record().saved > 0;
  EXPECT_EQ(record().in_use, wins);
  const Choice choice = router.Choose(draw(5000, 1).features);
  EXPECT_EQ(choice.on(Path::kRow).source == Source::kParts, wins);
}

TEST(SourceTrust, CountsTimeAndForgets) {
  SourceTrust trust;
  for (int i = 0; i < 19; ++i) trust.Note(1, 2);
  EXPECT_FALSE(trust.has_won());  // too few
  trust.Note(1, 2);
  EXPECT_TRUE(trust.has_won());
  EXPECT_NEAR(trust.saved(), 0.5, 1e-9);
  trust.Note(1e9, 2);
  EXPECT_GT(trust.saved(), -1);  // one statement is no rule
  for (int i = 0; i < 300; ++i) trust.Note(4, 2);
  EXPECT_TRUE(trust.has_lost());
  EXPECT_NEAR(trust.saved(), -1, 0.05);
}

TEST(LearnedRouter, WhatWasCutOffTakesSoLongAtLeast) {
  LearnedRouter router;
  const Statement statement = Make(1, 1000, 4000, 1, 1);
  const auto cut = [&](double us) {
    router.Learn(statement.features, {.path = Path::kRow, .us = us, .cut_off = true});
  };
  const auto believed_us = [&] { return router.Predict(statement.features)[0].us; };
  for (int i = 0; i < 3; ++i) cut(300'000);
  const double believed = believed_us();
  EXPECT_GT(believed, 300'000);
  cut(1000);  // which says nothing
  EXPECT_EQ(believed_us(), believed);
  EXPECT_EQ(router.Choose(statement.features).path, Path::kColumn);
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
      if (!router.WantsTrial(1, 0)) continue;
      ++trials;
      Measure(&router, statement);
    }
  };
  EXPECT_FALSE(router.WantsTrial(1, 0));
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
