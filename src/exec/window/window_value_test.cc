// Window functions by their values: ranks over ties, neighbours, shares, and what a window may
// stand on and beside.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kValueSetup =
    "create table s (id int primary key, g text, n int, t text);"
    "insert into s values (1, 'a', 10, 'x'), (2, 'a', 10, null), (3, 'a', 20, 'y'),"
    "(4, 'b', null, 'z'), (5, 'b', 5, null), (6, null, 7, 'u'), (7, 'a', null, 'v');";

constexpr QueryCase kRanks[] = {
    {"select id, row_number() over (order by n, id) from s", "5|1; 6|2; 1|3; 2|4; 3|5; 4|6; 7|7"},
    {"select id, rank() over (order by n) from s", "5|1; 6|2; 2|3; 1|3; 3|5; 4|6; 7|6"},
    {"select id, dense_rank() over (order by n) from s", "5|1; 6|2; 2|3; 1|3; 3|4; 4|5; 7|5"},
    {"select id, round(percent_rank() over (order by n)::numeric, 4) from s",
     "5|0.0000; 6|0.1667; 2|0.3333; 1|0.3333; 3|0.6667; 4|0.8333; 7|0.8333"},
    {"select id, round(cume_dist() over (order by n)::numeric, 4) from s",
     "5|0.1429; 6|0.2857; 2|0.5714; 1|0.5714; 3|0.7143; 4|1.0000; 7|1.0000"},
    {"select id, ntile(3) over (order by id) from s", "1|1; 2|1; 3|1; 4|2; 5|2; 6|3; 7|3"},
    {"select id, ntile(9) over (order by id) from s", "1|1; 2|2; 3|3; 4|4; 5|5; 6|6; 7|7"},
    {"select id, rank() over () from s", "1|1; 2|1; 3|1; 4|1; 5|1; 6|1; 7|1"},
    {"select id, rank() over (partition by g order by n desc nulls last) from s",
     "3|1; 2|2; 1|2; 7|4; 5|1; 4|2; 6|1"},
    {"select ntile(0) over () from s", "ERROR 22014: argument of ntile must be greater than zero"},
};

constexpr QueryCase kNeighbours[] = {
    {"select id, lag(n) over (order by id), lead(n) over (order by id) from s",
     "1||10; 2|10|20; 3|10|; 4|20|5; 5||7; 6|5|; 7|7|"},
    {"select id, lag(n, 2) over (order by id), lead(n, 2, -1) over (order by id) from s",
     "1||20; 2||; 3|10|5; 4|10|7; 5|20|; 6||-1; 7|5|-1"},
    {"select id, lag(n, 0) over (order by id), lag(n, -1) over (order by id) from s",
     "1|10|10; 2|10|20; 3|20|; 4||5; 5|5|7; 6|7|; 7||"},
    {"select id, lag(n, null) over (order by id) from s", "1|; 2|; 3|; 4|; 5|; 6|; 7|"},
    {"select id, lag(t, 1, g) over (partition by g order by id) from s",
     "1|a; 2|x; 3|; 7|y; 4|b; 5|z; 6|"},
    {"select id, lag(n, id) over (order by id) from s", "1|; 2|; 3|; 4|; 5|; 6|; 7|"},
    {"select id, first_value(t) over (order by id), last_value(t) over (order by id) from s",
     "1|x|x; 2|x|; 3|x|y; 4|x|z; 5|x|; 6|x|u; 7|x|v"},
    {"select id, nth_value(n, 3) over (order by id) from s",
     "1|; 2|; 3|20; 4|20; 5|20; 6|20; 7|20"},
    {"select nth_value(n, 0) over (order by id) from s",
     "ERROR 22016: argument of nth_value must be greater than zero"},
    {"select id, last_value(id) over (partition by g order by id rows between unbounded preceding "
     "and unbounded following) from s",
     "1|7; 2|7; 3|7; 7|7; 4|5; 5|5; 6|6"},
};

