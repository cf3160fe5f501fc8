"""Typed random SQL for differential.py: schemas, rows and queries that PostgreSQL accepts.

Types are families: an expression of family `num` may be any of int, numeric and so on where that
is what SQL allows. What PostgreSQL leaves open (order of equal rows, sums of inexact floats) is
not drawn.
"""

FAMILIES = {
    "int": ["int2", "int4", "int8", "int4"],
    "num": ["numeric(8,2)", "numeric(15,4)", "numeric", "numeric(30,10)", "numeric(5,5)"],
    "flt": ["float8", "float4"],
    "text": ["text", "varchar(12)", "text"],
    "char": ["char(3)", "char(6)"],
    "bool": ["bool"],
    "date": ["date"],
    "ts": ["timestamp", "timestamp(0)", "timestamp(3)"],
    "tz": ["timestamptz"],
    "iv": ["interval"],
    "time": ["time"],
    "uuid": ["uuid"],
    "bytea": ["bytea"],
    "jsonb": ["jsonb"],
    "ints": ["int4[]", "int8[]"],
    "texts": ["text[]"],
}
NAMES = {"int": "int4", "num": "numeric", "flt": "float8", "char": "char(6)", "ts": "timestamp", "tz": "timestamptz",
         "iv": "interval", "ints": "int4[]", "texts": "text[]"}
VALUES = {
    "int": ["0", "1", "2", "-1", "7", "-13", "100", "32767", "-32768", "5", "42"],
    "num": ["0", "1", "0.5", "-0.25", "0.10", "0.99999", "-0.00001", "0.12345", "0.300"],
    "flt": ["0", "1.5", "-2.25", "100", "0.5", "-0.75", "1e3", "12345.5"],
    "text": ["", "a", "A", "ab", "abc", "b ", " x", "zz", "a%b", "_", "10", "-3", "é", "日本", "o'k", "a\\b"],
    "char": ["", "a", "ab", "abc", "b", "é", "z"],
    "bool": ["true", "false"],
    "date": ["2000-01-01", "1999-12-31", "2024-02-29", "2023-03-31", "1970-01-01", "0099-05-06", "2100-11-30"],
    "ts": ["2000-01-01 00:00:00", "2024-02-29 23:59:59.999", "2023-03-31 12:34:56.789012", "1969-12-31 23:00:00",
           "2023-10-29 01:30:00"],
    "tz": ["2000-01-01 00:00:00+00", "2024-02-29 23:59:59.5+02", "2023-03-26 01:30:00-05", "1969-12-31 23:00:00+00"],
    "iv": ["1 day", "-2 hours", "1 mon", "1 year 2 mons", "00:00:00.5", "36:00:00", "-1 mon 3 days", "0"],
    "time": ["00:00:00", "12:34:56", "23:59:59.999999", "06:00:00.5"],
    "uuid": ["00000000-0000-0000-0000-000000000001", "ffffffff-ffff-ffff-ffff-ffffffffffff",
             "12345678-9abc-def0-1234-56789abcdef0"],
    "bytea": ["\\x", "\\x00", "\\x6162", "\\xff00aa"],
    "jsonb": ['{"a": 1}', '{"a": "x", "b": [1, 2]}', "[1, null, 2.50]", '"s"', "null", "1.0", "true", "{}"],
    "ints": ["{}", "{1}", "{1,2,3}", "{NULL,2}", "{5,4,3}"],
    "texts": ["{}", "{a}", "{a,NULL}", '{"b c",""}'],
}
BIG = {"int4": ["2147483647", "-2147483648"], "int8": ["9223372036854775807", "-5000000000"],
       "numeric": ["12345678901234567890.123456789", "1e-12", "1000000.000", "NaN"],
       "numeric(8,2)": ["999999.99", "-12.30", "17"], "numeric(15,4)": ["12345678901.2345", "-7.5"],
       "numeric(30,10)": ["12345678901234567890.0123456789", "3"]}
