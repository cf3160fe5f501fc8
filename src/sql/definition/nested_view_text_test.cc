// Texts of views that group, nest and combine queries, with PostgreSQL 15's spelling and lines.
#include <gtest/gtest.h>

#include "sql/command/view_text_fixture.h"

namespace omen::sql::testing {
namespace {

constexpr ViewCase kGroupingViews[] = {
    {"select z, count(*) as n, sum(x) as s, avg(y) as a from pair group by z having count(*) > 1 "
     "order by count(*) desc",
     R"( SELECT pair.z,
    count(*) AS n,
    sum(pair.x) AS s,
    avg(pair.y) AS a
   FROM pair
  GROUP BY pair.z
 HAVING (count(*) > 1)
  ORDER BY (count(*)) DESC;)",
     R"( SELECT pair.z,
    count(*) AS n,
    sum(pair.x) AS s,
    avg(pair.y) AS a
   FROM pair
  GROUP BY pair.z
 HAVING count(*) > 1
  ORDER BY (count(*)) DESC;)"},
    {"select count(distinct x) as d, sum(x) filter (where y > 1) as f, string_agg(z, ',' order by "
     "x desc) as g from pair",
     R"( SELECT count(DISTINCT pair.x) AS d,
    sum(pair.x) FILTER (WHERE (pair.y > 1)) AS f,
    string_agg(pair.z, ','::text ORDER BY pair.x DESC) AS g
   FROM pair;)",
     R"( SELECT count(DISTINCT pair.x) AS d,
    sum(pair.x) FILTER (WHERE pair.y > 1) AS f,
    string_agg(pair.z, ','::text ORDER BY pair.x DESC) AS g
   FROM pair;)"},
    {"select x + 1 as p, count(*) as n from pair group by x + 1",
     R"( SELECT (pair.x + 1) AS p,
    count(*) AS n
   FROM pair
  GROUP BY (pair.x + 1);)",
     R"( SELECT pair.x + 1 AS p,
    count(*) AS n
   FROM pair
  GROUP BY (pair.x + 1);)"},
    {"select x, z, count(*) as n, grouping(x, z) as g from pair group by rollup (x, z)",
     R"( SELECT pair.x,
    pair.z,
    count(*) AS n,
    GROUPING(pair.x, pair.z) AS g
   FROM pair
  GROUP BY ROLLUP(pair.x, pair.z);)",
     R"( SELECT pair.x,
    pair.z,
    count(*) AS n,
    GROUPING(pair.x, pair.z) AS g
   FROM pair
  GROUP BY ROLLUP(pair.x, pair.z);)"},
    {"select x, y, count(*) as n from pair group by grouping sets ((x), (y), ())",
     R"( SELECT pair.x,
    pair.y,
    count(*) AS n
   FROM pair
  GROUP BY GROUPING SETS ((pair.x), (pair.y), ());)",
     R"( SELECT pair.x,
    pair.y,
    count(*) AS n
   FROM pair
  GROUP BY GROUPING SETS ((pair.x), (pair.y), ());)"},
    {"select x, y, count(*) as n from pair group by cube (x, y)",
     R"( SELECT pair.x,
    pair.y,
    count(*) AS n
   FROM pair
  GROUP BY CUBE(pair.x, pair.y);)",
     R"( SELECT pair.x,
    pair.y,
    count(*) AS n
   FROM pair
  GROUP BY CUBE(pair.x, pair.y);)"},
    {"select x, sum(y) over (partition by z order by x) as s, row_number() over () as r from pair",
     R"( SELECT pair.x,
    sum(pair.y) OVER (PARTITION BY pair.z ORDER BY pair.x) AS s,
    row_number() OVER () AS r
   FROM pair;)",
     R"( SELECT pair.x,
    sum(pair.y) OVER (PARTITION BY pair.z ORDER BY pair.x) AS s,
    row_number() OVER () AS r
   FROM pair;)"},
    {"select sum(x) over w as s, rank() over (w order by y) as r from pair window w as (partition "
     "by z)",
     R"( SELECT sum(pair.x) OVER w AS s,
    rank() OVER (w ORDER BY pair.y) AS r
   FROM pair
  WINDOW w AS (PARTITION BY pair.z);)",
     R"( SELECT sum(pair.x) OVER w AS s,
    rank() OVER (w ORDER BY pair.y) AS r
   FROM pair
  WINDOW w AS (PARTITION BY pair.z);)"},
    {"select sum(x) over (order by x rows between 1 preceding and current row) as a, sum(x) over "
     "(order by x range between unbounded preceding and unbounded following exclude ties) as b "
     "from pair",
     R"( SELECT sum(pair.x) OVER (ORDER BY pair.x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS a,
    sum(pair.x) OVER (ORDER BY pair.x RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES) AS b
   FROM pair;)",
     R"( SELECT sum(pair.x) OVER (ORDER BY pair.x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS a,
    sum(pair.x) OVER (ORDER BY pair.x RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES) AS b
   FROM pair;)"},
    {"select lag(x, 1, 0) over (order by y desc nulls last) as l, first_value(z) over (partition "
     "by x order by y groups 2 preceding) as f from pair",
     R"( SELECT lag(pair.x, 1, 0) OVER (ORDER BY pair.y DESC NULLS LAST) AS l,
    first_value(pair.z) OVER (PARTITION BY pair.x ORDER BY pair.y GROUPS 2 PRECEDING) AS f
   FROM pair;)",
     R"( SELECT lag(pair.x, 1, 0) OVER (ORDER BY pair.y DESC NULLS LAST) AS l,
    first_value(pair.z) OVER (PARTITION BY pair.x ORDER BY pair.y GROUPS 2 PRECEDING) AS f
   FROM pair;)"},
    {"select percentile_cont(0.5) within group (order by x) as p, mode() within group (order by z) "
     "as m from pair",
     R"( SELECT percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((pair.x)::double precision)) AS p,
    mode() WITHIN GROUP (ORDER BY pair.z) AS m
   FROM pair;)",
     R"( SELECT percentile_cont(0.5::double precision) WITHIN GROUP (ORDER BY (pair.x::double precision)) AS p,
    mode() WITHIN GROUP (ORDER BY pair.z) AS m
   FROM pair;)"},
    {"select bool_and(x > 1) as b, array_agg(z order by x, y) as a, json_agg(x) as j, max(z) as m "
     "from pair",
     R"( SELECT bool_and((pair.x > 1)) AS b,
    array_agg(pair.z ORDER BY pair.x, pair.y) AS a,
    json_agg(pair.x) AS j,
    max(pair.z) AS m
   FROM pair;)",
     R"( SELECT bool_and(pair.x > 1) AS b,
    array_agg(pair.z ORDER BY pair.x, pair.y) AS a,
    json_agg(pair.x) AS j,
    max(pair.z) AS m
   FROM pair;)"},
};

