"""Shapes of queries in which engines are known to go wrong, as named productions over the columns
that every table has (LIKE): correlated subqueries with mixed comparisons, LATERAL, expressions
with a name used twice, window frames over repeated keys, constants that are equal and not the
same. Each is drawn so that PostgreSQL's answer is the only right one, up to the order of rows.
"""
from differential_grammar import Grammar, Query

COLUMNS = "id, g, h, k, n, s, d, u, v, f, b"
PLAIN = COLUMNS.replace("v,", "null::interval as v,").replace("f,", "f + 1 as f,")  # equal is the same
COMPARISONS = ("=", "=", "<>", "<>", "<", "<=", ">", ">=", "is distinct from", "is not distinct from")
OPERANDS = {"int": ("{}.g", "{}.g", "{}.h", "{}.h", "{}.k", "({}.g + 1)", "({}.id % 4)", "(- {}.h)", "{}.id"),
            "num": ("{}.n", "({}.n + 0.5)", "{}.g"), "text": ("{}.s", "left({}.s, 1)"), "date": ("{}.d", "{}.u", "({}.d + 1)"),
            "ts": ("{}.u", "({}.u + interval '1 day')"), "iv": ("{}.v",), "flt": ("{}.f", "{}.n"), "bool": ("{}.b",)}
# Equal, or nearly, and not the same: (type, two constants).
TWINS = (("interval", "1 month", "30 days"), ("interval", "1 day", "24 hours"), ("interval", "1 year", "360 days"),
         ("interval", "1 mon", "720:00:00"), ("interval", "-1 mon", "-30 days"), ("numeric", "1.0", "1.00"),
         ("numeric", "0", "0.000"), ("float8", "0", "-0"), ("text", "a", "a "), ("text", "a", "A"), ("float8", "1", "1.0000000000000002"))


