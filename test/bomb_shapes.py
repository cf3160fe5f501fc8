"""Statements that take long or much, by category: what a function, an operator or a planner does
with what it was not made for. They need the tables that bombs.py makes: big (20,000 rows: a int
primary key, b text of 32 characters, k int of ten values), wide (400 rows: a int primary key,
b text of a megabyte) and sink (a text). Several statements are one message.
"""

TEXT = [
    "select length(repeat('x', 1000000000))",
    "select length(repeat(b, 10000000)) from big limit 3",
    "select length(lpad('x', 260000000, 'ab')), length(rpad('x', 260000000, 'ab'))",
    "select length(replace(repeat('a', 10000000), 'a', repeat('b', 1000)))",
    "select count(*) from (select replace(repeat(b, 100000), 'a', repeat('b', 1000)) s "
    "from big limit 50) q where length(s) > 3",
    "select length(translate(repeat('abcdefgh', 20000000), 'abcdefgh', 'hgfedcba'))",
    "select length(reverse(repeat('ab', 100000000)))",
    "select length(initcap(repeat('ab ', 80000000))), length(upper(repeat('ab ', 80000000)))",
    "select length(overlay(repeat('x', 100000000) placing repeat('y', 100000000) from 5))",
    "select length(concat(x, x, x, x, x, x, x, x)) from (select repeat('y', 100000000) x) q",
    "select length(x || x || x || x || x || x) from (select repeat(b, 3000000) x from big limit 5) q",
    "select length(concat_ws(repeat(',', 1000000), b, b, b, b, b, b, b, b)) from big",
    "select length(format('%1000000000s', 'x'))",
    "select length(format('%s%s%s%s', x, x, x, x)) from (select repeat('z', 90000000) x) q",
    "select length(quote_literal(repeat('''', 100000000)))",
    "select length(split_part(repeat('ab,', 60000000), ',', 20000000))",
    "select strpos(repeat('a', 50000000), repeat('a', 1000000) || 'b')",
    "select count(*) from big where repeat(b, 1000) like '%' || repeat('a%', 200) || 'zz'",
    "select repeat('a', 100000) like repeat('%a_', 30) || 'b'",
    "select repeat('ab', 1000000) ilike '%' || repeat('a_%', 50) || 'zz'",
    "select btrim(repeat('x', 50000000), repeat('y', 1000) || 'x')",
    "select length(md5(repeat('x', 250000000)))",
    "select length(sha512(repeat('x', 200000000)::bytea))",
    "select length(encode(repeat('x', 200000000)::bytea, 'hex'))",
    "select length(encode(repeat('x', 100000000)::bytea, 'base64'))",
    "select length(encode(repeat('x', 100000000)::bytea, 'escape'))",
    "select length(decode(repeat('ab', 100000000), 'hex'))",
    "select length(to_char(1.5, repeat('9', 10000000)))",
    "select length(to_char(now(), repeat('YYYY ', 5000000)))",
    "select length(string_agg(repeat(b, 1000), ',')) from big",
    "select md5(string_agg(repeat('x', 1000), '')) from generate_series(1, 50000000)",
]

REGEX = [
    "select count(*) from regexp_split_to_table(repeat('ab ', 20000000), ' ') x",
    "select array_length(regexp_split_to_array(repeat('ab,', 20000000), ','), 1)",
    "select length(regexp_replace(repeat('a', 20000000), 'a', repeat('b', 100), 'g'))",
    "select repeat('a', 20000000) ~ '(a*)*b'",
    "select repeat('ab', 5000000) ~ '^(a|b)*(ab|ba)*c$'",
    "select regexp_match(repeat('a', 300000), '(a+)(a+)(a+)(a+)b')",
    "select regexp_match(repeat('ab', 200000), '((a|b)+)+$')",
    "select count(*) from regexp_matches(repeat('abc ', 2000000), '(\\w)(\\w)', 'g') m",
    "select regexp_count(repeat('ab', 20000000), 'a')",
    "select 'x' ~ repeat('(a|b)', 5000)",
    "select 'x' ~ (select string_agg(chr(20000 + i), '|') from generate_series(1, 9000) i)",
    "select count(*) from big where repeat(b, 2000) ~ '([a-f0-9]+x)+y'",
    "select count(*) from big where repeat(b, 1000) similar to '%(ab|cd)+(ef)*zz%'",
]