constexpr ViewCase kNestingViews[] = {
    {"select x from pair where exists (select 1 from nokey where k = x) and x in (select k from "
     "nokey) and y not in (select 1)",
     R"( SELECT pair.x
   FROM pair
  WHERE ((EXISTS ( SELECT 1
           FROM nokey
          WHERE (nokey.k = pair.x))) AND (pair.x IN ( SELECT nokey.k
           FROM nokey)) AND (NOT (pair.y IN ( SELECT 1))));)",
     R"( SELECT pair.x
   FROM pair
  WHERE (EXISTS ( SELECT 1
           FROM nokey
          WHERE nokey.k = pair.x)) AND (pair.x IN ( SELECT nokey.k
           FROM nokey)) AND NOT (pair.y IN ( SELECT 1));)"},
    {"select x, (select max(k) from nokey where k = pair.x) as m, array(select k from nokey order "
     "by k) as a from pair",
     R"( SELECT pair.x,
    ( SELECT max(nokey.k) AS max
           FROM nokey
          WHERE (nokey.k = pair.x)) AS m,
    ARRAY( SELECT nokey.k
           FROM nokey
          ORDER BY nokey.k) AS a
   FROM pair;)",
     R"( SELECT pair.x,
    ( SELECT max(nokey.k) AS max
           FROM nokey
          WHERE nokey.k = pair.x) AS m,
    ARRAY( SELECT nokey.k
           FROM nokey
          ORDER BY nokey.k) AS a
   FROM pair;)"},
    {"select x from pair where x > all (select k from nokey) or x = any (select aid from t) or (x, "
     "y) in (select aid, bid from t)",
     R"( SELECT pair.x
   FROM pair
  WHERE ((pair.x > ALL ( SELECT nokey.k
           FROM nokey)) OR (pair.x IN ( SELECT t.aid
           FROM t)) OR ((pair.x, pair.y) IN ( SELECT t.aid,
            t.bid
           FROM t)));)",
     R"( SELECT pair.x
   FROM pair
  WHERE (pair.x > ALL ( SELECT nokey.k
           FROM nokey)) OR (pair.x IN ( SELECT t.aid
           FROM t)) OR ((pair.x, pair.y) IN ( SELECT t.aid,
            t.bid
           FROM t));)"},
    {"select x from pair union select k from nokey",
     R"( SELECT pair.x
   FROM pair
UNION
 SELECT nokey.k AS x
   FROM nokey;)",
     R"( SELECT pair.x
   FROM pair
