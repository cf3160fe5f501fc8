// FROM: which relations and columns an item brings, and who may refer to whom. PostgreSQL 15's
// answers.

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

constexpr Case kFromItems[] = {
    {"select * from only pair", "x integer, y integer, z text"},
    {"select * from pair as p(k)", "k integer, y integer, z text"},
    {"select p.k, p.y from pair as p(k)", "k integer, y integer"},
    {"select * from pair as p(a, b, c, d)",
     "42P10@-1 table \"p\" has 3 columns available but 4 columns specified"},
    {"select * from pair p(a, a)", "a integer, a integer, z text"},
    {"select p.a from pair p(a, a)", "42702@7 column reference \"a\" is ambiguous"},
    {"select pair.x from pair as p",
     "42P01@7 invalid reference to FROM-clause entry for table \"pair\""},
    {"select p.* from pair as p", "x integer, y integer, z text"},
    {"select public.pair.x from pair", "x integer"},
    {"select public.pair.x from public.pair p",
     "42P01@7 invalid reference to FROM-clause entry for table \"pair\""},
    {"select other.pair.x from pair",
     "42P01@7 invalid reference to FROM-clause entry for table \"pair\""},
    {"select omendb.public.pair.x from omendb.public.pair", "x integer"},
    {"select 1 from pair, pair", "42712@-1 table name \"pair\" specified more than once"},
    {"select 1 from pair p, nokey p", "42712@-1 table name \"p\" specified more than once"},
    {"select 1 from pair, (select 1) pair",
     "42712@-1 table name \"pair\" specified more than once"},
    {"select 1 from pair a cross join pair a",
     "42712@-1 table name \"a\" specified more than once"},
    {"select 1 from public.pair, other.pair", "42P01@27 relation \"other.pair\" does not exist"},
    {"select oid from pair", "42703@7 column \"oid\" does not exist"},
    {"select \"X\" from pair", "42703@7 column \"X\" does not exist"},
    {"select \"x\", X from \"pair\"", "x integer, x integer"},
    {"select * from Pair PAIR where PAIR.X = 1", "x integer, y integer, z text"},
    {"select * from \"Pair\"", "42P01@14 relation \"Pair\" does not exist"},
};

constexpr Case kFromSubqueries[] = {
    {"select * from (table pair) s", "x integer, y integer, z text"},
    {"select * from (select) s", ""},
    {"select 1 from (select) s", "?column? integer"},
    {"select count(*) from (select from pair) s", "count bigint"},
    {"select s.x from (select x, x from pair) s", "42702@7 column reference \"x\" is ambiguous"},
    {"select s.x from (select x, y as x from pair) s",
     "42702@7 column reference \"x\" is ambiguous"},
    {"select s.b from (select x, x from pair) s(a, b)", "b integer"},
    {"select * from (select x from pair) as s(a, b)",
     "42P10@-1 table \"s\" has 1 columns available but 2 columns specified"},
    {"select * from (select x from pair order by y limit 1) s", "x integer"},
    {"select s.y from (select x from pair order by y) s", "42703@7 column s.y does not exist"},
    {"select * from (values (1, 'a', null), (2.5, null, date '2020-01-01')) v",
     "column1 numeric, column2 text, column3 date"},
    {"select column2 from (values (1, 'a')) v", "column2 text"},
    {"select v.column3 from (values (1, 'a')) v", "42703@7 column v.column3 does not exist"},
    {"select * from (values (1), ('a')) v",
     "22P02@28 invalid input syntax for type integer: \"a\""},
    {"select * from (values (1), (true)) v",
     "42804@28 VALUES types integer and boolean cannot be matched"},
    {"select * from (values ('a'), (null)) v(t)", "t text"},
    {"select * from (values (x)) v, pair", "42703@23 column \"x\" does not exist"},
    {"select * from pair, (values (x)) v", "42703@29 column \"x\" does not exist"},
    {"select * from pair, lateral (values (x)) v(c)", "x integer, y integer, z text, c integer"},
    {"select * from (values (default)) v", "42601@23 DEFAULT is not allowed in this context"},
    {"select * from (values (count(*))) v",
     "42803@23 aggregate functions are not allowed in VALUES"},
    {"select * from (values ((select max(x) from pair))) v", "column1 integer"},
    {"select * from (select 'a' as u, null as n, $1 as p) s", "u text, n text, p text | $1 text"},
    {"select * from (select 'a' as u) s where u = 1",
     "42883@42 operator does not exist: text = integer"},
    {"select * from (select '1' as u) s where u::int = 1", "u text"},
    {"select * from ((select 1 as a) union (select 2)) s", "a integer"},
    {"select * from (select 1 as a) s where s = row(1)", "a integer"},
};

