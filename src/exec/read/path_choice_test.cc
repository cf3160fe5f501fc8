// Which path a read takes: chosen, forced, refused, and what it falls back to.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class PathChoices : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    engine_ = std::make_unique<TestEngine>();
    TestSession session(engine_.get());
    session.Run(
        "create table t (id int primary key, a int, b text);"
        "insert into t select i, i % 10, 'b' || i from generate_series(1, 30000) i;"
        "create table wide (id int primary key, b text);"
        "insert into wide select i, 'b' || i from generate_series(1, 150000) i;"
        "create table u (id int primary key, t_id int, t_big int8);"
        "insert into u select i, i * 97, i * 97 from generate_series(1, 200) i;"
        "analyze t;"
        "analyze wide;"
        "analyze u");
  }
  static void TearDownTestSuite() { engine_.reset(); }

  /// The path that a read took, or its error.
  std::string PathOn(Route route, const char* query) {
    session_.options.route = route;
    const std::string answer = session_.Run(query);
    if (answer.starts_with("ERROR")) return answer;
    return std::string(PathName(session_.report.path)) + ": " + session_.report.reason;
  }

  std::string Analyzed(Route route, const char* query) {
    session_.options.route = route;
    return session_.Run(std::string("explain (analyze, timing off) ") + query);
  }
  /// Rows that a mixed run was given of t.
  int RowsGiven(const char* query, Route route = Route::kMixed) {
    const std::string plan = Analyzed(route, query);
    const size_t scan = plan.find("Row Scan on t");
    const size_t at = plan.find("(actual rows=", scan);
    EXPECT_NE(at, std::string::npos) << plan;
    return at == std::string::npos ? -1 : std::atoi(plan.c_str() + at + 13);
  }

  static std::unique_ptr<TestEngine> engine_;
  TestSession session_{engine_.get()};
};

std::unique_ptr<TestEngine> PathChoices::engine_;

// Rows are expected to find one soon; there is none, and to know that all must be read.
TEST_F(PathChoices, RowsThatTakeLongerThanColumnsWouldAreGivenUp) {
  constexpr char kNever[] = "select id from wide where id * 7 % 40009 = 40009 order by id limit 1";
  constexpr char kSoon[] = "select id from wide where id * 7 % 40009 = 14 order by id limit 1";
  EXPECT_TRUE(PathOn(Route::kAuto, kNever).starts_with("row: about "));
  session_.options.learning = Learning::kOn;
  EXPECT_TRUE(PathOn(Route::kAuto, kNever).starts_with("column: given up on rows after "));
  EXPECT_GT(session_.report.given_up_us, 0);
  EXPECT_EQ(session_.Run(kNever), "");
  EXPECT_TRUE(PathOn(Route::kAuto, kSoon).starts_with("row: about "));
  EXPECT_EQ(session_.report.given_up_us, 0);
  EXPECT_EQ(session_.Run(kSoon), "2\n");
  // What must not be run twice is not.
  const std::string once = PathOn(
      Route::kAuto,
      "select id from wide where id * 7 % 40009 = 40009 and random() < 2 order by id limit 1");
  EXPECT_EQ(once.find("given up"), std::string::npos) << once;
}

TEST_F(PathChoices, RowsReadAheadOfTheirFetchComeOnceAndInOrder) {
  session_.options.learning = Learning::kOn;
  EXPECT_TRUE(PathOn(Route::kAuto, "select id from t where a = 3 order by id limit 100")
                  .starts_with("row: about "));
  std::string expected;
  for (int i = 0; i < 100; ++i) expected += std::to_string(3 + 10 * i) + "\n";
  EXPECT_EQ(session_.Run("select id from t where a = 3 order by id limit 100"), expected);
}

TEST_F(PathChoices, TheRouterChoosesByWhatIsRead) {
  EXPECT_EQ(PathOn(Route::kAuto, "select b from t where id = 5"), "row: finds its rows by key");
  EXPECT_EQ(PathOn(Route::kAuto, "select b from t where id in (5, 6, 7)"),
            "row: finds its rows by key");
  EXPECT_EQ(PathOn(Route::kAuto, "select 1"), "row: finds its rows by key");
  EXPECT_EQ(PathOn(Route::kAuto, "select max(id) from t"), "row: finds its rows by key");
  EXPECT_NE(PathOn(Route::kAuto, "select a, count(*) from t group by a").find(": about "),
            std::string::npos);
  EXPECT_TRUE(PathOn(Route::kAuto, "select b from t order by id limit 5").starts_with("row: "));
  EXPECT_EQ(PathOn(Route::kAuto, "select a from t order by a fetch first 1 row with ties"),
            "column: the row path cannot: WITH TIES on the row path is not supported");
}

