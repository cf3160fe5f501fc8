// What the planner asks of expressions before it moves them.
#include "sql/tree/expr_walk.h"

#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class ExprWalks : public ::testing::Test {
 protected:
  ExprWalks() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    session_.Run(
        "create table x (a int, b text, d boolean); create table y (a int, b text);"
        "insert into x values (1, 'p', true), (2, null, false), (null, 'q', null);"
        "insert into y values (1, 'p'), (3, 'r')");
    catalog_ = engine_.catalog().Current();
  }

  /// WHERE over x (relation 0) and y (relation 1).
  const sql::Expr& Where(const std::string& condition) {
    sql::BindContext context;
    context.catalog = catalog_.get();
    context.search_path = {"public"};
    const std::string text = "select 1 from x, y where " + condition;
    kept_.push_back(sql::Bind(sql::Parse(text).value().front(), context).value());
    return *std::get<std::unique_ptr<sql::Query>>(kept_.back()->body)->where;
  }

  TestEngine engine_;
  TestSession session_;
  std::shared_ptr<const catalog::Snapshot> catalog_;
  std::vector<std::shared_ptr<const sql::Statement>> kept_;
};

TEST_F(ExprWalks, RelationsThatAreUsed) {
  EXPECT_EQ(RelationsOf(Where("x.a = 1")), 1u);
  EXPECT_EQ(RelationsOf(Where("y.a = 1 and y.b = 'x'")), 2u);
  EXPECT_EQ(RelationsOf(Where("x.a = y.a")), 3u);
  EXPECT_EQ(RelationsOf(Where("1 = 2")), 0u);
  EXPECT_EQ(RelationsOf(Where("exists (select from x i where i.a = y.a)")), 2u)
      << "a subquery's own tables do not count, what it reads outside does";
  EXPECT_EQ(RelationsOf(Where("x.a in (select i.a from y i, lateral (select y.a) z)")), 3u);
}

TEST_F(ExprWalks, PartsOfAConjunction) {
  std::vector<const sql::Expr*> parts;
  SplitConjunction(&Where("x.a = 1 and (x.b = 'p' and y.a = 2) and (x.d or y.b = 'q')"), &parts);
  EXPECT_EQ(parts.size(), 4u);
  parts.clear();
  SplitConjunction(&Where("x.a = 1 or (x.b = 'p' and y.a = 2)"), &parts);
  EXPECT_EQ(parts.size(), 1u);
  parts.clear();
  SplitConjunction(nullptr, &parts);
  EXPECT_TRUE(parts.empty());
}

TEST_F(ExprWalks, WhatMayNotBeMoved) {
  EXPECT_TRUE(IsVolatile(Where("x.a > random()")));
  EXPECT_TRUE(IsVolatile(Where("x.a in (select 1 where random() > 0)")));
  EXPECT_FALSE(IsVolatile(Where("x.a > length(y.b)")));
  EXPECT_TRUE(HasSubquery(Where("x.a + (select 1) = 2")));
  EXPECT_FALSE(HasSubquery(Where("x.a + 1 = 2")));
}

// A condition that is never true of a row of nulls makes an outer join an inner one. What it says
// is held against what the condition gives.
TEST_F(ExprWalks, ConditionsThatRejectNulls) {
  const std::pair<const char*, bool> cases[] = {
      {"y.a = 1", true},
      {"y.a > x.a", true},
      {"y.a is not null", true},
      {"y.a is null", false},
      {"y.a is not distinct from 1", false},
      {"coalesce(y.a, 1) = 1", false},
      {"y.a in (1, 3)", true},
      {"y.a not in (1, 3)", true},
      {"x.a = 1", false},
      {"y.a = 1 and x.a = 1", true},
      {"y.a = 1 or x.a = 1", false},
      {"not y.a = 1", false},
      {"length(y.b) = 1", true},
      {"y.b || 'x' = 'px'", true},
      {"y.a::text = '1'", true},
      {"case when y.a is null then true end", false},
      {"(y.a = 1) is true", false},
      {"exists (select 1 where y.a = 1)", false},
      {"concat(y.b, 'x') = 'x'", false},
      {"y.a + x.a > 0", true},
  };
  for (const auto& [condition, rejects] : cases) {
    EXPECT_EQ(RejectsNulls(Where(condition), 2), rejects) << condition;
    // Rows of x that have no partner, under the condition: none where nulls are rejected.
    const std::string lonely = session_.Run(std::string("select count(*) from x left join y on "
                                                        "false where ") +
                                            condition);
    EXPECT_TRUE(!rejects || lonely == "0\n") << condition;
  }
}

TEST_F(ExprWalks, OuterAndInnerJoinsAgreeWhereNullsAreRejected) {
  for (const char* condition : {"y.a = 1", "y.a in (1, 3)", "y.b || 'x' = 'px'", "y.a + x.a > 0"}) {
    const std::string where = std::string(" on y.a = x.a where ") + condition;
    EXPECT_EQ(session_.RunSorted("select x.a, y.a from x left join y" + where),
              session_.RunSorted("select x.a, y.a from x join y" + where));
  }
}

}  // namespace
}  // namespace omen::exec::testing