constexpr Case kFromJoins[] = {
    {"select * from pair join nokey on x = k", "x integer, y integer, z text, k integer, w text"},
    {"select x, k from pair inner join nokey on (pair.x = nokey.k)", "x integer, k integer"},
    {"select * from pair left join nokey on x",
     "42804@38 argument of JOIN/ON must be type boolean, not type integer"},
    {"select * from pair left join nokey on null",
     "x integer, y integer, z text, k integer, w text"},
    {"select * from pair join nokey on true join t on aid = k",
     "x integer, y integer, z text, k integer, w text, aid integer, bid integer, abalance integer, "
     "filler character(84)"},
    {"select * from pair join nokey join t on aid = k on aid = x",
     "x integer, y integer, z text, k integer, w text, aid integer, bid integer, abalance integer, "
     "filler character(84)"},
    {"select * from pair join nokey join t on aid = x on aid = k",
     "42703@46 column \"x\" does not exist"},
    {"select * from pair join (nokey join t on aid = k) on aid = x",
     "x integer, y integer, z text, k integer, w text, aid integer, bid integer, abalance integer, "
     "filler character(84)"},
    {"select * from pair, nokey join t on aid = x", "42703@42 column \"x\" does not exist"},
    {"select * from pair p, nokey n join t on p.x = t.aid",
     "42P01@40 invalid reference to FROM-clause entry for table \"p\""},
    {"select * from nokey, pair cross join t",
     "k integer, w text, x integer, y integer, z text, aid integer, bid integer, abalance integer, "
     "filler character(84)"},
    {"select * from pair join nokey", "42601@29 syntax error at end of input"},
    {"select * from pair natural join nokey on true", "42601@38 syntax error at or near \"on\""},
    {"select * from pair cross join nokey on true", "42601@36 syntax error at or near \"on\""},
    {"select * from pair join nokey on count(*) > 1",
     "42803@33 aggregate functions are not allowed in JOIN conditions"},
    {"select * from pair join nokey on row_number() over () > 1",
     "42P20@33 window functions are not allowed in JOIN conditions"},
    {"select * from pair join nokey on generate_series(1, 2) = 1",
     "0A000@33 set-returning functions are not allowed in JOIN conditions"},
    {"select * from pair join nokey on exists (select 1 where x = k)",
     "x integer, y integer, z text, k integer, w text"},
    {"select * from pair join nokey on (select k) = x",
     "x integer, y integer, z text, k integer, w text"},
    {"select j.x from (pair join nokey on x = k) as j", "x integer"},
    {"select pair.x from (pair join nokey on x = k) as j",
     "42P01@7 invalid reference to FROM-clause entry for table \"pair\""},
    {"select j.* from (pair join nokey on x = k) as j",
     "x integer, y integer, z text, k integer, w text"},
    {"select * from (pair join nokey on x = k) as j(a, b, c, d)",
     "a integer, b integer, c text, d integer, w text"},
    {"select a, w from (pair join nokey on x = k) as j(a)", "a integer, w text"},
    {"select * from (pair join nokey on x = k) as j(a, b, c, d, e, f)",
     "42P10@-1 join expression \"j\" has 5 columns available but 6 columns specified"},
    {"select a.x, b.x from (pair a cross join pair b)", "x integer, x integer"},
    {"select j.x from (pair a cross join pair b) j", "42702@7 column reference \"x\" is ambiguous"},
    {"select j.y from (pair a join pair b using (x)) j",
     "42702@7 column reference \"y\" is ambiguous"},
    {"select * from pair full join nokey on x = k where w is null",
     "x integer, y integer, z text, k integer, w text"},
};