UNION
 SELECT nokey.k AS x
   FROM nokey;)"},
    {"select x as n from pair union all select k from nokey order by n desc limit 3",
     R"( SELECT pair.x AS n
   FROM pair
UNION ALL
 SELECT nokey.k AS n
   FROM nokey
  ORDER BY 1 DESC
 LIMIT 3;)",
     R"( SELECT pair.x AS n
   FROM pair
UNION ALL
 SELECT nokey.k AS n
   FROM nokey
  ORDER BY 1 DESC
 LIMIT 3;)"},
    {"select x from pair intersect (select k from nokey except all select aid from t)",
     R"( SELECT pair.x
   FROM pair
INTERSECT (
         SELECT nokey.k AS x
           FROM nokey
        EXCEPT ALL
         SELECT t.aid AS x
           FROM t
);)",
     R"( SELECT pair.x
   FROM pair
INTERSECT (
         SELECT nokey.k AS x
           FROM nokey
        EXCEPT ALL
         SELECT t.aid AS x
           FROM t
);)"},
    {"(select x from pair order by y limit 1) union all select 5",
     R"(( SELECT pair.x
   FROM pair
  ORDER BY pair.y
 LIMIT 1)
UNION ALL
 SELECT 5 AS x;)",
     R"(( SELECT pair.x
   FROM pair
  ORDER BY pair.y
 LIMIT 1)
