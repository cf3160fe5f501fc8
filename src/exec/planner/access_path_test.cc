// Which way to the rows the planner takes, by what EXPLAIN says of it.
#include <gtest/gtest.h>

#include <memory>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kPathSetup =
    "create table t (id int primary key, a int, b text, c numeric unique, d int);"
    "create index t_a on t (a, b desc); create index t_b on t (b);"
    "create table u (id int primary key, t int, x int); create index u_t on u (t, x);"
    "create table pair (x int, y text, z int, primary key (x, y));"
    "create table heap (a int, b int);"
    "insert into t select i, i % 50, 'b' || i % 7, i / 2.0, i from generate_series(1, 2000) i;"
    "insert into u select i, i % 300, i from generate_series(1, 3000) i;"
    "insert into pair select i / 10, 'y' || i % 10, i from generate_series(0, 1999) i;"
    "insert into heap select i, i from generate_series(1, 100) i;"
    "analyze;";

// One engine for all: nothing here changes it.
class AccessPaths : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    engine_ = std::make_unique<TestEngine>(TestEngine::Columns::kWithout);
    TestSession session(engine_.get());
    EXPECT_EQ(session.Run(kPathSetup), "ANALYZE 0");
  }
  static void TearDownTestSuite() { engine_.reset(); }

  AccessPaths() : session_(engine_.get()) { session_.options.route = Route::kRow; }

  void ExpectPlans(std::span<const QueryCase> cases) {
    for (const QueryCase& one : cases) {
      EXPECT_EQ(PlanOf(&session_, one.query), one.answer) << one.query;
    }
  }

  static std::unique_ptr<TestEngine> engine_;
  TestSession session_;
};

std::unique_ptr<TestEngine> AccessPaths::engine_;

TEST_F(AccessPaths, AKeyThatConditionsName) {
  constexpr QueryCase kCases[] = {
      {"select * from t where id = 5", "Index Scan using t_pkey on t / Index Cond: (id = 5)"},
      {"select * from t where 5 = id", "Index Scan using t_pkey on t / Index Cond: (5 = id)"},
      {"select * from t where id in (1, 2)",
       "Index Scan using t_pkey on t / Index Cond: (id IN (1, 2))"},
      {"select * from t where id = any(array[1, 2])",
       "Index Scan using t_pkey on t / Index Cond: (id = ANY ('{1,2}'::integer[]))"},
      {"select * from t where id > 5 and id <= 9",
       "Index Scan using t_pkey on t / Index Cond: (id > 5) AND (id <= 9)"},
      {"select * from t where c = 5", "Index Scan using t_c_key on t / Index Cond: (c = 5)"},
      {"select * from t where a = 5", "Index Scan using t_a on t / Index Cond: (a = 5)"},
      {"select * from t where a = 5 and b > 'b1'",
       "Index Scan using t_a on t / Index Cond: (a = 5) AND (b > 'b1'::text)"},
      {"select * from t where a = 5 and b = 'b1' and d = 3",
       "Index Scan using t_a on t / Index Cond: (a = 5) AND (b = 'b1'::text) / Filter: (d = 3)"},
      {"select * from t where a is null", "Index Scan using t_a on t / Index Cond: (a IS NULL)"},
      {"select * from pair where x = 3",
       "Index Scan using pair_pkey on pair / Index Cond: (x = 3)"},
      {"select * from pair where x = 3 and y = 'y1'",
       "Index Scan using pair_pkey on pair / Index Cond: (x = 3) AND (y = 'y1'::text)"},
      {"select * from pair where (x, y) > (3, 'y1')",
       "Index Scan using pair_pkey on pair / Index Cond: (x >= 3) / Filter: ((x <> 3) OR "
       "(y > 'y1'::text))"},
      {"select * from (select id, a + 1 as e from t) q where id = 5",
       "Subquery Scan on q / Index Scan using t_pkey on t / Index Cond: (id = 5)"},
  };
  ExpectPlans(kCases);
}

TEST_F(AccessPaths, WhatNoKeyAnswers) {
  constexpr QueryCase kCases[] = {
      {"select * from t where d = 5", "Seq Scan on t / Filter: (d = 5)"},
      {"select * from t where id <> 5", "Seq Scan on t / Filter: (id <> 5)"},
      {"select * from t where id + 0 = 5", "Seq Scan on t / Filter: ((id + 0) = 5)"},
      {"select * from t where id = d", "Seq Scan on t / Filter: (id = d)"},
      {"select * from t where id not in (1, 2)", "Seq Scan on t / Filter: (id NOT IN (1, 2))"},
      {"select * from pair where y = 'y1'", "Seq Scan on pair / Filter: (y = 'y1'::text)"},
      {"select * from heap where a = 5", "Seq Scan on heap / Filter: (a = 5)"},
      {"select * from t where id::text = '5'", "Seq Scan on t / Filter: ((id)::text = '5'::text)"},
      {"select * from t where id = random()",
       "Filter / Filter: ((id)::double precision = random()) / Seq Scan on t"},
      {"select 1 where false", "Result / One-Time Filter: 'f'::boolean / Result"},
  };
  ExpectPlans(kCases);
}

