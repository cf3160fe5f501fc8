// Groups and aggregates on rows: empty input, nulls, DISTINCT, FILTER, order, grouping sets.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kAggregateSetup =
    "create table sale (id int primary key, shop text, item text, n int, price numeric, f float8);"
    "create table nothing (n int, t text);"
    "insert into sale values (1, 'a', 'x', 2, 1.50, 0.5), (2, 'a', 'y', 3, 2, 'NaN'),"
    "(3, 'b', 'x', null, 4.00, 1), (4, 'b', 'x', 2, null, null), (5, null, 'y', 7, 0, 2),"
    "(6, 'a', null, 2, 10, -1), (7, null, null, 3, 1.5, 8);";

// Of no rows there is one group without GROUP BY, and none with it.
constexpr QueryCase kOfNothing[] = {
    {"select count(*), count(n), sum(n), min(n), max(t), avg(n) from nothing", "0|0||||"},
    {"select array_agg(n), string_agg(t, ','), bool_and(n > 1), stddev(n) from nothing", "|||"},
    {"select n, count(*) from nothing group by n", "none"},
    {"select count(*) from nothing group by ()", "0"},
    {"select n, count(*) from nothing group by grouping sets ((n), (), ())", "|0; |0"},
    {"select n, count(*) from nothing group by rollup (n)", "|0"},
    {"select 1 from nothing having true", "1"},
    {"select 1 from nothing having count(*) > 0", "none"},
    {"select sum(n) from sale where false", ""},
    {"select count(distinct n) from nothing", "0"},
    {"select coalesce(sum(n), -1) from nothing", "-1"},
};

constexpr QueryCase kOfNulls[] = {
    {"select count(*), count(n), count(shop), sum(n), avg(n) from sale",
     "7|6|5|19|3.1666666666666667"},
    {"select min(f), max(f), min(shop), max(item) from sale", "-1|NaN|a|y"},
    {"select shop, count(*), sum(n) from sale group by shop", "|2|10; a|3|7; b|2|2"},
    {"select sum(f) from sale where f is not null and id <> 2", "10.5"},
    {"select array_agg(n order by id), array_agg(shop order by id desc) from sale",
     "{2,3,NULL,2,7,2,3}|{NULL,a,NULL,b,b,a,a}"},
    {"select string_agg(shop, '-' order by id), string_agg(item, null order by id) from sale",
     "a-a-b-b-a|xyxxy"},
    {"select bool_and(n > 2), bool_or(n > 6), every(n is not null) from sale", "f|t|f"},
    {"select sum(price), avg(price), min(price), max(price) from sale",
     "19.00|3.1666666666666667|0|10"},
    {"select count(*) filter (where n is null), sum(n) filter (where false) from sale", "1|"},
    {"select var_pop(n), round(stddev_samp(n), 6), variance(n) from sale where n = 2",
     "0|0.000000|0"},
    {"select stddev_samp(n), stddev_pop(n) from sale where id = 1", "|0"},
};

constexpr QueryCase kDistinctAndOrdered[] = {
    {"select count(distinct n), sum(distinct n), avg(distinct n) from sale",
     "3|12|4.0000000000000000"},
    {"select count(distinct shop), count(distinct f) from sale", "2|6"},
    {"select array_agg(distinct n order by n desc nulls last) from sale", "{7,3,2,NULL}"},
    {"select array_agg(distinct shop) from sale", "{a,b,NULL}"},
    {"select string_agg(distinct item, ',' order by item desc) from sale", "y,x"},
    {"select shop, count(distinct item), array_agg(n order by n, id) from sale group by shop",
     "a|2|{2,2,3}; b|1|{2,NULL}; |1|{3,7}"},
    {"select sum(distinct price) filter (where price > 1) from sale", "17.50"},
    {"select array_agg(id order by n desc nulls first, price) from sale", "{3,5,7,2,1,6,4}"},
    {"select string_agg(distinct item, ',' order by n) from sale",
     "ERROR 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument "
     "list"},
    {"select percentile_cont(0.5) within group (order by n) from sale", "2.5"},
    {"select percentile_disc(0.5) within group (order by n desc) from sale", "3"},
    {"select mode() within group (order by item) from sale", "x"},
};

constexpr QueryCase kGroupKeys[] = {
    {"select n % 2, count(*) from sale group by n % 2", "|1; 0|3; 1|3"},
    {"select n % 2 as odd, count(*) from sale group by odd having count(*) > 2", "0|3; 1|3"},
    {"select shop, item, count(*) from sale group by 1, 2", "||1; a|y|1; |y|1; a|x|1; b|x|2; a||1"},
    {"select shop || '!', max(n) from sale group by shop", "|7; a!|3; b!|2"},
    {"select id, shop, n from sale group by id", "4|b|2; 6|a|2; 2|a|3; 3|b|; 5||7; 7||3; 1|a|2"},
    {"select shop, n from sale group by shop",
     "ERROR 42803: column \"sale.n\" must appear in the GROUP BY clause or be used in an aggregate "
     "function"},
    {"select count(*) from sale group by shop order by count(*) desc, shop nulls first", "3; 2; 2"},
    {"select shop from sale group by shop having bool_or(item = 'y')", "; a"},
    {"select sum(n) from sale having sum(n) > 100", "none"},
    {"select price, count(*) from sale where id in (1, 7) group by price", "1.50|2"},
    {"select sum(count(*)) from sale", "ERROR 42803: aggregate function calls cannot be nested"},
    {"select shop from sale where sum(n) > 1 group by shop",
     "ERROR 42803: aggregate functions are not allowed in WHERE"},
    {"select x.c, count(*) from (select shop, count(*) c from sale group by shop) x group by x.c",
     "3|1; 2|2"},
    {"select distinct count(*) from sale group by shop", "3; 2"},
    {"select distinct on (shop) shop, id from sale order by shop, n desc nulls last, id",
     "a|2; b|4; |5"},
};

