// How queries are printed for DuckDB: names are ours alone, whatever the text of the client says.
#include <gtest/gtest.h>

#include "sql/command/duckdb_text_fixture.h"

namespace omen::sql::testing {
namespace {

// Each key says where nulls come; WITH TIES is a rank. Floats are ordered with one zero.
constexpr Case kDuckdbOrder[] = {
    {"select a from u order by a", "SELECT t1.c2 FROM t2_1 AS t1 ORDER BY 1 NULLS LAST"},
    {"select a from u order by a desc, b nulls first",
     "SELECT t1.c2 FROM t2_1 AS t1 ORDER BY 1 DESC NULLS FIRST, t1.c3 NULLS FIRST"},
    {"select a, c from u, v order by nn, c",
     "SELECT t1.c2, t1.c4 FROM t2_1 AS t1, t3_1 AS t2 ORDER BY omen_num_key(t2.c10) NULLS LAST, 2 "
     "NULLS LAST"},
    {"select a from u order by a limit 10 offset 5",
     "SELECT t1.c2 FROM t2_1 AS t1 ORDER BY 1 NULLS LAST LIMIT 10 OFFSET 5"},
    {"select a from u order by b, a fetch first 2 rows with ties",
     "SELECT c1 FROM (SELECT d.*, row_number() OVER (ORDER BY d.c2 NULLS LAST, d.c3 NULLS LAST) AS "
     "n, rank() OVER (ORDER BY d.c2 NULLS LAST, d.c3 NULLS LAST) AS r FROM (SELECT t1.c2, t1.c3, "
     "t1.c2 FROM t2_1 AS t1) AS d(c1, c2, c3)) WHERE n > 0 AND r <= 0 + 2 ORDER BY n"},
    {"select a from u limit 3", "SELECT t1.c2 FROM t2_1 AS t1 LIMIT 3"},
    {"select a from u order by d, e, f",
     "SELECT t1.c2 FROM t2_1 AS t1 ORDER BY (t1.c5 + 0::DOUBLE) NULLS LAST, t1.c6 NULLS LAST, "
     "t1.c7 NULLS LAST"},
    {"select filler from t order by filler", "SELECT t1.c4 FROM t1_1 AS t1 ORDER BY 1 NULLS LAST"},
};

// Relations are t1, t2… in order of appearance, their columns c1, c2… by number.
constexpr Case kDuckdbJoins[] = {
    {"select u.a, t.bid from u join t on u.id = t.aid",
     "SELECT t1.c2, t2.c2 FROM (t2_1 AS t1 JOIN t1_1 AS t2 ON (t1.c1 = t2.c1))"},
    {"select u.a, t.bid from u left join t on u.id = t.aid and t.bid > 1",
     "SELECT t1.c2, t2.c2 FROM (t2_1 AS t1 LEFT JOIN t1_1 AS t2 ON ((t1.c1 = t2.c1) AND (t2.c2 > "
     "1)))"},
    {"select u.a, t.bid from u right join t on u.id = t.aid",
     "SELECT t1.c2, t2.c2 FROM (t2_1 AS t1 RIGHT JOIN t1_1 AS t2 ON (t1.c1 = t2.c1))"},
    {"select u.a, t.bid from u full join t on u.id = t.aid",
     "SELECT t1.c2, t2.c2 FROM (t2_1 AS t1 FULL JOIN t1_1 AS t2 ON (t1.c1 = t2.c1))"},
    {"select u.a from u, t where u.id = t.aid",
     "SELECT t1.c2 FROM t2_1 AS t1, t1_1 AS t2 WHERE (t1.c1 = t2.c1)"},
    {"select u.a from u cross join t", "SELECT t1.c2 FROM (t2_1 AS t1 CROSS JOIN t1_1 AS t2)"},
    {"select x, k from pair join nokey on x = k join t on aid = k",
     "SELECT t1.c1, t2.c1 FROM ((t4_1 AS t1 JOIN t5_1 AS t2 ON (t1.c1 = t2.c1)) JOIN t1_1 AS t3 ON "
     "(t3.c1 = t2.c1))"},
    {"select x from pair a join pair b using (x)",
     "SELECT t1.c1 FROM (t4_1 AS t1 JOIN t4_1 AS t2 ON (t1.c1 = t2.c1))"},
    {"select s.n from (select a as n from u where a > 1) s where s.n < 5",
     "SELECT t2.c1 FROM (SELECT t1.c2 FROM t2_1 AS t1 WHERE (t1.c2 > 1)) AS t2(c1) WHERE (t2.c1 < "
     "5)"},
    {"select s.n from (select count(*) as n from u group by a) s",
     "SELECT t2.c1 FROM (SELECT count(*) FROM t2_1 AS t1 GROUP BY t1.c2) AS t2(c1)"},
    {"select 7, count(*) from u group by 1, a",
     "SELECT 7::INTEGER, count(*) FROM t2_1 AS t1 GROUP BY t1.c2"},
    {"select 7, count(*) from u group by 1",
     "SELECT 7::INTEGER, count(*) FROM t2_1 AS t1 GROUP BY 7::INTEGER"},
    {"select v.a from (values (1, 'x'), (2, 'y')) as v(a, b)",
     "SELECT t2.c1 FROM (SELECT t1.c1, t1.c2 FROM (VALUES (1::INTEGER, 'x'::VARCHAR), (2::INTEGER, "
     "'y'::VARCHAR)) AS t1(c1, c2)) AS t2(c1, c2)"},
    {"select l.m from u, lateral (select max(x) as m from pair where y = u.a) l",
     "SELECT t3.c1 FROM t2_1 AS t1, LATERAL (SELECT max(t2.c1) FROM t4_1 AS t2 WHERE (t2.c2 = "
     "t1.c2) GROUP BY ()) AS t3(c1)"},
    {"select g from generate_series(1, 3) g",
     "SELECT t1.c1 FROM (SELECT CAST(g.x AS INTEGER) FROM generate_series(1::INTEGER, 3::INTEGER) "
     "AS g(x)) AS t1(c1)"},
    {"select u.a, g from u, generate_series(1, u.a) g",
     "SELECT t1.c2, t2.c1 FROM t2_1 AS t1, LATERAL (SELECT CAST(g.x AS INTEGER) FROM "
     "generate_series(1::INTEGER, t1.c2) AS g(x)) AS t2(c1)"},
    {"select e from unnest(array[1, 2]) e",
     "SELECT t1.c1 FROM (SELECT unnest([1::INTEGER, 2::INTEGER]::INTEGER[])) AS t1(c1)"},
    {"select twice from tv",
     "SELECT t2.c2 FROM (SELECT t1.c1, (t1.c3 * 2::INTEGER) FROM t1_1 AS t1 WHERE (t1.c2 = 1)) AS "
     "t2(c1, c2)"},
};

// Arms of set operations agree on types first. A row IN a query is true, null or false by cases.
constexpr Case kDuckdbSubqueries[] = {
    {"select a from u where exists (select 1 from t where aid = u.a)",
     "SELECT t1.c2 FROM t2_1 AS t1 WHERE EXISTS (SELECT 1::INTEGER FROM t1_1 AS t2 WHERE (t2.c1 = "
     "t1.c2))"},
    {"select a from u where not exists (select 1 from t where aid = u.a)",
     "SELECT t1.c2 FROM t2_1 AS t1 WHERE (NOT EXISTS (SELECT 1::INTEGER FROM t1_1 AS t2 WHERE "
     "(t2.c1 = t1.c2)))"},
    {"select a from u where a in (select aid from t)",
     "SELECT t1.c2 FROM t2_1 AS t1 WHERE (t1.c2 IN (SELECT t2.c1 FROM t1_1 AS t2))"},
    {"select a from u where a not in (select aid from t)",
     "SELECT t1.c2 FROM t2_1 AS t1 WHERE (NOT (t1.c2 IN (SELECT t2.c1 FROM t1_1 AS t2)))"},
    {"select a, (select max(aid) from t where bid = u.a) from u",
     "SELECT t1.c2, (SELECT max(t2.c1) FROM t1_1 AS t2 WHERE (t2.c2 = t1.c2) GROUP BY ()) FROM "
     "t2_1 AS t1"},
    {"select a from u where a > (select avg(aid) from t)",
     "SELECT t1.c2 FROM t2_1 AS t1 WHERE (omen_num_key(CAST(t1.c2 AS DECIMAL(10,0))) > "
     "omen_num_key((SELECT omen_num_average(sum(t2.c1), count(t2.c1)) FROM t1_1 AS t2 GROUP BY "
     "())))"},
    {"select a from u where a > all (select aid from t)",
     "SELECT t1.c2 FROM t2_1 AS t1 WHERE (t1.c2 > ALL (SELECT t2.c1 FROM t1_1 AS t2))"},
    {"select a from u where (a, id) in (select aid, bid from t)",
     "SELECT t1.c2 FROM t2_1 AS t1 WHERE CASE WHEN EXISTS (SELECT 1 FROM (SELECT t2.c1, t2.c2 FROM "
     "t1_1 AS t2) AS q3(c1, c2) WHERE (t1.c2 = q3.c1) AND (t1.c1 = q3.c2)) THEN true WHEN EXISTS "
     "(SELECT 1 FROM (SELECT t2.c1, t2.c2 FROM t1_1 AS t2) AS q3(c1, c2) WHERE ((t1.c2 = q3.c1) "
     "AND (t1.c1 = q3.c2)) IS NULL) THEN NULL ELSE false END"},
    {"select array(select aid from t order by aid) from u",
     "SELECT ARRAY(SELECT t2.c1 FROM t1_1 AS t2 ORDER BY 1 NULLS LAST) FROM t2_1 AS t1"},
    {"select a from u union select aid from t",
     "(SELECT t1.c2 FROM t2_1 AS t1) UNION (SELECT t2.c1 FROM t1_1 AS t2)"},
    {"select a from u union all select aid from t",
     "(SELECT t1.c2 FROM t2_1 AS t1) UNION ALL (SELECT t2.c1 FROM t1_1 AS t2)"},
    {"select a from u intersect select aid from t",
     "(SELECT t1.c2 FROM t2_1 AS t1) INTERSECT (SELECT t2.c1 FROM t1_1 AS t2)"},
    {"select a from u except all select aid from t",
     "(SELECT t1.c2 FROM t2_1 AS t1) EXCEPT ALL (SELECT t2.c1 FROM t1_1 AS t2)"},
    {"select a from u union select aid from t order by 1 limit 3",
     "SELECT s5.c1 FROM ((SELECT t1.c2 FROM t2_1 AS t1) UNION (SELECT t2.c1 FROM t1_1 AS t2)) AS "
     "s5(c1) ORDER BY s5.c1 NULLS LAST LIMIT 3"},
    {"select id from u union all select aid from t",
     "(SELECT t1.c1 FROM t2_1 AS t1) UNION ALL (SELECT CAST(t2.c1 AS BIGINT) FROM t1_1 AS t2)"},
    {"select c from u union all select nn from v",
     "(SELECT omen_num_from(a3.c1) FROM (SELECT t1.c4 FROM t2_1 AS t1) AS a3(c1)) UNION ALL "
     "(SELECT t2.c10 FROM t3_1 AS t2)"},
    {"with w as (select a from u) select * from w join w w2 on w.a = w2.a",
     "WITH w1(c1) AS MATERIALIZED (SELECT t2.c2 FROM t2_1 AS t2) SELECT t3.c1, t4.c1 FROM (w1 AS "
     "t3 JOIN w1 AS t4 ON (t3.c1 = t4.c1))"},
    {"with w as materialized (select a from u) select a from w",
     "WITH w1(c1) AS MATERIALIZED (SELECT t2.c2 FROM t2_1 AS t2) SELECT t3.c1 FROM w1 AS t3"},
    {"with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select n from r",
     "WITH RECURSIVE w1(c1) AS ((SELECT 1::INTEGER) UNION ALL (SELECT (t2.c1 + 1::INTEGER) FROM w1 "
     "AS t2 WHERE (t2.c1 < 5))) SELECT t5.c1 FROM w1 AS t5"},
};

// Parameters are numbered by use and have their types.
constexpr Case kDuckdbParameters[] = {
    {"select a from u where a = $1", "SELECT t1.c2 FROM t2_1 AS t1 WHERE (t1.c2 = $1::INTEGER)"},
    {"select a from u where b = $2 and a = $1 and id = $1",
     "SELECT t1.c2 FROM t2_1 AS t1 WHERE ((t1.c3 = $1::VARCHAR) AND (t1.c2 = $2::INTEGER) AND "
     "(t1.c1 = $2::INTEGER))"},
    {"select a + $1 from u limit $2",
     "SELECT (t1.c2 + $1::INTEGER) FROM t2_1 AS t1 LIMIT ($2::BIGINT)"},
    {"select a from u where a = any ($1)",
     "SELECT t1.c2 FROM t2_1 AS t1 WHERE CASE WHEN $1::INTEGER[] IS NULL THEN NULL::BOOLEAN ELSE "
     "(t1.c2 = ANY (SELECT unnest($1::INTEGER[]))) END"},
};

// Values that are equal and not the same, or ordered otherwise by DuckDB, are compared by keys.
constexpr Case kDuckdbKeys[] = {
    {"select count(distinct nn) from v",
     "SELECT count(DISTINCT omen_num_key(t1.c10)) FROM t3_1 AS t1 GROUP BY ()"},
    {"select row_number() over (order by nn) from v",
     "SELECT row_number() OVER (ORDER BY omen_num_key(t1.c10) NULLS LAST) FROM t3_1 AS t1"},
    {"select sum(a) over (partition by nn) from u, v",
     "SELECT CAST(sum(t1.c2) OVER (PARTITION BY omen_num_key(t2.c10)) AS BIGINT) FROM t2_1 AS t1, "
     "t3_1 AS t2"},
    {"select i from v order by i",
     "SELECT t1.c4 FROM t3_1 AS t1 ORDER BY epoch_us(t1.c4) NULLS LAST"},
    {"select max(i), min(i) from v",
     "SELECT arg_max(t1.c4, epoch_us(t1.c4)), arg_min(t1.c4, epoch_us(t1.c4)) FROM t3_1 AS t1 "
     "GROUP BY ()"},
    {"select a in (select nn from v) from u",
     "SELECT (omen_num_key(omen_num_from(CAST(t1.c2 AS DECIMAL(10,0)))) IN (SELECT "
     "omen_num_key(q3.c1) FROM (SELECT t2.c10 FROM t3_1 AS t2) AS q3(c1))) FROM t2_1 AS t1"},
    {"select a = any (arr) from u, v",
     "SELECT CASE WHEN t2.c7 IS NULL THEN NULL::BOOLEAN ELSE (t1.c2 = ANY (SELECT unnest(t2.c7))) "
     "END FROM t2_1 AS t1, t3_1 AS t2"},
    {"select string_agg(distinct b, ','), array_agg(distinct a) from u",
     "SELECT string_agg(DISTINCT t1.c3, ','::VARCHAR ORDER BY t1.c3 ASC NULLS LAST), list(DISTINCT "
     "t1.c2 ORDER BY t1.c2 ASC NULLS LAST) FROM t2_1 AS t1 GROUP BY ()"},
    {"select arr from v group by arr", "SELECT t1.c7 FROM t3_1 AS t1 GROUP BY t1.c7"},
    {"select j from v union all select j from v",
     "(SELECT t1.c5 FROM t3_1 AS t1) UNION ALL (SELECT t2.c5 FROM t3_1 AS t2)"},
};

// What has no exact form on columns is left to the row path; a statement's own errors are not.
constexpr Case kDuckdbRefusals[] = {
    {"select a from u for update", "refused: row locks on columns is not supported"},
    {"select nextval('seq'), setval('seq', 1) from u",
     "refused: function nextval() on columns is not supported"},
    {"select row(a, b) from u", "refused: this expression on columns is not supported"},
    {"select mode() within group (order by a) from u",
     "refused: aggregate mode() on columns is not supported"},
    {"select sum(distinct nn) from v",
     "refused: DISTINCT over numeric without a fixed scale on columns is not supported"},
    {"select distinct i from v",
     "refused: distinct values of interval on columns is not supported"},
    {"select jb from v order by jb", "refused: comparison of jsonb on columns is not supported"},
    {"select filler from t union select b from u",
     "refused: distinct values of bpchar on columns is not supported"},
    {"select a from u limit -1", "refused with 2201W"},
    {"select a from u offset -1", "refused with 2201X"},
};

}  // namespace

TEST(DuckdbQueryText, Order) {
  for (const Case& c : kDuckdbOrder) EXPECT_EQ(DuckdbTextOf(c.sql), c.expected) << c.sql;
}

TEST(DuckdbQueryText, Joins) {
  for (const Case& c : kDuckdbJoins) EXPECT_EQ(DuckdbTextOf(c.sql), c.expected) << c.sql;
}

TEST(DuckdbQueryText, Subqueries) {
  for (const Case& c : kDuckdbSubqueries) EXPECT_EQ(DuckdbTextOf(c.sql), c.expected) << c.sql;
}

TEST(DuckdbQueryText, Parameters) {
  for (const Case& c : kDuckdbParameters) EXPECT_EQ(DuckdbTextOf(c.sql), c.expected) << c.sql;
}

TEST(DuckdbQueryText, Keys) {
  for (const Case& c : kDuckdbKeys) EXPECT_EQ(DuckdbTextOf(c.sql), c.expected) << c.sql;
}

TEST(DuckdbQueryText, Refusals) {
  for (const Case& c : kDuckdbRefusals) EXPECT_EQ(DuckdbTextOf(c.sql), c.expected) << c.sql;
}

}  // namespace omen::sql::testing
