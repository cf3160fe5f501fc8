// What binding gives, against what PostgreSQL 15 gave for the same statements.

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

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
    {"select count(*), sum(abalance), avg(abalance), min(bid) from t",
     "count bigint, sum bigint, avg numeric, min integer"},
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
    {"select date '1998-12-01' - interval '90' day", "?column? timestamp without time zone"},
    {"select $1", "?column? text | $1 text"},
    {"select $1 + 1", "?column? integer | $1 integer"},
    {"select a from u where a = any($1)", "a integer | $1 integer[]"},
    {"select $1 || b from u", "?column? text | $1 text"},
    {"select * from u where (id,a)=($1,$2)",
     "id bigint, a integer, b text, c numeric(10,2), d double precision, e boolean, "
     "f date | $1 bigint $2 integer"},
    {"select * from v where t < $1 + interval '1 day'",
     "42883@24 operator does not exist: timestamp without time zone < interval"},
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
    {"select generate_series(1,3)", "generate_series integer"},
    {"select * from generate_series(1,3) as g(i)", "i integer"},
    {"select 1 +", "42601@10 syntax error at end of input"},
    {"select 'a' < 1", "22P02@7 invalid input syntax for type integer: \"a\""},
    {"select nosuch(1)", "42883@7 function nosuch(integer) does not exist"},
    {"select 1 + true", "42883@9 operator does not exist: integer + boolean"},
    {"insert into t select id, a from u", ""},
    {"insert into t(aid) values (default) on conflict (aid) do update set abalance "
     "= excluded.abalance + t.abalance",
     ""},
};

