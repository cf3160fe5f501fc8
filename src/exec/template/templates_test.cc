#include "exec/template/templates.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "exec/template/template_memory.h"

namespace omen::exec {
namespace {

std::shared_ptr<StatementTemplate> TemplateOf(uint64_t id) {
  sql::StatementTraits traits;
  traits.template_id = id;
  return std::make_shared<StatementTemplate>(std::move(traits), "select ?", "SELECT");
}

obs::Outcome OutcomeAt(int64_t micros, uint64_t session = 1) {
  obs::Outcome outcome;
  outcome.session_id = session;
  outcome.started_micros = micros;
  outcome.duration_us = 5;
  outcome.rows = 2;
  return outcome;
}

TEST(Templates, OneIdentityIsOneTemplate) {
  Templates templates(10);
  const auto first = templates.Enter(7, [] { return TemplateOf(7); });
  EXPECT_EQ(templates.Enter(7, [] { return TemplateOf(7); }), first);
  EXPECT_NE(templates.Enter(8, [] { return TemplateOf(8); }), first);
  EXPECT_EQ(templates.All().size(), 2u);
}

TEST(Templates, ThoseThatRanLongestAgoLeave) {
  constexpr uint64_t kCapacity = 64;
  Templates templates(kCapacity);
  for (uint64_t id = 1; id <= 1000; ++id) {
    templates.Enter(id, [&] { return TemplateOf(id); })->Note(Path::kRow, OutcomeAt(id));
    templates.Enter(1, [] { return TemplateOf(1); })->Note(Path::kRow, OutcomeAt(id));
  }
  const auto all = templates.All();
  EXPECT_LE(all.size(), kCapacity);
  uint64_t first_calls = 0;
  for (const auto& known : all) {
    EXPECT_TRUE(known->traits.template_id == 1 || known->traits.template_id > 900);
    if (known->traits.template_id == 1) first_calls = known->totals().by_path[1].calls;
  }
  EXPECT_EQ(first_calls, 1001u);
}

StatementTemplate::Runs RunsOf(const StatementTemplate& known, Path path) {
  return known.totals().by_path[static_cast<size_t>(path)];
}

TEST(TemplateMemory, RunsOfBeforeAreAddedToThoseOfNow) {
  const std::string path = ::testing::TempDir() + "omen_templates_memo";
  std::filesystem::remove(path);
  for (uint64_t process = 1; process <= 3; ++process) {
    auto memo = memo::Memo::Open(path).value();
    Templates templates(10);
    TemplateMemory memory(memo.get(), &templates);
    EXPECT_EQ(templates.All().size(), process == 1 ? 0u : 2u);
    for (uint64_t id = 1; id <= 2; ++id) {
      const auto known = templates.Enter(id, [&] { return TemplateOf(id); });
      EXPECT_EQ(known->origin, StatementTemplate::Origin::kBound);
      known->Note(Path::kRow, OutcomeAt(static_cast<int64_t>(process)));
      EXPECT_EQ(RunsOf(*known, Path::kRow).calls, process);
      EXPECT_EQ(RunsOf(*known, Path::kRow).total_us, static_cast<int64_t>(5 * process));
      EXPECT_EQ(known->totals().rows, 2 * process);
      EXPECT_EQ(known->last_run_micros(), static_cast<int64_t>(process));
    }
    EXPECT_TRUE(memory.Keep().ok());
  }
}

TEST(TemplateMemory, WhatLeftIsForgottenAndWhatIsNoRecordIsPassedBy) {
  const std::string path = ::testing::TempDir() + "omen_templates_memo";
  std::filesystem::remove(path);
  auto memo = memo::Memo::Open(path).value();
  {
    Templates templates(2);
    TemplateMemory memory(memo.get(), &templates);
    for (uint64_t id = 1; id <= 5; ++id) {
      templates.Enter(id, [&] { return TemplateOf(id); })
          ->Note(Path::kRow, OutcomeAt(static_cast<int64_t>(id)));
      EXPECT_TRUE(memory.Keep().ok());
    }
    EXPECT_EQ(memo->records(), 2u);
  }
  memo->Put("template/0", 1, "short");
  memo->Put("template/1", 1, std::string(200, 'x'));
  memo->Put("template/2", 99, "of another form");
  Templates templates(10);
  const TemplateMemory memory(memo.get(), &templates);
  ASSERT_EQ(templates.All().size(), 2u);
  for (const auto& known : templates.All()) {
    EXPECT_EQ(known->origin, StatementTemplate::Origin::kRestored);
    EXPECT_EQ(known->text, "select ?");
    EXPECT_EQ(known->tag, "SELECT");
  }
}

TEST(Templates, CountsOfManySessionsAddUp) {
  const auto known = TemplateOf(1);
  std::vector<std::thread> threads;
  for (uint64_t session = 0; session < 6; ++session) {
    threads.emplace_back([&, session] {
      for (int i = 0; i < 1000; ++i) known->Note(Path::kColumn, OutcomeAt(i, session));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const StatementTemplate::Totals totals = known->totals();
  EXPECT_EQ(totals.by_path[static_cast<size_t>(Path::kColumn)].calls, 6000u);
  EXPECT_EQ(totals.by_path[static_cast<size_t>(Path::kColumn)].total_us, 30'000);
  EXPECT_EQ(totals.rows, 12'000u);
  EXPECT_EQ(totals.errors, 0u);
  EXPECT_EQ(totals.last_run_micros, 999);
}

}  // namespace
}  // namespace omen::exec
