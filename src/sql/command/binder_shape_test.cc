// What the shape of bound queries must be where names and types do not show it.

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

const Query& QueryOf(const std::shared_ptr<const Statement>& statement) {
  return *std::get<std::unique_ptr<Query>>(statement->body);
}

TEST(BindShape, OnlyWithTiesHasTies) {
  for (const char* sql : {"select aid from t limit 3", "select aid from t offset 1",
                          "select aid from t", "select aid from t fetch first 3 rows only"}) {
    auto statement = MustBind(sql);
    EXPECT_FALSE(QueryOf(statement).with_ties) << sql;
  }
  auto ties = MustBind("select aid from t order by aid fetch first 3 rows with ties");
  EXPECT_TRUE(QueryOf(ties).with_ties);
  auto all = MustBind("select aid from t limit all");
  EXPECT_EQ(QueryOf(all).limit, nullptr);
}

std::string Repeat(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST(BindShape, DeepStatementsAreRefused) {
  const std::string deep[] = {
      "select 1" + Repeat("+1", 100'000),
      "select " + Repeat("(", 100'000) + "1" + Repeat(")", 100'000),
      "select " + Repeat("abs(", 10'000) + "1" + Repeat(")", 10'000),
      "select " + Repeat("(select ", 10'000) + "1" + Repeat(")", 10'000),
      Repeat("select * from (", 10'000) + "select 1" + Repeat(") s", 10'000),
      "select 1" + Repeat(" union all select 1", 10'000),
      "select " + Repeat("not ", 100'000) + "true",
      "select " + Repeat("(", 300) + "true" + Repeat(" between false and true)", 300),
      "select " + Repeat("case (", 300) + "1" + Repeat(") when 1 then 1 when 2 then 2 end", 300),
      "select 1" + Repeat("::int", 100'000),
  };
  for (const std::string& sql : deep) {
    EXPECT_EQ(Describe(sql).substr(0, 5), "54001") << sql.substr(0, 40);
  }
}

TEST(BindShape, WideStatementsAreNot) {
  EXPECT_EQ(Describe("select true" + Repeat(" and true", 50'000)), "?column? boolean");
  EXPECT_EQ(Describe("select 1" + Repeat("+1", 1'000)), "?column? integer");
  EXPECT_EQ(Describe("insert into t (aid) values (1)" + Repeat(",(2)", 50'000)), "");
}

TEST(BindShape, LongInListIsOneArray) {
  auto statement = MustBind("select aid in (1" + Repeat(",7", 300'000) + ") from t");
  const Expr& test = *QueryOf(statement).targets[0].expr;
  ASSERT_EQ(test.kind, ExprKind::kAny);
  EXPECT_EQ(test.args[1]->value.AsArray().elements.size(), 300'001u);
}

TEST(BindShape, TreesAreFreedByAnyThread) {
  for (int round = 0; round < 50; ++round) {
    std::vector<ParsedStatement> statements;
    std::thread parser(
        [&] { statements = std::move(Parse("select 1; select aid from t")).value(); });
    parser.join();
    ASSERT_EQ(statements.size(), 2u);
    EXPECT_EQ(statements[1].text(), "select aid from t");
    EXPECT_EQ(statements[1].offset(), 10);
    std::thread([&] { statements.erase(statements.begin()); }).join();
    EXPECT_TRUE(Bind(statements[0], TestContext(*MakeCatalog())).ok());
  }
}

TEST(BindShape, ConstantsAreFolded) {
  auto statement = MustBind("select date '1998-12-01' - interval '90' day, 1 / 0, random()");
  const Query& query = QueryOf(statement);
  EXPECT_EQ(query.targets[0].expr->kind, ExprKind::kConst);
  EXPECT_EQ(query.targets[1].expr->kind, ExprKind::kFunction);
  EXPECT_EQ(query.targets[2].expr->kind, ExprKind::kFunction);
}

TEST(BindShape, SessionLiteralsAreMarked) {
  EXPECT_TRUE(MustBind("select timestamptz '2020-01-01'")->session_literals);
  EXPECT_TRUE(MustBind("select 'today'::date")->session_literals);
  EXPECT_FALSE(MustBind("select date '2020-01-01', now()")->session_literals);
}

TEST(BindShape, LevelsCountEveryQuery) {
  auto statement =
      MustBind("select (select a from u where u.id = t.aid union select t.bid) from t");
  const Query& sub = *QueryOf(statement).targets[0].expr->subquery;
  EXPECT_EQ(sub.right->targets[0].expr->levels_up, 2);
  auto cte = MustBind(
      "with recursive r(n) as (select 1 union all select n + 1 from r) "
      "select * from r");
  const CommonTable& table = QueryOf(cte).ctes[0];
  EXPECT_TRUE(table.recursive);
  EXPECT_EQ(table.query->right->relations[0].cte_levels_up, 2);
  EXPECT_EQ(QueryOf(cte).relations[0].cte_levels_up, 0);
}

// PostgreSQL reports plain bpchar here; its values carry their padding and ours do not.
TEST(BindShape, MinOfCharKeepsItsWidth) {
  EXPECT_EQ(Describe("select min(filler), max(filler) from t"),
            "min character(84), max character(84)");
}

TEST(BindShape, TablesAreListed) {
  auto statement = MustBind("select * from tv where aid in (select a from u)");
  EXPECT_EQ(statement->tables.size(), 2u);
}

TEST(BindShape, ClonesAreEqual) {
  auto statement = MustBind(
      "select sum(aid) filter (where bid > 1), case when bid = 1 then 'x' end from t group by bid");
  auto clone = CloneQuery(QueryOf(statement));
  ASSERT_EQ(clone->targets.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(SameExpr(*clone->targets[i].expr, *QueryOf(statement).targets[i].expr));
  }
}

}  // namespace
}  // namespace omen::sql::testing