constexpr Case kExpressionAnswers[] = {
    {"select 1::int8, '1'::int2, 1.0::float8, '2020-01-01'::date, 'a'::varchar(3), "
     "'abc'::char(2), 1::numeric(5,2), 'x'::text",
     "int8 bigint, int2 smallint, float8 double precision, date date, varchar "
     "character varying(3), bpchar character(2), numeric numeric(5,2), text text"},
    {"select cast('10' as int), cast(1.5 as numeric(3,1)), '12:00'::time, '1 "
     "day'::interval, 't'::bool",
     "int4 integer, numeric numeric(3,1), time time without time zone, interval "
     "interval, bool boolean"},
    {"select now(), current_date, current_timestamp, localtimestamp, current_user, "
     "session_user, current_schema, current_catalog",
     "now timestamp with time zone, current_date date, current_timestamp timestamp "
     "with time zone, localtimestamp timestamp without time zone, current_user "
     "name, session_user name, current_schema name, current_catalog name"},
    {"select current_timestamp(3), localtimestamp(2)",
     "current_timestamp timestamp(3) with time zone, localtimestamp timestamp(2) "
     "without time zone"},
    {"select extract(year from f), date_part('month', f), date_trunc('day', f) from u",
     "extract numeric, date_part double precision, date_trunc timestamp with time zone"},
    {"select substring('abc' from 2 for 1), substring(b, 1, 2), position('a' in b), "
     "trim(b), trim(both 'x' from b), overlay(b placing 'x' from 1 for 1) from u",
     "substring text, substring text, position integer, btrim text, btrim text, "
     "overlay text"},
    {"select upper(b), lower(b), length(b), char_length(b), b || 'x', b || a, a || "
     "b from u",
     "upper text, lower text, length integer, char_length integer, ?column? text, "
     "?column? text, ?column? text"},
    {"select a + id, a * c, a / 2, a % 2, c / a, d * a, -a, +c, a ^ 2, |/ d, @ a "
     "from u",
     "?column? bigint, ?column? numeric, ?column? integer, ?column? integer, "
     "?column? numeric, ?column? double precision, ?column? integer, ?column? "
     "numeric, ?column? double precision, ?column? double precision, ?column? integer"},
    {"select a + 1.5, a + d, c + d, id + c, 1 / 2, 1.0 / 2, 5 % 3 from u",
     "?column? numeric, ?column? double precision, ?column? double precision, "
     "?column? numeric, ?column? integer, ?column? numeric, ?column? integer"},
    {"select a = 1, a <> 1, a != 1, a < id, c > a, b = 'x', b < 'y', f > "
     "'2020-01-01', e = true, not e from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, "
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, "
     "?column? boolean, ?column? boolean"},
    {"select a is null, a is not null, e is true, e is not false, e is unknown, a "
     "is distinct from 1, a is not distinct from null from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, "
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select a between 1 and 2, a not between 1 and 2, a between symmetric 3 and 1 "
     "from u",
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select a in (1,2,3), a not in (1,2), b in ('a','b'), c in (1, 2.5), a in (1, "
     "null) from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, "
     "?column? boolean"},
    {"select a in (select id from u), (a, b) in (select id, b from u), a = any "
     "(select 1), a > all (select id from u) from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select exists (select 1), not exists (select * from t where aid = a), (select "
     "max(aid) from t), array(select aid from t) from u",
     "exists boolean, ?column? boolean, max integer, array integer[]"},
    {"select a = any (array[1,2]), a = any ('{1,2}'), a <> all ('{1,2}'::int[]), b "
     "= any (array['a','b']) from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select b like 'a%', b not like 'a%', b ilike 'A%', b not ilike 'x', b similar "
     "to 'a|b', b ~ 'x', b ~* 'x', b !~ 'x', b !~* 'x' from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, "
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, "
     "?column? boolean"},
    {"select b like 'a%' escape '!' from u", "?column? boolean"},
    {"select case when e then 1 end, case a when 1 then 'x' else 'y' end, case when "
     "a > 1 then a else c end, case when e then null else 1.5 end from u",
     "case integer, case text, c numeric, case numeric"},
    {"select coalesce(a, id, 1), coalesce(b, 'x'), nullif(a, 1), nullif(b, ''), "
     "greatest(a, id), least(1, 2.5), greatest('a', b) from u",
     "coalesce bigint, coalesce text, nullif integer, nullif text, greatest bigint, "
     "least numeric, greatest text"},
    {"select array[1,2,3], array['a','b'], array[1, 2.5], '{1,2}'::int[], arr[1], "
     "arr[1:2], txt[1], array[a, b] from v, u",
     "42804@103 ARRAY types integer and text cannot be matched"},
    {"select array[1,2,3], array['a','b'], array[1, 2.5], '{1,2}'::int[], arr[1], "
     "arr[1:2], txt[1] from v",
     "array integer[], array text[], array numeric[], int4 integer[], arr integer, "
     "arr integer[], txt text"},
    {"select array[]::int[], array[]", "42P18@23 cannot determine type of empty array"},
    {"select array_length(arr, 1), unnest(arr), array_append(arr, 1), arr || 1, arr "
     "|| arr, 1 || arr, arr @> array[1], cardinality(arr) from v",
     "array_length integer, unnest integer, array_append integer[], ?column? "
     "integer[], ?column? integer[], ?column? integer[], ?column? boolean, "
     "cardinality integer"},
    {"select count(*), count(a), count(distinct a), sum(a), sum(id), sum(c), "
     "sum(d), avg(a), avg(c), avg(d), min(b), max(f) from u",
     "count bigint, count bigint, count bigint, sum bigint, sum numeric, sum "
     "numeric, sum double precision, avg numeric, avg numeric, avg double "
     "precision, min text, max date"},
    {"select sum(s), sum(r), avg(s), avg(r), min(s), max(nn), stddev(s), "
     "variance(nn), bool_and(true), every(false) from v",
     "sum bigint, sum real, avg numeric, avg double precision, min smallint, max "
     "numeric, stddev numeric, variance numeric, bool_and boolean, every boolean"},
    {"select string_agg(b, ','), array_agg(a), array_agg(b order by a desc), "
     "string_agg(distinct b, ',') from u",
     "string_agg text, array_agg integer[], array_agg text[], string_agg text"},
    {"select count(*) filter (where a > 1), sum(a) filter (where e) from u",
     "count bigint, sum bigint"},
    {"select percentile_cont(0.5) within group (order by d), percentile_disc(0.5) "
     "within group (order by a), mode() within group (order by b) from u",
     "percentile_cont double precision, percentile_disc integer, mode text"},
    {"select bid, count(*) from t group by bid having count(*) > 1 order by "
     "count(*) desc, bid limit 10 offset 5",
     "bid integer, count bigint"},
    {"select bid as x, count(*) c from t group by x order by c", "x integer, c bigint"},
    {"select bid + 1, count(*) from t group by bid + 1", "?column? integer, count bigint"},
    {"select bid + 1, count(*) from t group by 1", "?column? integer, count bigint"},
    {"select bid, abalance, count(*) from t group by grouping sets ((bid), "
     "(abalance), ())",
     "bid integer, abalance integer, count bigint"},
    {"select bid, abalance, grouping(bid, abalance), count(*) from t group by "
     "rollup (bid, abalance)",
     "bid integer, abalance integer, grouping integer, count bigint"},
    {"select bid, abalance, count(*) from t group by cube (bid, abalance)",
     "bid integer, abalance integer, count bigint"},
    {"select distinct bid from t order by bid", "bid integer"},
    {"select distinct on (bid) bid, aid from t order by bid, aid desc", "bid integer, aid integer"},
    {"select row_number() over (), rank() over (order by a), dense_rank() over "
     "(partition by b order by a desc), lag(a) over (order by id), lead(a, 1, 0) "
     "over (order by id), first_value(b) over w, ntile(4) over (order by a), sum(c) "
     "over (partition by b), avg(a) over (order by id rows between 1 preceding and "
     "current row) from u window w as (partition by b order by a)",
     "row_number bigint, rank bigint, dense_rank bigint, lag integer, lead integer, "
     "first_value text, ntile integer, sum numeric, avg numeric"},
    {"select a.aid, b.aid from t a join t b on a.aid = b.bid left join u on u.id = "
     "a.aid",
     "aid integer, aid integer"},
    {"select * from t a, t b where a.aid = b.aid",
     "aid integer, bid integer, abalance integer, filler character(84), aid "
     "integer, bid integer, abalance integer, filler character(84)"},
    {"select a.*, b.bid from t a, t b",
     "aid integer, bid integer, abalance integer, filler character(84), bid integer"},
    {"select t.*, u.a from t cross join u",
     "aid integer, bid integer, abalance integer, filler character(84), a integer"},
    {"select * from pair join (select 1 as x, 2 as q) s using (x)",
     "x integer, y integer, z text, q integer"},
    {"select * from pair full join (select 1 as x, 2 as q) s using (x)",
     "x integer, y integer, z text, q integer"},
    {"select * from pair p1 natural join pair p2", "x integer, y integer, z text"},
    {"select x from pair p1 join pair p2 using (x, y)", "x integer"},
    {"select p1.x, p2.x, x from pair p1 left join pair p2 using (x)",
     "x integer, x integer, x integer"},
    {"select * from (values (1,'a'),(2,'b')) v(i, s)", "i integer, s text"},
    {"select * from (select 1 as a, 2 as b) s where a = b", "a integer, b integer"},
    {"select s.a from (select a from u) s", "a integer"},
    {"select * from t, lateral (select * from u where u.a = t.aid) l",
     "aid integer, bid integer, abalance integer, filler character(84), id bigint, "
     "a integer, b text, c numeric(10,2), d double precision, e boolean, f date"},
    {"select * from t left join lateral (select count(*) as n from u where u.a = "
     "t.aid) l on true",
     "aid integer, bid integer, abalance integer, filler character(84), n bigint"},
    {"with x as (select 1 as a), y as (select a + 1 as b from x) select * from x, y",
     "a integer, b integer"},
    {"with x(q) as (select aid from t) select q from x where q > 1", "q integer"},
    {"with recursive r(n, p) as (values (1, 'a'::text) union all select n + 1, p || "
     "'x' from r where n < 5) select * from r",
     "n integer, p text"},
    {"with recursive tree as (select aid, bid from t where aid = 1 union select "
     "t.aid, t.bid from t join tree on t.bid = tree.aid) select * from tree",
     "aid integer, bid integer"},
    {"select 1 union all select 2 union all select 3", "?column? integer"},
    {"select 'a' union select 'b' order by 1 desc limit 1", "?column? text"},
    {"select aid from t intersect select a from u except select 1", "aid integer"},
    {"(select aid from t order by aid limit 1) union all (select a from u order by "
     "a limit 1)",
     "aid integer"},
    {"select aid, filler from t union select a, b from u", "aid integer, filler bpchar"},
    {"select null union select 1", "?column? integer"},
    {"select aid x from t union select id from u order by x", "x bigint"},
    {"values (1, 'a'), (2, 'b')", "column1 integer, column2 text"},
    {"values (1, null), (null, 2.5)", "column1 integer, column2 numeric"},
    {"select * from generate_series(1, 10) g", "g integer"},
    {"select * from generate_series(1, 10) with ordinality as g(a, o)", "a integer, o bigint"},
    {"select g, g + 1 from generate_series(1, 10) g", "g integer, ?column? integer"},
    {"select * from unnest(array[1,2]) as x", "x integer"},
    {"select generate_series(1, 3), aid from t", "generate_series integer, aid integer"},
    {"select unnest(arr), id from v", "unnest integer, id integer"},
    {"select interval '90' day, interval '1-2' year to month, interval '1' hour, '1 "
     "day'::interval * 2, date '2020-01-01' + 1, date '2020-01-02' - date "
     "'2020-01-01', timestamp '2020-01-01' - interval '1 day'",
     "interval interval day, interval interval year to month, interval interval "
     "hour, ?column? interval, ?column? date, ?column? integer, ?column? timestamp "
     "without time zone"},
    {"select t - t, tz - tz, t + i, tz - i, i * 2, i / 2, tm + i, t at time zone "
     "'UTC', tz at time zone 'UTC' from v",
     "?column? interval, ?column? interval, ?column? timestamp without time zone, "
     "?column? timestamp with time zone, ?column? interval, ?column? interval, "
     "?column? time without time zone, timezone timestamp with time zone, timezone "
     "timestamp without time zone"},
    {"select t::date, tz::date, t::timestamptz, tz::timestamp, f::timestamp, "
     "f::text from v, u",
     "t date, tz date, t timestamp with time zone, tz timestamp without time zone, "
     "f timestamp without time zone, f text"},
    {"select j -> 'a', j ->> 'a', jb -> 'a', jb ->> 'a', jb -> 0, jb #> '{a}', jb "
     "#>> '{a}', jb @> '{}', jb ? 'a' from v",
     "?column? json, ?column? text, ?column? jsonb, ?column? text, ?column? jsonb, "
     "?column? jsonb, ?column? text, ?column? boolean, ?column? boolean"},
    {"select uu = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', by = '\\x00', by || "
     "'\\x01', encode(by, 'hex'), md5('a') from v",
     "?column? boolean, ?column? boolean, ?column? bytea, encode text, md5 text"},
    {"select round(c), round(c, 1), floor(d), ceil(c), abs(a), mod(a, 2), power(d, "
     "2), sqrt(d), exp(d), ln(d), trunc(c, 1), sign(a) from u",
     "round numeric, round numeric, floor double precision, ceil numeric, abs "
     "integer, mod integer, power double precision, sqrt double precision, exp "
     "double precision, ln double precision, trunc numeric, sign double precision"},
    {"select 'seq'::regclass, 't'::regclass::oid, 'int4'::regtype, "
     "'public'::regnamespace",
     "regclass regclass, oid oid, regtype regtype, regnamespace regnamespace"},
    {"select nextval('seq'), currval('seq'), setval('seq', 1)",
     "nextval bigint, currval bigint, setval bigint"},
    {"select nextval('nosuch')", "42P01@15 relation \"nosuch\" does not exist"},
    {"select 'nosuch'::regclass", "42P01@7 relation \"nosuch\" does not exist"},
    {"select random(), pi(), version(), pg_backend_pid(), current_database(), "
     "gen_random_uuid()",
     "random double precision, pi double precision, version text, pg_backend_pid "
     "integer, current_database name, gen_random_uuid uuid"},
    {"select (1, 2) = (1, 2), (a, b) < (1, 'x'), row(1, 2) = row(a, id), (a, id) is "
     "not null from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select a, b from u for update", "a integer, b text"},
    {"select a from u for update of u nowait", "a integer"},
    {"select a from u u1 for share skip locked", "a integer"},
    {"select a from u limit all offset 1", "a integer"},
    {"select a from u fetch first 3 rows only", "a integer"},
    {"select a from u order by a fetch first 3 rows with ties", "a integer"},
    {"select a from u limit $1 offset $2", "a integer | $1 bigint $2 bigint"},
    {"select a from u order by a desc nulls last, b nulls first", "a integer"},
    {"select count(*) from hits where advengineid <> 0", "count bigint"},
    {"select sum(advengineid), count(*), avg(resolutionwidth) from hits",
     "sum bigint, count bigint, avg numeric"},
    {"select avg(userid) from hits", "avg numeric"},
    {"select min(eventdate), max(eventdate) from hits", "min date, max date"},
    {"select regionid, sum(advengineid), count(*) as c, avg(resolutionwidth), "
     "count(distinct userid) from hits group by regionid order by c desc limit 10",
     "regionid integer, sum bigint, c bigint, avg numeric, count bigint"},
    {"select mobilephone, mobilephonemodel, count(distinct userid) as u from hits "
     "where mobilephonemodel <> '' group by mobilephone, mobilephonemodel order by "
     "u desc limit 10",
     "mobilephone smallint, mobilephonemodel text, u bigint"},
    {"select userid, extract(minute from eventtime) as m, searchphrase, count(*) "
     "from hits group by userid, m, searchphrase order by count(*) desc limit 10",
     "userid bigint, m numeric, searchphrase text, count bigint"},
    {"select count(*) from hits where url like '%google%'", "count bigint"},
    {"select counterid, avg(length(url)) as l, count(*) as c from hits where url <> "
     "'' group by counterid having count(*) > 100000 order by l desc limit 25",
     "counterid integer, l numeric, c bigint"},
    {"select regexp_replace(referer, '^https?://(?:www\\.)?([^/]+)/.*$', '\\1') as "
     "k, avg(length(referer)) as l, count(*) as c, min(referer) from hits where "
     "referer <> '' group by k having count(*) > 100000 order by l desc limit 25",
     "k text, l numeric, c bigint, min text"},
    {"select sum(resolutionwidth), sum(resolutionwidth + 1), sum(resolutionwidth + "
     "2) from hits",
     "sum bigint, sum bigint, sum bigint"},
    {"select 1, url, count(*) as c from hits group by 1, url order by c desc limit 10",
     "?column? integer, url text, c bigint"},
    {"select clientip, clientip - 1, clientip - 2, count(*) as c from hits group by "
     "clientip, clientip - 1, clientip - 2 order by c desc limit 10",
     "clientip integer, ?column? integer, ?column? integer, c bigint"},
    {"select traficsourceid, searchengineid, advengineid, case when (searchengineid "
     "= 0 and advengineid = 0) then referer else '' end as src, url as dst, "
     "count(*) as pageviews from hits where counterid = 62 and eventdate >= "
     "'2013-07-01' and eventdate <= '2013-07-31' and isrefresh = 0 group by "
     "trafficsourceid, searchengineid, advengineid, src, dst order by pageviews "
     "desc limit 10 offset 1000",
     "42703@7 column \"traficsourceid\" does not exist"},
    {"select date_trunc('minute', eventtime) as m, count(*) as pageviews from hits "
     "where counterid = 62 and eventdate >= '2013-07-14' and eventdate <= "
     "'2013-07-15' and isrefresh = 0 and dontcounthits = 0 group by "
     "date_trunc('minute', eventtime) order by date_trunc('minute', eventtime) "
     "limit 10 offset 1000",
     "m timestamp without time zone, pageviews bigint"},
    {"select concat(b, 1, null), concat_ws(',', b, a), format('%s', a), left(b, 1), "
     "right(b, 1), repeat(b, 2), replace(b, 'a', 'b'), split_part(b, ',', 1), "
     "lpad(b, 5), rpad(b, 5, 'x'), reverse(b), strpos(b, 'a'), initcap(b) from u",
     "concat text, concat_ws text, format text, left text, right text, repeat text, "
     "replace text, split_part text, lpad text, rpad text, reverse text, strpos "
     "integer, initcap text"},
    {"select b::int, a::text, a::bool, e::int, c::int, d::numeric, vc::text, "
     "r::float8, nn::float8 from u, v",
     "b integer, a text, a boolean, e integer, c integer, d numeric, vc text, r "
     "double precision, nn double precision"},
    {"select int4(c), text(a), float8(a), date(t), numeric(a), varchar(b) from u, v",
     "42601@55 syntax error at or near \",\""},
    {"select (select 1), (select a from u limit 1) + 1", "?column? integer, ?column? integer"},
    {"select a as \"A b\", b \"select\" from u", "A b integer, select text"},
    {"select aid from public.t", "aid integer"},
    {"select public.t.aid from public.t", "aid integer"},
    {"select binder.aid from t", "42P01@7 missing FROM-clause entry for table \"binder\""},
    {"select count(t) from t", "count bigint"},
    {"select u.a, (select b from u u2 where u2.a = u.a limit 1) from u", "a integer, b text"},
    {"select sum(a) over (order by id range between unbounded preceding and current "
     "row), count(*) over (order by f range between '1 day' preceding and current "
     "row) from u",
     "sum bigint, count bigint"},
    {"select max(a) - min(a) as spread, count(*) * 2 from u", "spread integer, ?column? bigint"},
    {"select true and false or not true, null and true", "?column? boolean, ?column? boolean"},
    {"select 'a' 'b'", "42601@11 syntax error at or near \"'b'\""},
    {"select e'\\n', U&'\\0041', $$x$$, 'it''s'",
     "?column? text, ?column? text, ?column? text, ?column? text"},
    {"select 1e10, 1.5e-3, 0.1, .5, 12345678901234567890",
     "?column? numeric, ?column? numeric, ?column? numeric, ?column? numeric, "
     "?column? numeric"},
    {"select 1 as a, 2 as a", "a integer, a integer"},
    {"select * from (select 1 as a, 2 as a) s", "a integer, a integer"},
    {"select nullif(1, null), coalesce(null, null), greatest(null, 1)",
     "nullif integer, coalesce text, greatest integer"},
    {"select b collate \"C\" from u order by b collate \"C\"", "b text"},
    {"select pg_typeof(1), pg_typeof('x')", "pg_typeof regtype, pg_typeof regtype"},
};

}  // namespace

TEST(BindAnswers, Basics) {
  for (const Case& c : kBasics) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(BindAnswers, Expressions) {
  for (const Case& c : kExpressionAnswers) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

}  // namespace omen::sql::testing
