// Names: which column or relation a name means, how far out it is looked for, and what a column
// without a name is called. PostgreSQL 15's answers.

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

constexpr Case kScopes[] = {
    {"select x from pair where y = 1", "x integer"},
    {"select pair.x, public.pair.y from pair", "x integer, y integer"},
    {"select PAIR.X, \"pair\".\"y\" from pair", "x integer, y integer"},
    {"select \"PAIR\".x from pair", "42P01@7 missing FROM-clause entry for table \"PAIR\""},
    {"select x from pair, t", "x integer"},
    {"select z, aid from pair, t", "z text, aid integer"},
    {"select aid from t, tv", "42702@7 column reference \"aid\" is ambiguous"},
    {"select t.aid, tv.aid from t, tv", "aid integer, aid integer"},
    {"select a.x from pair a, pair b where a.y = b.y and x = 1",
     "42702@51 column reference \"x\" is ambiguous"},
    {"select x from pair a, (select 1 as x) b", "42702@7 column reference \"x\" is ambiguous"},
    {"select nosuch from pair", "42703@7 column \"nosuch\" does not exist"},
    {"select pair.nosuch from pair", "42703@7 column pair.nosuch does not exist"},
    {"select nosuch.x from pair", "42P01@7 missing FROM-clause entry for table \"nosuch\""},
    {"select nosuch.pair.x from pair",
     "42P01@7 invalid reference to FROM-clause entry for table \"pair\""},
    {"select public.nosuch.x from pair", "42P01@7 missing FROM-clause entry for table \"nosuch\""},
    {"select public.pair.nosuch from pair", "42703@7 column pair.nosuch does not exist"},
    {"select a.b.c.d.e from pair",
     "42601@7 improper qualified name (too many dotted names): a.b.c.d.e"},
    {"select pair from nokey", "42703@7 column \"pair\" does not exist"},
    {"select x.y from pair", "42P01@7 missing FROM-clause entry for table \"x\""},
    {"select (pair).x from nokey", "42703@8 column \"pair\" does not exist"},
    {"select (select x) from pair", "x integer"},
    {"select (select y from nokey) from pair", "y integer"},
    {"select (select k from nokey where w = z) from pair", "k integer"},
    {"select (select x from (select k as x from nokey) s limit 1) from pair", "x integer"},
    {"select (select pair.x from (select k as x from nokey) pair limit 1) from pair", "x integer"},
    {"select (select p.x from pair p limit 1) from pair", "x integer"},
    {"select (select nosuch) from pair", "42703@15 column \"nosuch\" does not exist"},
    {"select (select pair.nosuch) from pair", "42703@15 column pair.nosuch does not exist"},
    {"select (select (select (select x + k) from nokey) from t) from pair", "?column? integer"},
    {"select * from pair p where exists (select 1 from pair where x = p.x)",
     "x integer, y integer, z text"},
    {"select * from pair p where exists (select 1 from pair where pair.x = q.x)",
     "42P01@69 missing FROM-clause entry for table \"q\""},
    {"select * from pair p where x in (select p.y)", "x integer, y integer, z text"},
    {"select * from pair p join nokey n on exists (select 1 where p.x = n.k)",
     "x integer, y integer, z text, k integer, w text"},
    {"select x as q from pair where q = 1", "42703@30 column \"q\" does not exist"},
    {"select x as q from pair group by x having q = 1", "42703@42 column \"q\" does not exist"},
    {"select x as y from pair where y = 1", "y integer"},
    {"select x as q, q + 1 from pair", "42703@15 column \"q\" does not exist"},
    {"select x from pair as \"P\" where \"P\".y = 1", "x integer"},
    {"select x from pair as \"P\" where p.y = 1",
     "42P01@32 missing FROM-clause entry for table \"p\""},
    {"select user from pair", "user name"},
    {"select current_user, \"current_user\" from pair",
     "42703@21 column \"current_user\" does not exist"},
    {"select x from pair where current_date",
     "42804@25 argument of WHERE must be type boolean, not type date"},
    {"select new.x from pair new", "x integer"},
    {"select x from pair where x = any (select k from nokey where k > pair.y)", "x integer"},
    {"select column1 from (values (1)) v where column1 > 0", "column1 integer"},
    {"select \"?column?\" from (select 1) s", "?column? integer"},
    {"select count from (select count(*) from pair) s", "count bigint"},
    {"select s.count from (select count(*), sum(x) from pair) s where s.sum > 1", "count bigint"},
    {"select x from pair order by pair.x", "x integer"},
    {"select x as y, count(*) from pair p group by p.x order by y, p.x", "y integer, count bigint"},
    {"delete from pair where pair.x = 1", ""},
    {"delete from pair p where x = 1 and p.y = 2", ""},
    {"delete from pair p where pair.x = 1",
     "42P01@25 invalid reference to FROM-clause entry for table \"pair\""},
    {"delete from pair using pair where x = 1",
     "42712@-1 table name \"pair\" specified more than once"},
    {"delete from pair using nokey where x = k", ""},
    {"delete from pair using nokey where k = nosuch", "42703@39 column \"nosuch\" does not exist"},
    {"delete from pair using pair p where p.x = pair.y", ""},
    {"update pair set y = k from nokey where x = k", ""},
    {"update pair set y = x from pair p", "42702@20 column reference \"x\" is ambiguous"},
    {"update pair set y = pair.x from pair p", ""},
    {"update pair p set p.y = 1", "42703@18 column \"p\" of relation \"pair\" does not exist"},
    {"update pair p set y = p.x, z = 'a' from nokey p",
     "42712@-1 table name \"p\" specified more than once"},
    {"update pair set y = (select k from nokey where w = z)", ""},
    {"insert into pair select x, y, z from pair", ""},
    {"insert into pair (x, y) select k, x from nokey", "42703@34 column \"x\" does not exist"},
    {"insert into pair values ((select max(x) from pair), 1)", ""},
    {"insert into pair values (x, 1)", "42703@25 column \"x\" does not exist"},
    {"insert into pair (x, y) values (1, 2) returning pair.x, y", "x integer, y integer"},
    {"insert into pair as p (x, y) values (1, 2) returning pair.x",
     "42P01@53 invalid reference to FROM-clause entry for table \"pair\""},
    {"insert into pair as p (x, y) values (1, 2) returning p.x", "x integer"},
    {"insert into pair (x, y) values (1, 2) returning excluded.x",
     "42P01@48 missing FROM-clause entry for table \"excluded\""},
    {"insert into pair (x, y) values (1, 2) on conflict (x, y) do update set z = excluded.z || "
     "pair.z where excluded.x > 1",
     ""},
    {"insert into pair (x, y) values (1, 2) on conflict (x, y) do update set z = z",
     "42702@75 column reference \"z\" is ambiguous"},
    {"insert into pair (x, y) values (1, 2) on conflict (x, y) do update set z = nosuch.z",
     "42P01@75 missing FROM-clause entry for table \"nosuch\""},
    {"update pair set y = 1 returning x, pair.*, y + 1",
     "x integer, x integer, y integer, z text, ?column? integer"},
    {"delete from pair using nokey returning x, w", "x integer, w text"},
    {"delete from pair using nokey returning *", "x integer, y integer, z text, k integer, w text"},
};