# What every table has, with few values that come often: queries that compare them find partners.
# v and f have values that are equal and yet not the same: only shapes that allow for it draw them.
LIKE = [("g", "int", "int4"), ("h", "int", "int4"), ("k", "int", "int8"), ("n", "num", "numeric(6,2)"),
        ("s", "text", "text"), ("d", "date", "date"), ("u", "ts", "timestamp"), ("v", "equal iv", "interval"),
        ("f", "equal flt", "float8"), ("b", "bool", "bool")]
FEW = {"g": ["0", "1", "2", "3"], "h": ["0", "1", "2", "3"], "k": ["0", "1", "2", "3", "1", "2"],
       "n": ["0", "0.5", "1", "1.50", "2"], "s": ["a", "b", "ab", ""],
       "d": ["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-29"],
       "u": ["2024-01-31 10:00", "2024-02-29 10:00", "2024-01-31 10:00:00.5", "2024-03-01 00:00"],
       "v": ["1 mon", "30 days", "1 day", "24:00:00", "0"], "f": ["0", "-0", "0.5", "1", "2"],
       "b": ["true", "false"]}
FAR = {"g": ["2147483647", "-2147483648"], "k": ["9223372036854775807", "-9223372036854775808"],
       "n": ["-9999.99"], "d": ["infinity", "0001-01-01"], "u": ["-infinity", "9999-12-31"],
       "f": ["NaN", "Infinity", "1e300"], "v": ["-178000 years"]}
ORDERED = ["int", "num", "flt", "text", "char", "bool", "date", "ts", "tz", "iv", "time", "uuid", "bytea"]
TOTAL = [family for family in ORDERED if family not in ("num", "char", "iv", "flt")]  # equal means the same text
SELECTED = ["int", "int", "num", "num", "flt", "text", "text", "char", "bool", "date", "ts", "tz", "iv", "time",
            "uuid", "bytea", "jsonb", "ints", "texts"]


class Query:
    """Statements that go together; the rows of the last come in order where `ordered`."""

    def __init__(self, text, ordered=False, texts=None):
        self.text, self.ordered = text, ordered
        self.texts = texts or [text]


class Source:
    """A relation in scope: columns as (sql, family), and keys that tell its rows apart."""

    def __init__(self, text, columns, keys):
        self.text, self.columns, self.keys = text, columns, keys


