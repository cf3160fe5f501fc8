// What is found by walking bound expressions: what planning may move, split and leave out.
#include "sql/tree/expr_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

/// A statement, and its query while it lives.
struct BoundSelect {
  std::shared_ptr<const Statement> statement;
  const Query* query;
  const Expr& target(size_t index = 0) const { return *query->targets[index].expr; }
};

BoundSelect Select(const std::string& sql) {
  auto statement = MustBind(sql);
  const Query* query = std::get<std::unique_ptr<Query>>(statement->body).get();
  return {std::move(statement), query};
}

/// Is a row of nokey's nulls sure to be left out by the condition?
constexpr std::pair<const char*, bool> kNullConditions[] = {
    {"k = 1", true},
    {"k = x", true},
    {"x = 1", false},
    {"k is not null", true},
    {"k + 1 is not null", true},
    {"k is null", false},
    {"not (k = 1)", false},  // it does, which is not looked for
    {"k = 1 and x = 1", true},
    {"x = 1 and w like 'a%'", true},
    {"k = 1 or x = 1", false},
    {"k in (1, 2)", true},
    {"k not in (1, 2)", true},
    {"x in (k, 2)", false},
    {"coalesce(k, 1) = 1", false},
    {"k is distinct from 1", false},
    {"k is not distinct from null", false},
    {"case when k is null then true else false end", false},
    {"upper(w) = 'A'", true},
    {"w || 'a' = 'ba'", true},
    {"concat(w, 'a') = 'a'", false},
    {"k::bigint = 1", true},
    {"k::text = '1'", true},
    {"(k > 1) is true", false},
    {"(k > 1) is not true", false},
    {"exists (select 1 from t where aid = k)", false},
    {"nullif(k, 1) = 2", false},
    {"greatest(k, x) = 2", false},
    {"k between 1 and 5", true},
    {"random() < 0.5", false},
    {"true", false},
};

TEST(ExprWalkTest, ConditionsThatLeaveNullsOut) {
  for (const auto& [condition, rejects] : kNullConditions) {
    const auto bound =
        Select("select 1 from pair left join nokey on true where " + std::string(condition));
    const uint64_t nokey = 2;
    EXPECT_EQ(RejectsNulls(*bound.query->where, nokey), rejects) << condition;
  }
}

TEST(ExprWalkTest, RelationsAreThoseOfTheLevel) {
  const auto bound = Select(
      "select p.x + n.k, t.aid, 1, (select max(u.a) from u where u.id = n.k),"
      " (select 1 from u where u.a = u.id), case when p.x > 1 then t.bid end from pair p, nokey n,"
      " t");
  const uint64_t expected[] = {0b011, 0b100, 0, 0b010, 0, 0b101};
  for (size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(RelationsOf(bound.target(i)), expected[i]) << i;
  }
}

TEST(ExprWalkTest, ConjunctionsAreTakenApart) {
  constexpr std::pair<const char*, size_t> kConjunctions[] = {
      {"x = 1", 1},
      {"x = 1 and y = 2", 2},
      {"x = 1 and (y = 2 and (z = 'a' and x > 0))", 4},
      {"x = 1 and (y = 2 or (z = 'a' and x > 0))", 2},
      {"not (x = 1 and y = 2)", 1},
      {"x between 1 and 5", 2},
      {"(x, y) = (1, 2)", 2},
      {"(x, y) < (1, 2)", 2},
  };
  for (const auto& [condition, count] : kConjunctions) {
    const auto bound = Select("select 1 from pair where " + std::string(condition));
    std::vector<const Expr*> parts;
    SplitConjunction(bound.query->where.get(), &parts);
    EXPECT_EQ(parts.size(), count) << condition;
  }
  std::vector<const Expr*> none;
  SplitConjunction(nullptr, &none);
  EXPECT_TRUE(none.empty());
}

TEST(ExprWalkTest, VolatileCallsAreFoundAnywhere) {
  constexpr std::pair<const char*, bool> kCalls[] = {
      {"random()", true},
      {"x + random()::int", true},
      {"coalesce(x, nextval('seq'))", true},
      {"(select random())", true},
      {"case when x > 1 then random() end", true},
      {"sum(random()) over ()", true},
      {"now()", false},
      {"current_user", false},
      {"upper(z)", false},
      {"x + 1", false},
  };
  for (const auto& [call, is_volatile] : kCalls) {
    const auto bound = Select("select " + std::string(call) + " from pair");
    EXPECT_EQ(IsVolatile(bound.target()), is_volatile) << call;
  }
}

