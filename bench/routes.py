"""The router's choices: templates run on auto and on each path, and how far estimates are off.

Tables like pgbench's, TPC-H's and an order entry's, of a million rows. Each template is prepared and
run with values that may flip the best path. Answers of all paths are compared before times count.
Figures: time of auto over that of the best forced path, summed; the worst single case; how often auto
takes the best path (or one within a tenth of it, or 0.2 ms); the estimates' q-errors.
"""
import statistics
import time

import report
from harness import Server

SETUP = """
create table acc (aid int primary key, bid int not null, abalance int not null, kind text,
                  seen timestamp);
create index acc_bid on acc (bid);
create index acc_seen on acc (seen);
insert into acc select g, case when g % 100 < 60 then 1 else g % 5000 end, (g::bigint * 7919 % 20001)::int - 10000,
  'k' || (g % 13), timestamp '2025-01-01' + g * interval '31 seconds'
  from generate_series(1, {rows}) g;
create table cust (id int primary key, name text not null, seg text not null, nation int not null);
insert into cust select g, 'c' || g, 's' || (g % 5), g % 25 from generate_series(1, {rows} / 10) g;
create table product (id int primary key, cat int not null, price numeric(10,2) not null, name text);
insert into product select g, g % 40, (g % 997) + 0.5, 'product ' || g
  from generate_series(1, {rows} / 50) g;
create table ord (id int primary key, cust int not null, day date not null, status text not null,
                  total numeric(12,2) not null, region int not null);
create index ord_cust on ord (cust);
create index ord_day on ord (day);
create index ord_status on ord (status);
insert into ord select g, case when g % 10 = 0 then 7 else (g::bigint * 31 % ({rows} / 10))::int + 1 end,
  date '2020-01-01' + (g / ({rows} / 2000)),
  case when g % 1000 = 0 then 'lost' when g % 50 = 0 then 'open' else 'done' end,
  (g % 5000) + 0.25, case when g % 50 = 0 then 9 else g % 4 end from generate_series(1, {rows}) g;
create table item (ord int not null, line int not null, product int not null, qty int not null,
                   price numeric(10,2) not null, primary key (ord, line));
create index item_product on item (product);
insert into item select g / 2, g % 2, (g::bigint * 17 % ({rows} / 50))::int + 1, g % 30 + 1, (g % 500) + 0.99
  from generate_series(2, {rows} + 1) g;
create table tag (ord int not null, name text not null);
create index tag_ord on tag (ord);
insert into tag select g * 10, 't' || g % 300 from generate_series(1, {rows} / 20) g;
analyze;
"""

