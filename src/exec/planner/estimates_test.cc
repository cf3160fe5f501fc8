// What the planner expects of conditions, joins and groups, against what there is: by the rows of
// EXPLAIN, on tables whose statistics were taken.
#include "exec/planner/estimates.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kEstimateSetup =
    "create table f (id int primary key, even int, skew int, given int, day date, name text, "
    "gap int);"
    "create index f_skew on f (skew); create index f_day on f (day);"
    "create table d (k int primary key, grp int, note text);"
    "create table two (a int, b int, primary key (a, b));"
    "insert into f select i, i % 100, case when i % 2 = 0 then 1 else i % 1000 end, i % 100 / 10, "
    "date '2020-01-01' + i / 20, 'n' || i % 40, case when i % 4 = 0 then i end "
    "from generate_series(1, 20000) i;"
    "insert into d select i, i % 5, 'd' || i from generate_series(0, 99) i;"
    "insert into two select i / 10, i % 10 from generate_series(0, 999) i;"
    "analyze f, d, two;";

/// Rows of the first node of a plan that says it, -1 where none does.
double RowsOf(TestSession* session, const std::string& query, std::vector<Value> params = {}) {
  const std::string answer = session->Run("explain " + query, std::move(params));
  const size_t at = answer.find(" rows=");
  return at == std::string::npos ? -1 : std::atof(answer.c_str() + at + 6);
}

/// Of the first node of a plan.
double CostOf(TestSession* session, const std::string& query) {
  const std::string answer = session->Run("explain " + query);
  return std::atof(answer.c_str() + answer.find("..") + 2);
}

class EstimatesOfPlans : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    engine_ = std::make_unique<TestEngine>(TestEngine::Columns::kWithout);
    TestSession session(engine_.get());
    EXPECT_EQ(session.Run(kEstimateSetup), "ANALYZE 0");
  }
  static void TearDownTestSuite() { engine_.reset(); }

  /// The estimate is at most `times` off what the query gives.
  void ExpectNear(const std::string& from_where, double times) {
    const std::string counted = session_.Run("select count(*) " + from_where);
    const double rows = std::max(1.0, std::atof(counted.c_str()));
    const double expected = std::max(1.0, RowsOf(&session_, "select * " + from_where));
    EXPECT_LE(std::max(rows / expected, expected / rows), times)
        << from_where << ": " << counted << " rows, expected " << expected;
  }

  static std::unique_ptr<TestEngine> engine_;
  TestSession session_{engine_.get()};
};

std::unique_ptr<TestEngine> EstimatesOfPlans::engine_;

TEST_F(EstimatesOfPlans, OneCondition) {
  for (const char* condition : {"even = 7",
                                "skew = 1",
                                "skew = 77",
                                "skew <> 1",
                                "gap is null",
                                "gap is not null",
                                "even between 10 and 29",
                                "id <= 100",
                                "id > 19000",
                                "even in (1, 2, 3)",
                                "name like 'n1%'",
                                "name = 'n3'",
                                "even < 50 and even >= 45",
                                "not even = 7",
                                "even = 1 or even = 2",
                                "day >= '2021-01-01' and day < '2021-02-01'",
                                "day = '2020-06-01'",
                                "7 = even",
                                "even = any (array[1, 2, 3, 4])",
                                "even not in (1, 2)"}) {
    ExpectNear(std::string("from f where ") + condition, 2);
  }
}

TEST_F(EstimatesOfPlans, WhatIsNotThereIsFewRows) {
  for (const char* condition : {"skew = -5", "day = '2035-01-01'", "day > '2035-01-01'",
                                "name = 'none'", "even = null", "even > 5 and even < 3"}) {
    EXPECT_LE(RowsOf(&session_, std::string("select * from f where ") + condition), 25)
        << condition;
  }
}