constexpr Case kColumnNames[] = {
    {"select x, pair.x, (x), ((pair.y)) from pair", "x integer, x integer, x integer, y integer"},
    {"select 1, 'a', null, $1::int, true, 1.5",
     "?column? integer, ?column? text, ?column? text, int4 integer, ?column? boolean, ?column? "
     "numeric | $1 integer"},
    {"select x + 1, -x, not true, x || 'a', x is null, x = 1 from pair, u",
     "?column? integer, ?column? integer, ?column? boolean, ?column? text, ?column? boolean, "
     "?column? boolean"},
    {"select x::text, cast(x as bigint), 1::numeric(5,2), 'a'::varchar, '1'::int, true::text from "
     "pair",
     "x text, x bigint, numeric numeric(5,2), varchar character varying, int4 integer, text text"},
    {"select (x + 1)::text, (x::text)::int, 'a'::text::varchar, ('a' || 'b')::text from pair",
     "text text, x integer, varchar character varying, text text"},
    {"select date '2020-01-01', timestamp '2020-01-01', interval '1 day', int4 '1', bool 't', time "
     "'12:00', double precision '1'",
     "date date, timestamp timestamp without time zone, interval interval, int4 integer, bool "
     "boolean, time time without time zone, float8 double precision"},
    {"select x::timestamp(3), tm::time(0), tz::timestamptz(1), i::interval day from v, (select "
     "now() as x) s",
     "x timestamp(3) without time zone, tm time(0) without time zone, tz timestamp(1) with time "
     "zone, i interval day"},
    {"select upper(z), count(*), sum(x) filter (where y > 1), pg_catalog.lower('A') from pair "
     "group by z",
     "upper text, count bigint, sum bigint, lower text"},
    {"select row_number() over (), lag(x) over w from pair window w as (order by x)",
     "row_number bigint, lag integer"},
    {"select coalesce(x, y), greatest(x, y), least(x, 1), nullif(x, 1) from pair",
     "coalesce integer, greatest integer, least integer, nullif integer"},
    {"select case when true then 1 end, case when true then 1 else x end, case when true then x "
     "else 1 + 1 end, case when true then 1 else upper(z) end from pair",
     "42804@126 CASE types text and integer cannot be matched"},
    {"select case when true then 1 else null end, case x when 1 then 2 else 3 end, case when true "
     "then x end from pair",
     "case integer, case integer, case integer"},
    {"select case when true then 1 else x::bigint end, case when true then 1 else 2::bigint end "
     "from pair",
     "x bigint, case bigint"},
    {"select array[1], array[x, y], arr[1], arr[1:2], (array[1])[1], (arr || 1)[1] from pair, v",
     "array integer[], array integer[], arr integer, arr integer[], array integer, ?column? "
     "integer"},
    {"select row(1, 2), (1, 2), row(x) from pair", "row record, row record, row record"},
    {"select (select x), (select x as q), (select 1), (select sum(x) from pair), (select "
     "upper(z)), (select x + 1) from pair",
     "x integer, q integer, ?column? integer, sum bigint, upper text, ?column? integer"},
    {"select exists (select 1), array(select 1), not exists (select 1), x in (select 1), x = any "
     "(select 1) from pair",
     "exists boolean, array integer[], ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select (select 1)::bigint, (select x as q)::text, coalesce((select 1), 2), -(select 1) from "
     "pair",
     "?column? bigint, q text, coalesce integer, ?column? integer"},
    {"select case when true then 1 else (select x) end, case when true then 1 else (select 5 as "
     "five) end from pair",
     "x integer, five integer"},
    {"select extract(year from f), substring(b from 1), position('a' in b), trim(b), trim(leading "
     "from b), trim(trailing from b), overlay(b placing 'a' from 1) from u",
     "extract numeric, substring text, position integer, btrim text, ltrim text, rtrim text, "
     "overlay text"},
    {"select current_user, session_user, user, current_role, current_catalog, current_schema",
     "current_user name, session_user name, user name, current_role name, current_catalog name, "
     "current_schema name"},
    {"select t at time zone 'UTC', b collate \"C\", b like 'a', b similar to 'a', b between 'a' "
     "and 'b', b is distinct from 'a' from u, v",
     "timezone timestamp with time zone, b text, ?column? boolean, ?column? boolean, ?column? "
     "boolean, ?column? boolean"},
    {"select b is true, (b is true) is false, x is not null and true from pair, (select true as b) "
     "s",
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select max(x) + 1, max(x)::text, (max(x)), -max(x) from pair",
     "?column? integer, max text, max integer, ?column? integer"},
    {"select grouping(x), mode() within group (order by y) from pair group by x",
     "grouping integer, mode integer"},
    {"select z as z2, x as \"Q\", y \"r s\" from pair", "z2 text, Q integer, r s integer"},
    {"select nextval('seq'), 'seq'::regclass, 'a'::\"char\", 'x'::name",
     "nextval bigint, regclass regclass, char \"char\", name name"},
    {"select s.* from (select 1, 2, upper('a'), 1::text) s",
     "?column? integer, ?column? integer, upper text, text text"},
    {"select * from (values (1, 2)) v", "column1 integer, column2 integer"},
    {"select * from (select 1 + 1, 2 + 2) s", "?column? integer, ?column? integer"},
    {"select (v.arr)[1], v.arr[1] from v", "arr integer, arr integer"},
    {"select 5 as \"a very long name that is longer than sixty-three bytes and is cut at its end\"",
     "a very long name that is longer than sixty-three bytes and is c integer"},
};

}  // namespace

TEST(BindingTest, Scopes) {
  for (const Case& c : kScopes) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(BindingTest, NamesOfColumnsWithoutOne) {
  for (const Case& c : kColumnNames) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

}  // namespace omen::sql::testing
