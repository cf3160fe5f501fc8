#include "exec/template/templates.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "exec/template/template_memory.h"
#include "exec/template/template_record.h"
#include "learn/key_sets.h"

namespace omen::exec {
namespace {

constexpr int64_t kMinute = 60'000'000, kHour = 60 * kMinute;

TemplatePtr TemplateOf(uint64_t id) {
  sql::StatementTraits traits;
  traits.template_id = id;
  traits.tables_read = {static_cast<Oid>(id)};
  traits.columns_read = {{static_cast<Oid>(id), 2}};
  traits.predicates = {{{static_cast<Oid>(id), 2}, sql::PredicateKind::kRange}};
  traits.key_operands = {{{static_cast<Oid>(id), 2}, 1}};
  traits.parts = {{sql::PlanPart::Kind::kScan, id * id, {static_cast<Oid>(id)}}};
  traits.shape.group_keys = 3;
  traits.shape.limit = true;
  return std::make_shared<StatementTemplate>(std::move(traits), "select ?", "SELECT");
}

obs::Outcome OutcomeAt(int64_t micros, uint64_t session = 1, int64_t duration_us = 5) {
  obs::Outcome outcome;
  outcome.session_id = session;
  outcome.started_micros = micros;
  outcome.duration_us = outcome.cpu_us = duration_us;
  outcome.rows = 2;
  return outcome;
}

void RunOf(Templates* templates, uint64_t id, int times, int64_t at = 1, int64_t duration_us = 5) {
  const TemplatePtr known = templates->Enter(id, [&] { return TemplateOf(id); });
  for (int i = 0; i < times; ++i) {
    templates->Current(known).runs.Note(Path::kRow, OutcomeAt(at, 1, duration_us));
  }
}

uint64_t CallsOf(const StatementTemplate& known) { return known.runs.totals().all().calls; }

uint64_t AllCalls(const Templates& templates) {
  uint64_t calls = templates.others().all().calls;
  for (const auto& known : templates.All()) calls += CallsOf(*known);
  return calls;
}

TEST(Templates, OneIdentityIsOneTemplate) {
  Templates templates(10);
  const auto first = templates.Enter(7, [] { return TemplateOf(7); });
  EXPECT_EQ(templates.Enter(7, [] { return TemplateOf(7); }), first);
  EXPECT_NE(templates.Enter(8, [] { return TemplateOf(8); }), first);
  EXPECT_EQ(templates.All().size(), 2u);
}

TEST(Templates, ThoseThatTookLeastTimeLeaveAndAreCountedTogether) {
  constexpr uint64_t kCapacity = 64;
  Templates templates(kCapacity);
  RunOf(&templates, 1, 1, 1, 1'000'000);
  for (uint64_t id = 2; id <= 1000; ++id) RunOf(&templates, id, 3, static_cast<int64_t>(id));
  const auto all = templates.All();
  EXPECT_LE(all.size(), kCapacity);
  EXPECT_TRUE(std::ranges::any_of(all, [](const auto& of) { return of->traits.template_id == 1; }));
  EXPECT_EQ(AllCalls(templates), 1 + 999 * 3u);
  EXPECT_EQ(templates.heat().tables().size(), 1000u);
}

TEST(Templates, OneThatLeftIsAmongThemAgainWhenItRuns) {
  Templates templates(8);
  const TemplatePtr held = templates.Enter(1, [] { return TemplateOf(1); });
  for (uint64_t id = 2; id <= 100; ++id) RunOf(&templates, id, 1, 1, 50);
  EXPECT_EQ(CallsOf(templates.Current(held)), 0u);
  RunOf(&templates, 1, 4);
  templates.Current(held).runs.Note(Path::kRow, OutcomeAt(1));
  uint64_t calls = 0;
  for (const auto& known : templates.All()) {
    if (known->traits.template_id == 1) calls += CallsOf(*known);
  }
  EXPECT_EQ(calls, 5u);
  EXPECT_EQ(AllCalls(templates), 99u + 5u);
}

TEST(Templates, WhatWasHeavyLongAgoIsLightNow) {
  Templates templates(16);
  RunOf(&templates, 1, 1, 1, 1'000'000);
  templates.Count(kHour);
  templates.Count(kHour * 24 * 14);
  for (uint64_t id = 2; id <= 200; ++id) RunOf(&templates, id, 1, 1, 1000);
  for (const auto& known : templates.All()) EXPECT_NE(known->traits.template_id, 1u);
}

TEST(Templates, RunsAreCountedByMinute) {
  Templates templates(10);
  std::map<int64_t, uint64_t> expected;
  for (int64_t minute = 100; minute < 200; minute += 7) {
    RunOf(&templates, 3, static_cast<int>(minute));
    templates.Count(minute * kMinute + 1);
    templates.Count(minute * kMinute + 30'000'000);
    expected[minute] = static_cast<uint64_t>(minute);
  }
  std::map<int64_t, uint64_t> minutes;
  templates.CountedOf(3).arrivals.ForEach(
      [&](int64_t minute, int64_t, uint64_t count) { minutes[minute] = count; });
  EXPECT_EQ(minutes, expected);
  templates.Count(kHour * 24 * 30);
  EXPECT_TRUE(templates.CountedOf(3).arrivals.empty());
}

TEST(Templates, ArrivalsAreBounded) {
  constexpr uint64_t kTemplates = 300;
  Templates templates(kTemplates);
  for (int64_t minute = 0; minute < 7 * 24 * 60; minute += 5) {
    for (uint64_t id = 1; id <= kTemplates; ++id) RunOf(&templates, id, 1);
    templates.Count(minute * kMinute);
  }
  size_t bytes = 0;
  uint64_t total = 0;
  for (uint64_t id = 1; id <= kTemplates; ++id) {
    const learn::Arrivals arrivals = templates.CountedOf(id).arrivals;
    bytes += arrivals.bytes();
    total += arrivals.total();
  }
  EXPECT_LE(bytes, 9u << 20);
  EXPECT_EQ(total, kTemplates * 7 * 24 * 12);
}

class TemplateMemoryTest : public ::testing::Test {
 protected:
  TemplateMemoryTest() : path_(::testing::TempDir() + "omen_templates_memo") {
    std::filesystem::remove(path_);
  }
  const std::string path_;
};

TEST_F(TemplateMemoryTest, RunsOfBeforeAreAddedToThoseOfNow) {
  for (uint64_t process = 1; process <= 3; ++process) {
    auto memo = memo::Memo::Open(path_).value();
    Templates templates(10);
    TemplateMemory memory(memo.get(), &templates);
    EXPECT_EQ(templates.All().size(), process == 1 ? 0u : 2u);
    for (uint64_t id = 1; id <= 2; ++id) {
      RunOf(&templates, id, 1, static_cast<int64_t>(process));
      const auto known = templates.Enter(id, [&] { return TemplateOf(id); });
      EXPECT_EQ(known->origin, StatementTemplate::Origin::kBound);
      const TemplateRuns::Totals totals = known->runs.totals();
      EXPECT_EQ(totals.by_path[static_cast<size_t>(Path::kRow)].calls, process);
      EXPECT_EQ(totals.all().total_us, static_cast<int64_t>(5 * process));
      EXPECT_EQ(totals.all().rows, 2 * process);
      EXPECT_EQ(totals.last_run_micros, static_cast<int64_t>(process));
      EXPECT_EQ(known->runs.recent(Path::kRow)->weight(), static_cast<double>(process));
      EXPECT_EQ(known->runs.recent(Path::kColumn), nullptr);
    }
    EXPECT_TRUE(memory.Keep().ok());
  }
}

TEST_F(TemplateMemoryTest, HoursAreWrittenOnceAndReadOnce) {
  uint64_t expected = 0;
  for (int64_t process = 0; process < 5; ++process) {
    auto memo = memo::Memo::Open(path_).value();
    Templates templates(10);
    TemplateMemory memory(memo.get(), &templates);
    EXPECT_EQ(templates.CountedOf(1).arrivals.total(), expected);
    for (int64_t minute = 0; minute < 150; minute += 10) {
      RunOf(&templates, 1, 3);
      templates.Count((process * 100 + minute) * kMinute);
      expected += 3;
      if (minute % 40 == 0) {
        EXPECT_TRUE(memory.Keep().ok());
      }
    }
    EXPECT_TRUE(memory.Keep().ok());
  }
}

TEST_F(TemplateMemoryTest, AKilledServersTemplatesAreKnownWhole) {
  {
    auto memo = memo::Memo::Open(path_).value();
    Templates templates(3);
    TemplateMemory memory(memo.get(), &templates);
    for (uint64_t id = 1; id <= 8; ++id) RunOf(&templates, id, 2, 9, static_cast<int64_t>(10 * id));
    EXPECT_TRUE(memory.Keep().ok());
  }
  auto memo = memo::Memo::Open(path_).value();
  Templates templates(3);
  const TemplateMemory memory(memo.get(), &templates);
  EXPECT_EQ(AllCalls(templates), 16u);
  EXPECT_EQ(templates.heat().columns().size(), 8u);
  for (const auto& known : templates.All()) {
    EXPECT_EQ(known->origin, StatementTemplate::Origin::kRestored);
    const TemplatePtr bound = TemplateOf(known->traits.template_id);
    EXPECT_EQ(EncodeTemplate(*known), EncodeTemplate(*bound));
    EXPECT_EQ(known->text, "select ?");
    EXPECT_EQ(known->traits.key_operands, bound->traits.key_operands);
    EXPECT_EQ(known->traits.shape.group_keys, 3);
    EXPECT_TRUE(known->traits.shape.limit);
  }
}

TEST_F(TemplateMemoryTest, RunsThatAreCountedAfterTheyWereKeptAreKeptAgain) {
  {
    auto memo = memo::Memo::Open(path_).value();
    Templates templates(10);
    TemplateMemory memory(memo.get(), &templates);
    RunOf(&templates, 1, 3);
    EXPECT_TRUE(memory.Keep().ok());
    templates.Count(kHour);
    EXPECT_TRUE(memory.Keep().ok());
  }
  auto memo = memo::Memo::Open(path_).value();
  Templates templates(10);
  const TemplateMemory memory(memo.get(), &templates);
  EXPECT_EQ(templates.CountedOf(1).arrivals.total(), 3u);
  EXPECT_GT(templates.RecentMicros(1), 0);
}

TEST_F(TemplateMemoryTest, WhatLeftIsForgottenAndWhatIsNoRecordIsPassedBy) {
  auto memo = memo::Memo::Open(path_).value();
  {
    Templates templates(2);
    TemplateMemory memory(memo.get(), &templates);
    for (uint64_t id = 1; id <= 5; ++id) {
      RunOf(&templates, id, 1);
      EXPECT_TRUE(memory.Keep().ok());
    }
    EXPECT_EQ(memo->records(), 2 * 2u + 2u);  // of two templates, and of the others
  }
  memo->Put("template/0", kTemplateRecordVersion, "short");
  memo->Put("template/1", kTemplateRecordVersion, std::string(200, 'x'));
  memo->Put("template/2", 99, "of another form");
  Templates templates(10);
  const TemplateMemory memory(memo.get(), &templates);
  EXPECT_EQ(templates.All().size(), 2u);
  EXPECT_EQ(memo->records(), 6u);
}

TEST(TemplateRecord, TakesNoBytesThatAreNoneOfItsOwn) {
  const TemplatePtr known = TemplateOf(5);
  known->runs.Note(Path::kColumn, OutcomeAt(3));
  const std::string whole[] = {EncodeTemplate(*known), EncodeRuns(*known, {}),
                               EncodeTotals(known->runs.totals())};
  learn::Random random(1);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = whole[i % 3].substr(0, random.Below(whole[i % 3].size() + 1));
    if (!bytes.empty()) bytes[random.Below(bytes.size())] = static_cast<char>(random.Next());
    const TemplatePtr read = DecodeTemplate(bytes);
    if (read != nullptr) {
      EXPECT_LE(read->text.size(), bytes.size());
    }
    Templates::Counted counted;
    RestoreRuns(bytes, TemplateOf(6).get(), &counted);
    (void)DecodeTotals(bytes);
    Heat().Restore(bytes);
  }
}

TEST(TemplateRuns, OfManySessionsAddUp) {
  TemplateRuns runs;
  std::vector<std::thread> threads;
  for (uint64_t session = 0; session < 6; ++session) {
    threads.emplace_back([&, session] {
      for (int i = 0; i < 1000; ++i) runs.Note(Path::kColumn, OutcomeAt(i, session, i % 10));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const TemplateRuns::Totals totals = runs.totals();
  EXPECT_EQ(totals.by_path[static_cast<size_t>(Path::kColumn)].calls, 6000u);
  EXPECT_EQ(totals.all().total_us, 27'000);
  EXPECT_EQ(totals.squares_us2, 6 * 100 * 285.0);
  EXPECT_EQ(totals.min_us, 0);
  EXPECT_EQ(totals.max_us, 9);
  EXPECT_EQ(totals.all().rows, 12'000u);
  EXPECT_EQ(totals.all().errors, 0u);
  EXPECT_EQ(totals.last_run_micros, 999);
  EXPECT_EQ(runs.Take().all().calls, 6000u);
  EXPECT_EQ(runs.totals().all().calls, 0u);
}

Value MicrosValue(int64_t micros) { return Value::Int(micros); }

TEST(ParameterShapes, TellHowValuesFollowEachOther) {
  const std::vector<Type> types = {{oid::kInt8},      {oid::kText}, {oid::kTimestamp},
                                   {oid::kTimestamp}, {oid::kInt4}, {oid::kInt4}};
  ParameterShapes shapes;
  learn::Random random(1);
  for (int64_t i = 0; i < 300; ++i) {
    const int64_t now = i * 1'000'000;
    const Row params = {Value::Int(i), Value::Text("always"), MicrosValue(now - 3600'000'000ll),
                        Value(),       Value::Int(i * 100),   Value::Int(i * 100 + 50)};
    shapes.Note({.params = params, .types = types, .text = "", .now_micros = now});
  }
  std::vector<std::string_view> names;
  for (const auto& shown : shapes.All()) names.push_back(learn::PatternName(shown.shape));
  EXPECT_EQ(names, (std::vector<std::string_view>{"increasing", "constant", "moving window",
                                                  "constant", "moving window", "moving window"}));
}

TEST(ParameterShapes, LongValuesAreToldApartByTheirBeginningAndSize) {
  const std::vector<Type> types = {{oid::kText}, {oid::kText}};
  ParameterShapes shapes;
  learn::Random random(1);
  std::string text(1 << 20, 'x');
  for (int i = 0; i < 40; ++i) {
    text[text.size() - 1 - static_cast<size_t>(i)] = 'y';  // not looked at
    const Row params = {Value::Text(text), Value::Text(text.substr(random.Below(1 << 20)))};
    shapes.Note({.params = params, .types = types, .text = ""});
  }
  EXPECT_EQ(shapes.All()[0].shape, learn::PatternShape::kConstant);
  EXPECT_NE(shapes.All()[1].shape, learn::PatternShape::kConstant);
}

TEST(ParameterShapes, LookAtLiteralsWhereThereAreNoParameters) {
  ParameterShapes shapes;
  for (int i = 10; i < 60; ++i) {
    const std::string text =
        "select 1 from t where a = 'x' and at > '2026-12-01 10:00:" + std::to_string(i) +
        "' and b > " + std::to_string(i);
    shapes.Note({.params = {}, .types = {}, .text = text});
  }
  std::vector<std::string_view> names;
  for (const auto& shown : shapes.All()) names.push_back(learn::PatternName(shown.shape));
  EXPECT_EQ(names,
            (std::vector<std::string_view>{"constant", "constant", "increasing", "increasing"}));
  const std::string kept = shapes.Encode();
  ParameterShapes again;
  again.Restore(kept);
  EXPECT_EQ(again.Encode(), kept);
  EXPECT_EQ(kept.find("2026"), std::string::npos);
}

}  // namespace
}  // namespace omen::exec