constexpr QueryCase kAggregatesOverWindows[] = {
    {"select id, sum(n) over (order by n) from s", "5|5; 6|12; 2|32; 1|32; 3|52; 4|52; 7|52"},
    {"select id, sum(n) over (order by id) from s", "1|10; 2|20; 3|40; 4|40; 5|45; 6|52; 7|52"},
    {"select id, sum(n) over () from s", "1|52; 2|52; 3|52; 4|52; 5|52; 6|52; 7|52"},
    {"select id, sum(n) over (partition by g) from s", "2|40; 7|40; 3|40; 1|40; 4|5; 5|5; 6|7"},
    {"select id, count(*) over (partition by n) from s", "5|1; 6|1; 2|2; 1|2; 3|1; 4|2; 7|2"},
    {"select id, count(t) filter (where n > 5) over (order by id) from s",
     "1|1; 2|1; 3|2; 4|2; 5|2; 6|3; 7|3"},
    {"select id, string_agg(t, ',') over (order by id) from s",
     "1|x; 2|x; 3|x,y; 4|x,y,z; 5|x,y,z; 6|x,y,z,u; 7|x,y,z,u,v"},
    {"select id, round(avg(n) over (order by id rows 1 preceding), 2) from s",
     "1|10.00; 2|10.00; 3|15.00; 4|20.00; 5|5.00; 6|6.00; 7|7.00"},
    {"select id, array_agg(n) over (order by id rows between 1 preceding and 1 following) from s",
     "1|{10,10}; 2|{10,10,20}; 3|{10,20,NULL}; 4|{20,NULL,5}; 5|{NULL,5,7}; 6|{5,7,NULL}; "
     "7|{7,NULL}"},
    {"select id, max(t) over (order by id rows between 2 following and 3 following) from s",
     "1|z; 2|z; 3|u; 4|v; 5|v; 6|; 7|"},
    {"select id, bool_or(n > 9) over (order by id desc) from s",
     "7|; 6|f; 5|f; 4|f; 3|t; 2|t; 1|t"},
    {"select sum(distinct n) over () from s",
     "ERROR 0A000: DISTINCT is not implemented for window functions"},
};

constexpr QueryCase kWindowsBeside[] = {
    {"select g, sum(n), rank() over (order by sum(n) desc nulls last) from s group by g",
     "a|40|1; |7|2; b|5|3"},
    {"select g, sum(count(*)) over (order by g) from s group by g", "a|4; b|6; |7"},
    {"select id from s order by row_number() over (order by n desc nulls first, id) limit 3",
     "4; 7; 3"},
    {"select distinct count(*) over (partition by g) from s", "1; 2; 4"},
    {"select id, r from (select id, rank() over (partition by g order by id) r from s) q "
     "where r = 2",
     "2|2; 5|2"},
    {"select id, sum(id) over w, count(*) over (w rows 1 preceding) from s window w as "
     "(order by id)",
     "1|1|1; 2|3|2; 3|6|2; 4|10|2; 5|15|2; 6|21|2; 7|28|2"},
    {"select id + row_number() over (order by id desc) from s", "8; 8; 8; 8; 8; 8; 8"},
    {"select id from s where row_number() over () = 1",
     "ERROR 42P20: window functions are not allowed in WHERE"},
    {"select sum(row_number() over ()) from s",
     "ERROR 42803: aggregate function calls cannot contain window function calls"},
    {"select row_number() over (order by rank() over ()) from s",
     "ERROR 42P20: window functions are not allowed in window definitions"},
    {"select g, rank() over (order by g) from s group by grouping sets ((g), ())",
     "a|1; b|2; |3; |3"},
    {"select count(*) over () from s limit 1", "7"},
    {"select sum(n) over (order by (select max(id) from s) - id) from s",
     "; 7; 12; 12; 32; 42; 52"},
};

class WindowValues : public ::testing::Test {
 protected:
  WindowValues() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    EXPECT_EQ(session_.Run(kValueSetup), "INSERT 7");
    session_.options.route = Route::kRow;
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(WindowValues, OfRanks) { ExpectAnswers(&session_, kRanks); }
TEST_F(WindowValues, OfNeighbours) { ExpectAnswers(&session_, kNeighbours); }
TEST_F(WindowValues, OfAggregates) { ExpectAnswers(&session_, kAggregatesOverWindows); }
TEST_F(WindowValues, BesideGroupsOrdersAndLimits) { ExpectAnswers(&session_, kWindowsBeside); }

TEST_F(WindowValues, OfNoRows) {
  session_.Run("delete from s");
  EXPECT_EQ(session_.Run("select rank() over (), sum(n) over (order by id) from s"), "");
  EXPECT_EQ(session_.Run("select count(*) over (), max(n) from s"), "1|\n");
}

}  // namespace
}  // namespace omen::exec::testing
