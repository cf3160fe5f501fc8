"""Forms of statements rather than of conditions: grouping sets whose keys are constants or equal
expressions, prepared statements with values, terms of a recursion that PostgreSQL refuses, sets
and whole rows where one value is expected. As in Shapes, PostgreSQL's answer is the only right one.
"""
from differential_grammar import Query
from differential_shapes import Shapes


class Forms(Shapes):
    WEIGHTS = {**Shapes.WEIGHTS, "group_keys": 3, "prepared": 3, "recursive_terms": 1, "sets_of_rows": 1}

    # Key expressions over a row named x, and the text of what equals them under another name.
    KEYS = ("x.g", "x.h", "x.s", "x.b", "x.g + 1", "x.g % 2", "coalesce(x.g, x.h)", "upper(x.s)", "x.d", "1", "'k'", "null::int",
            "'k'::text", "1 + 1", "x.one", "x.lit", "x.twin", "x.g::int8", "x.nothing", "x.g is null", "(x.one + 1)")
    NAMED = "(select *, 1 as one, 'a'::text as lit, g as twin, null::int as nothing, h + 1 as more from {}) x"

    def shape_group_keys(self):
        """Keys are named by their place, so that a constant is a key and no place."""
        keys = [self.rng.choice(self.KEYS) for _ in range(self.pick(1, 2, 2, 3))]
        if self.chance(0.3):
            keys.append(keys[0])
        places = [str(number + 1) for number in range(len(keys))]
        joined = ", ".join(places)
        by = self.pick(joined, f"rollup ({joined})", f"cube ({joined})", f"grouping sets (({joined}), ({places[-1]}), ())",
                       f"grouping sets (({places[0]}), ({places[-1]}))", f"grouping sets (rollup ({joined}), ({places[0]}))",
                       f"rollup ({joined}), {places[0]}", f"grouping sets ((), ())")
        if by == "grouping sets ((), ())":
            keys, places = [], []
        calls = ["count(*)", "sum(x.g)", "max(x.s)", "count(distinct x.h)", "min(x.d)", "count(*) filter (where x.b)"]
        calls += [f"grouping({key})" for key in keys if key.startswith("x.") and key[2:].isalnum()]
        items = [*(f"{key} as k{number}" for number, key in enumerate(keys)), *self.rng.sample(calls, self.pick(1, 1, 2))]
        where = self.pick("", "", "", f" where {self.local('x')}", " where false")
        having = self.pick("", "", "", " having count(*) > 1", " having count(x.g) < 3")
        text = f"select {', '.join(items)} from {self.NAMED.format(self.table_name())}{where} group by {by}{having}"
        if len(set(keys)) < max(len(keys), 1):  # PostgreSQL 15 sorts what groups by equal keys wrongly
            return Query(text)
        return Query(self.pick(
            text, text, f"select k0, count(*) from ({text}) q group by k0", f"select * from ({text}) q where k0 is null",
            f"select * from ({text}) q where k0 is not distinct from {keys[0].replace('x.one', '1') if not keys[0].startswith('x.') else 'null'}",
            f"select q.*, rank() over (order by k0::text) from ({text}) q", f"select distinct k0 from ({text}) q",
            f"select x.id, q.k0 from {self.table_name()} x left join ({text}) q on q.k0::text = x.s"))

    VALUES_OF = {"int": ("0", "1", "2", "3", "null", "-1"), "numeric": ("0.5", "1", "1.50", "null"), "text": ("'a'", "'ab'", "''", "null"),
                 "date": ("'2024-01-31'", "'2024-02-29'", "null"), "bool": ("true", "false", "null"), "int[]": ("'{1,2}'", "'{}'", "'{null,1}'", "null"),
                 "interval": ("'1 day'", "'1 mon'", "null"), "text[]": ("'{a,ab}'", "'{}'", "null"), "int8": ("1", "2", "null")}
    TESTS = (("x.g = $N", "int"), ("x.h <> $N", "int"), ("x.g = any ($N)", "int[]"), ("x.h <> all ($N)", "int[]"), ("x.s like $N || '%'", "text"),
             ("x.n between $N and 2", "numeric"), ("x.d > $N", "date"), ("x.d + $N > x.u", "interval"), ("x.b = $N", "bool"), ("($N or x.g > 1)", "bool"),
             ("coalesce(x.g, $N) = x.h", "int"), ("x.s = any ($N)", "text[]"), ("$N is null", "int"), ("x.g in ($N, $N, x.h)", "int"),
             ("x.id = $N", "int8"), ("x.k < $N", "int8"), ("exists (select 1 from {t} y where y.g = $N and y.h <> x.h)", "int"),
             ("x.g > (select max(y.g) - $N from {t} y where y.h = x.h)", "int"), ("$N", "bool"), ("x.u - $N < '2024-02-15'", "interval"))
    SHOWN = (("$N", "int"), ("$N", "text"), ("x.g + $N", "int"), ("x.s || $N", "text"), ("case when $N then x.g end", "bool"), ("coalesce($N, x.n)", "numeric"),
             ("x.u + $N", "interval"), ("nullif(x.g, $N)", "int"), ("$N[1]", "int[]"), ("greatest(x.d, $N)", "date"), ("count(*) over (partition by x.g = $N)", "int"))

    def with_value(self, drawn, types):
        """The text of one of `drawn`, its parameter numbered and its type noted in `types`."""
        text, type_name = self.rng.choice(drawn)
        types.append(type_name)
        return text.replace("$N", f"${len(types)}").replace("{t}", self.table_name())

    def shape_prepared(self):
        t, types = self.table_name(many=True), []
        where = f" {self.pick('and', 'and', 'or')} ".join(self.with_value(self.TESTS, types) for _ in range(self.pick(1, 1, 2)))
        item = self.with_value(self.SHOWN, types) if self.chance(0.6) else "x.g"
        many = lambda: self.with_value((("$N", "int8"),), types)  # noqa: E731
        text = self.pick(lambda: f"select x.id, {item} from {t} x where {where}", lambda: f"select x.id, {item} from {t} x where {where} order by x.id limit {many()}",
                         lambda: f"select count(*), count({'x.h' if ' over ' in item else item}) from {t} x where {where}",
                         lambda: f"select x.g, count(*) from {t} x where {where} group by x.g having count(*) > {many()}",
                         lambda: f"select x.id, {item} from {t} x where {where} order by x.id offset {many()}",
                         lambda: f"with w as (select * from {t} x where {where}) select x.id, {item} from w x join {self.table_name()} y on x.g = y.h and y.id = {many()}")()
        runs = [f"execute p({', '.join(self.rng.choice(self.VALUES_OF[name]) for name in types)})" for _ in range(self.pick(1, 2, 3, 7))]
        declared = self.pick("", f"({', '.join(types)})") if "$1 " not in text.split(" from ")[0] else f"({', '.join(types)})"
        return Query(text, texts=[f"prepare p{declared} as {text}", *runs, "deallocate p"])

    def shape_recursive_terms(self):
        """Most are refused; those that are not end after a few levels."""
        t = self.table_name()
        term = self.pick("select max(l) + 1, 1 from r where l < 3", "select l + 1, g from r where l < 3 group by l, g",
                         "select r.l + 1, x.g from r left join {t} x on x.g = r.g where r.l < 3", "select r.l + 1, x.g from {t} x left join r on x.g = r.g where r.l < 3",
                         "select l + 1, g from r where l < 3 and exists (select 1 from r q where q.g = r.g)", "select l + 1, g from (select * from r) q where l < 3",
                         "select a.l + 1, b.g from r a, r b where a.l < 3", "select l + 1, g from r where l < 3 order by 1", "select l + 1, g from r where l < 3 limit 2",
                         "select l + 1, g from r where l < 3 intersect select 2, 1", "select distinct l + 1, g from r where l < 3",
                         "select l + 1, (count(*) over ())::int from r where l < 3", "select l + 1, x.g from r full join {t} x on x.g = r.g where l < 3",
                         "select l + 1, g from r where l < 3 for update", "(select l + 1, g from r where l < 3 union all select l + 1, g + 1 from r where l < 3)",
                         "select l + 1, (select max(x.g) from {t} x where x.g > r.g) from r where l < 3", "select l + 1, (select count(*)::int from r) from r where l < 3",
                         "select l + 1, g from r where l < 3 and g in (select x.h from {t} x)", "(with q as (select * from r) select l + 1, g from q where l < 3)",
                         "select l + 1, x.h from r, lateral (select h from {t} x where x.g = r.g order by x.id limit 1) x where l < 3",
                         "select l + 1, g::int8 from r where l < 3", "select l + 1, generate_series(1, 2) from r where l < 3").replace("{t}", t)
        first = self.pick(f"select 1, g from {t} where id < 4", "select 1, 1", "values (1, 1), (1, 2)", f"select 1, g from {t} where id < 4 order by id limit 1",
                          "select 1, null::int")
        op = self.pick("union", "union all", "union all", "except") if self.chance(0.2) else self.pick("union", "union all")
        return Query(f"with recursive r(l, g) as ({first} {op} {term}) {self.pick('select * from r', 'select l, count(*) from r group by l')}")

    def shape_sets_of_rows(self):
        t, upto = self.table_name(), self.pick("x.g", "x.id % 3", "2")
        series, other = f"generate_series(1, {upto})", self.pick("unnest(array[x.g, x.h])", "generate_series(2, 4)", "generate_series(1, 0)")
        return Query(self.pick(
            f"select x.id, {series} from {t} x", f"select x.id, {series}, {other} from {t} x", f"select x.id, {series} + {other} from {t} x",
            f"select x.id, case when x.b then {series} end from {t} x", f"select x.id, coalesce({series}, 0) from {t} x",
            f"select {series} as n, count(*) from {t} x group by 1", f"select count(*) from {t} x where {series} > 1", f"select x.id from {t} x limit {series}",
            f"select distinct {series} from {t} x", f"select x.id, {series}, count(*) over () from {t} x", f"select sum({series}) from {t} x",
            f"select x.id, q.n, q.ordinality from {t} x, {series} with ordinality q(n)", f"select max(n) from (select {series} as n from {t} x) q",
            f"select x.id, q.* from {t} x, rows from ({series}, {other}) q(a, b)", f"select x.id, abs({series}) from {t} x where x.g > 0",
            f"select x.id from {t} x join {series} q(n) on q.n = x.h" if upto == "2" else f"select x.id, q.n from {t} x join lateral {series} q(n) on q.n = x.h",
            f"select x.id, row(x.*) = row(y.*) from {t} x join {t} y on x.id = y.g", f"select x.id from {t} x where (x.g, x.*) in (select y.h, y.* from {t} y)",
            f"select count(*) from {t} x join {t} y on row(x.*, 1) is not distinct from row(y.*, 1)",
            f"select {series} from {t} x having true", f"select x.g, {series.replace(upto, 'max(x.h)')} from {t} x group by x.g"))