UNION ALL
 SELECT 5 AS x;)"},
    {"values (1, 'a'), (2, null)", R"( VALUES (1,'a'::text), (2,NULL::text);)",
     R"( VALUES (1,'a'::text), (2,NULL::text);)"},
    {"with w as (select x from pair where y > 1) select w.x, w2.x as x2 from w join w w2 on w.x = "
     "w2.x",
     R"( WITH w AS (
         SELECT pair.x
           FROM pair
          WHERE (pair.y > 1)
        )
 SELECT w.x,
    w2.x AS x2
   FROM (w
     JOIN w w2 ON ((w.x = w2.x)));)",
     R"( WITH w AS (
         SELECT pair.x
           FROM pair
          WHERE pair.y > 1
        )
 SELECT w.x,
    w2.x AS x2
   FROM w
     JOIN w w2 ON w.x = w2.x;)"},
    {"with a(n) as materialized (select x from pair), b as (select n + 1 as m from a) select m "
     "from b",
     R"( WITH a(n) AS MATERIALIZED (
         SELECT pair.x
           FROM pair
        ), b AS (
         SELECT (a.n + 1) AS m
           FROM a
        )
 SELECT b.m
   FROM b;)",
     R"( WITH a(n) AS MATERIALIZED (
         SELECT pair.x
           FROM pair
        ), b AS (
         SELECT a.n + 1 AS m
           FROM a
        )
 SELECT b.m
   FROM b;)"},
    {"with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select n from r",
     R"( WITH RECURSIVE r(n) AS (
         SELECT 1 AS "?column?"
        UNION ALL
         SELECT (r_1.n + 1)
           FROM r r_1
          WHERE (r_1.n < 5)
        )
 SELECT r.n
   FROM r;)",
     R"( WITH RECURSIVE r(n) AS (
         SELECT 1 AS "?column?"
        UNION ALL
         SELECT r_1.n + 1
           FROM r r_1
          WHERE r_1.n < 5
        )
 SELECT r.n
   FROM r;)"},
    {"with recursive r(n, p) as (select x, z from pair union select x, r.p || z from pair join r "
     "on y = n) select n, p from r",
     R"( WITH RECURSIVE r(n, p) AS (
         SELECT pair.x,
            pair.z
           FROM pair
        UNION
         SELECT pair.x,
            (r_1.p || pair.z)
           FROM (pair
             JOIN r r_1 ON ((pair.y = r_1.n)))
        )
 SELECT r.n,
    r.p
   FROM r;)",
     R"( WITH RECURSIVE r(n, p) AS (
         SELECT pair.x,
            pair.z
           FROM pair
        UNION
         SELECT pair.x,
            r_1.p || pair.z
           FROM pair
             JOIN r r_1 ON pair.y = r_1.n
        )
 SELECT r.n,
    r.p
   FROM r;)"},
    {"select x from pair for update",
     R"( SELECT pair.x
   FROM pair
 FOR UPDATE OF pair;)",
     R"( SELECT pair.x
   FROM pair
 FOR UPDATE OF pair;)"},
    {"select pair.x from pair join nokey on x = k for share of pair skip locked",
     R"( SELECT pair.x
   FROM (pair
     JOIN nokey ON ((pair.x = nokey.k)))
 FOR SHARE OF pair SKIP LOCKED;)",
     R"( SELECT pair.x
   FROM pair
     JOIN nokey ON pair.x = nokey.k
 FOR SHARE OF pair SKIP LOCKED;)"},
    {"select s.x from (select x from pair union select k from nokey) s where s.x > 1",
     R"( SELECT s.x
   FROM ( SELECT pair.x
           FROM pair
        UNION
         SELECT nokey.k
           FROM nokey) s
  WHERE (s.x > 1);)",
     R"( SELECT s.x
   FROM ( SELECT pair.x
           FROM pair
        UNION
         SELECT nokey.k
           FROM nokey) s
  WHERE s.x > 1;)"},
    {"select x from (select x, row_number() over (order by y) as rn from pair) s where rn = 1",
     R"( SELECT s.x
   FROM ( SELECT pair.x,
            row_number() OVER (ORDER BY pair.y) AS rn
           FROM pair) s
  WHERE (s.rn = 1);)",
     R"( SELECT s.x
   FROM ( SELECT pair.x,
            row_number() OVER (ORDER BY pair.y) AS rn
           FROM pair) s
  WHERE s.rn = 1;)"},
    {"select coalesce((select k from nokey limit 1), 0) as c, exists (select 1 from t) as e from "
     "pair",
     R"( SELECT COALESCE(( SELECT nokey.k
           FROM nokey
         LIMIT 1), 0) AS c,
    (EXISTS ( SELECT 1
           FROM t)) AS e
   FROM pair;)",
     R"( SELECT COALESCE(( SELECT nokey.k
           FROM nokey
         LIMIT 1), 0) AS c,
    (EXISTS ( SELECT 1
           FROM t)) AS e
   FROM pair;)"},
    {"select (select (select x)) as deep from pair",
     R"( SELECT ( SELECT ( SELECT pair.x) AS x) AS deep
   FROM pair;)",
     R"( SELECT ( SELECT ( SELECT pair.x) AS x) AS deep
   FROM pair;)"},
};

}  // namespace

TEST(ViewTextTest, Grouping) {
  for (const ViewCase& c : kGroupingViews) ExpectTexts(c);
}

TEST(ViewTextTest, Nesting) {
  for (const ViewCase& c : kNestingViews) ExpectTexts(c);
}

}  // namespace omen::sql::testing
