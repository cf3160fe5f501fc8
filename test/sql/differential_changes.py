"""Changes with subqueries, as productions of the differential test: after each the table's whole
content is compared. A change is drawn so that its outcome is determined: a row is given one new
value only, and rows that are added have keys of their own (or clash in every order).
"""
from differential_grammar import Query
from differential_forms import Forms
from differential_shapes import COLUMNS, Shapes


class Changes(Forms):
    WEIGHTS = {**Forms.WEIGHTS, "update_from": 2, "update_subquery": 3, "delete_using": 1, "delete_subquery": 2,
               "insert_select": 2, "upsert": 3, "alter": 1, "keyed_join": 4}

    def query(self, rng, only=None):
        """One query or change, all of it drawn from `rng`; `only` names the productions to take."""
        self.rng, self.aliases = rng, 0
        names = [name for name in self.WEIGHTS if only is None or name in only]
        name = rng.choices(names, [self.WEIGHTS[name] for name in names])[0]
        drawn = getattr(self, "shape_" + name)()
        drawn.production = name
        return drawn

    def changed(self, table, text, columns="id, g, h, n, s"):
        """The change and what shows it, by itself or in a transaction that also reads."""
        if self.chance(0.3):
            text += " returning " + ", ".join(f"{table}.{column}" for column in columns.split(", "))
        look = f"table {table}"
        if self.chance(0.5):
            return Query(text, texts=[text, look])
        reads = [self.reading().text for _ in range(self.pick(0, 1, 2))]
        return Query(text, texts=["begin", text, look, *reads, self.pick("rollback", "rollback", "commit"), look])

    def reading(self):
        names = [name for name in Shapes.WEIGHTS if name not in ("plain", "recursive", "partners")]
        return getattr(self, "shape_" + self.rng.choice(names))()

    def chosen(self, a, member=0.5):
        return f" where {self.member(a)}" if self.chance(member) else f" where {self.local(a)}"

    def assignments(self, a):
        """SET items from subqueries that see the row."""
        body, b = self.inner(a)
        return self.pick(
            lambda: f"g = {self.scalar(a)}", lambda: f"h = (select count(*)::int from {body}), s = s || 'x'",
            lambda: f"(g, h) = (select max({b}.g), min({b}.h) from {body})", lambda: f"n = {self.scalar(a, 'num')}, g = h, h = g",
            lambda: f"d = {self.scalar(a, 'date')}", lambda: f"s = {self.scalar(a, 'text')}, k = id - k",
            lambda: f"u = {self.scalar(a, 'ts')}, b = exists (select 1 from {body})",
            lambda: f"g = case when {self.member(a)} then 7 else g end", lambda: f"b = ({self.member(a)})",
            lambda: f"g = coalesce((select sum({b}.h)::int4 from {body}), {a}.g)")()

    def shape_update_from(self):
        t, t2 = self.table_name(), self.table_name()
        q, row = self.alias("q"), t
        assigned = self.pick(f"g = {q}.h, s = {q}.s", f"h = {t}.h + {q}.g", f"n = {q}.n, g = {q}.g", f"k = {q}.k - {t}.id",
                             f"g = (select count(*)::int from {t2} z where z.g = {q}.g and z.h <> {t}.h)")
        source, joined = self.pick(
            (f"{t2} {q}", f"{q}.id = {row}.{self.pick('g', 'h', 'id')}"),
            (f"(select g, max(h) as h, min(s) as s, max(n) as n, max(k) as k from {t2} group by g) {q}", f"{q}.g = {row}.{self.pick('g', 'h')}"),
            (f"(select distinct on (g) * from {t2} order by g, id) {q}", f"{q}.g {self.pick('=', 'is not distinct from')} {row}.h"),
            (f"{t2} {q} left join {self.table_name()} z on z.id = {q}.g", f"{q}.id = {row}.id and (z.h is null or z.h <> {row}.g)"))
        also = self.pick("", "", f" and {self.compared(row, q)}", f" and {self.local(q)}", f" and {self.member(row)}")
        return self.changed(t, f"update {t} set {assigned} from {source} where {joined}{also}")

    def shape_update_subquery(self):
        t = self.table_name()
        where = self.chosen(t) if self.chance(0.7) else ""
        return self.changed(t, f"update {t} set {self.assignments(t)}{where}")

    def shape_delete_using(self):
        t, t2, q = self.table_name(), self.table_name(), self.alias("q")
        source = self.pick(f"{t2} {q}", f"(select {COLUMNS} from {t2} order by id limit 3) {q}", f"{t2} {q} join {self.table_name()} z on z.g = {q}.h")
        return self.changed(t, f"delete from {t} using {source} where {self.near(t, q)} and {t}.id % 3 = 1")

    def shape_delete_subquery(self):
        t = self.table_name()
        also = self.pick("", f" and {t}.id % 2 = 0", f" and {t}.id % 3 = 1")
        head = self.pick("", "", f"with w as (select * from {t} where g > 0) ")
        condition = f"{t}.id in (select id from w x where exists (select 1 from w y where x.g = y.h and x.id <> y.id))" if head else self.member(t)
        return self.changed(t, f"{head}delete from {t} where {condition}{also}")

    def fresh(self, t):
        return f"(select coalesce(max(id), 0) from {t}) + row_number() over (order by x.id)"

    def shape_insert_select(self):
        t, t2 = self.table_name(), self.table_name()
        source = self.pick(f"{t2} x", f"(select {COLUMNS} from {t2} order by id limit 3) x", f"{t2} x")
        items = self.pick("x.g, x.h, x.n, x.s", f"{self.scalar('x')}, x.h, x.n, {self.scalar('x', 'text')}",
                          "max(x.g) over (partition by x.h), x.h, x.n, x.s", f"x.g, (select count(*) from {t2} z where z.g = x.h and z.h <> x.g), x.n, x.s")
        return self.changed(t, f"insert into {t} (id, g, h, n, s) select {self.fresh(t)}, {items} from {source}{self.chosen('x')}")

    def shape_upsert(self):
        t, t2 = self.table_name(), self.table_name()
        if self.chance(0.3):
            action = "do nothing"
        else:
            assigned = self.pick("g = excluded.g, s = excluded.s", f"h = {t}.h + 1, g = excluded.h", f"n = excluded.n + {t}.n",
                                 f"g = (select count(*)::int from {t2} z where z.g = excluded.g and z.h <> {t}.h)",
                                 f"(g, h) = (select max(z.g), excluded.h from {t2} z where z.id <= excluded.id)")
            action = f"do update set {assigned}" + self.pick("", "", f" where {t}.g is distinct from excluded.g", f" where {self.member(t)}")
        rows = self.pick(f"select x.id, x.g, x.h, x.n, x.s from {t2} x{self.chosen('x')}", f"select x.id, x.g, x.h, x.n, x.s from {t2} x{self.chosen('x')}",
                         f"select x.id + {self.pick(0, 3, 20)}, x.h, x.g, x.n, x.s || '+' from {t2} x",
                         "values (1, 0, 1, 2.5, 'v'), (2, null, 3, null, 'w'), (500, 1, 1, 1, 'z')")
        if action != "do nothing" and self.chance(0.1):
            rows = f"select x.id % 5, x.g, x.h, x.n, x.s from {t2} x order by x.id"
        return self.changed(t, f"insert into {t} (id, g, h, n, s) {rows} on conflict {self.pick('(id) ', '(id) ', '') if action == 'do nothing' else '(id) '}{action}")

    def shape_keyed_join(self):
        """Rows found by the keys of what they are joined with, among the transaction's own."""
        t, u = self.table_name(many=True), self.table_name(many=True)
        change = self.pick(f"insert into {t} (id, g, h, k, s) values (-1, 1, 2, 3, 'a'), (0, 0, 1, 2, 'b'), (90001, 2, 2, 2, '')",
                           f"delete from {t} where id % 3 = 1", f"update {t} set k = h, g = 1 where id < 9", f"update {t} set id = - id where id % 4 = 2",
                           f"update {t} set s = 'ab' where g = 1")
        reads = [self.keyed(t, u), self.keyed(u, t), self.keyed(t, t)]
        self.rng.shuffle(reads)
        return Query(reads[0], texts=["begin", change, *reads[:self.pick(1, 2, 3)], self.pick("rollback", "rollback", "commit"), reads[0]])

    def keyed(self, t, u):
        """A row of t has at most one partner by its key, and of those with others there are few."""
        on = self.pick("a.id = b.g", "a.id = b.id", "a.id = b.k", "a.id = b.h + 1", "a.id = b.g and a.h = b.h", "a.id = b.id and a.g >= b.h", "a.id = b.g and a.id >= b.k",
                       "a.id = b.id % 7", "a.id = b.id - 5")
        on += self.pick("", "", f" and {self.local('b')}", f" and {self.local('a')}", " and a.g in (1, 2)", " and b.id in (2, 3, 5, 7, 900)")
        where = self.pick("", "", f" where {self.local('a')}", f" where {self.local('b')}", " where b.id < 12", " where a.s = 'a' and b.id > 3", " where a.g = 1 or b.g = 2",
                          " where a.id between 2 and 40", " where b.k = 1")
        third = self.pick("", "", "", f" join {self.table_name()} c on c.id = a.{self.pick('g', 'h')}", f" left join {self.table_name()} c on c.id = b.{self.pick('g', 'h')}")
        joined = self.pick(f"{t} a join {u} b on {on}", f"{u} b join {t} a on {on}", f"{u} b left join {t} a on {on}", f"{t} a right join {u} b on {on}", f"{t} a left join {u} b on {on}",
                           f"(select * from {t} order by id limit 20) a join {u} b on {on}", f"{t} a join (select distinct on (g) * from {u} order by g, id desc) b on {on}",
                           f"(select id, max(g) as g, min(h) as h, max(k) as k, max(n) as n, min(s) as s, max(d) as d, bool_or(b) as b from {t} group by id) a join {u} b on {on}")
        columns = "count(*), count(a.id), count(b.id), sum(a.g), min(b.s), max(a.id), sum(b.k)"
        if self.many not in (t, u):
            columns = self.pick(columns, "a.id, b.id, a.g, b.s", "a.*, b.id")
        member = self.pick(f"select count(*), sum(a.id), min(a.s) from {t} a where a.id {self.pick('in', 'in', 'not in')} (select {self.pick('g', 'h', 'id')} from {u} b where {self.local('b')} and g is not null and h is not null)",
                           f"select count(*), sum(a.id), max(a.g) from {t} a where {self.pick('', '', 'not ')}exists (select 1 from {u} b where {on})")
        return self.pick(f"select {columns} from {joined}{third}{where}", f"select {columns} from {joined}{third}{where}", f"select {columns} from {joined}{third}{where}", member)

    ACTIONS = ("add column x1 int default 7", "add column x2 text not null default 'q'", "add column x3 numeric default 1.50 check (x3 > 0)",
               "add column x4 int not null",
               "drop column s", "drop column d", "drop column b",
               "drop column if exists x9", "alter column g type int8", "alter column g type text using g::text || '/' || h", "alter column h type numeric using h * 2 + g",
               "alter column h type int8 using g", "alter column n type text", "alter column n type int4", "alter column s type varchar(1)", "alter column s type int4 using length(s)",
               "alter column d type timestamp", "alter column k type int4", "alter column b type text using case when b then g::text end", "alter column u type date",
               "alter column g set default 5", "alter column h set default (1 + 1)", "alter column g drop default", "alter column g set not null", "alter column id set not null",
               "alter column h drop not null", "add check (g >= 0)", "add constraint c1 check (h < 100 or g is null)", "add unique (g, h, id)", "add unique (s)", "drop constraint c1",
               "add constraint c1 unique (id, k)", "alter column s set default 'z', alter column s type char(3)", "add column if not exists g int")

    def shape_alter(self):
        """Undone, so that the round's other queries find what they were drawn for."""
        t = self.table_name()
        alter = f"alter table {t} {', '.join(self.rng.sample(self.ACTIONS, self.pick(1, 2, 2, 3)))}"
        fill = self.pick(f"insert into {t} (id) values (90001)", f"update {t} set k = id where id < 9", f"insert into {t} (id, h) select id + 90000, h from {t} where id < 5")
        between = self.pick([], [f"update {t} set h = g where id % 2 = 0"], [f"delete from {t} where g is null"], ["savepoint s1"])
        last = ["rollback to s1", f"table {t}"] if between == ["savepoint s1"] else []
        return Query(alter, texts=["begin", *between, alter, f"table {t}", fill, f"table {t}", *last, "rollback", f"table {t}"])
