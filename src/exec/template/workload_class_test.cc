#include "exec/template/workload_class.h"

#include <gtest/gtest.h>

#include "exec/template/hot_set.h"

namespace omen::exec {
namespace {

TemplateRuns::Totals RunsOfRows(uint64_t rows_read, int64_t each_us = 100) {
  TemplateRuns::Totals totals;
  totals.by_path[0].calls = 10;
  totals.by_path[0].rows_read = 10 * rows_read;
  totals.by_path[0].total_us = 10 * each_us;
  return totals;
}

sql::StatementTraits LookupOf(Oid table) {
  sql::StatementTraits traits;
  traits.tables_read = {table};
  traits.predicates = {{{table, 1}, sql::PredicateKind::kEqual}};
  return traits;
}

sql::StatementTraits GroupedReadOf(Oid table) {
  sql::StatementTraits traits = LookupOf(table);
  traits.shape.group_keys = 1;
  return traits;
}

sql::StatementTraits WriteOf(Oid table) {
  sql::StatementTraits traits = LookupOf(table);
  traits.tables_written = {table};
  traits.columns_written = {{table, 3}};
  return traits;
}

TEST(WorkloadClass, IsByWhatIsTouched) {
  using enum WorkloadClass;
  EXPECT_EQ(WorkloadClassOf(LookupOf(1), RunsOfRows(1)), kTransactional);
  EXPECT_EQ(WorkloadClassOf(WriteOf(1), RunsOfRows(1)), kTransactional);
  EXPECT_EQ(WorkloadClassOf(GroupedReadOf(1), RunsOfRows(500)), kTransactional);
  EXPECT_EQ(WorkloadClassOf(GroupedReadOf(1), RunsOfRows(5000)), kAnalytical);
  EXPECT_EQ(WorkloadClassOf(LookupOf(1), RunsOfRows(5000)), kMixed);
  EXPECT_EQ(WorkloadClassOf(LookupOf(1), RunsOfRows(50'000)), kAnalytical);
  EXPECT_EQ(WorkloadClassOf(WriteOf(1), RunsOfRows(50'000)), kMixed);
  EXPECT_EQ(WorkloadClassOf(LookupOf(1), RunsOfRows(1, 200'000)), kMixed);
}

TEST(WorkloadClass, IsUnknownOfWhatUsesNoTablesOrNeverRan) {
  EXPECT_FALSE(WorkloadClassOf(LookupOf(1), {}));
  EXPECT_FALSE(WorkloadClassOf({}, RunsOfRows(1)));
  sql::StatementTraits of_server = LookupOf(1);
  of_server.reads_system = true;
  EXPECT_FALSE(WorkloadClassOf(of_server, RunsOfRows(1)));
  EXPECT_FALSE(AccessPatternOf(of_server, {}));
}

std::string_view AccessOf(const sql::StatementTraits& traits,
                          std::initializer_list<learn::PatternShape> shapes) {
  std::vector<ParameterShapes::Shown> shown;
  for (const learn::PatternShape shape : shapes) shown.push_back({.shape = shape});
  const auto access = AccessPatternOf(traits, shown);
  return access ? AccessPatternName(*access) : "";
}

TEST(AccessPattern, IsByTheParameterThatTellsMost) {
  using enum learn::PatternShape;
  EXPECT_EQ(AccessOf(LookupOf(1), {}), "");
  EXPECT_EQ(AccessOf(LookupOf(1), {kUnknown}), "");
  EXPECT_EQ(AccessOf(LookupOf(1), {kConstant}), "constant");
  EXPECT_EQ(AccessOf(LookupOf(1), {kConstant, kSpread}), "random");
  EXPECT_EQ(AccessOf(LookupOf(1), {kConstant, kSpread, kIncreasing}), "sequential");
  EXPECT_EQ(AccessOf(LookupOf(1), {kWindow, kConstant}), "moving window");
  EXPECT_EQ(AccessOf(LookupOf(1), {kFew, kSkewed}), "skewed");
  EXPECT_EQ(AccessOf(LookupOf(1), {kFew}), "few values");
  sql::StatementTraits whole;
  whole.tables_read = {1};
  EXPECT_EQ(AccessOf(whole, {kSpread}), "sequential");  // a LIMIT, say
}

TEST(HotSet, TakesMostOfTheTime) {
  HotSet set;
  EXPECT_TRUE(set.tables().empty());
  set.Add(LookupOf(1), 500);
  set.Add(WriteOf(2), 350);
  set.Add(LookupOf(3), 100);
  set.Add(LookupOf(4), 50);
  sql::StatementTraits of_server = LookupOf(5);
  of_server.reads_system = true;
  set.Add(of_server, 1e6);
  EXPECT_EQ(set.tables(), (std::set<Oid>{1, 2}));
  EXPECT_EQ(set.columns(), (std::set<sql::ColumnRef>{{1, 1}, {2, 1}, {2, 3}}));
}

}  // namespace
}  // namespace omen::exec