TEST(ExprWalkTest, SubqueriesAreFoundWithinCalls) {
  constexpr std::pair<const char*, bool> kExprs[] = {
      {"(select 1)", true},          {"x + (select 1)", true},
      {"exists (select 1)", true},   {"x in (select k from nokey)", true},
      {"array(select 1)", true},     {"case when true then (select x) end", true},
      {"x in (1, 2)", false},        {"x + y", false},
      {"x = any (array[1])", false}, {"row(x, y) = (1, 2)", false},
  };
  for (const auto& [text, has] : kExprs) {
    const auto bound = Select("select " + std::string(text) + " from pair");
    EXPECT_EQ(HasSubquery(bound.target()), has) << text;
  }
}

size_t AggregatesIn(const std::string& targets) {
  const auto bound = Select("select " + targets + " from pair");
  std::vector<const Expr*> found;
  CollectFromTargets(*bound.query, CollectAggregates, &found);
  return found.size();
}

TEST(ExprWalkTest, AggregatesAreCollectedOnce) {
  EXPECT_EQ(AggregatesIn("sum(x), sum(x) + 1, sum(y)"), 2u);
  EXPECT_EQ(AggregatesIn("sum(x), sum(distinct x), sum(x) filter (where y > 1)"), 3u);
  EXPECT_EQ(AggregatesIn("count(*), count(x), count(*)"), 2u);
  EXPECT_EQ(AggregatesIn("sum(x), (select sum(k) from nokey)"), 1u);
  EXPECT_EQ(AggregatesIn("string_agg(z, ',' order by x), string_agg(z, ',' order by y)"), 2u);
  EXPECT_EQ(AggregatesIn("sum(sum(x)) over ()"), 1u);
  EXPECT_EQ(AggregatesIn("rank() over (order by sum(x))"), 1u);
  EXPECT_EQ(AggregatesIn("sum(x) over ()"), 0u);
  EXPECT_EQ(AggregatesIn("x"), 0u);
}

TEST(ExprWalkTest, EveryQueryIsVisitedOnce) {
  constexpr std::pair<const char*, int> kQueries[] = {
      {"select 1", 1},
      {"select (select 1)", 2},
      {"select (select (select 1))", 3},
      {"select * from (select 1) s", 2},
      {"select 1 union select 2", 3},
      {"with a as (select 1) select * from a, a b", 2},
      {"select x in (select k from nokey where k in (select aid from t)) from pair", 3},
      {"select 1 from pair where exists (select 1) order by (select 2)", 3},
      {"select * from tv", 2},
      {"insert into nokey select x from pair where x in (select 1)", 3},
  };
  for (const auto& [sql, count] : kQueries) {
    int seen = 0;
    WalkQueries(*Select(sql).query, [&](const Query&) { ++seen; });
    EXPECT_EQ(seen, count) << sql;
  }
}

TEST(ExprWalkTest, SetFunctionsAreOfTheLevel) {
  const auto bound = Select("select abs(1), (select generate_series(1, 2) limit 1)");
  EXPECT_FALSE(HasSetFunction(bound.target(0)));
  EXPECT_FALSE(HasSetFunction(bound.target(1)));
  // Binding moves those of the select list to FROM.
  const auto moved = Select("select generate_series(1, abs(-2)) + 1");
  EXPECT_FALSE(HasSetFunction(moved.target()));
  ASSERT_EQ(moved.query->relations.size(), 1u);
  EXPECT_TRUE(HasSetFunction(*moved.query->relations[0].function_call));
}

TEST(ExprWalkTest, ExpressionsAreTheSameByWhatTheyMean) {
  constexpr const char* kSame[][2] = {
      {"x + 1", "pair.x + 1"},
      {"upper(z)", "UPPER( z )"},
      {"x in (1, 2)", "x in (1,2)"},
      {"x::text", "cast(x as text)"},
      {"sum(x order by y)", "sum(x order by pair.y)"},
      {"case when x > 1 then y end", "case when pair.x > 1 then y end"},
  };
  for (const auto& [a, b] : kSame) {
    const auto bound =
        Select(std::string("select ") + a + ", " + b + " from pair group by x, y, z");
    EXPECT_TRUE(SameExpr(bound.target(0), bound.target(1))) << a;
  }
  constexpr const char* kOther[][2] = {
      {"x + 1", "x + 2"},
      {"x + 1", "1 + x"},
      {"x + 1", "y + 1"},
      {"x::text", "x::varchar"},
      {"z::varchar(2)", "z::varchar(3)"},
      {"sum(x)", "sum(distinct x)"},
      {"sum(x)", "sum(x) filter (where y > 1)"},
      {"sum(x order by y)", "sum(x order by y desc)"},
      {"x is null", "x is not null"},
      {"x = any (array[1])", "x = all (array[1])"},
  };
  for (const auto& [a, b] : kOther) {
    const auto bound =
        Select(std::string("select ") + a + ", " + b + " from pair group by x, y, z");
    EXPECT_FALSE(SameExpr(bound.target(0), bound.target(1))) << a << " " << b;
  }
}

}  // namespace
}  // namespace omen::sql::testing