constexpr Case kFromUsing[] = {
    {"select * from pair a join pair b using (x)",
     "x integer, y integer, z text, y integer, z text"},
    {"select * from pair a join pair b using (y, x)", "y integer, x integer, z text, z text"},
    {"select * from pair a left join pair b using (z)",
     "z text, x integer, y integer, x integer, y integer"},
    {"select * from pair join nokey using (x)",
     "42703@-1 column \"x\" specified in USING clause does not exist in right table"},
    {"select * from nokey join pair using (x)",
     "42703@-1 column \"x\" specified in USING clause does not exist in left table"},
    {"select * from pair a join pair b using (x, x)",
     "42701@-1 column name \"x\" appears more than once in USING clause"},
    {"select * from pair a join pair b using (nosuch)",
     "42703@-1 column \"nosuch\" specified in USING clause does not exist in left table"},
    {"select * from pair join (select 1.5 as x) s using (x)", "x numeric, y integer, z text"},
    {"select x from pair join (select 1.5 as x) s using (x)", "x numeric"},
    {"select x from pair left join (select 1.5 as x) s using (x)", "x numeric"},
    {"select x from pair right join (select 1.5 as x) s using (x)", "x numeric"},
    {"select x from pair full join (select 1.5 as x) s using (x)", "x numeric"},
    {"select pair.x, s.x from pair full join (select 1.5 as x) s using (x)",
     "x integer, x numeric"},
    {"select * from pair join (select 'a' as x) s using (x)",
     "42804@-1 JOIN/USING types integer and text cannot be matched"},
    {"select * from pair join (select true as x) s using (x)",
     "42804@-1 JOIN/USING types integer and boolean cannot be matched"},
    {"select * from pair join (select 'a'::text as z) s using (z)", "z text, x integer, y integer"},
    {"select * from v a join v b using (j)", "42883@-1 operator does not exist: json = json"},
    {"select x from pair a join pair b using (x) join pair c using (x)", "x integer"},
    {"select * from pair a join pair b using (x) join pair c using (x, z)",
     "42702@-1 common column name \"z\" appears more than once in left table"},
    {"select y from pair a join pair b using (x)", "42702@7 column reference \"y\" is ambiguous"},
    {"select a.y, b.y, x, a.x from pair a join pair b using (x)",
     "y integer, y integer, x integer, x integer"},
    {"select * from pair natural join nokey", "x integer, y integer, z text, k integer, w text"},
    {"select * from pair natural left join (select 1 as x, 2 as q) s",
     "x integer, y integer, z text, q integer"},
    {"select * from pair natural full join (select 2.5 as y, 'c' as z) s",
     "y numeric, z text, x integer"},
    {"select * from (pair natural join pair p2) natural join pair p3",
     "x integer, y integer, z text"},
    {"select * from pair natural join t natural join (select 1 as x, 2 as aid) s",
     "x integer, aid integer, y integer, z text, bid integer, abalance integer, filler "
     "character(84)"},
    {"select * from (select 1 as a, 2 as a) s natural join (select 1 as a) r",
     "42702@-1 common column name \"a\" appears more than once in left table"},
    {"select * from (select 1 as a) s natural join (select 1 as a, 2 as a) r",
     "42702@-1 common column name \"a\" appears more than once in right table"},
    {"select * from (select 1 as a, 2 as a) s join (select 1 as a) r using (a)",
     "42702@-1 common column name \"a\" appears more than once in left table"},
    {"select * from pair a natural join pair b where a.x = b.x", "x integer, y integer, z text"},
    {"select x.* from pair x natural join pair y", "x integer, y integer, z text"},
    {"select * from pair join pair p using (ctid)",
     "42703@-1 column \"ctid\" specified in USING clause does not exist in left table"},
};

constexpr Case kFromLateral[] = {
    {"select * from pair, lateral (select x + 1 as n) s",
     "x integer, y integer, z text, n integer"},
    {"select * from lateral (select x + 1 as n) s, pair", "42703@30 column \"x\" does not exist"},
    {"select * from pair, (select x + 1 as n) s", "42703@28 column \"x\" does not exist"},
    {"select * from pair cross join lateral (select pair.y as n) s",
     "x integer, y integer, z text, n integer"},
    {"select * from pair left join lateral (select x as n) s on n = y",
     "x integer, y integer, z text, n integer"},
    {"select * from pair right join lateral (select x as n) s on true",
     "42P10@46 invalid reference to FROM-clause entry for table \"pair\""},
    {"select * from pair full join lateral (select x as n) s on true",
     "42P10@45 invalid reference to FROM-clause entry for table \"pair\""},
    {"select * from pair p left join (nokey join lateral (select p.x as n) s on true) on true",
     "x integer, y integer, z text, k integer, w text, n integer"},
    {"select * from pair p right join (nokey join lateral (select k as n) s on true) on true",
     "x integer, y integer, z text, k integer, w text, n integer"},
    {"select * from pair p right join (nokey join lateral (select p.x as n) s on true) on true",
     "42P10@60 invalid reference to FROM-clause entry for table \"p\""},
    {"select * from pair, lateral (select count(*) from nokey where k = x) s",
     "x integer, y integer, z text, count bigint"},
    {"select * from pair, lateral (select s2.n from (select x as n) s2) s",
     "x integer, y integer, z text, n integer"},
    {"select * from pair, lateral (select n from (select x) s2(n)) s",
     "x integer, y integer, z text, n integer"},
    {"select (select n from (select x as n) s) from pair", "n integer"},
    {"select (select n from lateral (select x as n) s) from pair", "n integer"},
    {"select * from pair where exists (select 1 from (select x) s)",
     "x integer, y integer, z text"},
    {"select * from pair a, lateral (pair b)", "42601@31 syntax error at or near \"pair\""},
    {"select * from pair a, lateral (select * from (values (a.x), (a.y)) v(c) order by c limit 1) "
     "l",
     "x integer, y integer, z text, c integer"},
    {"select * from pair a, lateral generate_series(a.x, b.x) g, pair b",
     "42P01@51 missing FROM-clause entry for table \"b\""},
};