TEST_F(EstimatesOfPlans, ValuesMayBeComputed) {
  const auto rows = [&](const char* where, Value param) {
    return RowsOf(&session_, std::string("select * from f where ") + where, {std::move(param)});
  };
  EXPECT_NEAR(rows("id between $1 and $1 + 99", Value::Int(500)), 100, 20);
  EXPECT_NEAR(rows("id between $1 - 9999 and $1", Value::Int(19'000)), 10'000, 1000);
  EXPECT_NEAR(rows("name like $1 || '%'", Value::Text("n12")), 500, 200);
  EXPECT_GT(rows("name like $1 || '%'", Value::Text("n")), 15'000);
  EXPECT_GT(rows("day < current_date + $1::int", Value::Int(0)), 15'000);
  EXPECT_LT(rows("day > now()::date - $1::int", Value::Int(1)), 10);
  EXPECT_LT(rows("day > date '2020-01-01' + 1000 - $1::int", Value::Int(10)), 500);
  EXPECT_GT(rows("id < 1 / $1", Value::Int(0)), 0) << "one that fails is not known";
  EXPECT_GT(rows("name = repeat('x', $1)", Value::Int(1'000'000'000)), 0) << "nor one so long";
}

TEST_F(EstimatesOfPlans, ValuesReachEveryLevel) {
  for (const char* query :
       {"with o as materialized (select id from f where skew = $1) select * from o",
        "select * from (select id from f where skew = $1 offset 0) o",
        "select s.id from (select id, skew, gap from f where even >= 0) s where s.skew = $1"}) {
    const double common = RowsOf(&session_, query, {Value::Int(1)});
    const double rare = RowsOf(&session_, query, {Value::Int(77)});
    EXPECT_GT(common, 5000) << query;
    EXPECT_LT(rare, 200) << query;
  }
}

TEST_F(EstimatesOfPlans, IndependentConditionsMultiply) {
  ExpectNear("from f where even < 50 and name = 'n3'", 2);
  ExpectNear("from f where skew = 1 and id <= 10000", 2);
}

TEST_F(EstimatesOfPlans, Joins) {
  ExpectNear("from f join d on d.k = f.even", 2);
  ExpectNear("from f join d on d.k = f.even where d.grp = 3", 2);
  ExpectNear("from f join d on d.k = f.even and d.note = 'd5'", 2);
  ExpectNear("from f a join f b on b.id = a.id where a.even = 7", 2);
  ExpectNear("from f left join d on d.k = f.even and d.grp = 3", 2);
  ExpectNear("from two x join two y on x.a = y.a and x.b = y.b", 2);
}

/// Columns of subqueries in FROM have as many values as what they come from.
TEST_F(EstimatesOfPlans, JoinsOfDerivedRelations) {
  for (const char* derived :
       {"(select id, count(*) as n from f group by id)", "(select distinct id from f)",
        "(select id from f where even >= 0 offset 0)", "(select max(id) as id from f group by day)",
        "(with g as materialized (select id, even from f) select * from g)",
        "(select id from f where id <= 9000 union all select id from f where id > 9000 offset 0)",
        "(select id from f where id <= 9000 union select id from f where id > 9000)",
        "(select id, even from f group by id, even)", "generate_series(1, 20000) id"}) {
    const std::string relation = std::string(derived) + (*derived == '(' ? " g" : "");
    ExpectNear("from f join " + relation + " on g.id = f.id", 2.1);
  }
}

TEST_F(EstimatesOfPlans, Groups) {
  const auto groups = [&](const std::string& keys, const std::string& where) {
    return RowsOf(&session_, "select " + keys + ", count(*) from f " + where + " group by " + keys);
  };
  EXPECT_NEAR(groups("even", ""), 100, 10);
  EXPECT_NEAR(groups("name", ""), 40, 4);
  EXPECT_NEAR(groups("day", ""), 1000, 200);
  EXPECT_LE(groups("even", "where id <= 10"), 11);
}

/// Groups that HAVING keeps, by how large they are and what aggregates come to.
TEST_F(EstimatesOfPlans, Having) {
  const auto near = [&](const std::string& key, const std::string& having, double times) {
    const std::string query =
        "select " + key + " as k from f group by " + key + " having " + having;
    const double rows =
        std::max(1.0, std::atof(session_.Run("select count(*) from (" + query + ") g").c_str()));
    const double expected = RowsOf(&session_, query);
    EXPECT_LE(std::max(rows / expected, expected / rows), times)
        << query << ": " << rows << " groups, expected " << expected;
  };
  // Of the values of skew one has half of the rows, 500 have 20 each.
  near("skew", "count(*) > 1000", 1.1);
  near("skew", "count(*) > 10", 1.1);
  near("skew", "count(*) > 40", 1.1);
  near("skew", "1000 < count(*)", 1.1);
  near("skew", "count(*) <= 1000", 1.1);
  near("skew", "not count(*) > 1000", 1.1);
  near("id", "count(*) > 1", 1.1);
  near("id", "count(*) = 1", 1.1);
  near("id", "count(*) >= 1 and count(*) < 2", 1.1);
  near("even", "count(*) between 100 and 300", 1.1);
  near("id", "sum(even) > 90", 1.6);
  near("id", "avg(even) > 90", 1.6);
  near("id", "max(even) >= 90", 1.2);
  near("id", "min(even) < 10", 1.2);
  near("even", "sum(id) > 5000000", 1.1);
  near("even", "max(id) > 19000", 1.1);
  near("even", "min(id) > 1000", 1.1);
  near("even", "count(*) > 1000 or count(*) < 10", 1.1);
}

TEST_F(EstimatesOfPlans, AWithQueryIsNotFree) {
  const auto cost = [&](const std::string& query) { return CostOf(&session_, query); };
  const std::string groups = "select even, count(*) as n from f group by even";
  EXPECT_GT(cost("with x as (" + groups + ") select max(n) from x"), cost(groups) * 0.9);
}

TEST_F(EstimatesOfPlans, ALimitReadsAPart) {
  const auto cost = [&](const std::string& query) { return CostOf(&session_, query); };
  EXPECT_LT(cost("select * from f limit 10"), cost("select * from f") / 100);
  // Where few rows pass, it reads nearly all.
  EXPECT_GT(cost("select * from f where name = 'none' limit 10"), cost("select * from f") / 3);
  // An order that must be made first is made whole.
  EXPECT_GT(cost("select * from f order by name limit 10"), cost("select * from f") / 2);
}

/// Index scans where few rows are expected, a scan where many are; and for what is given.
TEST_F(EstimatesOfPlans, AccessFollowsTheValues) {
  session_.options.route = Route::kRow;
  const auto plan = [&](const std::string& query, std::vector<Value> params = {}) {
    return session_.Run("explain (costs off) " + query, std::move(params));
  };
  const std::string rare = "Index Scan using f_skew on f", all = "Seq Scan on f";
  EXPECT_TRUE(plan("select * from f where skew = 77").starts_with(rare));
  EXPECT_TRUE(plan("select * from f where skew = 1").starts_with(all));
  EXPECT_TRUE(plan("select * from f where skew = $1", {Value::Int(77)}).starts_with(rare));
  EXPECT_TRUE(plan("select * from f where skew = $1", {Value::Int(1)}).starts_with(all));
  // Both ends of a range are looked at together.
  EXPECT_TRUE(plan("select * from f where day between '2021-01-05' and '2021-01-06'")
                  .starts_with("Index Scan using f_day on f"));
  EXPECT_TRUE(
      plan("select * from f where day between '2020-01-05' and '2022-01-06'").starts_with(all));
  // An index in the order of the limit, or the few rows of another.
  EXPECT_TRUE(plan("select * from f where skew = 1 order by day limit 5").find("f_day") !=
              std::string::npos);
  EXPECT_TRUE(plan("select * from f where skew = 77 order by day limit 5").find("f_skew") !=
              std::string::npos);
}

/// Plans that are made later are charged to nobody: a long statement keeps its first one.
TEST_F(EstimatesOfPlans, LongStatementsKeepTheirPlan) {
  session_.options.route = Route::kRow;
  std::string list = "0";
  for (int i = 1; i < 1000; ++i) list += ", " + std::to_string(i);
  const auto plan = [&](const std::string& more) {
    return session_.Run("explain (costs off) select * from f where skew = $1" + more,
                        {Value::Int(1)});
  };
  EXPECT_TRUE(plan("").starts_with("Seq Scan on f"));
  EXPECT_TRUE(plan(" and gap not in (" + list + ")").starts_with("Index Scan using f_skew on f"));
}

}  // namespace
}  // namespace omen::exec::testing