NUMERIC = [
    "select length((repeat('7', 100000)::numeric * repeat('3', 100000)::numeric)::text)",
    "select count(*) from (select (repeat('7', 60000)::numeric * a) * repeat('3', 60000)::numeric "
    "from big offset 0) q",
    "select length(div(repeat('7', 130000)::numeric, repeat('3', 60000)::numeric)::text)",
    "select length(mod(repeat('7', 130000)::numeric, repeat('3', 60000)::numeric)::text)",
    "select length(sqrt(repeat('7', 100000)::numeric)::text)",
    "select length(ln(repeat('7', 100000)::numeric)::text)",
    "select length(exp(5000.123456789)::text), length(exp(-5000.1::numeric(1000, 990))::text)",
    "select length(log(3, repeat('7', 100000)::numeric)::text)",
    "select length(power(1.0000000001, 123456789.987654321)::text)",
    "select length(power(9.5, 100000)::text)",
    "select sum(power(a::numeric + 1.123456789, 50.77)) from big",
    "select sum(ln(a + 0.123456789012345678901234567890::numeric)) from big",
    "select length(factorial(30000)::text)",
    "select gcd(repeat('7', 50000)::numeric, repeat('3', 49999)::numeric) > 0",
    "select lcm(repeat('7', 50000)::numeric, repeat('3', 49999)::numeric) > 0",
    "select sum(repeat('7', 20000)::numeric * a * a) > 0 from big",
]

ARRAYS = [
    "select array_length(array_fill(1, array[100000000]), 1)",
    "select array_length(string_to_array(repeat('a,', 30000000), ','), 1)",
    "select count(*) from unnest(string_to_array(repeat('a,', 30000000), ',')) u, "
    "unnest(string_to_array(repeat('a,', 1000), ',')) v",
    "select count(*) from unnest(string_to_array(repeat('abcdefghijklmnopqrst,', 5000000), ',')) u",
    "select length(array_to_string(array_fill('abcdefgh'::text, array[20000000]), ','))",
    "select array_fill(1, array[30000]) @> array_fill(2, array[30000])",
    "select array_fill(1, array[30000]) && array_fill(2, array[30000])",
    "select array_length(array_remove(array_fill(1, array[20000000]), 2), 1)",
    "select array_length(x || x || x || x || x, 1) from (select array_fill(1, array[5000000]) x) q",
    "select array_length(array_agg(repeat(b, 1000)), 1) from big",
    "select array_length(array_agg(i), 1) from generate_series(1, 100000000) i",
    "select max(array_length(x, 1)) from (select k, array_agg(b || g) x from big, "
    "generate_series(1, 1000) g group by k) q",
]

JSON = [
    "select count(*) from jsonb_array_elements(('[' || repeat('1,', 10000000) || '1]')::jsonb)",
    "select length(('[' || repeat('{\"a\": [1, 2, 3]},', 5000000) || '1]')::jsonb::text)",
    "select length(jsonb_pretty(('[' || repeat('1,', 5000000) || '1]')::jsonb))",
    "select length(jsonb_agg(b)::text) from big, generate_series(1, 1000)",
    "select length(json_object_agg(a || '-' || g, b)::text) from big, generate_series(1, 1000) g",
    "select length(to_jsonb(array_fill('abcdefgh'::text, array[10000000]))::text)",
    "select length(jsonb_set(('[' || repeat('1,', 3000000) || '1]')::jsonb, '{2000000}', '5')::text)",
    "select ('[' || repeat('1,', 100000) || '1]')::jsonb @> ('[' || repeat('2,', 100000) || '1]')::jsonb",
    "select count(*) from big where (('[' || repeat('1,', 5000) || '1]')::jsonb -> a) is null",
    "select length(jsonb_build_array(x, x, x, x, x, x)::text) from (select repeat('y', 50000000) x) q",
    "select repeat('[', 5000000)::jsonb",
]

ROWS = [
    "select count(*) from generate_series(1, 10000000000)",
    "select count(*) from big a, big b where a.b < b.b and a.k > b.k and a.a <> b.a and a.b > 'zz'",
    "select count(*) from big a, big b, big c where a.b > b.b || c.b",
    "select sum((select count(*) from big b where b.k >= a.k)) from big a",
    "select count(*) from big a where not exists (select 1 from big b where b.b > a.b || 'g')",
    "select count(*) from big a where a.b = any (select b.b || c.b from big b, big c)",
    "select count(distinct a.b || b.b) from big a, big b",
    "select a.b, b.b from big a, big b order by 1 desc, 2 limit 3 offset 100000000",
    "select count(*) from (select a.b || b.b from big a, big b order by 1) q",
    "select a.k, count(*), max(a.b || b.b) from big a, big b group by a.k, b.b having count(*) > 9",
    "select count(*) from (select a.b from big a, big b except select b from big) q",
    "select count(*) from (select a.a from big a, big b union select 1) q",
    "with recursive r(i) as (select 1 union all select i + 1 from r) select count(*) from r",
    "with recursive r(s) as (select 'x'::text union all select s || s from r) select count(*) from r",
    "with recursive r(i, s) as (select 1, 'x' union select i + 1, s || i from r) select max(i) from r",
    "select count(*) from (select row_number() over (order by a.b || b.b) from big a, big b) q",
    "select max(x) from (select repeat(b, 100000) x from big order by x) q",
    "select count(*) from big a full join big b on a.k = b.k and a.b > b.b",
    "select percentile_cont(0.5) within group (order by a.a * b.a::float8) from big a, big b",
    "insert into sink select repeat('x', 1000000) from generate_series(1, 100000)",
    "insert into sink select b from big, generate_series(1, 100000)",
    "update big set b = repeat(b, 100000)",
    "select a, repeat(b, 100000) from big",
]

