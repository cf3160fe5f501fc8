// WITH: how often a query runs, who sees it, and recursion by rounds.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kWithSetup =
    "create table part (id int primary key, of int, name text);"
    "create sequence s;"
    "insert into part values (1, null, 'car'), (2, 1, 'wheel'), (3, 1, 'body'), (4, 2, 'tyre'),"
    "(5, 3, 'door'), (6, 5, 'lock'), (7, 9, 'lost'), (8, 8, 'self');";

constexpr QueryCase kPlainWith[] = {
    {"with p as (select id from part where of = 1) select * from p", "2; 3"},
    {"with p as (select id from part where of = 1) select a.id, b.id from p a, p b",
     "2|2; 2|3; 3|2; 3|3"},
    {"with p(x) as (select id from part), q as (select x from p where x < 3) select * from q",
     "1; 2"},
    {"with part as (select 1 as id) select id from part", "1"},
    {"with p as (select 1 as x) select (with p as (select 2 as x) select x from p), x from p",
     "2|1"},
    {"with p as (select id, of from part) select id from part where exists (select from p where "
     "p.of = part.id)",
     "1; 2; 3; 5; 8"},
    {"with p as (select 1/0) select 2", "2"},
    {"with p as (values (1, 'a'), (2, 'b')) select * from p order by 1 desc", "2|b; 1|a"},
    {"select x from (with p as (select 3 as x) select x from p) q", "3"},
    {"with p as materialized (select id from part) select count(*) from p where id > 4", "4"},
    {"with p as not materialized (select id from part) select count(*) from p where id > 4", "4"},
    {"select id from part where id = (with m as (select max(id) as x from part) select x from m)",
     "8"},
    {"select id, (with c as (select count(*) as n from part k where k.of = part.id) select n from "
     "c) from part where id < 4",
     "1|2; 2|1; 3|1"},
    {"with p as (select 1), p as (select 2) select 1",
     "ERROR 42712: WITH query name \"p\" specified more than once"},
    {"with p(a, b) as (select 1) select 1",
     "ERROR 42P10: WITH query \"p\" has 1 columns available but 2 columns specified"},
};

constexpr QueryCase kRecursion[] = {
    {"with recursive n as (select 1 as x union all select x + 1 from n where x < 5) select * from "
     "n",
     "1; 2; 3; 4; 5"},
    {"with recursive n as (select 1 as x union select (x + 1) % 4 from n) select * from n",
     "1; 2; 3; 0"},
    {"with recursive n as (select 1 as x where false union all select x + 1 from n) select * from "
     "n",
     "none"},
    {"with recursive t as (select id, name, 0 as depth from part where of is null union all select "
     "p.id, p.name, depth + 1 from part p join t on p.of = t.id) select * from t",
     "1|car|0; 2|wheel|1; 3|body|1; 4|tyre|2; 5|door|2; 6|lock|3"},
    {"with recursive t as (select id from part where id = 8 union select p.id from part p join t "
     "on p.of = t.id) select * from t",
     "8"},
    {"with recursive t as (select id, name::text as path from part where of is null union all "
     "select p.id, t.path || '/' || p.name from t, part p where p.of = t.id) select path from t "
     "order by path",
     "car; car/body; car/body/door; car/body/door/lock; car/wheel; car/wheel/tyre"},
    {"with recursive t(id, top) as (select id, id from part union all select p.id, t.top from t "
     "join part p on p.of = t.id and p.id <> t.id) select top, count(*) from t group by top",
     "3|3; 5|2; 4|1; 6|1; 2|2; 7|1; 1|6; 8|1"},
    {"with recursive f(a, b) as (select 0, 1 union all select b, a + b from f where b < 50) "
     "select array_agg(a) from f",
     "{0,1,1,2,3,5,8,13,21,34}"},
    {"with recursive n as (select 1 as x union all select x + 1 from n) select x from n limit 3",
     "1; 2; 3"},
    {"with recursive n as (select 1 as x union all select x * 2 from n where x < 100), m as "
     "(select x from n union select x + 1 from m where x < 4) select sum(x) from m",
     "258"},
    {"with recursive n as (select 1 as x union all (select x + 1 from n where x < 4)) select "
     "max(x) from n",
     "4"},
    {"with recursive n as (select 1 as x union all select n.x + 1 from n where n.x < (select "
     "count(*) from part)) select count(*) from n",
     "8"},
    {"select id, (with recursive u as (select part.of as x union select p.of from part p join u "
     "on p.id = u.x) select count(x) from u) from part",
     "1|0; 2|1; 3|1; 4|2; 5|2; 6|3; 7|1; 8|1"},
    {"with recursive n as (select x from n) select 1",
     "ERROR 42P19: recursive query \"n\" does not have the form non-recursive-term UNION [ALL] "
     "recursive-term"},
    {"with recursive n as (select 1 as x union all select count(*)::int from n) select 1",
     "ERROR 42P19: aggregate functions are not allowed in a recursive query's recursive term"},
    {"with recursive n as (select 1 as x union all select a.x from n a, n b) select 1",
     "ERROR 42P19: recursive reference to query \"n\" must not appear more than once"},
    {"with recursive n as (select 1 as x union all select 1.5 from n) select 1",
     "ERROR 42804: recursive query \"n\" column 1 has type integer in non-recursive term but type "
     "numeric overall"},
    {"with n as (select 1 as x union all select x + 1 from n) select 1",
     "ERROR 42P01: relation \"n\" does not exist"},
    {"with recursive n as (select 1 as x except select x from n) select 1",
     "ERROR 42P19: recursive query \"n\" does not have the form non-recursive-term UNION [ALL] "
     "recursive-term"},
};

class WithQueries : public ::testing::Test {
 protected:
  WithQueries() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    EXPECT_EQ(session_.Run(kWithSetup), "INSERT 8");
    session_.options.route = Route::kRow;
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(WithQueries, AreTablesOfTheirStatement) { ExpectAnswers(&session_, kPlainWith); }
TEST_F(WithQueries, RecurByRounds) { ExpectAnswers(&session_, kRecursion); }

TEST_F(WithQueries, RunOnceHoweverOftenTheyAreRead) {
  EXPECT_EQ(session_.Run("with p as (select nextval('s') as n) select a.n, b.n, (select n from p) "
                         "from p a, p b"),
            "1|1|1\n");
  EXPECT_EQ(session_.Run("with p as (select nextval('s') as n from part) select count(distinct "
                         "a.n) from p a, p b"),
            "8\n");
  EXPECT_EQ(session_.Run("select nextval('s')"), "10\n");
}

TEST_F(WithQueries, ThatNothingReadsDoNotRun) {
  EXPECT_EQ(session_.Run("with p as (select nextval('s')) select 7"), "7\n");
  EXPECT_EQ(session_.Run("select nextval('s')"), "1\n");
}

TEST_F(WithQueries, ARecursionWithoutEndIsStoppedByItsMemory) {
  session_.options.work_memory_bytes = 1 << 20;
  EXPECT_EQ(session_
                .Run("with recursive n as (select 1 as x union select x + 1 from n) select "
                     "count(*) from n")
                .substr(0, 11),
            "ERROR 53200");
}

}  // namespace
}  // namespace omen::exec::testing
