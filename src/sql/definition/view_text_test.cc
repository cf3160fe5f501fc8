// Texts of views over one level, with PostgreSQL 15's spelling and lines.
#include <gtest/gtest.h>

#include "sql/command/view_text_fixture.h"

namespace omen::sql::testing {
namespace {

constexpr ViewCase kSelectsViews[] = {
    {"select x as \"Q r\", y as \"select\", z as user_name from pair p where x > 1 and (y = 2 or "
     "not z = 'a')",
     R"( SELECT p.x AS "Q r",
    p.y AS "select",
    p.z AS user_name
   FROM pair p
  WHERE ((p.x > 1) AND ((p.y = 2) OR (NOT (p.z = 'a'::text))));)",
     R"( SELECT p.x AS "Q r",
    p.y AS "select",
    p.z AS user_name
   FROM pair p
  WHERE p.x > 1 AND (p.y = 2 OR NOT p.z = 'a'::text);)"},
    {"select distinct x, y + 1 as n from pair order by x desc, y + 1 nulls first limit 5 offset 2",
     R"( SELECT DISTINCT pair.x,
    (pair.y + 1) AS n
   FROM pair
  ORDER BY pair.x DESC, (pair.y + 1) NULLS FIRST
 OFFSET 2
 LIMIT 5;)",
     R"( SELECT DISTINCT pair.x,
    pair.y + 1 AS n
   FROM pair
  ORDER BY pair.x DESC, (pair.y + 1) NULLS FIRST
 OFFSET 2
 LIMIT 5;)"},
    {"select distinct on (x) x, z from pair order by x, y desc nulls last",
     R"( SELECT DISTINCT ON (pair.x) pair.x,
    pair.z
   FROM pair
  ORDER BY pair.x, pair.y DESC NULLS LAST;)",
     R"( SELECT DISTINCT ON (pair.x) pair.x,
    pair.z
   FROM pair
  ORDER BY pair.x, pair.y DESC NULLS LAST;)"},
    {"select x, case when y > 1 then 'big' when y is null then 'none' else z end as size from pair",
     R"( SELECT pair.x,
        CASE
            WHEN (pair.y > 1) THEN 'big'::text
            WHEN (pair.y IS NULL) THEN 'none'::text
            ELSE pair.z
        END AS size
   FROM pair;)",
     R"( SELECT pair.x,
        CASE
            WHEN pair.y > 1 THEN 'big'::text
            WHEN pair.y IS NULL THEN 'none'::text
            ELSE pair.z
        END AS size
   FROM pair;)"},
    {"select case x when 1 then 'one' else 'many' end as k, coalesce(z, 'q') as c, nullif(x, y) as "
     "n from pair",
     R"( SELECT
        CASE pair.x
            WHEN 1 THEN 'one'::text
            ELSE 'many'::text
        END AS k,
    COALESCE(pair.z, 'q'::text) AS c,
    NULLIF(pair.x, pair.y) AS n
   FROM pair;)",
     R"( SELECT
        CASE pair.x
            WHEN 1 THEN 'one'::text
            ELSE 'many'::text
        END AS k,
    COALESCE(pair.z, 'q'::text) AS c,
    NULLIF(pair.x, pair.y) AS n
   FROM pair;)"},
    {"select x from pair where z like 'a%' and x between 1 and 5 and y in (1, 2, 3) and z not in "
     "('a', 'b')",
     R"( SELECT pair.x
   FROM pair
  WHERE ((pair.z ~~ 'a%'::text) AND ((pair.x >= 1) AND (pair.x <= 5)) AND (pair.y = ANY (ARRAY[1, 2, 3])) AND (pair.z <> ALL (ARRAY['a'::text, 'b'::text])));)",
     R"( SELECT pair.x
   FROM pair
  WHERE pair.z ~~ 'a%'::text AND pair.x >= 1 AND pair.x <= 5 AND (pair.y = ANY (ARRAY[1, 2, 3])) AND (pair.z <> ALL (ARRAY['a'::text, 'b'::text]));)"},
    {"select x from pair where x = any (array[1, 2]) or x <> all (array[y, 3]) or z is not "
     "distinct from 'a'",
     R"( SELECT pair.x
   FROM pair
  WHERE ((pair.x = ANY (ARRAY[1, 2])) OR (pair.x <> ALL (ARRAY[pair.y, 3])) OR (NOT (pair.z IS DISTINCT FROM 'a'::text)));)",
     R"( SELECT pair.x
   FROM pair
  WHERE (pair.x = ANY (ARRAY[1, 2])) OR (pair.x <> ALL (ARRAY[pair.y, 3])) OR NOT pair.z IS DISTINCT FROM 'a'::text;)"},
    {"select a + id as s, a::numeric(5,2) as n, b || a as t, -a as m, d / 2 as h, f + 1 as day "
     "from u",
     R"( SELECT (u.a + u.id) AS s,
    (u.a)::numeric(5,2) AS n,
    (u.b || u.a) AS t,
    (- u.a) AS m,
    (u.d / (2)::double precision) AS h,
    (u.f + 1) AS day
   FROM u;)",
     R"( SELECT u.a + u.id AS s,
    u.a::numeric(5,2) AS n,
    u.b || u.a AS t,
    - u.a AS m,
    u.d / 2::double precision AS h,
    u.f + 1 AS day
   FROM u;)"},
    {"select upper(b) as up, substring(b from 2 for 3) as sub, trim(both 'x' from b) as tr, "
     "position('a' in b) as po, extract(year from f) as yr from u",
     R"( SELECT upper(u.b) AS up,
    SUBSTRING(u.b FROM 2 FOR 3) AS sub,
    TRIM(BOTH 'x'::text FROM u.b) AS tr,
    POSITION(('a'::text) IN (u.b)) AS po,
    EXTRACT(year FROM u.f) AS yr
   FROM u;)",
     R"( SELECT upper(u.b) AS up,
    SUBSTRING(u.b FROM 2 FOR 3) AS sub,
    TRIM(BOTH 'x'::text FROM u.b) AS tr,
    POSITION(('a'::text) IN (u.b)) AS po,
    EXTRACT(year FROM u.f) AS yr
   FROM u;)"},
    {"select current_date as d, now() as n, current_user as u, localtimestamp as l",
     R"( SELECT CURRENT_DATE AS d,
    now() AS n,
    CURRENT_USER AS u,
    LOCALTIMESTAMP AS l;)",
     R"( SELECT CURRENT_DATE AS d,
    now() AS n,
    CURRENT_USER AS u,
    LOCALTIMESTAMP AS l;)"},
    {"select arr[1] as a1, arr[1:2] as a2, array[1, s] as a3, array_length(arr, 1) as a4 from v",
     R"( SELECT v.arr[1] AS a1,
    v.arr[1:2] AS a2,
    ARRAY[1, (v.s)::integer] AS a3,
    array_length(v.arr, 1) AS a4
   FROM v;)",
     R"( SELECT v.arr[1] AS a1,
    v.arr[1:2] AS a2,
    ARRAY[1, v.s::integer] AS a3,
    array_length(v.arr, 1) AS a4
   FROM v;)"},
    {"select j -> 'a' as ja, jb ->> 'b' as jb, jb @> '{\"a\": 1}' as has from v",
     R"( SELECT (v.j -> 'a'::text) AS ja,
    (v.jb ->> 'b'::text) AS jb,
    (v.jb @> '{"a": 1}'::jsonb) AS has
   FROM v;)",
     R"( SELECT v.j -> 'a'::text AS ja,
    v.jb ->> 'b'::text AS jb,
    v.jb @> '{"a": 1}'::jsonb AS has
   FROM v;)"},
    {"select t at time zone 'UTC' as u, i * 2 as twice, tz - interval '1 day' as before, date "
     "'2020-01-01' as d from v",
     R"( SELECT (v.t AT TIME ZONE 'UTC'::text) AS u,
    (v.i * (2)::double precision) AS twice,
    (v.tz - '1 day'::interval) AS before,
    '2020-01-01'::date AS d
   FROM v;)",
     R"( SELECT (v.t AT TIME ZONE 'UTC'::text) AS u,
    v.i * 2::double precision AS twice,
    v.tz - '1 day'::interval AS before,
    '2020-01-01'::date AS d
   FROM v;)"},
    {"select x from pair order by x fetch first 3 rows with ties",
     R"( SELECT pair.x
   FROM pair
  ORDER BY pair.x
 FETCH FIRST (3) ROWS WITH TIES;)",
     R"( SELECT pair.x
   FROM pair
  ORDER BY pair.x
 FETCH FIRST (3) ROWS WITH TIES;)"},
    {"select 1 as one, 'a' as a, null as n, true as t, 1.50 as d, 'b'::varchar(3) as v, '1 "
     "day'::interval as i",
     R"( SELECT 1 AS one,
    'a'::text AS a,
    NULL::text AS n,
    true AS t,
    1.50 AS d,
    'b'::character varying(3) AS v,
    '1 day'::interval AS i;)",
     R"( SELECT 1 AS one,
    'a'::text AS a,
    NULL::text AS n,
    true AS t,
    1.50 AS d,
    'b'::character varying(3) AS v,
    '1 day'::interval AS i;)"},
    {"select \"a\" as \"b\"\"c\", id as \"Id\" from u as \"U V\"",
     R"( SELECT "U V".a AS "b""c",
    "U V".id AS "Id"
   FROM u "U V";)",
     R"( SELECT "U V".a AS "b""c",
    "U V".id AS "Id"
   FROM u "U V";)"},
    {"select x from pair where x is null or (z is not null and (x > 1) is true) or (x > 2) is not "
     "unknown",
     R"( SELECT pair.x
   FROM pair
  WHERE ((pair.x IS NULL) OR ((pair.z IS NOT NULL) AND ((pair.x > 1) IS TRUE)) OR ((pair.x > 2) IS NOT UNKNOWN));)",
     R"( SELECT pair.x
   FROM pair
  WHERE pair.x IS NULL OR pair.z IS NOT NULL AND (pair.x > 1) IS TRUE OR (pair.x > 2) IS NOT UNKNOWN;)"},
    {"select a from u where e and not e and (e or a > 1) and e is not false",
     R"( SELECT u.a
   FROM u
  WHERE (u.e AND (NOT u.e) AND (u.e OR (u.a > 1)) AND (u.e IS NOT FALSE));)",
     R"( SELECT u.a
   FROM u
  WHERE u.e AND NOT u.e AND (u.e OR u.a > 1) AND u.e IS NOT FALSE;)"},
    {"select x + y * 2 - -1 as p, (x + y) * 2 as q, x % 2 = 0 as even, @ x as ab, 2 ^ x as pw from "
     "pair",
     R"( SELECT ((pair.x + (pair.y * 2)) - '-1'::integer) AS p,
    ((pair.x + pair.y) * 2) AS q,
    ((pair.x % 2) = 0) AS even,
    (@ pair.x) AS ab,
    ((2)::double precision ^ (pair.x)::double precision) AS pw
   FROM pair;)",
     R"( SELECT pair.x + pair.y * 2 - '-1'::integer AS p,
    (pair.x + pair.y) * 2 AS q,
    (pair.x % 2) = 0 AS even,
    @ pair.x AS ab,
    2::double precision ^ pair.x::double precision AS pw
   FROM pair;)"},
};