TEST_F(PathChoices, ExplainShowsTheEnginesPlanByOurNames) {
  session_.options.route = Route::kColumn;
  const char* query =
      "select x.a, count(*) from t x join t y on x.id = y.a where x.id < 7 group by x.a";
  for (const char* explain : {"explain ", "explain analyze "}) {
    const std::string plan = session_.Run(std::string(explain) + query);
    for (const char* part : {"HashAggregate", "Hash Join", "Column Scan on t", "Filter: id<7"}) {
      EXPECT_NE(plan.find(part), std::string::npos) << explain << part << "\n" << plan;
    }
    const bool counted = plan.find("(actual time=") != std::string::npos;
    EXPECT_EQ(counted, std::string(explain) == "explain analyze ") << plan;
  }
  const std::string json = session_.Run(std::string("explain (format json) ") + query);
  EXPECT_NE(json.find("\"Node Type\": \"Column Scan\""), std::string::npos) << json;
}

TEST_F(PathChoices, AForcedPathIsTakenForEveryRead) {
  for (const auto& [route, path] :
       {std::pair{Route::kRow, "row"}, {Route::kColumn, "column"}, {Route::kMixed, "mixed"}}) {
    for (const char* query : {"select b from t where id = 5", "select count(*) from t", "select 1",
                              "select count(*) from pg_class"}) {
      EXPECT_EQ(PathOn(route, query), std::string(path) + ": forced by omendb.route") << query;
    }
  }
}

TEST_F(PathChoices, AForcedPathThatCannotSaysWhy) {
  EXPECT_EQ(PathOn(Route::kColumn, "select b from t where id = 5 for update"),
            "ERROR 0A000: this statement cannot run on the column path: row locks need the row "
            "path");
  EXPECT_EQ(
      PathOn(Route::kMixed, "select b from t where id = 5 for update"),
      "ERROR 0A000: this statement cannot run on the mixed path: row locks need the row path");
  EXPECT_EQ(PathOn(Route::kRow, "select a from t order by a fetch first 1 row with ties"),
            "ERROR 0A000: this statement cannot run on the row path: WITH TIES on the row path is "
            "not supported");
}

// What is wrong with the statement itself is said alike on every path.
TEST_F(PathChoices, AStatementsOwnErrorIsTheSameOnEveryPath) {
  const std::pair<const char*, const char*> cases[] = {
      {"select 1 / (a - a) from t where id = 1", "ERROR 22012: division by zero"},
      {"select b::int from t where id = 1",
       "ERROR 22P02: invalid input syntax for type integer: \"b1\""},
      {"select (select id from t) from t limit 1",
       "ERROR 21000: more than one row returned by a subquery used as an expression"},
      {"select a from t order by id limit -1", "ERROR 2201W: LIMIT must not be negative"},
      {"select 2147483647 + a from t where id = 9", "ERROR 22003: integer out of range"},
  };
  for (const auto& [query, error] : cases) {
    for (const Route route : {Route::kRow, Route::kColumn, Route::kMixed, Route::kAuto}) {
      EXPECT_EQ(PathOn(route, query), error) << query << " " << static_cast<int>(route);
    }
  }
}

TEST_F(PathChoices, ExplainNamesThePathAndItsAlternatives) {
  session_.options.route = Route::kColumn;
  const std::string explained = session_.Run("explain (costs off) select sum(a) from t");
  EXPECT_NE(explained.find("  ->  Column Scan on t\n"), std::string::npos) << explained;
  EXPECT_NE(explained.find("Path: column (forced by omendb.route)"), std::string::npos);
  EXPECT_NE(explained.find("Alternatives: row (possible), mixed (possible)"), std::string::npos);
  session_.options.route = Route::kAuto;
  const std::string locked = session_.Run("explain (costs off) select 1 from t for update");
  EXPECT_NE(locked.find("column (not possible: row locks need the row path)"), std::string::npos)
      << locked;
  session_.options.route = Route::kMixed;
  const std::string mixed =
      session_.Run("explain (analyze, timing off) select a from t where id < 4");
  EXPECT_NE(mixed.find("Row Scan on t"), std::string::npos) << mixed;
  EXPECT_NE(mixed.find("(actual rows=3 loops=1)"), std::string::npos) << mixed;
}

// By the counts of the scans, which tell what the engine was given.
TEST_F(PathChoices, AMixedScanReadsTheKeysThatItsConditionsName) {
  const auto rows_given = [&](const char* query) { return RowsGiven(query); };
  const int whole = rows_given("select sum(a) from t where a >= 0");
  EXPECT_EQ(rows_given("select sum(a) from t"), whole);
  EXPECT_EQ(rows_given("select sum(a) from t where id between 4 and 10"), 7);
  EXPECT_EQ(rows_given("select sum(a) from t where id = 5 and a >= 0"), 1);
  EXPECT_EQ(rows_given("select sum(a) from t where id in (3, 9, 3, -1)"), 2);
  EXPECT_EQ(rows_given("select sum(a) from t where 10 >= id and id > 8"), 2);
  EXPECT_EQ(rows_given("select sum(a) from t where id > 5 or id = 1"), whole);
}

