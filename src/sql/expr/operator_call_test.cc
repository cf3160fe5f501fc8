// Operators, calls, conditions and branches: the types they give, and where they fail.
// PostgreSQL 15's answers.

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

constexpr Case kOperatorTypes[] = {
    {"select s + s, s + x, x + id, s * id, s + r, r + d, r + x, r * nn, d + nn, c + x from pair, "
     "u, v",
     "42702@25 column reference \"id\" is ambiguous"},
    {"select s + 1, s + 1.0, s + '1', s + 3000000000, s::smallint + '2'::smallint from v",
     "?column? integer, ?column? numeric, ?column? smallint, ?column? bigint, ?column? smallint"},
    {"select x / y, x % y, x ^ y, x & y, x | y, x # y, ~x, x << 1, x >> 1, -x, +x, @x from pair",
     "?column? integer, ?column? integer, ?column? double precision, ?column? integer, ?column? "
     "integer, ?column? integer, ?column? integer, ?column? integer, ?column? integer, ?column? "
     "integer, ?column? integer, ?column? integer"},
    {"select s & x, id | x, x # 5::smallint from v, pair",
     "?column? integer, ?column? integer, ?column? integer"},
    {"select 1.0 & 1", "42883@11 operator does not exist: numeric & integer"},
    {"select d % 2.0 from u", "42883@9 operator does not exist: double precision % numeric"},
    {"select nn % 2, nn ^ 2, @nn, |/ 4, ||/ 8, 5! from v",
     "42601@44 syntax error at or near \"from\""},
    {"select 2 ^ 3, 2.0 ^ 3, 2 ^ 3.0, 2::real ^ 2",
     "?column? double precision, ?column? numeric, ?column? numeric, ?column? double precision"},
    {"select |/ x from pair", "?column? double precision"},
    {"select f + 1, f - 1, 1 + f, f - f, f + tm, f + i, f < t, f = tz from u, v",
     "?column? date, ?column? date, ?column? date, ?column? integer, ?column? timestamp without "
     "time zone, ?column? timestamp without time zone, ?column? boolean, ?column? boolean"},
    {"select f + 1.5 from u", "42883@9 operator does not exist: date + numeric"},
    {"select f * 2 from u", "42883@9 operator does not exist: date * integer"},
    {"select f + f from u", "42883@9 operator does not exist: date + date"},
    {"select t + i, t - i, t - t, tz - t, tz < f, i + t, i + i, i - i, -i, i * 1.5, 2 * i, i / 2.0 "
     "from v, u",
     "?column? timestamp without time zone, ?column? timestamp without time zone, ?column? "
     "interval, ?column? interval, ?column? boolean, ?column? timestamp without time zone, "
     "?column? interval, ?column? interval, ?column? interval, ?column? interval, ?column? "
     "interval, ?column? interval"},
    {"select t + t from v",
     "42883@9 operator does not exist: timestamp without time zone + timestamp without time zone"},
    {"select t + 1 from v",
     "42883@9 operator does not exist: timestamp without time zone + integer"},
    {"select tm + i, tm - tm, tm - i, tm + f, tm < tm from v, u",
     "?column? time without time zone, ?column? interval, ?column? time without time zone, "
     "?column? timestamp without time zone, ?column? boolean"},
    {"select tm + tm from v",
     "42725@10 operator is not unique: time without time zone + time without time zone"},
    {"select t - f, f - t, tz - f from u, v",
     "?column? interval, ?column? interval, ?column? interval"},
    {"select i < '1 day', i = '1 day' from v", "?column? boolean, ?column? boolean"},
    {"select b || b, b || x, x || b, b || 1.5, b || true, b || null, b || f, b || arr from u, "
     "pair, v",
     "42883@73 operator does not exist: text || integer[]"},
    {"select x || x from pair", "42883@9 operator does not exist: integer || integer"},
    {"select vc || vc, vc || b, filler || b, filler || filler from t, u, v",
     "?column? text, ?column? text, ?column? text, ?column? text"},
    {"select arr || 1, 1 || arr, arr || arr, arr || null, arr || '{3}', arr || 'x' from v",
     "22P02@73 malformed array literal: \"x\""},
    {"select arr || 'a'::text from v", "42883@11 operator does not exist: integer[] || text"},
    {"select txt || 'a', 'a' || txt, txt || '{a,b}'::text[] from v",
     "22P02@14 malformed array literal: \"a\""},
    {"select arr || 1.5 from v", "?column? numeric[]"},
    {"select arr = arr, arr < arr, arr @> arr, arr <@ arr, arr && arr, arr @> '{1}' from v",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, "
     "?column? boolean"},
    {"select arr = txt from v", "42883@11 operator does not exist: integer[] = text[]"},
    {"select arr @> 1 from v", "42883@11 operator does not exist: integer[] @> integer"},
    {"select jb || jb, jb || '{}', jb - 'a', jb - 1, jb - '{a}'::text[], jb #- '{a}' from v",
     "?column? jsonb, ?column? jsonb, ?column? jsonb, ?column? jsonb, ?column? jsonb, ?column? "
     "jsonb"},
    {"select jb -> 'a' -> 1 ->> 0, jb #> '{a,b}', jb #>> '{a}' from v",
     "?column? text, ?column? jsonb, ?column? text"},
    {"select j -> 'a', j ->> 0, j #> '{a}' from v", "?column? json, ?column? text, ?column? json"},
    {"select j || j from v", "42883@9 operator does not exist: json || json"},
    {"select jb ->> 'a' = 'x', jb -> 'a' = '1' from v", "?column? boolean, ?column? boolean"},
    {"select jb -> 'a' = 1 from v", "42883@17 operator does not exist: jsonb = integer"},
    {"select jb ->> 1.5 from v", "42883@10 operator does not exist: jsonb ->> numeric"},
    {"select by || by, by = by, by < '\\x00', by || '\\x01' from v",
     "?column? bytea, ?column? boolean, ?column? boolean, ?column? bytea"},
    {"select by || 'a'::text from v", "?column? text"},
    {"select uu = uu, uu < '00000000-0000-0000-0000-000000000000' from v",
     "?column? boolean, ?column? boolean"},
    {"select uu = 1 from v", "42883@10 operator does not exist: uuid = integer"},
    {"select uu + uu from v", "42883@10 operator does not exist: uuid + uuid"},
    {"select e = e, e < true, e and 't', e or null, not e from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select e + 1 from u", "42883@9 operator does not exist: boolean + integer"},
    {"select e = 1 from u", "42883@9 operator does not exist: boolean = integer"},
    {"select e = 'yes' from u", "?column? boolean"},
    {"select e = 'maybe' from u", "22P02@11 invalid input syntax for type boolean: \"maybe\""},
    {"select b ~ 'a', b !~ 'a', b ~* 'a', b like 'a', b not ilike 'a', b ~~ 'a', b !~~* 'a', b ^@ "
     "'a' from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, "
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select x like 'a' from pair", "42883@9 operator does not exist: integer ~~ unknown"},
    {"select filler like 'a%', vc like b, filler ~ 'a' from t, u, v",
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select b < x from u, pair", "42883@9 operator does not exist: text < integer"},
    {"select b = f from u", "42883@9 operator does not exist: text = date"},
    {"select x = 1.5, x = 1e0, x = '1', x = 1::bigint, x = 2::real from pair",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select x = '1.5' from pair", "22P02@11 invalid input syntax for type integer: \"1.5\""},
    {"select x = z from pair", "42883@9 operator does not exist: integer = text"},
    {"select x <> all (array[1, 2]), x = any ('{1}'), x < some (array[1.5]) from pair",
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select x = any (z) from pair", "42809@9 op ANY/ALL (array) requires array on right side"},
    {"select x = any (y) from pair", "42809@9 op ANY/ALL (array) requires array on right side"},
    {"select x = any ('1') from pair", "22P02@16 malformed array literal: \"1\""},
    {"select x = any (null) from pair", "?column? boolean"},
    {"select z = any (array[1]) from pair", "42883@9 operator does not exist: text = integer"},
    {"select z = any (array[null]), z = any (array['a', null]) from pair",
     "?column? boolean, ?column? boolean"},
    {"select z like any (array['a%', 'b%']), z !~ all ('{a,b}') from pair",
     "?column? boolean, ?column? boolean"},
    {"select z || any (array['a']) from pair",
     "42809@9 op ANY/ALL (array) requires operator to yield boolean"},
    {"select filler = 'a', filler = b, filler = vc, vc = 'a', filler < 'b'::text from t, u, v",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select 'a' = 'a', 'a' < 'b', 'a' || 'b', 'a' like 'b', 'a' ~ 'b'",
     "?column? boolean, ?column? boolean, ?column? text, ?column? boolean, ?column? boolean"},
    {"select 'a' - 'b'", "42725@11 operator is not unique: unknown - unknown"},
    {"select null = null, null < 1, null + 1, null || 'a', null and true, not null",
     "?column? boolean, ?column? boolean, ?column? integer, ?column? text, ?column? boolean, "
     "?column? boolean"},
    {"select null + null", "42725@12 operator is not unique: unknown + unknown"},
    {"select - 'a'", "42725@7 operator is not unique: - unknown"},
    {"select - null", "42725@7 operator is not unique: - unknown"},
    {"select @ 'a'", "22P02@9 invalid input syntax for type double precision: \"a\""},
    {"select ~ '1'", "42725@7 operator is not unique: ~ unknown"},
    {"select 1 operator(pg_catalog.=) 1, 1 operator(+) 2", "?column? boolean, ?column? integer"},
    {"select 1 = 1 = true", "42601@13 syntax error at or near \"=\""},
    {"select 1 < 2 < 3", "42601@13 syntax error at or near \"<\""},
    {"select (1 < 2) < true", "?column? boolean"},
    {"select 1 = any (select 1), 1 < all (select 2.5), 'a' = some (select 'a')",
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select 1 + + 2, 1 - - 2, - - 1", "?column? integer, ?column? integer, ?column? integer"},
    {"select 2 + 3 * 4 ^ 2, -2 ^ 2, not true = false",
     "?column? double precision, ?column? double precision, ?column? boolean"},
};

constexpr Case kCallTypes[] = {
    {"select abs(s), abs(x), abs(id), abs(r), abs(d), abs(nn) from u, v, pair",
     "42702@27 column reference \"id\" is ambiguous"},
    {"select abs('1'), abs('-1.5'), abs(null)",
     "abs double precision, abs double precision, abs double precision"},
    {"select abs(b) from u", "42883@7 function abs(text) does not exist"},
    {"select abs(f) from u", "42883@7 function abs(date) does not exist"},
    {"select abs(1, 2)", "42883@7 function abs(integer, integer) does not exist"},
    {"select abs()", "42883@7 function abs() does not exist"},
    {"select round(x), round(r), round(d), round(nn), round(nn, 2), round(x, 2) from pair, u, v",
     "round double precision, round double precision, round double precision, round numeric, round "
     "numeric, round numeric"},
    {"select round(d, 2) from u",
     "42883@7 function round(double precision, integer) does not exist"},
    {"select ceil(x), ceiling(nn), floor(r), trunc(d), trunc(nn, 1), sign(x), sqrt(x), sqrt(nn), "
     "cbrt(x) from pair, u, v",
     "ceil double precision, ceiling numeric, floor double precision, trunc double precision, "
     "trunc numeric, sign double precision, sqrt double precision, sqrt numeric, cbrt double "
     "precision"},
    {"select power(x, 2), power(nn, 2), exp(x), exp(nn), ln(x), log(nn), log(2, nn), log10(d), "
     "div(nn, 2), mod(s, x) from pair, u, v",
     "power double precision, power numeric, exp double precision, exp numeric, ln double "
     "precision, log numeric, log numeric, log10 double precision, div numeric, mod integer"},
    {"select div(x, 2), mod(x, 2.5), mod(nn, x), mod(id, x), gcd(x, 4), lcm(id, 2::bigint), "
     "factorial(5) from pair, u, v",
     "42702@47 column reference \"id\" is ambiguous"},
    {"select mod(d, 2) from u", "42883@7 function mod(double precision, integer) does not exist"},
    {"select width_bucket(d, 0, 10, 5), width_bucket(x, 0, 10, 5), width_bucket(nn, 0.0, 1, 2) "
     "from u, pair, v",
     "width_bucket integer, width_bucket integer, width_bucket integer"},
    {"select length(b), length(filler), length(vc), length(by), octet_length(b), bit_length(b), "
     "char_length(filler) from t, u, v",
     "length integer, length integer, length integer, length integer, octet_length integer, "
     "bit_length integer, char_length integer"},
    {"select length(x) from pair", "42883@7 function length(integer) does not exist"},
    {"select upper(vc), lower(filler), initcap(b), reverse(b), md5(b), md5(by), ascii(b), chr(65) "
     "from t, u, v",
     "upper text, lower text, initcap text, reverse text, md5 text, md5 text, ascii integer, chr "
     "text"},
    {"select upper(x) from pair", "42883@7 function upper(integer) does not exist"},
    {"select substr(b, 1), substr(b, 1, 2), substring(b from 1), substring(b from 'a'), "
     "substring(by from 1 for 2) from u, v",
     "substr text, substr text, substring text, substring text, substring bytea"},
    {"select substring(b for 2), substring(b from 2 for 3), substring(b similar 'a#\"b#\"c' escape "
     "'#') from u",
     "substring text, substring text, substring text"},
    {"select substring(x from 1) from pair",
     "42883@7 function pg_catalog.substring(integer, integer) does not exist"},
    {"select position('a' in b), strpos(b, 'a'), position('\\x00'::bytea in by) from u, v",
     "position integer, strpos integer, position integer"},
    {"select trim(b), trim(leading from b), trim(trailing 'x' from b), trim(both from filler), "
     "ltrim(b, 'a'), btrim(b) from t, u",
     "btrim text, ltrim text, rtrim text, btrim text, ltrim text, btrim text"},
    {"select overlay(b placing 'a' from 1), overlay(b placing 'a' from 1 for 2) from u",
     "overlay text, overlay text"},
    {"select left(b, 2), right(b, -1), lpad(b, 5), rpad(b, 5, 'x'), repeat(b, 2), replace(b, 'a', "
     "'b'), translate(b, 'a', 'b') from u",
     "left text, right text, lpad text, rpad text, repeat text, replace text, translate text"},
    {"select left(x, 2) from pair", "42883@7 function left(integer, integer) does not exist"},
    {"select split_part(b, ',', 1), string_to_array(b, ','), string_to_array(b, ',', ''), "
     "array_to_string(arr, ','), array_to_string(txt, ',', '-') from u, v",
     "split_part text, string_to_array text[], string_to_array text[], array_to_string text, "
     "array_to_string text"},
    {"select concat(b, x, null, f), concat_ws(',', b, x), format('%s', x), format('a') from u, "
     "pair",
     "concat text, concat_ws text, format text, format text"},
    {"select concat()", "42883@7 function concat() does not exist"},
    {"select concat_ws()", "42883@7 function concat_ws() does not exist"},
    {"select regexp_replace(b, 'a', 'b'), regexp_replace(b, 'a', 'b', 'g'), regexp_match(b, 'a'), "
     "regexp_split_to_array(b, ','), regexp_count(b, 'a'), regexp_like(b, 'a'), regexp_instr(b, "
     "'a'), regexp_substr(b, 'a') from u",
     "regexp_replace text, regexp_replace text, regexp_match text[], regexp_split_to_array text[], "
     "regexp_count integer, regexp_like boolean, regexp_instr integer, regexp_substr text"},
    {"select to_char(x, '99'), to_char(nn, '99'), to_char(t, 'YYYY'), to_char(tz, 'YYYY'), "
     "to_char(i, 'HH'), to_char(d, '9') from pair, u, v",
     "to_char text, to_char text, to_char text, to_char text, to_char text, to_char text"},
    {"select to_char(b, '99') from u", "42883@7 function to_char(text, unknown) does not exist"},
    {"select now(), clock_timestamp(), statement_timestamp(), transaction_timestamp(), "
     "timeofday(), localtime(0)",
     "now timestamp with time zone, clock_timestamp timestamp with time zone, statement_timestamp "
     "timestamp with time zone, transaction_timestamp timestamp with time zone, timeofday text, "
     "localtime time(0) without time zone"},
    {"select age(t), age(t, t), age(tz, tz), age(f) from u, v",
     "age interval, age interval, age interval, age interval"},
    {"select age(t, tz) from v", "age interval"},
    {"select date_trunc('day', t), date_trunc('day', tz), date_trunc('day', i), date_trunc('day', "
     "tz, 'UTC') from v",
     "date_trunc timestamp without time zone, date_trunc timestamp with time zone, date_trunc "
     "interval, date_trunc timestamp with time zone"},
    {"select date_trunc('day', b) from u",
     "42883@7 function date_trunc(unknown, text) does not exist"},
    {"select date_trunc('day', '2020-01-01')",
     "42725@7 function date_trunc(unknown, unknown) is not unique"},
    {"select date_part('year', f), date_part('hour', tm), date_part('day', i), extract(epoch from "
     "t), extract(hour from tm), extract(day from i) from u, v",
     "date_part double precision, date_part double precision, date_part double precision, extract "
     "numeric, extract numeric, extract numeric"},
    {"select extract(year from b) from u",
     "42883@7 function pg_catalog.extract(unknown, text) does not exist"},
    {"select extract(year from '2020-01-01')",
     "42725@7 function pg_catalog.extract(unknown, unknown) is not unique"},
    {"select extract('year' from f), extract(\"month\" from f) from u",
     "extract numeric, extract numeric"},
    {"select justify_days(i), justify_hours(i), justify_interval(i), isfinite(f), isfinite(t), "
     "isfinite(i) from u, v",
     "justify_days interval, justify_hours interval, justify_interval interval, isfinite boolean, "
     "isfinite boolean, isfinite boolean"},
    {"select (f, f) overlaps (f, f), (t, i) overlaps (t, t) from u, v",
     "overlaps boolean, overlaps boolean"},
    {"select timezone('UTC', t), t at time zone 'UTC', tz at time zone 'UTC', tz at time zone i "
     "from v",
     "timezone timestamp with time zone, timezone timestamp with time zone, timezone timestamp "
     "without time zone, timezone timestamp without time zone"},
    {"select x at time zone 'UTC' from pair",
     "42883@9 function pg_catalog.timezone(unknown, integer) does not exist"},
    {"select array_length(arr, 1), array_upper(txt, 1), array_ndims(arr), cardinality(txt), "
     "array_dims(arr) from v",
     "array_length integer, array_upper integer, array_ndims integer, cardinality integer, "
     "array_dims text"},
    {"select array_append(arr, 1), array_prepend('a', txt), array_cat(arr, '{1}'), "
     "array_remove(arr, 1), array_replace(txt, 'a', 'b'), array_position(arr, 2), "
     "array_positions(txt, 'a') from v",
     "array_append integer[], array_prepend text[], array_cat integer[], array_remove integer[], "
     "array_replace text[], array_position integer, array_positions integer[]"},
    {"select array_append(arr, 1.5) from v", "array_append numeric[]"},
    {"select array_append(arr, 'a') from v",
     "22P02@25 invalid input syntax for type integer: \"a\""},
    {"select array_append(x, 1) from pair",
     "42883@7 function array_append(integer, integer) does not exist"},
    {"select array_position(arr, 'x'::text) from v",
     "42883@7 function array_position(integer[], text) does not exist"},
    {"select array_append(null, 1), array_append('{1}', 1)",
     "array_append integer[], array_append integer[]"},
    {"select array_append(null, null)", "array_append text[]"},
    {"select coalesce(x, 1.5), greatest(x, id), least(s, 1), nullif(x, 1.5), nullif(s, id) from "
     "pair, u, v",
     "42702@37 column reference \"id\" is ambiguous"},
    {"select jsonb_typeof(jb), jsonb_array_length(jb), jsonb_strip_nulls(jb), jsonb_set(jb, '{a}', "
     "'1'), jsonb_pretty(jb), json_typeof(j) from v",
     "jsonb_typeof text, jsonb_array_length integer, jsonb_strip_nulls jsonb, jsonb_set jsonb, "
     "jsonb_pretty text, json_typeof text"},
    {"select jsonb_extract_path(jb, 'a', 'b'), jsonb_extract_path_text(jb, 'a'), "
     "json_extract_path(j, 'a') from v",
     "jsonb_extract_path jsonb, jsonb_extract_path_text text, json_extract_path json"},
    {"select jsonb_array_length(j) from v",
     "42883@7 function jsonb_array_length(json) does not exist"},
    {"select encode(by, 'hex'), decode('ff', 'hex'), get_byte(by, 0), set_byte(by, 0, 1), "
     "sha256(by) from v",
     "encode text, decode bytea, get_byte integer, set_byte bytea, sha256 bytea"},
    {"select current_setting('a'), current_setting('a', true), set_config('a', 'b', false)",
     "current_setting text, current_setting text, set_config text"},
    {"select pg_get_viewdef('tv'), pg_get_viewdef('tv'::regclass, true), obj_description(1, "
     "'pg_class'), col_description('t'::regclass, 1), has_table_privilege('t', 'select')",
     "pg_get_viewdef text, pg_get_viewdef text, obj_description text, col_description text, "
     "has_table_privilege boolean"},
    {"select pg_catalog.upper('a'), upper('a'::varchar), upper('a'::char(3)), upper('a'::name)",
     "upper text, upper text, upper text, upper text"},
    {"select upper('a', 'b')", "42883@7 function upper(unknown, unknown) does not exist"},
    {"select upper(distinct 'a')",
     "42809@7 DISTINCT specified, but upper is not an aggregate function"},
    {"select upper('a' order by 1)",
     "42809@7 ORDER BY specified, but upper is not an aggregate function"},
    {"select int4('1'), text(1), varchar('a'), date('2020-01-01'), bool('t'), numeric('1.5'), "
     "float8('1')",
     "42601@35 syntax error at or near \"'a'\""},
    {"select int8(1.5), int4(2.5::float8), text(true), bpchar('a'), name('a')",
     "int8 bigint, int4 integer, text text, bpchar bpchar, name name"},
    {"select date(1)", "42883@7 function date(integer) does not exist"},
    {"select text(1, 2)", "42883@7 function text(integer, integer) does not exist"},
    {"select \"char\"('a')", "char \"char\""},
};

constexpr Case kConditions[] = {
    {"select x is null, x is not null, x isnull, x notnull from pair",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select null is null, 'a' is null, (select 1) is null",
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select (x, y) is null, row(x) is not null, (x, y) is distinct from (1, 2) from pair",
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select e is true, e is not true, e is unknown, null is true, 't' is true from u",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select x is true from pair",
     "42804@7 argument of IS TRUE must be type boolean, not type integer"},
    {"select 'a' is true", "22P02@7 invalid input syntax for type boolean: \"a\""},
    {"select (x > 1) is not false from pair", "?column? boolean"},
    {"select x is distinct from y, x is not distinct from null, x is distinct from 1.5, z is "
     "distinct from 'a' from pair",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select x is distinct from z from pair", "42883@9 operator does not exist: integer = text"},
    {"select j is distinct from j from v", "42883@9 operator does not exist: json = json"},
    {"select x between 1 and 2, x between y and 2.5, z between 'a' and 'b', x between '1' and '2' "
     "from pair",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean"},
    {"select x between 'a' and 2 from pair",
     "22P02@17 invalid input syntax for type integer: \"a\""},
    {"select x between z and 2 from pair", "42883@9 operator does not exist: integer >= text"},
    {"select x between symmetric y and 1, x not between symmetric 2 and 1 from pair",
     "?column? boolean, ?column? boolean"},
    {"select f between '2020-01-01' and '2020-12-31', t between f and now() from u, v",
     "?column? boolean, ?column? boolean"},
    {"select x and true from pair",
     "42804@7 argument of AND must be type boolean, not type integer"},
    {"select true and 'a'", "22P02@16 invalid input syntax for type boolean: \"a\""},
    {"select true and 't', 'f' or null", "?column? boolean, ?column? boolean"},
    {"select true or 1", "42804@15 argument of OR must be type boolean, not type integer"},
    {"select not z from pair", "42804@11 argument of NOT must be type boolean, not type text"},
    {"select not 't', not null", "?column? boolean, ?column? boolean"},
    {"select case when x = 1 then 'a' when x = 2 then 'b' end from pair", "case text"},
    {"select case when x = 1 then 1 else 2.5 end, case when true then 1 else 2::bigint end from "
     "pair",
     "case numeric, case bigint"},
    {"select case when true then 'a' else null end, case when true then null end",
     "case text, case text"},
    {"select case when true then filler else 'x' end, case when true then vc else b end, case when "
     "true then vc else vc end from t, u, v",
     "case bpchar, b text, vc character varying(10)"},
    {"select case x when 1 then 'a' when '2' then 'b' else z end from pair", "z text"},
    {"select case x when 1.5 then 1 when 2 then 3 end from pair", "case integer"},
    {"select case x when 'a' then 1 end from pair",
     "22P02@19 invalid input syntax for type integer: \"a\""},
    {"select case z when 1 then 1 end from pair",
     "42883@14 operator does not exist: text = integer"},
    {"select case when x then 1 end from pair",
     "42804@17 argument of CASE/WHEN must be type boolean, not type integer"},
    {"select case when 'a' then 1 end", "22P02@17 invalid input syntax for type boolean: \"a\""},
    {"select case when null then 1 end", "case integer"},
    {"select case 'a' when 'b' then 1 end, case null when null then 1 end",
     "case integer, case integer"},
    {"select case when true then 1 else z end from pair",
     "42804@27 CASE types text and integer cannot be matched"},
    {"select case when true then f else t end, case when true then f else '2020-01-01' end from u, "
     "v",
     "t timestamp without time zone, case date"},
    {"select case when true then f else 1 end from u",
     "42804@27 CASE types integer and date cannot be matched"},
    {"select case when true then x when false then 'a' end from pair",
     "22P02@45 invalid input syntax for type integer: \"a\""},
    {"select case when true then array[1] else '{2}' end, case when true then arr else array[1.5] "
     "end from v",
     "case integer[], array numeric[]"},
    {"select coalesce(x, y), coalesce(null, 1), coalesce('a', null), coalesce(x, '1'), "
     "coalesce(null, null) from pair",
     "coalesce integer, coalesce integer, coalesce text, coalesce integer, coalesce text"},
    {"select coalesce(x, z) from pair",
     "42804@19 COALESCE types integer and text cannot be matched"},
    {"select coalesce(x, 'a') from pair", "22P02@19 invalid input syntax for type integer: \"a\""},
    {"select coalesce(f, t), coalesce(f, now()), coalesce(vc, 'a'), coalesce(vc, b), coalesce(c, "
     "0), coalesce(c, c) from u, v",
     "coalesce timestamp without time zone, coalesce timestamp with time zone, coalesce character "
     "varying, coalesce character varying, coalesce numeric, coalesce numeric(10,2)"},
    {"select coalesce()", "42601@16 syntax error at or near \")\""},
    {"select greatest(x, y, 1.5), least('a', 'b'), greatest(f, '2020-01-01'), greatest(null, "
     "null), greatest(vc, filler) from pair, u, v, t",
     "greatest numeric, least text, greatest date, greatest text, greatest character varying"},
    {"select greatest(x, z) from pair",
     "42804@19 GREATEST types integer and text cannot be matched"},
    {"select greatest(j, j) from v", "greatest json"},
    {"select greatest(e, true), least(arr, '{1}'), greatest(uu, uu) from u, v",
     "greatest boolean, least integer[], greatest uuid"},
    {"select nullif(x, 1), nullif(x, 1.5), nullif('a', 'b'), nullif(z, 'a'), nullif(null, 1), "
     "nullif(1, null) from pair",
     "nullif integer, nullif numeric, nullif text, nullif text, nullif integer, nullif integer"},
    {"select nullif(x, z) from pair", "42883@7 operator does not exist: integer = text"},
    {"select nullif(j, j) from v", "42883@7 operator does not exist: json = json"},
    {"select nullif(x, 'a') from pair", "22P02@17 invalid input syntax for type integer: \"a\""},
    {"select x in (1, 2), x in (1, 2.5), x in ('1', 2), x in (y), x in (null), x not in (1, null) "
     "from pair",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, "
     "?column? boolean"},
    {"select x in ('a') from pair", "22P02@13 invalid input syntax for type integer: \"a\""},
    {"select x in (1, z) from pair", "42883@9 operator does not exist: integer = text"},
    {"select z in (1, 2) from pair", "42883@9 operator does not exist: text = integer"},
    {"select z in ('a', vc, filler), f in ('2020-01-01', now()), e in (true, 'f') from pair, t, u, "
     "v",
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select x in () from pair", "42601@13 syntax error at or near \")\""},
    {"select (x, y) in ((1, 2), (3, 4)), (x, y) not in ((1, 2)), (x, z) in ((1, 'a')) from pair",
     "?column? boolean, ?column? boolean, ?column? boolean"},
    {"select (x, y) in ((1, 2, 3)) from pair",
     "42601@14 unequal number of entries in row expressions"},
    {"select (x, y) in (1, 2) from pair", "42883@14 operator does not exist: record = integer"},
    {"select x in ((select 1)), x in ((1), (2)) from pair", "?column? boolean, ?column? boolean"},
    {"select count(*) in (1, 2) from pair", "?column? boolean"},
};

}  // namespace

TEST(ExprTest, OperatorTypes) {
  for (const Case& c : kOperatorTypes) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(ExprTest, CallTypes) {
  for (const Case& c : kCallTypes) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(ExprTest, ConditionsAndBranches) {
  for (const Case& c : kConditions) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

}  // namespace omen::sql::testing