TEST_F(AccessPaths, AnIndexThatHasAllThatIsAsked) {
  constexpr QueryCase kCases[] = {
      {"select a, b from t where a = 5", "Index Only Scan using t_a on t / Index Cond: (a = 5)"},
      {"select b, id from t where a = 5", "Index Only Scan using t_a on t / Index Cond: (a = 5)"},
      {"select count(*) from t where a = 5",
       "Aggregate / Index Only Scan using t_a on t / Index Cond: (a = 5)"},
      {"select a, d from t where a = 5", "Index Scan using t_a on t / Index Cond: (a = 5)"},
      {"select a from t where a = 5 and d = 3",
       "Index Scan using t_a on t / Index Cond: (a = 5) / Filter: (d = 3)"},
      {"select c from t where c = 5", "Index Scan using t_c_key on t / Index Cond: (c = 5)"},
  };
  ExpectPlans(kCases);
}

TEST_F(AccessPaths, AnOrderThatAKeyHas) {
  constexpr QueryCase kCases[] = {
      {"select * from t order by id", "Seq Scan on t"},
      {"select * from t order by id desc", "Index Scan Backward using t_pkey on t"},
      {"select * from t order by id limit 3", "Limit / Seq Scan on t"},
      {"select * from t order by a, b desc limit 3", "Limit / Index Scan using t_a on t"},
      {"select * from t order by a desc, b limit 3", "Limit / Index Scan Backward using t_a on t"},
      {"select a, b from t order by a limit 3", "Limit / Index Only Scan using t_a on t"},
      {"select * from t where a = 3 order by b desc",
       "Index Scan using t_a on t / Index Cond: (a = 3)"},
      {"select * from pair where x = 3 order by y desc",
       "Index Scan Backward using pair_pkey on pair / Index Cond: (x = 3)"},
      {"select * from t order by a, b limit 3", "Limit / Sort / Sort Key: a, b / Seq Scan on t"},
      {"select * from t order by a desc, b desc limit 3",
       "Limit / Sort / Sort Key: a DESC, b DESC / Seq Scan on t"},
      {"select * from t order by a nulls first limit 3",
       "Limit / Sort / Sort Key: a / Seq Scan on t"},
      {"select * from t order by d limit 3", "Limit / Sort / Sort Key: d / Seq Scan on t"},
      {"select * from t order by id + 1", "Sort / Sort Key: (id + 1) / Seq Scan on t"},
      {"select * from heap order by a", "Sort / Sort Key: a / Seq Scan on heap"},
  };
  ExpectPlans(kCases);
}

TEST_F(AccessPaths, TheFirstAndTheLastOfAnIndex) {
  constexpr QueryCase kCases[] = {
      {"select min(a) from t",
       "Aggregate / Limit / Index Only Scan using t_a on t / Index Cond: (a IS NOT NULL)"},
      {"select max(c) from t",
       "Aggregate / Limit / Index Scan Backward using t_c_key on t / Index Cond: (c IS NOT NULL)"},
      {"select max(id) from t where a = 3",
       "Aggregate / Limit / Index Scan Backward using t_pkey on t / Index Cond: (id IS NOT NULL) / "
       "Filter: (a = 3)"},
      {"select max(d) from t", "Aggregate / Seq Scan on t / Filter: (d IS NOT NULL)"},
      {"select min(id), max(id) from t", "Aggregate / Seq Scan on t"},
      {"select max(id) from t group by a", "HashAggregate / Group Key: a / Seq Scan on t"},
      {"select max(distinct id) from t", "Aggregate / Seq Scan on t"},
  };
  ExpectPlans(kCases);
}

