// Which statements ask the same. A group holds ways to write one question; two of different
// groups never have one identity.
#include "sql/traits/traits.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "sql/command/binder_fixture.h"
#include "sql/lexer/template_text.h"

namespace omen::sql {
namespace {

/// `t` and `u` stand for the tables `one` and `two`.
StatementTraits Traits(const std::string& short_text) {
  std::string text = std::regex_replace(short_text, std::regex("\\bt\\b"), "one");
  text = std::regex_replace(text, std::regex("\\bu\\b"), "two");
  const auto statement = testing::MustBind(text);
  return statement == nullptr ? StatementTraits{} : TraitsOf(*statement, TemplateText(text));
}

const std::vector<std::vector<const char*>> kGroups = {
    // Blanks, case, comments, aliases, literals, parameters.
    {"select b from t where a = 1", "SELECT  b\nFROM t WHERE a=2 -- why",
     "select b from t where a = $1", "select x.b from t x where x.a = 7",
     "select b as other from t where 5 = a", "select b from t where a = '12'",
     "select b from t where a = 1::bigint", "select t.b from public.t as t where (a) = (3)"},
    {"select b, a from t where a = 1", "select b, x.a as z from t x where a = $1"},
    {"select b from t where a <> 1", "select b from t where 1 != a"},
    {"select b from t where a < 10", "select b from t where 10 > a",
     "select b from t where a < $1"},
    {"select b from t where a > 10", "select b from t where 10 < a"},
    {"select b from t where a <= 10", "select b from t where $1 >= a"},
    {"select b from t where b = 'x'", "select b from t where b = $1",
     "select b from t where 'y' = b"},
    {"select b from t where d = 1.5", "select b from t where d = $1",
     "select b from t where d = 2"},
    {"select b from t where f = '2024-01-01'", "select b from t where f = date '2024-01-02'",
     "select b from t where f = '2024-01-01'::date", "select b from t where f = $1",
     "select b from t where f = $1::date", "select b from t where f = cast('2020-02-02' as date)"},
    // The order of AND and OR.
    {"select b from t where a = 1 and b = 'x'", "select b from t where b = 'x' and a = 1",
     "select b from t where b = $1 and a = $2", "select b from t where (b = 'v') and ((a = 2))"},
    {"select b from t where a = 1 or b = 'x'", "select b from t where b = 'y' or a = 2"},
    {"select b from t where a = 1 and b = 'x' and d > 2.5",
     "select b from t where d > 1 and (b = 'x' and a = 1)",
     "select b from t where (d > $1 and b = $2) and a = $3"},
    {"select b from t where (a = 1 or a = 2) and e",
     "select b from t where e and (a = 4 or a = 3)"},
    {"select b from t where a between 1 and 5", "select b from t where a >= 1 and a <= 5",
     "select b from t where a <= $1 and $2 <= a", "select b from t where 5 >= a and a >= 1"},
    {"select b from t where not (a = 1)"},
    // Lists of any length.
    {"select b from t where a in (1)", "select b from t where a in (1, 2)",
     "select b from t where a in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)",
     "select b from t where a in ($1, $2)", "select b from t where a = any($1)",
     "select b from t where a = any('{1,2}')", "select b from t where a in ($1)",
     "select b from t x where x.a in (5, 4)"},
    {"select b from t where a not in (1, 2)", "select b from t where a not in ($1)",
     "select b from t where a <> all($1)", "select b from t where a not in (3, 2, 1)"},
    {"select b from t where b in ('x', 'y')", "select b from t where b in ('x')",
     "select b from t where b = any($1::text[])"},
    {"insert into t (a, b) values (1, 'x')", "insert into t (a, b) values (1, 'x'), (2, 'y')",
     "INSERT INTO t(a, b) VALUES ($1, $2)",
     "insert into t (a, b) values (3, 'a'), (4, 'b'), (5, 'c')"},
    {"insert into t (a) values (1)", "insert into t (a) values ($1)"},
    {"insert into t (a, b) values (1, default)", "insert into t (a, b) values ($1, default)"},
    {"insert into t (a, b) select a, b from u", "insert into t (a, b) select x.a, x.b from u x"},
    {"insert into t (a, b) values (1, 'x') returning a",
     "insert into t (a, b) values ($1, $2) returning a"},
    {"insert into t (a, b) values (1, 'x') on conflict do nothing"},
    // FROM.
    {"select t.b from t, u where t.a = u.a", "select t.b from u, t where u.a = t.a",
     "select t.b from t join u on t.a = u.a", "select t.b from u join t on u.a = t.a",
     "select x.b from t x inner join u y on y.a = x.a", "select t.b from t join u using (a)",
     "select t.b from t cross join u where t.a = u.a"},
    {"select u.b from t, u where t.a = u.a", "select y.b from t join u y on t.a = y.a"},
    {"select t.b from t left join u on t.a = u.a", "select t.b from u right join t on u.a = t.a",
     "select x.b from t x left outer join u y on y.a = x.a"},
    {"select t.b from u left join t on t.a = u.a", "select t.b from t right join u on t.a = u.a"},
    {"select t.b from t full join u on t.a = u.a", "select t.b from u full join t on u.a = t.a"},
    {"select t.b from t join u on t.a = u.a and u.b = 'x'",
     "select t.b from t join u on t.a = u.a where u.b = 'y'",
     "select t.b from t, u where u.b = $1 and u.a = t.a"},
    {"select t.b from t left join u on t.a = u.a and u.b = 'x'"},
    {"select t.b from t left join u on t.a = u.a where u.b = 'x'"},
    {"select x.b from t x, t y where x.a = y.a and y.b = 'q'",
     "select y.b from t x, t y where x.a = y.a and x.b = 'q'",
     "select w.b from t v join t w on w.a = v.a where v.b = $1"},
    {"select x.b from t x, t y where x.a = y.a and x.b = 'q'",
     "select y.b from t x join t y on y.a = x.a where y.b = 'r'"},
    {"select c_name from customer, orders, lineitem where c_custkey = o_custkey and "
     "o_orderkey = l_orderkey and l_quantity > 10",
     "select c_name from lineitem join orders on l_orderkey = o_orderkey join customer on "
     "o_custkey = c_custkey where l_quantity > 3",
     "select c.c_name from orders o, lineitem l, customer c where l.l_quantity > $1 and "
     "o.o_orderkey = l.l_orderkey and o.o_custkey = c.c_custkey"},
    {"select c_name from customer, orders, lineitem where c_custkey = o_custkey and "
     "o_orderkey = l_orderkey and l_tax > 10"},
    // Queries in FROM as views are, and what they stand for.
    {"select a from (select a, b from t) v where b = 'x'", "select a from t where b = 'x'",
     "select v.a from (select * from t) v where v.b = $1",
     "select a from (select a, b from t where b = 'x') v",
     "select p.q from (select a as q, b as r from t) p where p.r = 'z'"},
    {"select v.a from (select a, b from t where e) v join u on v.a = u.a",
     "select t.a from t join u on u.a = t.a where t.e",
     "select v.a from u, (select * from t) v where v.a = u.a and v.e"},
    {"select a from (select distinct a from t) v"},
    {"select a from (select a from t limit 5) v",
     "select v.a from (select x.a from t x limit 7) v"},
    {"select c from (select count(*) as c from t) v",
     "select w.d from (select count(*) as d from t) w"},
    {"select s from (select a + 1 as s from t) v", "select a + 2 from t", "select a + $1 from t"},
    {"with v as (select a from t) select a from v",
     "with w as (select t.a from t) select w.a from w"},
    // Grouping, order, limits.
    {"select a, count(*) from t group by a", "select x.a, count(*) from t x group by x.a",
     "select a, count(*) from t group by 1"},
    {"select b, a, count(*) from t group by a, b", "select b, a, count(*) from t group by b, a",
     "select b, a, count(*) from t group by 2, 1"},
    {"select a, sum(id) from t group by a"},
    {"select a, sum(distinct id) from t group by a"},
    {"select a, sum(id) filter (where e) from t group by a"},
    {"select a, count(*) from t group by a having count(*) > 5 and a < 9",
     "select a, count(*) from t group by a having a < $1 and count(*) > $2"},
    {"select a, count(*) from t where a < 9 group by a having count(*) > 5"},
    {"select a, b, count(*) from t group by rollup (a, b)"},
    {"select a, b, count(*) from t group by cube (a, b)",
     "select a, b, count(*) from t group by cube (b, a)"},
    {"select distinct a from t", "select distinct x.a from t x"},
    {"select a from t", "select t.a from t"},
    {"select a from t order by a", "select a as z from t order by z", "select a from t order by 1"},
    {"select a from t order by a desc", "select a from t x order by x.a desc nulls first"},
    {"select a from t order by a, b"},
    {"select a from t order by b, a"},
    {"select a from t limit 10", "select a from t limit 20", "select a from t limit $1",
     "select a from t fetch first 3 rows only"},
    {"select a from t limit 10 offset 5", "select a from t offset 7 limit 1"},
    {"select a from t order by a limit 10", "select a from t order by 1 limit $1"},
    {"select distinct on (a) a, b from t order by a, b"},
    {"select a from t for update", "select x.a from t x for update"},
    {"select a from t for share"},
    {"select a from t for update skip locked"},
    // Subqueries.
    {"select a from t where exists (select 1 from u where u.a = t.a)",
     "select a from t where exists (select 2 from u x where t.a = x.a)",
     "select y.a from t y where exists (select 3 from u where u.a = y.a)"},
    {"select a from t where not exists (select 1 from u where u.a = t.a)"},
    {"select a from t where a in (select a from u)",
     "select a from t where a = any (select x.a from u x)"},
    {"select a from t where a not in (select a from u)"},
    {"select a, (select max(b) from u where u.a = t.a) from t",
     "select z.a, (select max(u.b) from u where z.a = u.a) from t z"},
    {"select a, (select min(b) from u where u.a = t.a) from t"},
    {"select a from t union select a from u", "select a from u union select a from t"},
    {"select a from t union all select a from u",
     "select x.a from t x union all select y.a from u y"},
    {"select a from t except select a from u"},
    {"select a from u except select a from t"},
    {"select a from t intersect select a from u", "select a from u intersect select a from t"},
    // Expressions.
    {"select a + id from t", "select id + a from t"},
    {"select a - id from t"},
    {"select id - a from t"},
    {"select a * 2 from t", "select 3 * a from t", "select a * $1 from t"},
    {"select a / 2 from t", "select a / $1 from t"},
    {"select a / 2.0 from t", "select a / 3.5 from t"},
    {"select a::text from t", "select cast(a as text) from t"},
    {"select a::bigint from t"},
    {"select upper(b) from t", "select upper(x.b) from t x"},
    {"select lower(b) from t"},
    {"select coalesce(b, 'x') from t", "select coalesce(b, $1) from t"},
    {"select case when a = 1 then 'x' else 'y' end from t",
     "select case when 2 = a then 'z' else 'w' end from t",
     "select case a when 3 then 'x' else 'y' end from t"},
    {"select case when a = 1 then 'x' end from t"},
    {"select b from t where b like 'x%'", "select b from t where b like $1"},
    {"select b from t where b ilike 'x%'"},
    {"select b from t where b is null", "select x.b from t x where x.b isnull"},
    {"select b from t where b is not null"},
    {"select b from t where e", "select x.b from t x where (x.e)"},
    {"select b from t where f > now()", "select b from t where now() < f"},
    {"select row_number() over (order by a) from t",
     "select row_number() over w from t window w as (order by a)"},
    {"select row_number() over (partition by b order by a) from t"},
    {"select rank() over (order by a) from t"},
    {"select array[a, 1] from t", "select array[x.a, 2] from t x"},
    // Changes.
    {"update t set a = 1 where id = 2", "update t set a = $1 where id = $2",
     "update t x set a = 7 where 9 = x.id"},
    {"update t set a = a + 1 where id = 2", "update t set a = 5 + a where id = $1"},
    {"update t set a = 1, b = 'x' where id = 2", "update t set b = $1, a = $2 where id = $3",
     "update t set (b, a) = ('v', 3) where id = 1"},
    {"update t set a = 1"},
    {"update t set b = 'x' where id = 2"},
    {"update t set a = u.a from u where u.id = t.id",
     "update t x set a = y.a from u y where x.id = y.id"},
    {"delete from t where id = 1", "delete from t x where x.id = $1"},
    {"delete from u where id = 1"},
    {"delete from t"},
    {"delete from t using u where t.id = u.id", "delete from t x using u y where y.id = x.id"},
    // Not queries.
    {"begin"},
    {"create table z (a int)", "CREATE  TABLE z (a int)"},
    {"set work_mem = '4MB'", "set work_mem = '8MB'"},
};

TEST(Traits, EachQuestionHasOneIdentity) {
  std::map<uint64_t, std::pair<size_t, const char*>> seen;
  int same = 0, different = 0;
  for (size_t g = 0; g < kGroups.size(); ++g) {
    const uint64_t id = Traits(kGroups[g][0]).template_id;
    const auto [known, added] = seen.emplace(id, std::pair{g, kGroups[g][0]});
    EXPECT_TRUE(added) << kGroups[g][0] << "\n  has the identity of\n" << known->second.second;
    different += static_cast<int>(g);
    for (size_t i = 1; i < kGroups[g].size(); ++i) {
      EXPECT_EQ(Traits(kGroups[g][i]).template_id, id) << kGroups[g][i] << "\n  is not\n"
                                                       << kGroups[g][0];
      ++same;
    }
  }
  EXPECT_GT(same, 120);
  EXPECT_GT(different, 300);
}

std::string Show(const std::vector<Predicate>& predicates) {
  std::string text;
  for (const Predicate& p : predicates) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", p.column.attnum, PredicateName(p.kind));
  }
  return text;
}

TEST(Traits, PredicatesAreByColumnAndKind) {
  const std::pair<const char*, const char*> cases[] = {
      {"select b from t where a = 1 and b in ('x', 'y') and d > 2", "2 =, 3 in, 4 range"},
      {"select b from t where a between 1 and 2 and b like 'x%'", "2 range, 3 like"},
      {"select b from t where a is null and b is not null", "2 is null, 3 is not null"},
      {"select t.b from t join u on t.a = u.a where u.id = 1", "2 join, 1 =, 2 join"},
      {"select v.z from (select a as z, b from t) v where v.z = 1", "2 ="},
      {"select b from t where a + 1 = 2", ""},
      {"select b from t where a in (1)", "2 in"},
      {"delete from t where id = 5", "1 ="},
      {"select a from t where exists (select 1 from u where u.a = t.a and u.b = 'x')", "2 =, 3 ="},
  };
  for (const auto& [sql, expected] : cases)
    EXPECT_EQ(Show(Traits(sql).predicates), expected) << sql;
}

TEST(Traits, KnowsWhichColumnsAreComparedWithWhatIsGiven) {
  const std::pair<const char*, const char*> cases[] = {
      {"select b from one where a = $1 and d > $2", "2:0 4:1"},
      {"select b from one where $2 < a and a <= $1", "2:0 2:1"},
      {"select 7, b from one where a = 5 and b in ('x', 'y') and d > 2.5", "2:1 3:2 3:3 4:4"},
      {"select b from one where a between 10 and 20 limit 3", "2:0 2:1"},
      {"update one set a = 3 where id = 12", "1:1"},
      {"select one.b from one join two on one.a = two.a where two.id = 1", "1:0"},
      {"select b from one where a + 1 = 2 or b is null", ""},
      {"select b from one where a not in (1, 2) and b <> 'x' and b like 'x%'", ""},
  };
  for (const auto& [sql, expected] : cases) {
    StatementTraits traits = Traits(sql);
    PlaceLiterals(sql, &traits);
    std::vector<std::string> shown;
    for (const KeyOperand& operand : traits.key_operands) {
      shown.push_back(fmt::format("{}:{}", operand.column.attnum, operand.position));
    }
    EXPECT_EQ(fmt::format("{}", fmt::join(shown, " ")), expected) << sql;
    PlaceLiterals("select", &traits);  // again changes nothing
    EXPECT_EQ(traits.key_operands.size(), shown.size());
  }
}

TEST(Traits, KnowsWhatAnAnswerDependsOn) {
  using functions::Volatility;
  struct Case {
    const char* sql;
    Volatility volatility;
    int surroundings;
  };
  const Case cases[] = {
      {"select a + 1 from t", Volatility::kImmutable, functions::kNoSurroundings},
      {"select now()", Volatility::kStable, functions::kOnClock},
      {"select a from t where f > current_date", Volatility::kStable,
       functions::kOnClock | functions::kOnZone},
      {"select current_user", Volatility::kStable, functions::kOnRole},
      {"select random()", Volatility::kVolatile, functions::kOnChance},
      {"select a from t where f > 'today'", Volatility::kStable,
       functions::kOnClock | functions::kOnZone},
      {"select f::text from t", Volatility::kImmutable, functions::kOnStyle},
      {"select current_setting('work_mem')", Volatility::kStable, functions::kOnSettings},
      {"select to_char(a, '99') from t", Volatility::kStable, functions::kNoSurroundings},
      {"select date_trunc('day', tz) from v", Volatility::kStable, functions::kOnZone},
      {"select jsonb_agg(tz) from v", Volatility::kImmutable,
       functions::kOnZone | functions::kOnStyle},
  };
  for (const Case& one : cases) {
    const StatementTraits traits = Traits(one.sql);
    EXPECT_EQ(traits.volatility, one.volatility) << one.sql;
    EXPECT_EQ(traits.surroundings, one.surroundings) << one.sql;
  }
}

TEST(Traits, TellsReadsFromWrites) {
  const StatementTraits insert = Traits("insert into t (a, b) select a, b from u where id = 1");
  EXPECT_EQ(insert.tables_read.size(), 1u);
  EXPECT_EQ(insert.tables_written.size(), 1u);
  EXPECT_NE(insert.tables_read, insert.tables_written);
  EXPECT_EQ(insert.columns_read.size(), 3u);
  EXPECT_EQ(insert.columns_written.size(), 2u);
  const StatementTraits update = Traits("update t set a = a + 1 where b = 'x'");
  EXPECT_EQ(update.tables_read, update.tables_written);
  EXPECT_EQ(update.columns_read.size(), 2u);
  EXPECT_EQ(update.columns_written.size(), 1u);
  EXPECT_EQ(Traits("delete from t").columns_written.size(), 6u);
  // Whatever stands in a statement is read, where rows are changed too.
  const StatementTraits from_u = Traits("update t set a = (select max(id) from u)");
  EXPECT_EQ(from_u.tables_read.size(), 2u);
  EXPECT_EQ(
      Traits("insert into t (a) values (1) returning (select max(id) from u)").tables_read.size(),
      2u);
}

TEST(Traits, ShapeCountsAllLevels) {
  const StatementShape shape =
      Traits(
          "with c as (select a from t) select a, sum(id), count(*) from u where a in (select a "
          "from c) group by a order by a limit 5")
          .shape;
  EXPECT_EQ(shape.ctes, 1);
  EXPECT_EQ(shape.aggregates, 2);
  EXPECT_EQ(shape.group_keys, 1);
  EXPECT_EQ(shape.order_keys, 1);
  EXPECT_EQ(shape.subqueries, 1);
  EXPECT_TRUE(shape.limit);
  EXPECT_FALSE(shape.distinct);
}

TEST(Traits, ShapeCountsConditionsOfWhichStatisticsTellNothing) {
  const std::pair<const char*, int> cases[] = {
      {"select b from t where a = 1 and id between 2 and 9", 0},
      {"select b from t where a + 1 = 2", 1},
      {"select b from t where b like '%x' and a % 7 = 3", 2},
      {"select b from t where a = 1 or id = 2", 1},
      {"select b from t where a > (select max(id) from u where u.a * 2 = 4)", 1},
  };
  for (const auto& [sql, expected] : cases) {
    EXPECT_EQ(Traits(sql).shape.loose_conditions, expected) << sql;
  }
}

std::set<uint64_t> Parts(const char* sql, PlanPart::Kind kind) {
  std::set<uint64_t> ids;
  for (const PlanPart& part : Traits(sql).parts) {
    if (part.kind == kind) ids.insert(part.id);
  }
  return ids;
}

/// What is learned of a scan or a join serves another statement that has the same.
TEST(Traits, PartsAreSharedBetweenStatements) {
  const char* alone = "select b from t where a = 1 and d > 2";
  const char* joined =
      "select u.b, count(*) from u join t x on x.id = u.a where x.d > $1 and x.a = $2 group by u.b";
  const auto scans = Parts(joined, PlanPart::Kind::kScan);
  EXPECT_EQ(scans.size(), 2u);
  EXPECT_TRUE(scans.contains(*Parts(alone, PlanPart::Kind::kScan).begin()));
  EXPECT_EQ(
      Parts(joined, PlanPart::Kind::kJoin),
      Parts("select 1 from t, u where t.d > 5 and u.a = t.id and t.a = 3", PlanPart::Kind::kJoin));
  EXPECT_NE(Parts(joined, PlanPart::Kind::kJoin),
            Parts("select 1 from t, u where t.d > 5 and u.a = t.id", PlanPart::Kind::kJoin));
  const auto three =
      Parts("select 1 from t, u, nokey where t.d > 5 and u.a = t.id and t.a = 3 and nokey.k = u.id",
            PlanPart::Kind::kJoin);
  EXPECT_TRUE(three.contains(*Parts(joined, PlanPart::Kind::kJoin).begin()));
  EXPECT_EQ(
      Parts(joined, PlanPart::Kind::kGroup),
      Parts("select max(t.e::int) from t, u where t.d > 5 and u.a = t.id and t.a = 3 group by u.b",
            PlanPart::Kind::kGroup));
}

/// Nesting makes the work grow with the text, not with its powers.
bool PlainParts(const char* sql) {
  const auto statement = testing::MustBind(sql);
  return HasPlainParts(*std::get<std::unique_ptr<Query>>(statement->body));
}

/// Else a step of the plan may read more or less than the part of its name.
TEST(Traits, PartsArePlainWhereTablesAreJoinedUnderConditionsAlone) {
  EXPECT_TRUE(PlainParts("select 1 from one where a = 1"));
  EXPECT_TRUE(PlainParts("select one.a, count(*) from one join two on one.id = two.id group by 1"));
  EXPECT_FALSE(PlainParts("select 1 from one left join two on one.id = two.id"));
  EXPECT_FALSE(PlainParts("select 1 from (select a from one) x where a = 1"));
  EXPECT_FALSE(PlainParts("select 1 from one where a in (select a from two)"));
  EXPECT_FALSE(PlainParts("select 1 from one where random() < 0.5"));
  EXPECT_FALSE(PlainParts("select a from one union select a from two"));
  EXPECT_FALSE(PlainParts("with c as (select 1) select a from one"));
}

TEST(Traits, DeepStatementsAreWrittenOnce) {
  std::string from = "select a, b from t where a = 1 limit 9";
  std::string in = "select a from t where a = 1";
  for (int i = 0; i < 60; ++i) {
    from =
        fmt::format("select v{0}.a, v{0}.b from ({1}) v{0}, u where v{0}.a = u.a limit 9", i, from);
    in = fmt::format("select a from t where id = 3 and a in ({})", in);
  }
  EXPECT_NE(Traits(from).template_id, 0u);
  EXPECT_NE(Traits(in).template_id, 0u);
  std::string many = "select 1 from t t0";
  for (int i = 1; i < 60; ++i) many += fmt::format(" join t t{0} on t{0}.id = t{1}.a", i, i - 1);
  EXPECT_NE(Traits(many).template_id, 0u);
  std::string wide = "select 1 from t, u where t.a = u.a";
  for (int i = 0; i < 800; ++i) wide += " or t.a + u.a = t.id";
  EXPECT_NE(Traits(wide).template_id, 0u);
}

}  // namespace
}  // namespace omen::sql