# Values as large as stored ones are, in an engine's native functions, aggregates and rows.
WIDE = [
    "select max(length(b || b || b || b)) from wide",
    "select max(b || a) from wide",
    "select length(string_agg(b, ',')) from wide",
    "select length(string_agg(b, ',' order by a desc)) from wide",
    "select array_length(array_agg(b || a), 1) from wide",
    "select length(jsonb_agg(b)::text) from wide",
    "select count(*) from (select b || a x from wide group by 1) q",
    "select count(distinct wide.b || big.k) from wide, big where k < 3",
    "select max(length(x)) from (select b x from wide order by b desc offset 1) q",
    "select length(max(upper(b))), length(min(replace(b, 'a', 'bcd'))) from wide",
    "select a, b from wide",
    "select a, b || b || b from wide",
    "select a, string_to_array(b, 'a') from wide",
    "select w.b, v.b from wide w, wide v",
    "update wide set b = b || 'x' returning b",
    "insert into sink select b || b from wide",
    "copy (select b || b from wide) to stdout",
    "delete from wide returning b || b",
]

# What a session holds from one statement to the next; it ends with the message.
HELD = [
    "begin;" + "insert into sink select repeat(b, 2000) from big limit 3000;" * 12,
    "begin;" + "insert into sink select b from big, generate_series(1, 20);" * 12,
    "begin;" + "update big set b = repeat(md5(b), 300);" * 12,
    "begin;" + "savepoint a;" * 20_000,
    "begin;" + "select sum(length(set_config('a.b', repeat('x', 50000000), false)));" * 60,
    ";".join(f"select length(set_config('a.b{i}', repeat('x', 50000000), false))" for i in range(60)),
    "select sum(length(set_config('a.b' || i, 'x', false))) from generate_series(1, 10000000) i",
    "begin;" + "".join(f"declare c{i} cursor for select * from big;" for i in range(5_000)),
    "begin;" + "".join(f"declare c{i} scroll cursor for select a, b || g from big, "
                       f"generate_series(1, 20) g; fetch 1 from c{i};" for i in range(60)),
    "".join(f"declare c{i} cursor with hold for select a, b || g from big, "
            f"generate_series(1, 20) g;" for i in range(60)),
    "begin;" + "".join(f"declare c{i} cursor for select length('{'x' * 1_000_000}');"
                       for i in range(60)),
    "".join(f"prepare p{i} as select length('{'x' * 1_000_000}');" for i in range(60)),
    "select length('" + "x" * 300_000_000 + "')",
    "select 1;" * 3_000_000,
]

MANY = 20_000


def _nested(text, depth, inner):
    before, after = text.split("?")
    return before * depth + inner + after * depth


PLANS = [
    "select count(*) from big where " + " and ".join(f"a <> {i}" for i in range(MANY)),
    "select count(*) from big where " + " or ".join(f"a = {i}" for i in range(MANY)),
    "select count(*) from big where " + " or ".join(f"(a = {i} and k = 3)" for i in range(MANY // 2)),
    "select count(*) from big where a in (" + ",".join(str(i * 7) for i in range(MANY)) + ")",
    "select count(*) from big where b not in (" + ",".join(f"'{i}'" for i in range(MANY)) + ")",
    "select count(*) from (" + " union all ".join(f"select {i} x" for i in range(2000)) + ") q",
    "select count(*) from (" + " union ".join(f"select {i} x" for i in range(1000)) + ") q",
    "select count(*) from (values " + ",".join(f"({i}, 'x{i}')" for i in range(MANY)) + ") q",
    "select sum(case a " + " ".join(f"when {i} then {i}" for i in range(5000)) + " end) from big",
    "select " + "+".join(["a"] * 1000) + " from big limit 1",
    "select count(*) from big where " + _nested("(?)", 2000, "a = 1"),
    "select " + _nested("abs(?)", 500, "a") + " from big limit 1",
    "select count(*) from " + _nested("(select * from ? q)", 200, "big") + " q",
    "select count(*) from " + ", ".join(f"big t{i}" for i in range(12)) + " where "
    + " and ".join(f"t{i}.a = t{i + 1}.a" for i in range(11)),
    "select " + ",".join(f"a + {i}" for i in range(1600)) + " from big limit 1",
    "select " + "+".join(["a::int8"] * 700) + " from big limit 1",
    "select " + ",".join(f"{i} + " + "+".join(["a"] * 190) for i in range(100)) + " from big limit 1",
    "select " + ",".join(f"sum(a) over (order by k + {i})" for i in range(150)) + " from big limit 1",
    "select count(*) from (values " + ",".join(["(1)"] * 5_000_000) + ") q",
]

CATEGORIES = {"text": TEXT, "regex": REGEX, "numeric": NUMERIC, "arrays": ARRAYS, "json": JSON,
              "rows": ROWS, "plans": PLANS, "wide": WIDE, "held": HELD}