constexpr QueryCase kGroupingSets[] = {
    {"select shop, item, sum(n) from sale group by grouping sets ((shop), (item), ())",
     "||19; ||10; a||7; b||2; ||5; |y|10; |x|4"},
    {"select shop, item, count(*), grouping(shop, item) from sale group by rollup (shop, item)",
     "||7|3; ||1|0; a|y|1|0; |y|1|0; a|x|1|0; b|x|2|0; a||1|0; ||2|1; a||3|1; b||2|1"},
    {"select shop, item, count(*), grouping(item), grouping(shop) from sale group by cube (shop, "
     "item)",
     "||7|1|1; ||1|0|0; a|y|1|0|0; |y|1|0|0; a|x|1|0|0; b|x|2|0|0; a||1|0|0; ||2|1|0; a||3|1|0; "
     "b||2|1|0; ||2|0|1; |y|2|0|1; |x|3|0|1"},
    {"select shop, count(*) from sale group by shop, grouping sets ((item), ())",
     "|1; a|1; |1; a|1; b|2; a|1; |2; a|3; b|2"},
    {"select shop, count(*) from sale group by grouping sets (shop, shop)",
     "|2; a|3; b|2; |2; a|3; b|2"},
    {"select shop, count(*) from sale group by rollup (shop) having grouping(shop) = 1", "|7"},
    {"select shop, count(distinct item) from sale group by rollup (shop) order by shop, 2",
     "a|2; b|1; |1; |2"},
    {"select grouping(shop), sum(n) filter (where item = 'x') from sale group by cube (shop)",
     "1|4; 0|; 0|2; 0|2"},
    {"select shop is null, grouping(shop), count(*) from sale group by rollup (shop)",
     "t|1|7; t|0|2; f|0|3; f|0|2"},
    {"select grouping(n) from sale group by shop",
     "ERROR 42803: arguments to GROUPING must be grouping expressions of the associated query "
     "level"},
};

class Aggregates : public ::testing::Test {
 protected:
  Aggregates() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    EXPECT_EQ(session_.Run(kAggregateSetup), "INSERT 7");
    session_.options.route = Route::kRow;
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(Aggregates, OfNoRows) { ExpectAnswers(&session_, kOfNothing); }
TEST_F(Aggregates, OverNulls) { ExpectAnswers(&session_, kOfNulls); }
TEST_F(Aggregates, DistinctAndInOrder) { ExpectAnswers(&session_, kDistinctAndOrdered); }
TEST_F(Aggregates, ByKeysOfEveryForm) { ExpectAnswers(&session_, kGroupKeys); }
TEST_F(Aggregates, BySeveralSetsOfKeys) { ExpectAnswers(&session_, kGroupingSets); }

TEST_F(Aggregates, KeysThatAreEqualAreOneGroup) {
  session_.Run(
      "create table e (f float8, n numeric, t char(4));"
      "insert into e values (0.0, 1.0, 'a'), (-0.0, 1.00, 'a  '), ('NaN', 'NaN', 'b'),"
      "('NaN', 'NaN', 'b')");
  EXPECT_EQ(session_.RunSorted("select count(*) from e group by f"), "2\n2\n");
  EXPECT_EQ(session_.RunSorted("select count(*) from e group by n"), "2\n2\n");
  EXPECT_EQ(session_.RunSorted("select count(*) from e group by t"), "2\n2\n");
  EXPECT_EQ(session_.Run("select count(distinct f), count(distinct n), count(distinct t) from e"),
            "2|2|2\n");
}

TEST_F(Aggregates, ManyGroupsKeepTheirSums) {
  EXPECT_EQ(session_.Run("select count(*), sum(c), min(c), max(c) from (select i % 997 as g, "
                         "count(*) as c from generate_series(1, 20000) i group by 1) q"),
            "997|20000|20|21\n");
}

TEST_F(Aggregates, SumsThatOverflowAreErrorsOrWiden) {
  EXPECT_EQ(session_.Run("select sum(x) from (values (9223372036854775807), (1)) v(x)"),
            "9223372036854775808\n");
  EXPECT_EQ(session_.Run("select sum(x) from (values (2147483647), (1)) v(x)"), "2147483648\n");
  EXPECT_EQ(session_.Run("select sum(x) from (values (1.5e308::float8), (1.5e308)) v(x)"),
            "ERROR 22003: value out of range: overflow");
}

TEST_F(Aggregates, GroupsAreChargedToTheStatement) {
  session_.options.work_memory_bytes = 1 << 20;
  EXPECT_EQ(session_
                .Run("select count(*) from (select i from generate_series(1, 200000) i group "
                     "by i) q")
                .substr(0, 11),
            "ERROR 53200");
}

}  // namespace
}  // namespace omen::exec::testing