class Grammar:
    def __init__(self, rng):
        self.rng = rng
        self.tables = []
        self.many = None  # the name of a table with too many rows for nested loops
        self.aliases = 0

    # Choosing.
    def chance(self, share):
        return self.rng.random() < share

    def pick(self, *choices):
        return self.rng.choice(choices)

    def alias(self, stem="r"):
        self.aliases += 1
        return f"{stem}{self.aliases}"

    # Schema and rows.
    def schema(self):
        texts = []
        for number in range(self.rng.randint(2, 3)):
            texts += self.table(f"t{number}", self.pick(0, 1, 7, 30, 30))
        if self.chance(0.08):
            self.many = "t9"
            texts += self.table(self.many, self.pick(300, 3000, 20000))
        return texts

    def table(self, name, count):
        families = self.rng.sample(list(FAMILIES), self.rng.randint(2, 5))
        columns = [("id", "int", "int4 primary key"), *LIKE]
        for number, family in enumerate(families):
            columns.append((f"c{number}", family, self.pick(*FAMILIES[family])))
        self.tables.append((name, [(column, family) for column, family, _ in columns]))
        declared = ", ".join(f"{column} {type_name}" for column, _, type_name in columns)
        texts = [f"create table {name} ({declared})"]
        if self.chance(0.5):
            texts.append(f"create index on {name} ({self.rng.choice([c for c, f, _ in columns if f in ORDERED])})")
        self.far = self.chance(0.2)
        rows = [self.row(columns, key) for key in range(1, min(count, 100) + 1)]
        if rows:
            texts.append(f"insert into {name} values {', '.join(rows)}")
        if count > 100:
            others = ", ".join(column for column, _, _ in columns[1:])
            texts.append(f"insert into {name} select id + 100 * i, {others} from {name}, generate_series(1, {count // 100 - 1}) i")
        if count > 5 and self.chance(0.5):
            texts.append(f"delete from {name} where id % 5 = 2")
            texts.append(f"update {name} set c0 = null where id % 7 = 3")
        return texts

    def row(self, columns, key):
        return "(" + ", ".join([str(key), *(self.cell(*column) for column in columns[1:])]) + ")"

    def cell(self, column, family, type_name):
        if self.chance(0.15):
            return "null"
        if column in FEW:
            pool = FAR.get(column) if self.far and self.chance(0.1) else None
            return "'" + self.rng.choice(pool or FEW[column]) + "'"
        pool = BIG.get(type_name, []) if self.chance(0.25) else []
        text = self.rng.choice(pool or VALUES[family]).replace("'", "''")
        return f"'{text}'"

    # Expressions. `scope` is a list of Source.
    def column(self, family, scope):
        found = [sql for source in scope for sql, kind in source.columns if kind == family]
        return self.rng.choice(found) if found else None

    def constant(self, family):
        if self.chance(0.06):
            return f"null::{NAMES.get(family, family)}"
        text = self.rng.choice(VALUES[family]).replace("'", "''")
        if family in ("int", "num"):
            return f"({text})" if text.startswith("-") else text
        if family == "text" and self.chance(0.7):
            return f"'{text}'"
        return f"'{text}'::{NAMES.get(family, family)}"

    def expr(self, family, scope, depth):
        if depth <= 0 or self.chance(0.25):
            column = self.column(family, scope)
            return column if column and self.chance(0.8) else self.constant(family)
        if self.chance(0.2):
            return self.choice(family, scope, depth - 1)
        own = getattr(self, "expr_" + family, None)
        return own(scope, depth - 1) if own else self.choice(family, scope, depth - 1)

    def choice(self, family, scope, depth):
        """What every type has."""
        one = lambda: self.expr(family, scope, depth)  # noqa: E731
        kind = self.rng.randint(0, 5)
        if kind == 0:
            return f"coalesce({one()}, {one()})"
        if kind == 1:
            return f"case when {self.expr('bool', scope, depth)} then {one()} else {one()} end"
        if kind == 2:
            return f"case when {self.expr('bool', scope, depth)} then {one()} end"
        if kind == 3 and family != "jsonb":
            return f"nullif({one()}, {one()})"
        if kind == 4 and family in ORDERED and family not in ("bool",):
            return f"{self.pick('greatest', 'least')}({one()}, {one()})"
        return f"(select {one()})" if self.chance(0.3) else one()

    def expr_int(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        return self.pick(
            lambda: f"({e('int')} {self.pick('+', '-', '*')} {self.constant('int')})",
            lambda: f"({e('int')} {self.pick('/', '%')} {self.pick('3', '(-2)', '7')})",
            lambda: f"(- {e('int')})", lambda: f"abs({e('int')})", lambda: f"length({e('text')})",
            lambda: f"length({e('char')})", lambda: f"strpos({e('text')}, {self.constant('text')})",
            lambda: f"extract({self.pick('year', 'month', 'day', 'dow', 'doy', 'week')} from {e('date')})::int",
            lambda: f"({e('date')} - {e('date')})", lambda: f"ascii({e('text')})",
            lambda: f"octet_length({e(self.pick('text', 'char', 'bytea'))})",
            lambda: f"cardinality({e('ints')})", lambda: f"({e('ints')})[{self.pick('1', '2', '0')}]",
            lambda: f"sign({e('num')})::int", lambda: f"({e('bool')})::int",
            lambda: f"round({e('num')})::int8", lambda: f"({e('int')} & {self.pick('7', '255')})")()

    def expr_num(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        return self.pick(
            lambda: f"({e('num')} {self.pick('+', '-', '*')} {e(self.pick('num', 'int'))})",
            lambda: f"({e('int')} {self.pick('+', '-', '*')} {e('num')})",
            lambda: f"({e('num')} / {self.pick('3', '7.0', '0.3', '(-2)')})",
            lambda: f"({e('num')} % {self.pick('3', '0.7', '2.50')})",
            lambda: f"round({e('num')}, {self.pick('0', '1', '2', '5', '(-1)')})",
            lambda: f"trunc({e('num')}, {self.pick('0', '1', '3')})",
            lambda: f"{self.pick('abs', 'floor', 'ceil', 'sign', '-', 'trunc', 'round')}({e('num')})",
            lambda: f"{e('int')}::numeric", lambda: f"({e('num')})::numeric({self.pick('38,2', '30,6', '25,0')})",
            lambda: f"extract(epoch from {e(self.pick('ts', 'iv'))})", lambda: f"div({e('num')}, {self.pick('3', '0.7')})",
            lambda: f"sqrt(abs({e('num')}))",
            lambda: f"extract({self.pick('year', 'month', 'day', 'hour', 'second', 'week', 'doy')} from {e('tz')})",
            lambda: f"extract({self.pick('second', 'hour', 'minute')} from {e(self.pick('ts', 'time', 'iv'))})",
            lambda: f"power({self.constant('num')}, 2)", lambda: f"width_bucket({e('num')}, 0, 10, 5)::numeric")()

    def expr_flt(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        return self.pick(
            lambda: f"({e('flt')} {self.pick('+', '-', '*')} {self.constant('flt')})",
            lambda: f"({e('flt')} / {self.pick('2', '4', '0.5')})", lambda: f"{e('int')}::float8",
            lambda: f"{e('num')}::float8", lambda: f"{self.pick('abs', 'floor', 'ceil', 'round', 'sign')}({e('flt')})",
            lambda: f"sqrt(abs({e('flt')}))")()

    def expr_text(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        any_type = lambda: e(self.rng.choice(SELECTED))  # noqa: E731
        return self.pick(
            lambda: f"({e('text')} || {e('text')})", lambda: f"({e('text')} || {e('int')})",
            lambda: f"{self.pick('upper', 'lower', 'trim', 'reverse', 'initcap', 'md5', 'ltrim', 'quote_literal')}({e('text')})",
            lambda: f"substr({e('text')}, {self.pick('1', '2', '0', '(-1)')}, {self.pick('1', '2', '5')})",
            lambda: f"{self.pick('left', 'right')}({e('text')}, {self.pick('1', '2', '(-1)', '0')})",
            lambda: f"replace({e('text')}, {self.constant('text')}, {self.constant('text')})",
            lambda: f"{self.pick('lpad', 'rpad')}({e('text')}, {self.pick('3', '6', '0')}, '*-')",
            lambda: f"split_part({e('text')}, 'b', {self.pick('1', '2', '(-1)')})",
            lambda: f"concat({any_type()}, {any_type()}, '|')", lambda: f"({any_type()})::text",
            lambda: f"concat_ws(',', {any_type()}, {e('text')})", lambda: f"format('%s/%L', {any_type()}, {e('text')})",
            lambda: f"to_char({e('num')}, {self.pick(chr(39) + '999.99' + chr(39), chr(39) + 'FM0000.0' + chr(39))})",
            lambda: f"to_char({e(self.pick('ts', 'date'))}, {self.pick(chr(39) + 'YYYY-MM-DD HH24:MI:SS.MS' + chr(39), chr(39) + 'Dy, DD Mon IW' + chr(39))})",
            lambda: f"array_to_string({e(self.pick('ints', 'texts'))}, '+')", lambda: f"({e('jsonb')} ->> 'a')",
            lambda: f"translate({e('text')}, 'ab', 'x')", lambda: f"repeat({e('text')}, 2)",
            lambda: f"({e('char')})::text", lambda: f"regexp_replace({e('text')}, '[ab]+', '<&>')")()

    def expr_char(self, scope, depth):
        return self.pick(lambda: f"({self.expr('text', scope, depth)})::char(6)",
                         lambda: f"({self.expr('char', scope, depth)})::char(4)",
                         lambda: self.choice("char", scope, depth))()

    def expr_bool(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        family = self.rng.choice(ORDERED)
        return self.pick(
            lambda: f"({e(family)} {self.pick('=', '<>', '<', '<=', '>', '>=')} {e(family)})",
            lambda: f"({e('int')} {self.pick('=', '<', '>=')} {e(self.pick('num', 'int', 'flt'))})",
            lambda: f"({e('bool')} {self.pick('and', 'or')} {e('bool')})", lambda: f"(not {e('bool')})",
            lambda: f"({e(family)} is {self.pick('', 'not ')}null)",
            lambda: f"({e('bool')} is {self.pick('true', 'not true', 'false', 'not false', 'unknown')})",
            lambda: f"({e(family)} {self.pick('', 'not ')}in ({e(family)}, {self.constant(family)}, {self.constant(family)}))",
            lambda: f"({e(family)} {self.pick('', 'not ')}between {e(family)} and {e(family)})",
            lambda: f"({e(family)} is {self.pick('', 'not ')}distinct from {e(family)})",
            lambda: f"({e('text')} {self.pick('like', 'not like', 'ilike')} {self.pick(chr(39) + 'a%' + chr(39), chr(39) + '%b%' + chr(39), chr(39) + '_' + chr(39), chr(39) + '%' + chr(39))})",
            lambda: f"({e('text')} ~ {self.pick(chr(39) + '^a' + chr(39), chr(39) + '[0-9]' + chr(39))})",
            lambda: f"({e('int')} = any ({e('ints')}))", lambda: f"({e('text')} = {self.pick('any', 'all')} ({e('texts')}))",
            lambda: f"({e('date')} {self.pick('<', '>=', '=')} {e('ts')})", lambda: self.cut(scope),
            lambda: f"({e('ints')} {self.pick('=', '@>', '&&')} {e('ints')})",
            lambda: self.membership(scope, depth))()

    def unit(self):
        return f"'{self.pick('year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'decade')}'"

    def cut(self, scope):
        """A cut moment at the edges of units."""
        moment = self.column("ts", scope) or self.constant("ts")
        edge = self.pick("2024-01-31 10:00", "2024-03-01", "2024-01-01", "2024-01-29", "2024-02-29 10:30", "2024-01-31 10:00:00.5")
        return f"(date_trunc({self.unit()}, {moment}) {self.pick('=', '<>', '<', '<=', '>', '>=')} timestamp '{edge}')"

    def membership(self, scope, depth):
        if depth < 1:
            return self.expr("bool", scope, 0)
        family = self.pick("int", "num", "text", "date", "char")
        inner = self.source(depth - 1)
        value = self.expr(family, scope, 1)
        item = self.expr(family, [inner], 1)
        where = f" where {self.expr('bool', scope + [inner], 1)}" if self.chance(0.6) else ""
        return self.pick(
            lambda: f"({self.pick('', 'not ')}exists (select 1 from {inner.text}{where}))",
            lambda: f"({value} {self.pick('', 'not ')}in (select {item} from {inner.text}{where}))",
            lambda: f"({value} {self.pick('=', '<', '>=', '<>')} {self.pick('any', 'all')} (select {item} from {inner.text}{where}))",
            lambda: f"({value} {self.pick('=', '<', '>=')} (select {self.pick('min', 'max')}({item}) from {inner.text}{where}))")()

    def expr_date(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        return self.pick(lambda: f"({e('date')} {self.pick('+', '-')} {self.pick('1', '30', '365')})",
                         lambda: f"({e('date')} {self.pick('+', '-')} ({e('int')} % 1000)::int4)",
                         lambda: f"({e('ts')})::date", lambda: f"make_date(2020, {self.pick('1', '2', '12')}, 28)")()

    def expr_ts(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        return self.pick(
            lambda: f"({e('ts')} {self.pick('+', '-')} {e('iv')})", lambda: f"({e('date')})::timestamp",
            lambda: f"date_trunc({self.unit()}, {e('ts')})",
            lambda: f"({e('date')} + {e('time')})", lambda: f"({e('tz')})::timestamp")()

    def expr_tz(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        return self.pick(lambda: f"({e('tz')} {self.pick('+', '-')} {self.constant('iv')})",
                         lambda: f"date_trunc({self.unit()}, {e(self.pick('tz', 'date'))})")()

    def expr_iv(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        return self.pick(lambda: f"({e('iv')} {self.pick('+', '-')} {e('iv')})", lambda: f"({e('ts')} - {e('ts')})",
                         lambda: f"({e('iv')} * {self.pick('2', '0.5', '(-1)')})",
                         lambda: f"({self.constant('iv')} * ({e('int')} % 50))", lambda: f"age({e('ts')}, {e('ts')})",
                         lambda: f"justify_hours({e('iv')})", lambda: f"({e('time')} - {e('time')})")()

    def expr_time(self, scope, depth):
        return self.pick(lambda: f"({self.expr('time', scope, depth)} + {self.constant('iv')})",
                         lambda: f"({self.expr('ts', scope, depth)})::time")()

    def expr_jsonb(self, scope, depth):
        return self.pick(lambda: f"to_jsonb({self.expr(self.rng.choice(SELECTED), scope, depth)})",
                         lambda: f"jsonb_build_object('k', {self.expr('num', scope, depth)})",
                         lambda: f"({self.expr('jsonb', scope, depth)} -> 'b')")()

    def expr_ints(self, scope, depth):
        e = lambda family: self.expr(family, scope, depth)  # noqa: E731
        return self.pick(lambda: f"array[{e('int')}, {e('int')}]", lambda: f"({e('ints')} || {e('ints')})",
                         lambda: f"array_append({self.constant('ints')}, 1)", lambda: f"({e('ints')})[1:2]")()

    def expr_texts(self, scope, depth):
        return self.pick(lambda: f"array[{self.expr('text', scope, depth)}, {self.expr('text', scope, depth)}]",
                         lambda: f"string_to_array({self.expr('text', scope, depth)}, 'b')")()

    # FROM.
    def source(self, depth):
        kind = self.rng.random()
        if depth > 0 and kind < 0.2:
            return self.derived(depth - 1)
        if depth > 0 and kind < 0.45:
            return self.join(depth - 1)
        if kind < 0.5:
            return self.values()
        if kind < 0.54:
            alias = self.alias("g")
            return Source(f"generate_series(1, {self.pick('3', '5')}) {alias}(n)", [(f"{alias}.n", "int")], [f"{alias}.n"])
        name, columns = self.rng.choice([table for table in self.tables if depth > 1 or table[0] != self.many])
        alias = self.alias()
        return Source(f"{name} {alias}", [(f"{alias}.{column}", family) for column, family in columns], [f"{alias}.id"])

    def values(self):
        alias = self.alias("v")
        families = [self.rng.choice(ORDERED) for _ in range(self.rng.randint(1, 2))]
        rows = []
        for number in range(self.rng.randint(1, 3)):
            items = [f"{self.constant(family)}::{NAMES.get(family, family)}" for family in families]
            rows.append("(" + ", ".join([str(number), *items]) + ")")
        names = [f"x{number}" for number in range(len(families))]
        columns = [(f"{alias}.{name}", family) for name, family in zip(names, families)]
        return Source(f"(values {', '.join(rows)}) {alias}(id, {', '.join(names)})",
                      columns + [(f"{alias}.id", "int")], [f"{alias}.id"])

    def derived(self, depth):
        families = [self.rng.choice(SELECTED) for _ in range(self.rng.randint(1, 3))]
        alias = self.alias("q")
        names = [f"y{number}" for number in range(len(families))]
        text = self.select(families, depth)
        return Source(f"({text}) {alias}({', '.join(names)})",
                      [(f"{alias}.{name}", family) for name, family in zip(names, families)], None)

    def join(self, depth):
        left, right = self.source(depth), self.source(0)
        both = [left, right]
        keys = left.keys + right.keys if left.keys and right.keys else None
        columns = left.columns + right.columns
        kind = self.pick("join", "join", "left join", "right join", "full join", "cross join")
        if kind == "cross join":
            return Source(f"{left.text} cross join {right.text}", columns, keys)
        condition = self.equality(left, right)
        if kind != "full join" and self.chance(0.4):
            condition += f" and {self.expr('bool', both, 1)}"
        return Source(f"{left.text} {kind} {right.text} on {condition}", columns, keys)

    def equality(self, left, right):
        pairs = [(a, b) for a, family in left.columns for b, other in right.columns
                 if family == other and family in ORDERED]
        if not pairs:
            return "true" if self.chance(0.5) else "1 = 1"
        a, b = self.rng.choice(pairs)
        return f"{a} = {b}"

    # SELECT.
    def where(self, scope, depth):
        return f" where {self.expr('bool', scope, depth)}" if self.chance(0.6) else ""

    def select(self, families, depth):
        """Without ORDER BY; the columns have these families."""
        if depth > 0 and self.chance(0.12):
            op = self.pick("union", "union all", "intersect", "except", "intersect all", "except all")
            if not all(family in TOTAL or family in ("ints", "texts") for family in families):
                op = "union all"
            return f"({self.select(families, depth - 1)}) {op} ({self.select(families, depth - 1)})"
        source = self.source(depth)
        scope = [source]
        if self.chance(0.3):
            return self.grouped(families, source, depth)
        if self.chance(0.15) and source.keys:
            items = [self.window(family, source) for family in families]
            return f"select {', '.join(items)} from {source.text}{self.where(scope, 1)}"
        items = [self.expr(family, scope, 2) for family in families]
        total = all(family in TOTAL for family in families)
        distinct = "distinct " if total and self.chance(0.15) else ""
        return f"select {distinct}{', '.join(items)} from {source.text}{self.where(scope, 2)}"

    def aggregate(self, family, source, depth=1):
        e = lambda kind: self.expr(kind, [source], depth)  # noqa: E731
        options = [lambda: f"{self.pick('min', 'max')}({e(family)})"] if family in ORDERED and \
            family not in ("bool", "uuid", "bytea") else []
        order = f" order by {', '.join(source.keys)}" if source.keys else None
        if family == "int":
            options += [lambda: f"count({self.pick('', 'distinct ')}{e(self.rng.choice(ORDERED))})", lambda: "count(*)",
                        lambda: f"sum({self.column('int', [source]) or '1'} % 100)"]
        if family == "num":
            options += [lambda: f"{self.pick('sum', 'avg')}({self.pick('', 'distinct ')}{e(self.pick('num', 'int'))})",
                        lambda: f"sum({e('num')})", lambda: f"avg({e('int')})",
                        lambda: f"{self.pick('var_pop', 'stddev_samp', 'variance')}({e(self.pick('int', 'num'))})"]
        if family == "bool":
            options += [lambda: f"{self.pick('bool_and', 'bool_or', 'every')}({e('bool')})"]
        if family == "flt":
            options += [lambda: f"sum(round({self.column('flt', [source]) or '0.5::float8'}))"]
        if family == "text":
            options += [lambda: f"string_agg(distinct {e('text')}, ',')"]
            if order:
                options += [lambda: f"string_agg({e('text')}, '-'{order})"]
        if family == "ints" and order:
            options += [lambda: f"array_agg({e('int')}{order})"]
        if family == "texts" and order:
            options += [lambda: f"array_agg({e('text')}::text{order})"]
        if not options:
            return None
        call = self.rng.choice(options)()
        return f"{call} filter (where {e('bool')})" if self.chance(0.15) else call

    def grouped(self, families, source, depth):
        keys = [self.expr(self.rng.choice(TOTAL), [source], self.pick(0, 0, 1)) for _ in range(self.rng.randint(0, 2))]
        kinds = [None] * len(keys)
        items = []
        for family in families:
            item = None
            if self.chance(0.35):
                key = self.column(family, [source])
                if key and family in TOTAL:
                    keys.append(key)
                    item = key
            items.append(item or self.aggregate(family, source) or self.constant(family))
        del kinds
        text = f"select {', '.join(items)} from {source.text}{self.where([source], 1)}"
        keys = list(dict.fromkeys(key for key in keys if any(name in key for name, _ in source.columns)))
        if keys:
            joined = ", ".join(keys)
            text += self.pick(f" group by {joined}", f" group by {joined}", f" group by rollup ({joined})",
                              f" group by cube ({joined})", f" group by grouping sets (({joined}), ({keys[0]}), ())")
        if self.chance(0.3):
            text += f" having {self.pick('count(*) > 1', 'min(' + self.expr('int', [source], 0) + ') > 0', 'count(*) < 4')}"
        return text

    def window(self, family, source):
        order = ", ".join(source.keys)
        by = f"partition by {self.expr(self.rng.choice(ORDERED), [source], 0)} " if self.chance(0.5) else ""
        frame = self.pick("", "", " rows between 1 preceding and 1 following", " rows between unbounded preceding and current row",
                          " range between unbounded preceding and unbounded following", " groups between 1 preceding and current row",
                          " rows between 2 preceding and 1 preceding", " rows between current row and unbounded following exclude current row")
        over = f" over ({by}order by {order}{frame})"
        value = self.expr(family, [source], 1)
        options = [lambda: f"{self.pick('lag', 'lead')}({value}) over ({by}order by {order})",
                   lambda: f"{self.pick('first_value', 'last_value')}({value}){over}",
                   lambda: f"nth_value({value}, 2){over}", lambda: f"lag({value}, 2, {value}) over ({by}order by {order})"]
        if family == "int":
            ranked = f" over ({by}order by {self.expr(self.rng.choice(ORDERED), [source], 0)}{self.pick('', ' desc', ' nulls first')})"
            options += [lambda: f"{self.pick('rank()', 'dense_rank()', 'count(*)')}{ranked}",
                        lambda: f"row_number() over ({by}order by {order})", lambda: f"ntile(3) over ({by}order by {order})",
                        lambda: f"count({self.expr('text', [source], 0)}){over}"]
        if family == "num":
            options += [lambda: f"{self.pick('sum', 'avg', 'min', 'max')}({self.expr('num', [source], 0)}){over}",
                        lambda: f"sum({self.expr('int', [source], 0)}){over}"]
        return self.rng.choice(options)()

    def plain(self):
        families = [self.rng.choice(SELECTED) for _ in range(self.rng.randint(1, 4))]
        text, ctes = self.select(families, 2), ""
        if self.chance(0.1):
            cte = self.alias("w")
            names = ", ".join(f"y{number}" for number in range(len(families)))
            ctes = f"with {cte}({names}) as {self.pick('', 'materialized ', 'not materialized ')}({text}) "
            text = f"select * from {cte} union all select * from {cte}"
        if not all(family in TOTAL for family in families) or self.chance(0.5):
            return Query(ctes + text, False)
        keys = [f"{number + 1}{self.pick('', ' desc', ' nulls first', ' desc nulls last')}" for number in range(len(families))]
        text = f"{ctes}select * from ({text}) o order by {', '.join(keys)}"
        if self.chance(0.5):
            text += self.pick(" limit 3", " offset 2", " limit 5 offset 1", " fetch first 2 rows only")
        return Query(text, True)
