// Orders of rows: nulls, ties, several keys, and what LIMIT and OFFSET cut.
#include <gtest/gtest.h>

#include <random>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kSortSetup =
    "create table o (id int, a int, b text, f float8, n numeric);"
    "insert into o values (1, 2, 'b', 1, 1.10), (2, null, 'a', 'NaN', 1.1), (3, 1, null, null, 2),"
    "(4, 2, 'a', '-Infinity', null), (5, null, null, 0, 'NaN'), (6, 1, 'B', -1, -3);";

constexpr QueryCase kOrders[] = {
    {"select id from o order by a, id", "3; 6; 1; 4; 2; 5"},
    {"select id from o order by a desc, id", "2; 5; 1; 4; 3; 6"},
    {"select id from o order by a nulls first, id", "2; 5; 3; 6; 1; 4"},
    {"select id from o order by a desc nulls last, id", "1; 4; 3; 6; 2; 5"},
    {"select id from o order by a desc nulls last, b desc nulls last, id", "1; 4; 6; 3; 2; 5"},
    {"select id from o order by b, id desc", "6; 4; 2; 1; 5; 3"},
    {"select id from o order by f", "4; 6; 5; 1; 2; 3"},
    {"select id from o order by f desc", "3; 2; 1; 5; 6; 4"},
    {"select id from o order by n, id desc", "6; 2; 1; 3; 5; 4"},
    {"select id from o order by a + id, id", "1; 3; 4; 6; 2; 5"},
    {"select id, -a as x from o order by x, id", "1|-2; 4|-2; 3|-1; 6|-1; 2|; 5|"},
    {"select id, a from o order by 2 desc, 1 desc", "5|; 2|; 4|2; 1|2; 6|1; 3|1"},
    {"select b from o order by lower(b), b, id", "a; a; B; b; ; "},
    {"select id from o order by a is null, -id", "6; 4; 3; 1; 5; 2"},
    {"select id from o order by id using >", "6; 5; 4; 3; 2; 1"},
    {"select id from o order by (select max(p.id) from o p where p.a = o.a), id",
     "1; 4; 3; 6; 2; 5"},
    {"select 1 from o order by 1 limit 1", "1"},
    {"select id from o order by 3", "ERROR 42P10: ORDER BY position 3 is not in select list"},
    {"select id from o order by nowhere", "ERROR 42703: column \"nowhere\" does not exist"},
    {"select distinct a from o order by b",
     "ERROR 42P10: for SELECT DISTINCT, ORDER BY expressions must appear in select list"},
};

constexpr QueryCase kLimits[] = {
    {"select id from o order by id limit 2", "1; 2"},
    {"select id from o order by id limit 2 offset 3", "4; 5"},
    {"select id from o order by id offset 4", "5; 6"},
    {"select id from o order by id limit 0", "none"},
    {"select id from o order by id limit 100", "1; 2; 3; 4; 5; 6"},
    {"select id from o order by id offset 100", "none"},
    {"select id from o order by id limit null offset null", "1; 2; 3; 4; 5; 6"},
    {"select id from o order by id limit all offset 5", "6"},
    {"select id from o order by id limit 1 + 1 offset 2 - 1", "2; 3"},
    {"select id from o order by id limit (select count(*) from o where a = 2)", "1; 2"},
    {"select id from o order by id limit -1", "ERROR 2201W: LIMIT must not be negative"},
    {"select id from o order by id offset -1", "ERROR 2201X: OFFSET must not be negative"},
    {"select id from o order by id limit 2.5", "1; 2; 3"},
    {"select a from o fetch first 2 rows with ties",
     "ERROR 42601: WITH TIES cannot be specified without ORDER BY clause"},
    {"select a from o order by a desc fetch first 3 rows only", "; ; 2"},
    {"select count(*) from (select 1 from o limit 4) q", "4"},
    {"select id from (select id from o order by a, id limit 3) q order by id desc limit 2", "6; 3"},
};

constexpr QueryCase kTies[] = {
    {"select a, count(*) over () from o order by a fetch first 3 rows with ties",
     "1|6; 1|6; 2|6; 2|6"},
    {"select a from o order by a desc fetch first 1 row with ties", "; "},
    {"select a from o order by a offset 1 fetch first 2 rows with ties", "1; 2; 2"},
};

class Orders : public ::testing::Test {
 protected:
  Orders() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    EXPECT_EQ(session_.Run(kSortSetup), "INSERT 6");
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(Orders, OfNullsTiesAndExpressions) { ExpectAnswers(&session_, kOrders); }
TEST_F(Orders, CutByLimitAndOffset) { ExpectAnswers(&session_, kLimits); }

// Rows refuse WITH TIES, and columns have it.
TEST(OrdersWithTies, KeepThePeersOfTheLast) {
  TestEngine engine;
  TestSession session(&engine);
  EXPECT_EQ(session.Run(kSortSetup), "INSERT 6");
  ExpectAnswers(&session, kTies);
  EXPECT_EQ(session.report.path, Path::kColumn);
}

// A sort that keeps only what a limit asks for gives the head of the whole sort.
TEST_F(Orders, TheHeadOfASortIsTheSameHoweverMuchIsKept) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  session_.Run("create table many (id int, x int, y text)");
  for (int id = 0; id < 200; ++id) {
    const int x = static_cast<int>(random() % 20), y = static_cast<int>(random() % 6);
    session_.Run("insert into many values (" + std::to_string(id) + ", " +
                 (x == 0 ? "null" : std::to_string(x)) + ", 'y" + std::to_string(y) + "')");
  }
  for (const char* order :
       {"x, y, id", "x desc, y, id desc", "y desc, x nulls first, id", "x desc nulls last, id"}) {
    const std::string query = std::string("select id from many order by ") + order;
    const std::vector<std::string> all = AnswerLines(session_.Run(query), "\n");
    ASSERT_EQ(all.size(), 201u);
    for (const size_t limit : {1, 2, 17, 199, 200, 500}) {
      for (const size_t offset : {0, 1, 40, 199, 201}) {
        std::string head;
        for (size_t i = offset; i < std::min<size_t>(200, offset + limit); ++i) {
          head += all[i] + "\n";
        }
        EXPECT_EQ(session_.Run(query + " limit " + std::to_string(limit) + " offset " +
                               std::to_string(offset)),
                  head)
            << order;
      }
    }
  }
}

TEST_F(Orders, SortedRowsAreChargedToTheStatement) {
  session_.options.work_memory_bytes = 1 << 20;
  const std::string all = "select i from generate_series(1, 200000) i order by -i";
  EXPECT_EQ(session_.Run("select count(*) from (" + all + " offset 0) q").substr(0, 11),
            "ERROR 53200");
  EXPECT_EQ(session_.Run(all + " limit 2"), "200000\n199999\n");
}

}  // namespace
}  // namespace omen::exec::testing