TEST_F(PathChoices, AMixedScanReadsTheKeysThatJoinsTell) {
  const int whole = RowsGiven("select sum(a) from t where a >= 0");
  EXPECT_EQ(RowsGiven("select sum(t.a) from t join u on t.id = u.t_id"), 200);
  EXPECT_EQ(RowsGiven("select sum(t.a) from u left join t on t.id = u.t_id where u.id < 9"), 8);
  EXPECT_EQ(RowsGiven("select sum(t.a) from t where id in (select t_id from u where id < 5)"), 4);
  EXPECT_EQ(RowsGiven("select sum(t.a) from t join u on t.id = u.t_id where t.id > 18000"), 15);
  EXPECT_EQ(RowsGiven("select sum(t.a) from t join (select id from u) u using (id)"), 200);
  EXPECT_EQ(RowsGiven("select sum(t.a) from t left join u on t.id = u.t_id"), whole);
  EXPECT_EQ(RowsGiven("select sum(t.a) from t join u on t.a = u.t_id"), whole);
  const std::string plan =
      session_.Run("explain select sum(t.a) from t join u on t.id = u.t_id where u.id < 9");
  EXPECT_NE(plan.find("Join Keys: id"), std::string::npos) << plan;
  EXPECT_NE(plan.find("Index Cond: (id < 9)"), std::string::npos) << plan;
}

TEST_F(PathChoices, AMixedScanTestsConditionsThatFewRowsPass) {
  const int whole = RowsGiven("select sum(a) from t where a >= 0");
  EXPECT_EQ(RowsGiven("select sum(a) from t where b = 'b77'"), 1);
  EXPECT_EQ(RowsGiven("select count(*) from t where a = 3"), 3000);
  EXPECT_EQ(RowsGiven("select count(*) from t where a in (3, 4) and id <= 100"), 20);
  const int spanned = 1931;  // by the keys of u
  EXPECT_EQ(RowsGiven("select count(*) from u join t on t.id = u.t_id and t.a = 7"), spanned);
  EXPECT_EQ(RowsGiven("select count(*) from u left join t on t.id = u.t_id and t.a = 7"), spanned);
  EXPECT_EQ(RowsGiven("select count(*) from t left join u on t.id = u.t_id and t.a = 7"), whole);
  EXPECT_EQ(RowsGiven("select count(*) from t where a + 0 = 3"), whole);
  const std::string plan = session_.Run("explain select count(*) from t where b = 'b77'");
  EXPECT_NE(plan.find("Row Filter: (b = 'b77'"), std::string::npos) << plan;
}

TEST_F(PathChoices, OnlyAChangedTableIsReadFromRows) {
  session_.Begin();
  session_.Run("update t set a = 100 where id = 97");
  const char* query =
      "select t.a, count(distinct u.id), sum(x.t_id) from u join t on t.id = u.t_id "
      "cross join u x cross join u y group by t.a";
  const std::string plan = Analyzed(Route::kAuto, query);
  EXPECT_NE(plan.find("Path: mixed"), std::string::npos) << plan;
  EXPECT_NE(plan.find("Column Scan on u"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("Row Scan on u"), std::string::npos) << plan;
  EXPECT_EQ(RowsGiven(query, Route::kAuto), 200);
  session_.Rollback();
}

TEST_F(PathChoices, WithoutColumnsThereIsTheRowPathAlone) {
  TestEngine bare(TestEngine::Columns::kWithout);
  TestSession session(&bare);
  session.Run("create table t (a int)");
  session.options.route = Route::kColumn;
  EXPECT_EQ(session.Run("select a from t"),
            "ERROR 0A000: this statement cannot run on the column path: there is no column store");
  session.options.route = Route::kAuto;
  EXPECT_EQ(session.Run("select a from t order by a fetch first 1 row with ties").substr(0, 11),
            "ERROR 0A000");
}

TEST_F(PathChoices, DifferentPathsGiveOneAnswer) {
  for (const char* query :
       {"select a, count(*), sum(id), min(b), max(b) from t group by a order by a",
        "select b from t where a = 3 order by id desc limit 4",
        "select count(distinct a), avg(id) from t where b like 'b1%'",
        "select x.a, y.b from t x join t y on y.id = x.a + 1 where x.id between 20 and 24 order by "
        "x.id",
        "select a from t where id < 30 union select 99 order by 1 desc",
        "select id, rank() over (order by a) from t where id < 12 order by id"}) {
    session_.options.route = Route::kRow;
    const std::string expected = session_.Run(query);
    EXPECT_EQ(expected.find("ERROR"), std::string::npos);
    for (const Route route : {Route::kColumn, Route::kMixed, Route::kAuto}) {
      session_.options.route = route;
      EXPECT_EQ(session_.Run(query), expected) << query;
    }
  }
}

}  // namespace
}  // namespace omen::exec::testing