constexpr Case kFromFunctions[] = {
    {"select * from generate_series(1, 3)", "generate_series integer"},
    {"select * from generate_series(1, 3) as n", "n integer"},
    {"select n.n from generate_series(1, 3) as n", "n integer"},
    {"select n.generate_series from generate_series(1, 3) as n",
     "42703@7 column n.generate_series does not exist"},
    {"select generate_series from generate_series(1, 3)", "generate_series integer"},
    {"select generate_series.generate_series from generate_series(1, 3)",
     "generate_series integer"},
    {"select * from generate_series(1, 3) as n(a, b)",
     "42P10@-1 table \"n\" has 1 columns available but 2 columns specified"},
    {"select * from generate_series(1, 3) with ordinality",
     "generate_series integer, ordinality bigint"},
    {"select * from generate_series(1, 3) with ordinality as n", "n integer, ordinality bigint"},
    {"select * from generate_series(1, 3) with ordinality as n(a)", "a integer, ordinality bigint"},
    {"select ordinality + 1 from generate_series(1, 3) with ordinality", "?column? bigint"},
    {"select * from pair, generate_series(1, x) g", "x integer, y integer, z text, g integer"},
    {"select * from generate_series(1, x) g, pair", "42703@33 column \"x\" does not exist"},
    {"select * from pair left join generate_series(1, x) g on true",
     "x integer, y integer, z text, g integer"},
    {"select * from pair right join generate_series(1, x) g on true",
     "42P10@49 invalid reference to FROM-clause entry for table \"pair\""},
    {"select * from generate_series('2020-01-01'::timestamp, '2020-02-01', '1 day') d",
     "d timestamp without time zone"},
    {"select * from generate_series(1, 2.5) g", "g numeric"},
    {"select * from generate_series(1, 'a') g",
     "22P02@33 invalid input syntax for type integer: \"a\""},
    {"select * from generate_series(1) g",
     "42883@14 function generate_series(integer) does not exist"},
    {"select * from generate_series(true, false) g",
     "42883@14 function generate_series(boolean, boolean) does not exist"},
    {"select * from abs(-1)", "abs integer"},
    {"select * from abs(-1) as a", "a integer"},
    {"select * from upper('a') with ordinality", "upper text, ordinality bigint"},
    {"select * from current_date", "current_date date"},
    {"select * from current_user as u", "u name"},
    {"select * from count(*)", "42803@14 aggregate functions are not allowed in functions in FROM"},
    {"select * from sum(1)", "42803@14 aggregate functions are not allowed in functions in FROM"},
    {"select * from row_number()", "42809@14 window function row_number requires an OVER clause"},
    {"select * from unnest(array[1, 2]) u", "u integer"},
    {"select * from unnest('{1,2}'::bigint[]) with ordinality as u(e, n)", "e bigint, n bigint"},
    {"select * from unnest(1)", "42883@14 function unnest(integer) does not exist"},
    {"select * from pair, unnest(array[x, y]) u where u > 1",
     "x integer, y integer, z text, u integer"},
    {"select * from nosuch(1)", "42883@14 function nosuch(integer) does not exist"},
    {"select * from pg_catalog.generate_series(1, 2) g", "g integer"},
    {"select * from public.generate_series(1, 2) g",
     "42883@14 function public.generate_series(integer, integer) does not exist"},
    {"select * from generate_series((select 1), (select 2)) g", "g integer"},
    {"select * from regexp_matches('ab', 'a', 'g') m", "m text[]"},
    {"select * from string_to_table('a,b', ',') s", "s text"},
    {"select * from jsonb_array_elements('[1]') e", "value jsonb"},
    {"select * from jsonb_object_keys('{}') k", "k text"},
};

}  // namespace

TEST(FromTest, RelationsAndAliases) {
  for (const Case& c : kFromItems) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(FromTest, QueriesAndValues) {
  for (const Case& c : kFromSubqueries) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(FromTest, Joins) {
  for (const Case& c : kFromJoins) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(FromTest, UsingAndNatural) {
  for (const Case& c : kFromUsing) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(FromTest, Lateral) {
  for (const Case& c : kFromLateral) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(FromTest, FunctionsInFrom) {
  for (const Case& c : kFromFunctions) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

}  // namespace omen::sql::testing