# Name, parameter types, statement, and values to run it with; {m} is the number of rows.
TEMPLATES = [
    ("key", "int", "select abalance from acc where aid = $1", ["5", "{m}"]),
    ("keys in", "int, int, int", "select aid, abalance from acc where aid in ($1, $2, $3)", ["1, 50, 900"]),
    ("key range", "int, int", "select abalance from acc where aid between $1 and $2",
     ["100, 199", "100, 1099", "1, {m} / 2", "1, {m}"]),
    ("key range sum", "int, int", "select sum(abalance) from acc where aid between $1 and $2",
     ["100, 1099", "1, 20000", "1, {m}"]),
    ("index equal", "int", "select aid, abalance from acc where bid = $1", ["17", "1"]),
    ("index equal sum", "int", "select sum(abalance), count(*) from acc where bid = $1", ["17", "1", "-5"]),
    ("index range", "timestamp, timestamp", "select count(*) from acc where seen >= $1 and seen < $2",
     ["'2025-02-01', '2025-02-01 01:00'", "'2025-02-01', '2025-02-03'", "'2025-02-01', '2025-08-01'",
      "'2030-01-01', '2031-01-01'"]),
    ("two conditions", "int, text", "select count(*) from acc where bid = $1 and kind = $2",
     ["17, 'k3'", "1, 'k3'", "1, 'none'"]),
    ("unindexed", "int", "select aid from acc where abalance = $1", ["77", "-10001"]),
    ("unindexed like", "text", "select count(*) from acc where kind like $1", ["'k1%'", "'zz%'"]),
    ("whole count", "int", "select count(*) from acc where abalance > $1", ["0", "9990", "-20000"]),
    ("group few", "int", "select bid, sum(abalance) from acc where bid < $1 group by bid", ["20", "5000"]),
    ("group kind", "int", "select kind, count(*), max(abalance) from acc where aid <= $1 group by kind",
     ["500", "{m}"]),
    ("newest", "int", "select aid, seen from acc order by seen desc limit $1", ["20", "2000"]),
    ("newest of", "int", "select aid, seen from acc where bid = $1 order by seen desc limit 20",
     ["17", "1", "4999"]),
    ("newest rare", "int", "select aid, seen from acc where abalance = $1 order by seen desc limit 10",
     ["77", "-10001"]),
    ("top unindexed", "int", "select aid, abalance from acc order by abalance desc, aid limit $1", ["10"]),
    ("limit no order", "int", "select aid from acc where abalance > $1 limit 10", ["0", "9999"]),
    ("max", "int", "select max(abalance) from acc where bid = $1", ["17", "1"]),
    ("max key", "int", "select max(aid) from acc where aid < $1", ["500", "{m}"]),
    ("orders of", "int", "select id, total from ord where cust = $1", ["55", "7"]),
    ("orders of sum", "int", "select sum(total) from ord where cust = $1", ["55", "7"]),
    ("orders of day", "date", "select count(*), sum(total) from ord where day = $1",
     ["'2021-03-04'", "'2035-01-01'"]),
    ("orders of days", "date, date", "select sum(total) from ord where day between $1 and $2",
     ["'2021-03-04', '2021-03-05'", "'2021-01-01', '2021-06-30'", "'2020-01-01', '2026-01-01'"]),
    ("status", "text", "select count(*), sum(total) from ord where status = $1",
     ["'lost'", "'open'", "'done'", "'none'"]),
    ("status rows", "text", "select id, day from ord where status = $1 order by id limit 50",
     ["'lost'", "'done'", "'none'"]),
    ("correlated", "text, int", "select count(*) from ord where status = $1 and region = $2",
     ["'open', 9", "'done', 9", "'lost', 9"]),
    ("order page", "int, int", "select id, total from ord where id > $1 order by id limit $2",
     ["1000, 25", "{m} / 2, 500"]),
    ("order with lines", "int", "select o.id, i.line, i.qty from ord o join item i on i.ord = o.id "
     "where o.id = $1", ["1000", "{m} / 4"]),
    ("orders with lines", "int", "select o.id, i.line, i.qty from ord o join item i on i.ord = o.id "
     "where o.cust = $1", ["55", "7"]),
    ("lines sum", "int", "select sum(i.qty * i.price) from ord o join item i on i.ord = o.id "
     "where o.cust = $1", ["55", "7"]),
    ("lines of day", "date, date", "select sum(i.qty) from ord o join item i on i.ord = o.id "
     "where o.day between $1 and $2", ["'2021-03-04', '2021-03-04'", "'2020-01-01', '2022-01-01'"]),
    ("customer of order", "int, int", "select c.name, o.total from ord o join cust c on c.id = o.cust "
     "where o.id between $1 and $2", ["10, 20", "10, 5000"]),
    ("product sales", "int", "select sum(i.qty) from item i where i.product = $1", ["5", "-1"]),
    ("category sales", "int", "select sum(i.qty) from product p join item i on i.product = p.id "
     "where p.cat = $1", ["3"]),
    ("category few", "int, numeric", "select sum(i.qty) from product p join item i on i.product = p.id "
     "where p.cat = $1 and p.price = $2", ["3, 43.5", "3, 1.25"]),
    ("three tables", "text, date", "select c.seg, sum(o.total) from cust c join ord o on o.cust = c.id "
     "join item i on i.ord = o.id where c.seg = $1 and o.day = $2 group by c.seg",
     ["'s1', '2021-03-04'"]),
    ("three tables all", "int", "select c.seg, sum(i.qty) from cust c join ord o on o.cust = c.id "
     "join item i on i.ord = o.id where c.nation < $1 group by c.seg", ["1", "25"]),
    ("exists", "int, int", "select count(*) from ord o where id between $1 and $2 and exists "
     "(select from tag t where t.ord = o.id)", ["1, 1000", "1, {m} / 3"]),
    ("not exists", "int, int", "select count(*) from ord o where id between $1 and $2 and not exists "
     "(select from tag t where t.ord = o.id)", ["1, 1000", "1, {m} / 3"]),
    ("in subquery", "text", "select count(*) from ord where id in (select ord from tag where name = $1)",
     ["'t7'", "'none'"]),
    ("left join", "int", "select count(t.name) from ord o left join tag t on t.ord = o.id "
     "where o.cust = $1", ["55", "7"]),
    ("distinct", "int", "select count(distinct cust) from ord where id <= $1", ["1000", "{m}"]),
    ("distinct rows", "date", "select distinct region from ord where day = $1", ["'2021-03-04'"]),
    ("window", "int", "select id, row_number() over (order by total, id) from ord where cust = $1",
     ["55"]),
    ("by month", "date", "select date_trunc('month', day), sum(total) from ord where day >= $1 group by 1",
     ["'2025-06-01'", "'2020-01-01'"]),
    ("or", "int, int", "select count(*) from acc where aid = $1 or bid = $2", ["5, 17"]),
    ("tag names", "int", "select name, count(*) from tag where ord < $1 group by name", ["1000", "{m}"]),
    ("small scan", "int", "select count(*) from product where cat = $1", ["3"]),
    ("small join", "int", "select count(*) from product p join cust c on c.nation = p.cat where p.id < $1",
     ["30", "20000"]),
    ("union", "int", "select id from ord where cust = $1 union all select aid from acc where bid = $1",
     ["55"]),
]

PATHS = ("row", "column", "mixed")


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="templates whose name contains it")
    parser.add_argument("--limit", type=float, default=3.0, help="seconds after which a run is ended")