TEST_F(AccessPaths, JoinsByKeyByHashAndByLoop) {
  constexpr QueryCase kCases[] = {
      {"select * from t join u on u.t = t.id where t.id = 7",
       "Nested Loop / Index Scan using t_pkey on t / Index Cond: (t.id = 7) / Index Only Scan "
       "using "
       "u_t on u / Index Cond: (u.t = t.id)"},
      {"select * from t join heap h on h.a = t.d",
       "Hash Join / Hash Cond: (h.a = t.d) / Seq Scan on heap h / Seq Scan on t"},
      {"select * from t full join u on u.t = t.id",
       "Hash Full Join / Hash Cond: (u.t = t.id) / Seq Scan on t / Seq Scan on u"},
      {"select * from heap h left join t on t.id = h.a where h.b < 3 and h.a = 1",
       "Nested Loop Left Join / Seq Scan on heap h / Filter: (h.b < 3) AND (h.a = 1) / Index Scan "
       "using t_pkey on t / Index Cond: (t.id = h.a)"},
      {"select * from heap h, heap i where h.a < i.a",
       "Nested Loop / Join Filter: (h.a < i.a) / Seq Scan on heap h / Materialize / Seq Scan on "
       "heap i"},
      {"select * from heap h left join heap i on h.a = i.a where i.b = 1",
       "Hash Join / Hash Cond: (h.a = i.a) / Seq Scan on heap i / Filter: (i.b = 1) / Seq Scan on "
       "heap h"},
  };
  ExpectPlans(kCases);
}

TEST_F(AccessPaths, StepsAboveTheRows) {
  constexpr QueryCase kCases[] = {
      {"select a, d, count(*) from t group by a, d having count(*) > 1",
       "Filter / Filter: (count(*) > 1) / HashAggregate / Group Key: a, d / Seq Scan on t"},
      {"select distinct a from t", "Unique / Seq Scan on t"},
      {"select a from t union select b from heap",
       "Append Unique / Seq Scan on t / Seq Scan on heap"},
      {"select rank() over (partition by a order by d desc) from t",
       "WindowAgg / Sort Key: a, d DESC / Seq Scan on t"},
      {"select * from t where id = 5 for update",
       "LockRows / Index Scan using t_pkey on t / Index Cond: (id = 5)"},
      {"with r as (select 1) select * from r", "CTE Scan on r"},
      {"select * from generate_series(1, 3)", "Function Scan on generate_series"},
      {"update t set d = 1 where id = 5",
       "Update on t / Index Scan using t_pkey on t / Index Cond: (id = 5)"},
      {"delete from t where d = 5", "Delete on t / Seq Scan on t / Filter: (d = 5)"},
      {"insert into heap values (1, 2), (3, 4)", "Insert on heap / Values (2 rows)"},
  };
  ExpectPlans(kCases);
}

TEST_F(AccessPaths, AnalyzeCountsWhatEachStepGave) {
  const std::string analyzed = session_.Run(
      "explain (analyze, timing off, costs off) select count(*) from heap h join heap i on h.b = "
      "i.b where h.a > 40");
  EXPECT_NE(analyzed.find("Aggregate (actual rows=1 loops=1)"), std::string::npos) << analyzed;
  EXPECT_NE(analyzed.find("Hash Join (actual rows=60 loops=1)"), std::string::npos) << analyzed;
  EXPECT_NE(analyzed.find("on heap h (actual rows=60 loops=1)"), std::string::npos) << analyzed;
  EXPECT_NE(analyzed.find("on heap i (actual rows=100 loops=1)"), std::string::npos) << analyzed;
  const std::string limited =
      session_.Run("explain (analyze, timing off, costs off) select * from heap limit 7");
  EXPECT_NE(limited.find("Seq Scan on heap (actual rows=7 loops=1)"), std::string::npos) << limited;
  EXPECT_NE(session_.Run("explain select * from heap").find("rows=100"), std::string::npos);
}

// What is found does not depend on the indexes there are.
TEST(AccessPathsGone, TheSameAnswersWithoutTheIndexes) {
  TestEngine engine(TestEngine::Columns::kWithout);
  TestSession session(&engine);
  EXPECT_EQ(session.Run(kPathSetup), "ANALYZE 0");
  const char* queries[] = {
      "select id from t where a = 7 and b >= 'b3' order by b desc, id",
      "select a, b, id from t order by a desc, b, id limit 40",
      "select max(a), min(c) from t where b = 'b2'",
      "select t.id, u.id from t join u on u.t = t.id and u.x < 900 where t.a in (1, 2, 3)",
      "select id from t where exists (select from u where u.t = t.id and u.x > 2900)",
  };
  std::vector<std::string> before;
  for (const char* query : queries) before.push_back(session.RunSorted(query));
  session.Run(
      "drop index t_a, t_b, u_t; alter table t drop constraint t_c_key, drop constraint "
      "t_pkey");
  EXPECT_EQ(PlanOf(&session, "select * from t where id = 5"), "Seq Scan on t / Filter: (id = 5)");
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_GT(before[i].size(), 3u);
    EXPECT_EQ(session.RunSorted(queries[i]), before[i]) << queries[i];
  }
}

}  // namespace
}  // namespace omen::exec::testing
