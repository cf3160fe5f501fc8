#include "session/setting/settings.h"

#include <gtest/gtest.h>

namespace omen::session {
namespace {

std::string Shown(const Settings& settings, std::string_view name) {
  auto value = settings.Show(name);
  return value.ok() ? *value : value.status().error().message;
}

struct Case {
  std::string_view name, value, expected;  // expected: the value shown, or the error's message
};

TEST(Settings, ReadsAndPrintsAsPostgres) {
  const Case cases[] = {
      {"statement_timeout", "5s", "5s"},
      {"statement_timeout", "5000", "5s"},
      {"statement_timeout", "90 s", "90s"},
      {"statement_timeout", "120000", "2min"},
      {"statement_timeout", "1.5s", "1500ms"},
      {"statement_timeout", "0", "0"},
      {"statement_timeout", "x", "invalid value for parameter \"statement_timeout\": \"x\""},
      {"statement_timeout", "-1",
       "-1 ms is outside the valid range for parameter \"statement_timeout\" (0 .. 2147483647)"},
      {"work_mem", "65536", "64MB"},
      {"work_mem", "1GB", "1GB"},
      {"extra_float_digits", "3", "3"},
      {"extra_float_digits", "4",
       "4 is outside the valid range for parameter \"extra_float_digits\" (-15 .. 3)"},
      {"jit", "OF", "off"},
      {"jit", "t", "on"},
      {"jit", "maybe", "parameter \"jit\" requires a Boolean value"},
      {"bytea_output", "ESCAPE", "escape"},
      {"bytea_output", "b64", "invalid value for parameter \"bytea_output\": \"b64\""},
      {"client_encoding", "utf-8", "UTF8"},
      {"client_encoding", "UNICODE", "UTF8"},
      {"client_encoding", "latin1", "client_encoding latin1 is not supported"},
      {"client_encoding", "nope", "invalid value for parameter \"client_encoding\": \"nope\""},
      {"DateStyle", "iso", "ISO, MDY"},
      {"datestyle", "German", "DateStyle German is not supported"},
      {"intervalstyle", "postgres", "postgres"},
      {"intervalstyle", "iso_8601", "IntervalStyle = iso_8601 is not supported"},
      {"standard_conforming_strings", "off", "standard_conforming_strings = off is not supported"},
      {"omendb.route", "Column", "column"},
      {"omendb.route", "sideways", "invalid value for parameter \"omendb.route\": \"sideways\""},
      {"omendb.freshness", "session", "session"},
      {"server_version", "16", "parameter \"server_version\" cannot be changed"},
      {"max_connections", "5",
       "parameter \"max_connections\" cannot be changed without restarting the server"},
      {"nosuch", "1", "unrecognized configuration parameter \"nosuch\""},
      {"omendb.nosuch", "1", "invalid configuration parameter name \"omendb.nosuch\""},
      {"my.setting", "Any Text", "Any Text"},
      {"search_path", "a, \"B c\"", "a, \"B c\""},
      {"search_path", "a,,b", "invalid value for parameter \"search_path\": \"a,,b\""},
      {"role", "none", "none"},
      {"role", "other", "SET ROLE is not supported"},
  };
  for (const Case& c : cases) {
    Settings settings("u");
    Status status = settings.SetText(c.name, c.value, false);
    std::string seen = status.ok() ? Shown(settings, c.name) : status.error().message;
    EXPECT_EQ(seen, c.expected) << c.name << " = " << c.value;
  }
}

TEST(Settings, NamesHaveNoCase) {
  Settings settings("u");
  EXPECT_EQ(Shown(settings, "SERVER_ENCODING"), "UTF8");
  EXPECT_EQ(Shown(settings, "datestyle"), "ISO, MDY");
  EXPECT_EQ(Shown(settings, "nosuch"), "unrecognized configuration parameter \"nosuch\"");
  EXPECT_EQ(Shown(settings, "my.unset"), "unrecognized configuration parameter \"my.unset\"");
}

TEST(Settings, EveryInitialValueIsCanonical) {
  for (const SettingDefinition& definition : AllSettings()) {
    auto value = Canonical(definition, definition.initial);
    ASSERT_TRUE(value.ok()) << definition.name << ": " << value.status().ToString();
    EXPECT_EQ(*value, definition.initial) << definition.name;
    if (definition.kind == SettingKind::kInteger) SettingInteger(definition, definition.initial);
  }
}

TEST(Settings, RollbackUndoesAndCommitKeeps) {
  Settings settings("u");
  ASSERT_TRUE(settings.Set("work_mem", {"8MB"}, false).ok());
  settings.Rollback();
  EXPECT_EQ(Shown(settings, "work_mem"), "4MB");
  ASSERT_TRUE(settings.Set("work_mem", {"8MB"}, false).ok());
  settings.Commit();
  settings.Rollback();
  EXPECT_EQ(Shown(settings, "work_mem"), "8MB");
}

TEST(Settings, LocalEndsWithTheTransaction) {
  for (bool commit : {true, false}) {
    Settings settings("u");
    ASSERT_TRUE(settings.Set("statement_timeout", {"1s"}, false).ok());
    settings.Commit();
    ASSERT_TRUE(settings.Set("statement_timeout", {"2s"}, true).ok());
    EXPECT_EQ(Shown(settings, "statement_timeout"), "2s");
    EXPECT_EQ(settings.effective().statement_timeout_ms, 2000);
    commit ? settings.Commit() : settings.Rollback();
    EXPECT_EQ(Shown(settings, "statement_timeout"), "1s");
    EXPECT_EQ(settings.effective().statement_timeout_ms, 1000);
  }
}

TEST(Settings, SetAfterLocalWins) {
  Settings settings("u");
  ASSERT_TRUE(settings.Set("statement_timeout", {"2s"}, true).ok());
  ASSERT_TRUE(settings.Set("statement_timeout", {"3s"}, false).ok());
  EXPECT_EQ(Shown(settings, "statement_timeout"), "3s");
  settings.Commit();
  EXPECT_EQ(Shown(settings, "statement_timeout"), "3s");
}

TEST(Settings, SavepointUndoesWhatCameAfter) {
  Settings settings("u");
  ASSERT_TRUE(settings.Set("statement_timeout", {"1s"}, true).ok());
  size_t mark = settings.Mark();
  ASSERT_TRUE(settings.Set("statement_timeout", {"2s"}, true).ok());
  ASSERT_TRUE(settings.Set("my.x", {"1"}, false).ok());
  settings.RollbackTo(mark);
  EXPECT_EQ(Shown(settings, "statement_timeout"), "1s");
  EXPECT_FALSE(settings.Show("my.x").ok());
}

TEST(Settings, StartValuesAreWhatResetReturnsTo) {
  Settings settings("u");
  ASSERT_TRUE(settings.SetAtStart("application_name", "psql").ok());
  ASSERT_TRUE(settings.SetAtStart("client_encoding", "'utf-8'").ok());
  ASSERT_TRUE(settings.Set("application_name", {"other"}, false).ok());
  ASSERT_TRUE(settings.Set("work_mem", {"8MB"}, false).ok());
  ASSERT_TRUE(settings.ResetAll().ok());
  EXPECT_EQ(Shown(settings, "application_name"), "psql");
  EXPECT_EQ(Shown(settings, "work_mem"), "4MB");
  EXPECT_EQ(Shown(settings, "client_encoding"), "UTF8");
}

TEST(Settings, WhatTheyTakeIsChargedAndGivenBack) {
  const std::string large(size_t{1} << 20, 'x');
  const auto account = std::make_shared<MemoryAccount>(int64_t{8} << 20);
  MemoryMeter memory(account);
  Settings settings("u");
  settings.ChargeTo(&memory);
  EXPECT_EQ(memory.used(), 0);
  ASSERT_TRUE(settings.Set("my.x", {large}, false).ok());
  EXPECT_GE(memory.used(), static_cast<int64_t>(large.size()));
  settings.Rollback();
  EXPECT_EQ(memory.used(), 0);
  ASSERT_TRUE(settings.Set("my.x", {large}, false).ok());
  settings.Commit();
  const int64_t kept = memory.used();
  Status status;
  // Each keeps what was before.
  for (int i = 0; i < 100 && status.ok(); ++i) status = settings.Set("my.x", {large}, false);
  EXPECT_TRUE(status.Is(sqlstate::kOutOfMemory));
  EXPECT_LE(account->used(), account->limit());
  settings.Rollback();
  EXPECT_EQ(memory.used(), kept);
  ASSERT_TRUE(settings.Set("my.x", {"y"}, false).ok());
  settings.Commit();
  EXPECT_LT(memory.used(), 10000);
}

TEST(Settings, ReportsOnlyChanges) {
  Settings settings("u");
  settings.ReportAll();
  EXPECT_EQ(settings.TakeReports().size(), 13u);
  EXPECT_FALSE(settings.has_reports());
  ASSERT_TRUE(settings.Set("application_name", {"x"}, false).ok());
  ASSERT_TRUE(settings.Set("work_mem", {"8MB"}, false).ok());
  using Reports = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(settings.TakeReports(), (Reports{{"application_name", "x"}}));
  settings.Rollback();
  EXPECT_EQ(settings.TakeReports(), (Reports{{"application_name", ""}}));
  ASSERT_TRUE(settings.Set("application_name", {"y"}, false).ok());
  ASSERT_TRUE(settings.Set("application_name", {""}, false).ok());
  EXPECT_TRUE(settings.TakeReports().empty());
}

TEST(Settings, EffectiveFollows) {
  Settings settings("alice");
  EXPECT_EQ(settings.effective().search_path, (std::vector<std::string>{"alice", "public"}));
  ASSERT_TRUE(settings.Set("search_path", {"My Schema", "b"}, false).ok());
  EXPECT_EQ(settings.effective().search_path, (std::vector<std::string>{"My Schema", "b"}));
  ASSERT_TRUE(settings.SetText("search_path", "", false).ok());
  EXPECT_EQ(Shown(settings, "search_path"), "");
  EXPECT_TRUE(settings.effective().search_path.empty());
  ASSERT_TRUE(settings.Set("search_path", {""}, false).ok());
  EXPECT_EQ(Shown(settings, "search_path"), "\"\"");
  ASSERT_TRUE(settings.Set("omendb.route", {"column"}, false).ok());
  EXPECT_EQ(settings.effective().exec.route, exec::Route::kColumn);
  ASSERT_TRUE(settings.Set("default_transaction_isolation", {"repeatable read"}, false).ok());
  EXPECT_EQ(settings.effective().default_isolation, sql::Isolation::kRepeatableRead);
}

}  // namespace
}  // namespace omen::session