def cases(options):
    for name, types, statement, values in TEMPLATES:
        if options.only in name:
            for value in values:
                yield name, types, statement, value.replace("{m}", str(options.rows))


class Prober:
    """Runs one case on one route."""

    def __init__(self, connection, limit):
        self.connection, self.limit = connection, limit
        connection.query(f"set statement_timeout = {int(limit * 1000)}")

    def run(self, route, number, value):
        """Seconds and the sorted answer; None and the SQLSTATE where it failed."""
        self.connection.query(f"set omendb.route = {route}")
        start = time.perf_counter()
        try:
            rows = self.connection.query(f"execute q{number}({value})")
        except Exception as error:  # pylint: disable=broad-except
            return None, getattr(error, "sqlstate", str(error))
        return time.perf_counter() - start, sorted(map(str, rows))

    def last_path(self):
        return self.connection.query("select path from omendb.query_history where tag = 'SELECT' and "
                                     "query not like '%query_history%' order by id desc limit 1")[0][0]


def probe(prober, number, value, rounds):
    """Medians by route, the path that auto took, and whether answers agree."""
    times, answers, path = {}, {}, ""
    for round_number in range(rounds + 1):
        for route in ("auto", *PATHS):
            if route in times and times[route] is None:
                continue
            took, answer = prober.run(route, number, value)
            if route == "auto" and round_number == 1:
                path = prober.last_path()
            if took is None:
                times[route] = None
                if route == "auto":
                    answers[route] = answer
            elif round_number == 0:
                answers[route], times[route] = answer, []
            else:
                times[route].append(took)
        if all(t is None or sum(t) > 2 for t in times.values()) and round_number > 2:
            break
    first = answers.get("auto")
    limited = len(set(map(str, answers.values()))) > 1
    return ({route: statistics.median(t) if t else None for route, t in times.items()}, path,
            limited, first)


def estimates(connection):
    """Parts of plans that were run: q-error, kind, tables, rows estimated and counted."""
    return sorted([float(row[0]), *row[1:]] for row in connection.query(
        "select q_error, kind, tables::text, estimated_rows, last_rows from omendb.plan_parts "
        "where q_error is not null"))


def run(options):
    server = Server(options.server, args=["--auth", "trust"]).start()
    try:
        connection = server.connect(timeout=600)
        for statement in SETUP.format(rows=options.rows).split(";"):
            if statement.strip():
                connection.query(statement)
        prober = Prober(connection, options.limit)
        rows, wrong, prepared = [], [], {}
        for name, types, statement, value in cases(options):
            if name not in prepared:
                prepared[name] = len(prepared)
                connection.query(f"prepare q{prepared[name]} ({types}) as {statement}")
            times, path, differs, first = probe(prober, prepared[name], value, options.rounds)
            if differs and "limit" not in statement:
                wrong.append(f"{name} ({value}): paths differ: {first}")
            best = min((t, route) for route, t in times.items() if route != "auto" and t is not None)
            auto = times["auto"] if times["auto"] is not None else options.limit
            chosen_best = path == best[1] or auto <= best[0] * 1.1 + 0.0002
            rows.append({"name": name, "values": value, "auto_ms": auto * 1e3, "path": path,
                         "best": best[1], "best_ms": best[0] * 1e3, "is_best": chosen_best,
                         **{f"{p}_ms": times.get(p) and times[p] * 1e3 for p in PATHS}})
            shown = " ".join(f"{p} {times[p] * 1e3:.2f}" if times.get(p) else f"{p} -" for p in PATHS)
            print(f"{'  ' if chosen_best else '! '}{name} ({value}): auto {auto * 1e3:.2f} on {path}; {shown}",
                  flush=True)
        estimated = estimates(connection)
        for fault in wrong:
            print(fault)
        if wrong:
            return 1
        return conclude(options, rows, estimated)
    finally:
        server.close()


def conclude(options, rows, estimated):
    q_errors = [part[0] for part in estimated]
    for part in estimated[-8:]:
        print("estimate:", *part)
    auto = sum(row["auto_ms"] for row in rows)
    best = sum(row["best_ms"] for row in rows)
    worst = max(rows, key=lambda row: row["auto_ms"] / (row["best_ms"] + 1))
    column = sum(row["column_ms"] or row["best_ms"] for row in rows)
    print(f"worst: {worst['name']} ({worst['values']})")
    found = [("routes_auto_vs_oracle", auto / best, "x"),
             ("routes_column_vs_oracle", column / best, "x"),
             ("routes_worst", max((row["auto_ms"] - 5) / row["best_ms"] for row in rows), "x"),
             ("routes_best_share", sum(row["is_best"] for row in rows) / len(rows), "")]
    if q_errors:
        found += [("estimate_q50", statistics.median(q_errors), "x"),
                  ("estimate_q95", q_errors[int(len(q_errors) * 0.95)], "x")]
    report.write("routes", 0, {"rows": options.rows, "rounds": options.rounds, "cases": len(rows)},
                 {"cases": rows, "estimates": estimated}, found)
    return 0