constexpr ViewCase kJoinsViews[] = {
    {"select a.x, b.y from pair a join pair b on a.x = b.y",
     R"( SELECT a.x,
    b.y
   FROM (pair a
     JOIN pair b ON ((a.x = b.y)));)",
     R"( SELECT a.x,
    b.y
   FROM pair a
     JOIN pair b ON a.x = b.y;)"},
    {"select a.x, b.y from pair a left join pair b on a.x = b.y and b.z = 'a' where b.y is null",
     R"( SELECT a.x,
    b.y
   FROM (pair a
     LEFT JOIN pair b ON (((a.x = b.y) AND (b.z = 'a'::text))))
  WHERE (b.y IS NULL);)",
     R"( SELECT a.x,
    b.y
   FROM pair a
     LEFT JOIN pair b ON a.x = b.y AND b.z = 'a'::text
  WHERE b.y IS NULL;)"},
    {"select k, x from nokey right join pair on k = x full join t on aid = x",
     R"( SELECT nokey.k,
    pair.x
   FROM ((nokey
     RIGHT JOIN pair ON ((nokey.k = pair.x)))
     FULL JOIN t ON ((t.aid = pair.x)));)",
     R"( SELECT nokey.k,
    pair.x
   FROM nokey
     RIGHT JOIN pair ON nokey.k = pair.x
     FULL JOIN t ON t.aid = pair.x;)"},
    {"select x, y, z, q from pair join (select 1 as x, 2 as q) s using (x)",
     R"( SELECT pair.x,
    pair.y,
    pair.z,
    s.q
   FROM (pair
     JOIN ( SELECT 1 AS x,
            2 AS q) s USING (x));)",
     R"( SELECT pair.x,
    pair.y,
    pair.z,
    s.q
   FROM pair
     JOIN ( SELECT 1 AS x,
            2 AS q) s USING (x);)"},
    {"select * from pair natural join (select 1 as x, 'w' as w) s",
     R"( SELECT pair.x,
    pair.y,
    pair.z,
    s.w
   FROM (pair
     JOIN ( SELECT 1 AS x,
            'w'::text AS w) s USING (x));)",
     R"( SELECT pair.x,
    pair.y,
    pair.z,
    s.w
   FROM pair
     JOIN ( SELECT 1 AS x,
            'w'::text AS w) s USING (x);)"},
    {"select x, pair.y, s.y as sy from pair left join (select 1 as x, 2 as y) s using (x)",
     R"( SELECT pair.x,
    pair.y,
    s.y AS sy
   FROM (pair
     LEFT JOIN ( SELECT 1 AS x,
            2 AS y) s USING (x));)",
     R"( SELECT pair.x,
    pair.y,
    s.y AS sy
   FROM pair
     LEFT JOIN ( SELECT 1 AS x,
            2 AS y) s USING (x);)"},
    {"select * from pair full join (select 1 as x) s using (x)",
     R"( SELECT x,
    pair.y,
    pair.z
   FROM (pair
     FULL JOIN ( SELECT 1 AS x) s USING (x));)",
     R"( SELECT x,
    pair.y,
    pair.z
   FROM pair
     FULL JOIN ( SELECT 1 AS x) s USING (x);)"},
    {"select j.x, j.k from (pair join nokey on x = k) as j",
     R"( SELECT j.x,
    j.k
   FROM (pair
     JOIN nokey ON ((pair.x = nokey.k))) j;)",
     R"( SELECT j.x,
    j.k
   FROM (pair
     JOIN nokey ON pair.x = nokey.k) j;)"},
    {"select pair.x, nokey.w from pair cross join nokey, t where t.aid = pair.x",
     R"( SELECT pair.x,
    nokey.w
   FROM (pair
     CROSS JOIN nokey),
    t
  WHERE (t.aid = pair.x);)",
     R"( SELECT pair.x,
    nokey.w
   FROM pair
     CROSS JOIN nokey,
    t
  WHERE t.aid = pair.x;)"},
    {"select p.x, l.m from pair p, lateral (select max(k) as m from nokey where k = p.x) l",
     R"( SELECT p.x,
    l.m
   FROM pair p,
    LATERAL ( SELECT max(nokey.k) AS m
           FROM nokey
          WHERE (nokey.k = p.x)) l;)",
     R"( SELECT p.x,
    l.m
   FROM pair p,
    LATERAL ( SELECT max(nokey.k) AS m
           FROM nokey
          WHERE nokey.k = p.x) l;)"},
    {"select p.x, l.m from pair p left join lateral (select max(k) as m from nokey where k = p.x) "
     "l on true",
     R"( SELECT p.x,
    l.m
   FROM (pair p
     LEFT JOIN LATERAL ( SELECT max(nokey.k) AS m
           FROM nokey
          WHERE (nokey.k = p.x)) l ON (true));)",
     R"( SELECT p.x,
    l.m
   FROM pair p
     LEFT JOIN LATERAL ( SELECT max(nokey.k) AS m
           FROM nokey
          WHERE nokey.k = p.x) l ON true;)"},
    {"select g.n, g.o from generate_series(1, 3) with ordinality as g(n, o)",
     R"( SELECT g.n,
    g.o
   FROM generate_series(1, 3) WITH ORDINALITY g(n, o);)",
     R"( SELECT g.n,
    g.o
   FROM generate_series(1, 3) WITH ORDINALITY g(n, o);)"},
    {"select g from generate_series(1, 3) g",
     R"( SELECT g.g
   FROM generate_series(1, 3) g(g);)",
     R"( SELECT g.g
   FROM generate_series(1, 3) g(g);)"},
    {"select u from pair, unnest(array[x, y]) as u",
     R"( SELECT u.u
   FROM pair,
    LATERAL unnest(ARRAY[pair.x, pair.y]) u(u);)",
     R"( SELECT u.u
   FROM pair,
    LATERAL unnest(ARRAY[pair.x, pair.y]) u(u);)"},
    {"select v.a, v.b from (values (1, 'a'), (2, 'b')) as v(a, b)",
     R"( SELECT v.a,
    v.b
   FROM ( VALUES (1,'a'::text), (2,'b'::text)) v(a, b);)",
     R"( SELECT v.a,
    v.b
   FROM ( VALUES (1,'a'::text), (2,'b'::text)) v(a, b);)"},
    {"select s.p from (select x, y from pair) as s(p, q) where s.q > 1",
     R"( SELECT s.p
   FROM ( SELECT pair.x,
            pair.y
           FROM pair) s(p, q)
  WHERE (s.q > 1);)",
     R"( SELECT s.p
   FROM ( SELECT pair.x,
            pair.y
           FROM pair) s(p, q)
  WHERE s.q > 1;)"},
    {"select pair.x from pair, pair p2, (select x from pair) p3",
     R"( SELECT pair.x
   FROM pair,
    pair p2,
    ( SELECT pair_1.x
           FROM pair pair_1) p3;)",
     R"( SELECT pair.x
   FROM pair,
    pair p2,
    ( SELECT pair_1.x
           FROM pair pair_1) p3;)"},
    {"select a.x from (pair a join nokey n on a.x = n.k) join t on t.aid = n.k",
     R"( SELECT a.x
   FROM ((pair a
     JOIN nokey n ON ((a.x = n.k)))
     JOIN t ON ((t.aid = n.k)));)",
     R"( SELECT a.x
   FROM pair a
     JOIN nokey n ON a.x = n.k
     JOIN t ON t.aid = n.k;)"},
    {"select a.x from pair a join (nokey n join t on t.aid = n.k) on a.x = n.k",
     R"( SELECT a.x
   FROM (pair a
     JOIN (nokey n
     JOIN t ON ((t.aid = n.k))) ON ((a.x = n.k)));)",
     R"( SELECT a.x
   FROM pair a
     JOIN (nokey n
     JOIN t ON t.aid = n.k) ON a.x = n.k;)"},
    {"select tv.aid, t.bid from tv join t using (aid)",
     R"( SELECT tv.aid,
    t.bid
   FROM (tv
     JOIN t USING (aid));)",
     R"( SELECT tv.aid,
    t.bid
   FROM tv
     JOIN t USING (aid);)"},
};

}  // namespace

TEST(ViewTextTest, Selects) {
  for (const ViewCase& c : kSelectsViews) ExpectTexts(c);
}

TEST(ViewTextTest, Joins) {
  for (const ViewCase& c : kJoinsViews) ExpectTexts(c);
}

}  // namespace omen::sql::testing