class Shapes(Grammar):
    """Productions are the methods named shape_*; `query` draws one by its weight."""

    WEIGHTS = {"plain": 8, "exists": 4, "member": 4, "quantified": 4, "scalar": 4, "lateral": 4, "with_twice": 3,
               "recursive": 1, "frames": 5, "twins": 3, "null_aggregate": 3, "outer_join": 3, "limit_inside": 2,
               "grouped_join": 3, "sets_inside": 2, "rows_compared": 2, "arrays_inside": 1, "filters": 2,
               "partners": 4}

    # Pieces.
    def table_name(self, many=False):
        return self.rng.choice([name for name, _ in self.tables if many or name != self.many])

    def operand(self, alias, kind):
        return self.rng.choice(OPERANDS[kind]).format(alias)

    def compared(self, a, b, ops=COMPARISONS):
        kind = self.pick("int", "int", "int", "int", "num", "text", "date", "ts", "iv", "flt", "bool")
        return f"{self.operand(a, kind)} {self.rng.choice(ops)} {self.operand(b, kind)}"

    def local(self, b):
        return self.pick(f"{b}.g > 0", f"{b}.h <> 1", f"{b}.s is not null", f"{b}.n < 2", f"{b}.b", f"{b}.g is null", f"not {b}.b",
                         f"{b}.id % 2 = 0", f"{b}.s in ('a', 'b')", f"{b}.g + {b}.h < 4", f"{b}.d > date '2024-01-30'")

    def near(self, a, b, least=1):
        """A condition over both."""
        if self.chance(0.35):
            return self.mixed(a, b)
        terms = [self.compared(a, b) for _ in range(self.pick(least, least, least + 1, least + 1, least + 2))]
        if self.chance(0.3):
            terms.append(self.local(b))
        if self.chance(0.1):
            terms[-1] = f"not ({terms[-1]})"
        self.rng.shuffle(terms)
        text = " and ".join(terms)
        return f"({terms[0]} or {text})" if self.chance(0.1) else text

    def mixed(self, a, b):
        """Columns compared as they are, an ordering beside an inequality or the like."""
        names = self.rng.sample(["g", "h", "k", "id", "n"], 3)
        ops = [self.pick("<", "<=", ">", ">=", "is not distinct from"), self.pick("<>", "<>", "=", "<", "is not distinct from", "is distinct from"),
               self.pick("=", "<>", "<=")][:self.pick(2, 2, 2, 3)]
        sides = self.pick((a, b), (b, a))
        terms = [f"{sides[0]}.{name} {op} {sides[1]}.{name if self.chance(0.7) else self.pick('g', 'h')}" for name, op in zip(names, ops)]
        self.rng.shuffle(terms)
        return " and ".join(terms)

    def inner(self, a, depth=1):
        """(FROM and WHERE, alias) of something correlated to `a` that has the columns of LIKE."""
        b, c = self.alias("b"), self.alias("c")
        t, t2 = self.table_name(), self.table_name()
        derived = f"(select {COLUMNS} from {t} {c} where {self.near(a, c)}"
        also = f" and {self.member(b, depth - 1)}" if depth > 0 and self.chance(0.15) else ""
        return self.pick(
            lambda: f"{t} {b} where {self.near(a, b)}{also}", lambda: f"{t} {b} where {self.near(a, b)}{also}",
            lambda: f"{t} {b} where {self.near(a, b, 2)}",
            lambda: f"{t} {b} {self.pick('join', 'left join', 'join')} {t2} {c} on {self.near(b, c)} where {self.near(a, b)}",
            lambda: f"{t} {b} {self.pick('join', 'left join')} {t2} {c} on {self.near(b, c)} and {self.compared(a, c)}",
            lambda: f"{t} {b}, {t2} {c} where {self.near(a, b)} and {self.near(a, c)}{also}",
            lambda: f"(select {c}.*, {a}.g as outer_g, {a}.h as outer_h from {t} {c} where {self.near(a, c)}) {b}"
                    f" where {b}.{self.pick('g', 'k', 'outer_g')} {self.rng.choice(COMPARISONS)} {self.pick(a + '.h', b + '.outer_h', b + '.h')}",
            lambda: f"{derived} order by id limit {self.pick(1, 2, 3)}) {b}",
            lambda: f"{derived} order by id limit 1) {self.alias('p')}, {t2} {b} where {self.near(a, b)}",
            lambda: f"{t2} {b} join {derived} order by id{self.pick('', ' desc')} limit 3) {self.alias('p')} on {self.near(a, b)}",
            lambda: f"{derived} union all select {COLUMNS} from {t2} {self.alias('z')} where g = {a}.h) {b}")(), b

    def member(self, a, depth=1):
        """A condition on `a` that asks a subquery."""
        body, b = self.inner(a, depth)
        kind = self.pick("int", "int", "int", "num", "text", "date", "ts", "iv", "flt")
        left, right = self.operand(a, kind), self.operand(b, kind)
        op = self.pick("=", "<>", "<", "<=", ">", ">=")
        return self.pick(
            lambda: f"{self.pick('', 'not ')}exists (select {self.pick('1', '*', b + '.g', 'null')} from {body})",
            lambda: f"{left} {self.pick('', 'not ')}in (select {right} from {body})",
            lambda: f"({a}.g, {a}.h) {self.pick('', 'not ')}in (select {b}.g, {b}.{self.pick('h', 'k')} from {body})",
            lambda: f"{left} {op} {self.pick('any', 'all')} (select {right} from {body})",
            lambda: f"({a}.g, {a}.h) {self.pick('= any', '<> all', '<> any', '= all', '< any')} (select {b}.g, {b}.h from {body})",
            lambda: f"{left} {op} {self.scalar(a, kind, depth)}")()

    def scalar(self, a, kind="int", depth=1):
        body, b = self.inner(a, depth)
        value = self.operand(b, kind)
        if kind in ("iv", "bool"):
            return f"(select {'max' if kind == 'iv' else 'bool_or'}({value}) from {body})"
        text = self.pick(f"select {self.pick('min', 'max')}({value}) from {body}", f"select {value} from {body} order by 1 limit 1",
                         f"select {value} from {body} order by 1 desc nulls last limit 1 offset 1")
        if kind == "int":
            text = self.pick(text, f"select count(*) from {body}", f"select sum({value}) from {body}", f"select count({b}.g) from {body}",
                             f"select sum({a}.g * {b}.h) from {body}", f"select count(distinct {b}.g) + {a}.id from {body}",
                             f"select coalesce(max({b}.h), {a}.g, -1) from {body}", f"select count(*) - {a}.g from {body} having count(*) > 1")
        return f"({text})"

    def any_source(self):
        """Not correlated, with the columns of LIKE."""
        a, t = self.alias("a"), self.table_name()
        return self.pick(f"{t} {a}", f"{t} {a}", f"{t} {a}", f"(select {COLUMNS} from {t} where g is not null) {a}",
                         f"(select {COLUMNS} from {t} union all select {COLUMNS} from {self.table_name()}) {a}",
                         f"(select distinct {PLAIN} from {t} where h > 0) {a}"), a

    def result_of(self, text, columns):
        """The rows in order, where the first column tells them apart."""
        if columns and self.chance(0.3):
            return Query(f"select * from ({text}) o order by {columns}", True)
        return Query(text)

    # Shapes.
    def shape_plain(self):
        return self.plain()

    def shape_exists(self):
        source, a = self.any_source()
        body, _ = self.inner(a)
        also = f" and {self.local(a)}" if self.chance(0.3) else ""
        if self.chance(0.3):
            return Query(f"select {a}.id, {self.pick('', 'not ')}exists (select 1 from {body}), {a}.g from {source}")
        items = self.pick(f"{a}.id", "count(*)", f"{a}.g, {a}.h, {a}.s")
        return Query(f"select {items} from {source} where {self.pick('', 'not ')}exists (select 1 from {body}){also}")

    def shape_member(self):
        source, a = self.any_source()
        first, second = self.member(a), self.member(a)
        joined = self.pick(first, first, f"{first} and {second}", f"{first} or {second}", f"not ({first})", f"({first}) is not true")
        return Query(self.pick(f"select {a}.id, {a}.g from {source} where {joined}", f"select count(*) from {source} where {joined}",
                               f"select {a}.id, ({joined}), {a}.h from {source}",
                               f"select {a}.g, count(*) filter (where {joined}) from {source} group by {a}.g"))

    PARTNER_KEYS = (("g", "g"), ("g", "h"), ("h", "g"), ("k", "g"), ("g", "k"), ("id", "g"), ("g", "id"), ("id", "id"), ("n", "n"), ("s", "s"),
            ("d", "d"), ("u", "u"), ("f", "f"), ("v", "v"), ("b", "b"), ("h", "n"), ("d", "u"))

    def partner(self, a, depth=1):
        """A condition that keeps rows with a partner by equal keys, or without."""
        b, t, keys = self.alias("b"), self.table_name(), [self.rng.choice(self.PARTNER_KEYS) for _ in range(self.pick(1, 1, 1, 2))]
        rest = [self.pick(self.local(b), self.compared(a, b), self.local(b)) for _ in range(self.pick(0, 0, 1, 1, 2))]
        if depth > 0 and self.chance(0.25):
            rest.append(self.partner(b, depth - 1))
        source = self.pick(f"{t} {b}", f"{t} {b}", f"{t} {b}", f"(select {COLUMNS} from {t} union all select {COLUMNS} from {self.table_name()}) {b}",
                           f"{t} {b} join {self.table_name()} {b}j on {b}j.{keys[0][1]} = {b}.{keys[0][1]}")
        negated = self.pick("", "", "not ", "not ")
        if self.chance(0.5):
            equal = [self.pick(f"{b}.{right} = {a}.{left}", f"{a}.{left} = {b}.{right}") for left, right in keys]
            self.rng.shuffle(equal)
            return f"{negated}exists (select {self.pick('1', b + '.g')} from {source} where {' and '.join(equal + rest)})"
        known = ""
        if negated and self.chance(0.5):  # without nulls NOT IN is an anti join
            rest += [self.pick(f"{b}.{key[1]} is not null", f"{b}.{key[1]} = {b}.{key[1]}") for key in keys]
            known = " and ".join(f"{a}.{key[0]} is not null" for key in keys) + " and "
        left, right = (", ".join(f"{alias}.{key[side]}" for key in keys) for side, alias in ((0, a), (1, b)))
        where = f" where {' and '.join(rest)}" if rest else ""
        return f"{known}({left}) {negated}in (select {right} from {source}{where}{self.pick('', '', f' group by {right}' if not rest else '')})"

    def shape_partners(self):
        source, a = self.any_source()
        conditions = [self.partner(a) for _ in range(self.pick(1, 1, 1, 2))] + [self.local(a) for _ in range(self.pick(0, 0, 1))]
        self.rng.shuffle(conditions)
        where = " and ".join(conditions)
        if self.chance(0.15):
            where = f"{where} or {self.local(a)}"
        joined = ""
        if self.chance(0.3):
            c = self.alias("c")
            joined = f" {self.pick('join', 'left join')} {self.table_name()} {c} on {c}.{self.pick('g', 'id')} = {a}.{self.pick('g', 'h', 'id')}"
        return Query(self.pick(f"select {a}.id from {source}{joined} where {where}", f"select count(*), sum({a}.g) from {source}{joined} where {where}",
                               f"select {a}.g, count(*) from {source}{joined} where {where} group by {a}.g"))

    def shape_quantified(self):
        source, a = self.any_source()
        body, b = self.inner(a)
        kind = self.pick("int", "int", "num", "text", "date", "ts", "flt", "iv")
        op = self.pick("=", "<>", "<", "<=", ">", ">=")
        test = f"{self.operand(a, kind)} {op} {self.pick('any', 'all')} (select {self.operand(b, kind)} from {body})"
        if self.chance(0.3):
            test = f"({a}.g, {a}.h) {self.pick('=', '<>', '<', '>=')} {self.pick('any', 'all')} (select {b}.g, {b}.{self.pick('h', 'g', 'k')} from {body})"
        test = self.pick(test, test, f"not ({test})")
        return Query(self.pick(f"select {a}.id from {source} where {test}", f"select {a}.id, {test} from {source}",
                               f"select count(*) from {source} where {test} and {self.local(a)}"))

    def shape_scalar(self):
        source, a = self.any_source()
        kinds = [self.pick("int", "int", "num", "text", "date", "ts") for _ in range(self.pick(1, 1, 2))]
        items = ", ".join([f"{a}.id", *(self.scalar(a, kind) for kind in kinds)])
        where = f" where {self.compared(a, a)}" if self.chance(0.3) else ""
        return self.result_of(f"select {items} from {source}{where}", None if " union all " in source else "1")

    def shape_lateral(self):
        source, a = self.any_source()
        items, joins, known = [f"{a}.id"], "", [a]
        for number in range(self.pick(1, 1, 2)):
            body, b = self.inner(self.rng.choice(known) if number else a)
            lateral = self.alias("l")
            columns = f"{b}.id, {b}.g, {b}.h, {b}.k, {b}.n, {b}.s, {b}.d, {b}.u, {b}.v, {b}.f, {b}.b"
            text = self.pick(f"select {columns} from {body}", f"select {columns} from {body}",
                             f"select max({b}.id) as id, min({b}.g) as g, max({b}.h) as h, max({b}.k) as k, sum({b}.n) as n, min({b}.s) as s, "
                             f"max({b}.d) as d, min({b}.u) as u, null::interval as v, max({b}.f) as f, bool_or({b}.b) as b from {body}")
            kind = self.pick(" cross join lateral", ", lateral", " left join lateral", " join lateral")
            condition = f" on {self.pick('true', self.compared(a, lateral))}" if kind in (" left join lateral", " join lateral") else ""
            joins += f"{kind} ({text}) {lateral}{condition}"
            items += [f"{lateral}.{column}" for column in self.rng.sample(["id", "g", "n", "s", "d", "f"], 2)]
            known.append(lateral)
        if self.chance(0.2):
            return Query(f"select {a}.g, count(*), count({known[-1]}.g) from {source}{joins} group by {a}.g")
        return Query(f"select {', '.join(items)} from {source}{joins}")

    def shape_with_twice(self):
        t, w, x, y = self.table_name(), self.alias("w"), self.alias("x"), self.alias("y")
        local = self.local("z")
        body = self.pick(f"select {COLUMNS} from {t} z where {local}", f"select {COLUMNS} from {t}",
                         f"select id, g, h, k, round(n, 1) as n, initcap(s) as s, d, u, v, f, b from {t}",
                         f"select z.id, z.g, y.h, z.k, y.n, z.s, y.d, z.u, z.v, y.f, z.b from {t} z join {self.table_name()} y on {self.near('z', 'y')}",
                         f"select max(id) as id, g, h, max(k) as k, sum(n) as n, min(s) as s, max(d) as d, min(u) as u, "
                         f"null::interval as v, max(f) as f, bool_and(b) as b from {t} group by g, h")
        head = f"with {w} as {self.pick('', 'materialized ', 'not materialized ')}({body})"
        other = self.table_name()
        return Query(head + " " + self.pick(
            f"select {x}.id, {y}.id from {w} {x} {self.pick('join', 'left join', 'full join')} {w} {y} on {x}.{self.pick('g', 'id', 'h')} = {y}.{self.pick('g', 'h', 'id')}",
            f"select {x}.id, {y}.g from {w} {x}, {w} {y} where {self.near(x, y)}",
            f"select {x}.id, (select count(*) from {w} {y} where {self.near(x, y)}) from {w} {x}",
            f"select {x}.id from {w} {x} where {self.pick('', 'not ')}exists (select 1 from {w} {y} where {self.near(x, y)})",
            f"select {x}.id from {other} {x} where {x}.g in (select {y}.h from {w} {y} where {self.near(x, y)}) or exists (select 1 from {w} {y} where {self.near(x, y)})",
            f"select {x}.id, (select count(*) from {w} {y}, {w} p where {self.near(x, y)} and {self.near(x, 'p')}) from {other} {x}",
            f"select {x}.id, {self.pick('greatest', 'least', 'nullif')}((select {y}.n / 3 from {w} {y} order by {y}.id, {y}.n limit 1), {x}.n * 1.50) from {other} {x} order by {x}.id limit {self.pick(3, 100)}",
            f"select {x}.id, q.* from {other} {x}, unnest(string_to_array((select {y}.s from {w} {y} order by {y}.s limit 1), 'b')) with ordinality q order by {x}.id, q.ordinality limit 7",
            f"select g, s from {w} {self.pick('union', 'union all', 'except', 'intersect')} select h, s from {w}",
            f"select {x}.g, count(*) from {w} {x} where {x}.n >= (select avg(n) from {w}) group by {x}.g",
            f"select count(*), (select count(*) from {w}) from {w} {x} where {x}.h > (select min(h) from {w})",
            f", q as (select {x}.g, count(*) as c from {w} {x} group by {x}.g) select {x}.id, q.c from {w} {x} left join q on q.g = {x}.h"))

    def shape_recursive(self):
        t, t2 = self.table_name(), self.table_name()
        union = self.pick("union", "union all")
        step = self.pick("p.g = r.h", "p.g > r.g", "p.id = r.g + 1", "p.h = r.g and p.id <> r.h")
        text = (f"with recursive r(level, g, h) as (select 1, g, h from {t} where id <= {self.pick(1, 3)} {union} "
                f"select r.level + 1, p.g, p.h from r join {t2} p on {step} where r.level < {self.pick(2, 3)} and p.id < 9) ")
        return Query(text + self.pick("select * from r", "select level, count(*), sum(g) from r group by level",
                                      f"select a.id, (select count(*) from r where r.g = a.g) from {t} a",
                                      "select distinct g, h from r where level > 1", "select x.g from r x join r y on x.g = y.h and x.level = y.level"))

    FRAME_KEYS = {"g": ("0", "1", "2", "2147483647"), "k": ("0", "1", "9223372036854775807"), "h": ("0", "1", "3"),
                  "n": ("0", "0.5", "1.50", "1e10"), "f": ("0", "0.5", "1"),
                  "d": tuple(f"interval '{offset}'" for offset in ("0 days", "1 day", "1 month", "30 days", "12 hours")),
                  "u": tuple(f"interval '{offset}'" for offset in ("0", "1 day", "1 month", "24 hours", "0.5 seconds"))}

    def frame(self, mode, offsets):
        """Bounds that PostgreSQL accepts: the start not after the end, by kind."""
        offset = lambda: self.rng.choice(offsets)  # noqa: E731
        starts = ["unbounded preceding", f"{offset()} preceding", "current row", f"{offset()} following"]
        ends = [f"{offset()} preceding", "current row", f"{offset()} following", "unbounded following"]
        first = self.rng.randint(0, 3)
        last = self.rng.randint({0: 0, 1: 0, 2: 1, 3: 2}[first], 3)
        exclude = self.pick("", "", "", " exclude current row", " exclude group", " exclude ties", " exclude no others")
        return f"{mode} between {starts[first]} and {ends[last]}{exclude}"

    def windowed(self, a):
        by = ", ".join(f"{a}.{self.pick('g', 'h', 's', 'b', 'd')}" for _ in range(self.pick(0, 1, 1, 2)))
        by = f"partition by {by}{self.pick('', '', ', ' + by)} " if by else ""
        key = self.rng.choice(list(self.FRAME_KEYS))
        mode = self.pick("range", "range", "rows", "groups")
        direction = self.pick("", "", " desc", " nulls first", " desc nulls last")
        order = f"order by {a}.{key}{direction}"
        if mode == "rows":
            order += f", {a}.id"
        elif mode == "groups" and self.chance(0.3):
            order += f", {a}.{self.pick('g', 'h', 's', key)}"
        frame = self.frame(mode, self.FRAME_KEYS[key] if mode == "range" else ("0", "1", "2"))
        if self.chance(0.1):
            frame = self.pick(f"range {self.FRAME_KEYS[key][0]} preceding" if mode == "range" else f"{mode} 1 preceding", f"{mode} current row", "")
        call = self.pick("count(*)", f"count({a}.h)", f"sum({a}.g::int8)", f"sum({a}.n)", f"min({a}.k)", f"max({a}.s)", f"avg({a}.h)", f"bool_or({a}.b)",
                         f"min({a}.{key})", f"first_value({a}.{key})", f"last_value({a}.{key})", f"count(*) filter (where {a}.g > 0)",
                         f"max({a}.d)", f"sum({a}.h::numeric)", f"nth_value({a}.{key}, 2)")
        if "value" in call and key == "f":
            call = "count(*)"
        if self.chance(0.15):
            call, frame = self.pick("rank()", "dense_rank()", "percent_rank()", "cume_dist()"), ""
        return f"{call} over ({by}{order} {frame})"

    def shape_frames(self):
        t, a = self.table_name(many=True), self.alias("a")
        where = f" where {self.local(a)}" if self.chance(0.3) else ""
        items = ", ".join([f"{a}.id", *(self.windowed(a) for _ in range(self.pick(1, 1, 2, 3)))])
        return self.result_of(f"select {items} from {t} {a}{where}", "1")

    def shape_twins(self):
        t, a = self.table_name(many=True), self.alias("a")
        kind, one, other = self.rng.choice(TWINS)
        if self.chance(0.5):
            one, other = other, one
        one, other = f"{kind} '{one}'", f"{kind} '{other}'"
        column = {"interval": self.pick("u", "d", "v"), "numeric": "n", "float8": "f", "text": "s"}[kind]
        op = {"interval": self.pick("+", "-"), "numeric": self.pick("*", "+"), "float8": self.pick("*", "+"), "text": "||"}[kind]
        x, y = f"{a}.{column} {op} {one}", f"{a}.{column} {op} {other}"
        return Query(self.pick(
            f"select {a}.id, {x}, {y} from {t} {a}", f"select {a}.id, ({one})::text, ({other})::text, {y} from {t} {a} where {a}.id < 9",
            f"select count(*) from {t} {a} where {x} {self.pick('<>', '<', '=', 'is distinct from')} {y}",
            f"select {a}.id, case when {a}.g > 1 then {x} else {y} end from {t} {a}",
            f"select {a}.id, {x} from {t} {a} where {x} {self.pick('<', '>=')} {y} union all select {a}.id, {y} from {t} {a} where {a}.g = 1",
            f"select {a}.id, coalesce({a}.{column}::text, ({one})::text), coalesce({a}.{column}::text, ({other})::text) from {t} {a}",
            f"select ({x})::text, count(*) from {t} {a} group by ({x})::text, ({y})::text",
            f"select max(({x})::text), max(({y})::text), min(({x})::text) from {t} {a}",
            f"select {a}.id, q.c::text from {t} {a} join (values (1, {one}), (2, {other})) q(i, c) on q.i = {a}.g"))

    def shape_null_aggregate(self):
        t, a = self.table_name(many=True), self.alias("a")
        null = self.pick("null::int", "null", "(null::int + 1)", "nullif(1, 1)", "(select null::int)", "case when false then 1 end")
        call = self.pick("count(*)", f"sum({a}.g::int8)", f"max({a}.h)", f"min({a}.k)", f"count(distinct {a}.g)", f"count({a}.h)",
                         f"sum({a}.h) filter (where {a}.b)")
        mixed = self.pick(f"{call} {self.pick('+', '-', '*', '=', '<>', '<')} {null}", f"coalesce({null}, {call})", f"nullif({call}, {null})",
                          f"{call} in ({null})", f"case when {call} > {null} then 1 else 0 end", f"({call} = {null}) is null",
                          f"greatest({call}, {null})", f"concat({call}, {null})", f"sum({null}::int)", f"count({null})",
                          f"max({null}::int) + 1", f"{call} is not distinct from {null}", f"({null})::int8 / {call}")
        where = self.pick("", "", f" where {self.local(a)}", " where false", f" where {a}.g = {null}")
        group = self.pick("", "", f" group by {a}.g", f" group by {a}.g, {a}.s", " group by ()", f" group by rollup ({a}.g, {a}.h)")
        having = self.pick("", "", "", f" having {call} > {null}", f" having ({call} = {null}) is null", " having null::bool")
        text = f"select {mixed} from {t} {a}{where}{group}{having}"
        return Query(self.pick(text, text, f"select count(*) from ({text}) q", f"select x.id, q.* from {self.table_name()} x cross join ({text} limit 1) q"
                               if not group else text))

    def shape_outer_join(self):
        t, t2, t3 = self.table_name(), self.table_name(), self.table_name()
        one = self.pick("left join", "full join", "right join", "left join", "join")
        two = self.pick("left join", "join", "right join", "left join")
        on = f"x.{self.pick('g', 'h', 'id')} = y.{self.pick('g', 'h', 'id')}"
        if one != "full join":
            on = self.pick(on, self.near("x", "y"), f"{on} and {self.local('y')}", f"{on} and {self.local('x')}", f"({self.compared('x', 'y')}) is not true")
        if two == "right join" or self.chance(0.5):
            last = f"{self.pick('x', 'y')}.{self.pick('g', 'h')} = z.{self.pick('g', 'h')}"
        else:
            last = self.near(self.pick("x", "y"), "z")
        text = f"{t} x {one} {t2} y on {on}" + (f" {two} {t3} z on {last}" if self.chance(0.6) else "")
        have_z = " z on " in text
        columns = "x.id, y.id" + (", z.id, z.g" if have_z else ", y.g")
        where = self.pick("", f" where {self.local('y')}", f" where ({self.compared('x', 'y')}) is null", " where y.id is null",
                          f" where not ({self.compared('x', 'y')})", f" where coalesce(y.g, x.h) {self.pick('=', '>')} 1",
                          f" where {self.member('y')}", f" where x.g is null or {self.local('y')}")
        return Query(self.pick(f"select {columns} from {text}{where}", f"select count(*), count(x.g), count(y.h) from {text}{where}",
                               f"select x.g, y.s, count(*) from {text}{where} group by x.g, y.s"))

    def shape_limit_inside(self):
        t, t2 = self.many or self.table_name(), self.table_name()
        inside = self.pick(f"select {COLUMNS} from {t} order by {self.pick('id', 'g, id', 'k desc, id', 'n nulls first, id desc')} "
                           f"{self.pick('limit 3', 'offset 2', 'limit 4 offset 1', 'limit 0', 'limit 10')}",
                           f"select distinct on ({self.pick('g', 's', 'h')}) {COLUMNS} from {t} order by {{}}, id")
        if "{}" in inside:
            inside = inside.format(inside.split("(")[1].split(")")[0])
        return Query(self.pick(
            f"select q.id, p.id from ({inside}) q join {t2} p on {self.near('q', 'p')}", f"select q.id from ({inside}) q where {self.local('q')}",
            f"select q.id, p.id from ({inside}) q left join {t2} p on q.g = p.h where {self.local('q')}",
            f"select p.id from {t2} p where p.g in (select g from ({inside}) q)", f"select q.id, p.id from ({inside}) q join {t2} p on q.id = p.id",
            f"select q.id from ({inside}) q where q.id in (select p.id from {t2} p where {self.local('p')})",
            f"select id, k from ({inside}) q order by {self.pick('id', 'id desc', 'k desc nulls last, id', 'h, id')} limit 2", f"select count(*), sum(q.g::int8) from ({inside}) q",
            f"select q.id, row_number() over (order by q.id) from ({inside}) q where q.g > 0",
            f"select id, g from ({inside}) q union all select id, h from ({inside}) r"))

    def shape_grouped_join(self):
        t, t2 = self.table_name(many=True), self.table_name()
        keys = self.rng.sample(["x.g", "x.h", "y.g", "y.s", "x.b", "x.d"], self.pick(1, 2, 3))
        joined = ", ".join(keys)
        by = self.pick(joined, joined, f"rollup ({joined})", f"cube ({joined})", f"grouping sets (({joined}), ({keys[0]}), ())", f"{joined}, {keys[0]}")
        calls = ["count(*)", "sum(x.g::int8)", "count(distinct y.h)", "max(y.n)", "avg(x.h)", "sum(distinct x.h)", "min(x.u)", "bool_and(y.b)",
                 "count(*) filter (where x.g > y.h)", "string_agg(distinct x.s, ',' order by x.s)", "string_agg(x.s, ',' order by x.s)",
                 "sum(x.n) filter (where y.g is null)", f"grouping({keys[0]})", "array_agg(distinct x.g order by x.g desc)", "max(x.g + y.h)"]
        items = ", ".join([*keys, *self.rng.sample(calls, self.pick(1, 2, 3))])
        having = self.pick("", "", "", " having count(*) > 1", " having max(x.g) is null or min(y.h) < 2", " having sum(x.g::int8) = sum(y.g::int8)")
        join = self.pick("join", "left join", "full join")
        on = f"x.{self.pick('g', 'id')} = y.{self.pick('g', 'h', 'id')}"
        where = self.pick("", "", f" where {self.local('x')}", f" where x.g {self.pick('=', '<')} (select max(g) from {t2})")
        return Query(f"select {items} from {t} x {join} {t2} y on {on}{where} group by {by}{having}")

    def shape_sets_inside(self):
        source, a = self.any_source()
        column = self.pick("g", "h", "s", "d")
        op = self.pick("union", "union all", "except", "intersect", "except all", "intersect all")
        parts = [f"select {b}.{column} as x from {self.table_name()} {b} where {self.near(a, b)}" for b in (self.alias("b"), self.alias("b"))]
        body = f" {op} ".join(parts)
        return Query(self.pick(f"select {a}.id, (select count(*) from ({body}) q) from {source}", f"select {a}.id, (select max(q.x) from ({body}) q) from {source}",
                               f"select {a}.id from {source} where exists ({body})", f"select {a}.id from {source} where {a}.{column} in ({body})",
                               f"select {a}.id, q.x from {source} cross join lateral ({body}) q"))

    def shape_rows_compared(self):
        t, t2 = self.table_name(), self.table_name()
        left = self.pick("(x.g, x.h)", "(x.g, x.s)", "(x.d, x.g)", "(x.h, x.n)")
        right = left.replace("x.", "y.")
        op = self.pick("=", "<>", "<", "<=", ">", ">=", "is distinct from", "is not distinct from")
        constant = self.pick("(1, 2)", "(null, 1)", "(2, null)")
        return Query(self.pick(f"select x.id, y.id from {t} x join {t2} y on {left} {op} {right}", f"select x.id, {left} {op} {right} from {t} x, {t2} y where x.g = y.h",
                               f"select id from {t} x where (g, h) {op} {constant}", f"select id, (g, h) in ((1, 2), (0, null), (3, 3)) from {t}",
                               f"select id, (g, h) not in ((1, 2), (0, null)) from {t}", f"select x.id from {t} x where (x.g, x.h, x.id) {self.pick('<', '>=')} (1, 2, 7)"))

    def shape_arrays_inside(self):
        source, a = self.any_source()
        body, b = self.inner(a)
        return Query(self.pick(f"select {a}.id, array(select {b}.g from {body} order by 1) from {source}",
                               f"select {a}.id from {source} where {a}.g {self.pick('=', '<>', '<')} {self.pick('any', 'all')} (array(select {b}.h from {body}))",
                               f"select {a}.id, {a}.h {self.pick('=', '<>')} {self.pick('any', 'all')} (array[1, null, {a}.g]) from {source}",
                               f"select {a}.id, q.x from {source}, unnest(array[{a}.g, {a}.h, 7]) q(x) where q.x > 0",
                               f"select {a}.id, q from {source}, generate_series(1, {a}.id % 3) q"))

    def shape_filters(self):
        t, a = self.table_name(many=True), self.alias("a")
        terms = [self.pick(self.compared(a, a), self.local(a), f"{a}.g between 1 and {a}.h", f"{a}.s like {self.pick(chr(39) + 'a%' + chr(39), a + '.s')}",
                           f"{a}.n in (0, 1, null)", f"{a}.h not in (1, {a}.g)", f"coalesce({a}.b, {a}.g > 1)", f"{a}.k = 1", f"{a}.d + 1 > {a}.u",
                           f"{a}.g = 1 and {a}.g = 2", f"{a}.h > 1 and {a}.h < 3", f"{a}.id between 3 and 9") for _ in range(self.pick(2, 3, 4))]
        text = terms[0]
        for term in terms[1:]:
            text = f"{text} {self.pick('and', 'or')} {term}" if self.chance(0.6) else f"not ({text}) {self.pick('and', 'or')} ({term})"
        return Query(self.pick(f"select id from {t} {a} where {text}", f"select count(*), min({a}.g) from {t} {a} where {text}",
                               f"select {a}.id, ({text}) from {t} {a}", f"select {a}.g, count(*) from {t} {a} where ({text}) is not true group by 1"))
