// What binding gives, against what PostgreSQL 15 gave for the same statements.

#include <gtest/gtest.h>

#include "sql/binder_fixture.h"

namespace omen::sql::testing {
namespace {

struct Case {
  const char* sql;
  const char* expected;
};

constexpr Case kBasics[] = {
    {"select 1", "?column? integer"},
    {"select 1, 'a', null, 1.5, 3000000000, true",
     "?column? integer, ?column? text, ?column? text, ?column? numeric, ?column? "
     "bigint, ?column? boolean"},
    {"select abalance from t where aid = 1", "abalance integer"},
    {"select abalance from t where aid = $1", "abalance integer | $1 integer"},
    {"update t set abalance = abalance + $1 where aid = $2", " | $1 integer $2 integer"},
    {"insert into t values (1,2,3,'x')", ""},
    {"insert into t (aid, filler) values ($1, $2) returning *",
     "aid integer, bid integer, abalance integer, filler character(84) | $1 integer "
     "$2 bpchar"},
    {"delete from t where aid in (1,2,3)", ""},
    {"select count(*), sum(abalance), avg(abalance), min(filler) from t",
     "count bigint, sum bigint, avg numeric, min bpchar"},
    {"select bid, sum(abalance) from t group by bid order by 2 desc", "bid integer, sum bigint"},
    {"select x from t", "42703@7 column \"x\" does not exist"},
    {"select t.x from t", "42703@7 column t.x does not exist"},
    {"select z.x from t", "42P01@7 missing FROM-clause entry for table \"z\""},
    {"select * from nosuch", "42P01@14 relation \"nosuch\" does not exist"},
    {"select aid, bid from t group by aid", "aid integer, bid integer"},
    {"select bid, abalance from t group by aid, bid", "bid integer, abalance integer"},
    {"select bid, abalance from t group by bid",
     "42803@12 column \"t.abalance\" must appear in the GROUP BY clause or be used "
     "in an aggregate function"},
    {"select $1", "?column? text | $1 text"},
    {"select $1 + 1", "?column? integer | $1 integer"},
    {"select a from u where a = any($1)", "a integer | $1 integer[]"},
    {"select $1 || b from u", "?column? text | $1 text"},
    {"select * from u where (id,a)=($1,$2)",
     "id bigint, a integer, b text, c numeric(10,2), d double precision, e boolean, "
     "f date | $1 bigint $2 integer"},
    {"values ($1,$2)", "column1 text, column2 text | $1 text $2 text"},
    {"select $1 is null", "42P18@-1 could not determine data type of parameter $1"},
    {"select 1 union select 'a'", "22P02@22 invalid input syntax for type integer: \"a\""},
    {"select 1 union select 2.5 order by 1", "?column? numeric"},
    {"select * from t join u on t.aid = u.id",
     "aid integer, bid integer, abalance integer, filler character(84), id bigint, "
     "a integer, b text, c numeric(10,2), d double precision, e boolean, f date"},
    {"select * from pair natural join (select 1 as x, 'q' as w) s",
     "x integer, y integer, z text, w text"},
    {"select coalesce(a, 1), case when a > 1 then 1.5 else 2 end from u",
     "coalesce integer, case numeric"},
    {"with recursive r(n) as (select 1 union all select n+1 from r where n < 10) "
     "select * from r",
     "n integer"},
    {"select * from tv", "aid integer, twice integer"},
    {"select row_number() over (partition by bid order by aid), sum(abalance) over "
     "w from t window w as (order by aid)",
     "row_number bigint, sum bigint"},
    {"select 1 +", "42601@10 syntax error at end of input"},
    {"select 'a' < 1", "22P02@7 invalid input syntax for type integer: \"a\""},
    {"select nosuch(1)", "42883@7 function nosuch(integer) does not exist"},
    {"select 1 + true", "42883@9 operator does not exist: integer + boolean"},
    {"insert into t select id, a from u", ""},
    {"insert into t(aid) values (default) on conflict (aid) do update set abalance "
     "= excluded.abalance + t.abalance",
     ""},
};

}  // namespace

TEST(BindAnswers, Basics) {
  for (const Case& c : kBasics) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

}  // namespace omen::sql::testing
