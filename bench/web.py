"""43 queries of web analytics over one wide table: ours through a client, raw DuckDB (and
ClickHouse) in process.

The rows are made by our own generator, which raw DuckDB runs. Answers are compared before times;
the first times of a query are those of systems that have just opened their files, the others hot.
Then a crowd of connections asks all queries over and over, first one system, then the other.
"""
import collections
import contextlib
import itertools
import math
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

import report
from query_crowd import Crowd
from harness import Server
from tpch import Client, Engine, number

HERE = pathlib.Path(__file__).parent / "web"


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5, help="of hot times")
    parser.add_argument("--opens", type=int, default=3, help="of first times")
    parser.add_argument("--only", default="", help="numbers of queries: 3,17")
    parser.add_argument("--connections", type=int, default=10)
    parser.add_argument("--crowd-cycles", type=int, default=3,
                        help="times that the crowd asks all queries, twice; 0: no crowd")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clickhouse", action="store_true", help="run ClickHouse too")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-mb", type=int, default=6000)
    parser.add_argument("--keep", help="folder of the systems' files, made there once and kept")


class Query:
    """One query, and how its answers are compared: by all, by the value of `ties`, or `any`."""

    def __init__(self, number_, note, sql):
        self.name, self.sql = f"w{number_:02}", sql
        self.any = note == "any"
        self.ties = int(note.split()[1]) - 1 if note.startswith("ties") else None
        self.ordered = "ORDER BY" in sql

    def same(self, ours, theirs):
        if len(ours) != len(theirs):
            return False
        if self.any:
            return True
        if self.ties is None:
            return all(same_row(a, b) for a, b in zip(ours, theirs))
        mine, others = self.runs(ours), self.runs(theirs)
        if len(mine) != len(others):
            return False
        # Of the last run a LIMIT has left some out: which is not said.
        whole = len(mine) - 1 if "LIMIT" in self.sql else len(mine)
        return all(len(a) == len(b) and same_cell(a[0][self.ties], b[0][self.ties])
                   and (at >= whole or "OFFSET" in self.sql or same_set(a, b))
                   for at, (a, b) in enumerate(zip(mine, others)))

    def runs(self, rows):
        """The rows in runs of equal order."""
        return [list(run) for _, run in itertools.groupby(
            rows, key=lambda row: round(number(row[self.ties]), 6))]


def same_cell(x, y):
    if x == y:
        return True
    p, q = number(x), number(y)
    return p is not None and q is not None and abs(p - q) <= 1e-6 * max(1.0, abs(p), abs(q))


def same_row(a, b):
    return len(a) == len(b) and all(same_cell(x, y) for x, y in zip(a, b))


def same_set(a, b):
    """A pairing of two short lists of rows."""
    left = list(b)
    for row in a:
        found = next((other for other in left if same_row(row, other)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def queries(only=""):
    wide = ", ".join(f"sum(screen_width + {i})" for i in range(90))
    text = (HERE / "queries.sql").read_text().replace("{wide}", wide)
    found, note = [], ""
    for line in text.splitlines()[2:]:
        if line.startswith("--"):
            note = line[2:].strip()
            continue
        found.append(Query(len(found) + 1, note, line.rstrip(";")))
        note = ""
    chosen = {int(each) for each in only.split(",") if each}
    return [query for at, query in enumerate(found, 1) if not chosen or at in chosen]


def schema(for_clickhouse=False):
    text = (HERE / "schema.sql").read_text()
    if not for_clickhouse:
        return text
    for ours, theirs in (("bigint", "Int64"), ("integer", "Int32"), ("smallint", "Int16"),
                         ("text", "String"), ("timestamp", "DateTime64(6)"), ("date", "Date"),
                         ("numeric", "Decimal")):
        text = re.sub(rf" {ours}\b", f" {theirs}", text)
    return text.replace(" NOT NULL", "").replace(
        ");", ") ENGINE = MergeTree ORDER BY (site_id, view_date, visitor_id, viewed_at)")


def open_duckdb(options, folder):
    library = f"{options.engines}/@duckdb/node-bindings-linux-x64/libduckdb.so"
    engine = Engine("duckdb", library, folder / "raw.duckdb")
    engine.query(f"SET threads={options.threads}")
    engine.query(f"SET memory_limit='{options.memory_mb}MB'")
    return engine


def open_clickhouse(options, folder):
    library = f"{options.peers}/@chdb/lib-linux-x64-gnu/libchdb.so"
    engine = Engine("clickhouse", library, folder / "clickhouse")
    engine.query(f"SET max_threads = {options.threads}")
    return engine


def generate(options, folder):
    """Rows into raw DuckDB, and out of it into a file for the others."""
    started = time.perf_counter()
    engine = open_duckdb(options, folder)
    engine.query(schema())
    for first in range(0, options.rows, 1_000_000):
        last = min(first + 1_000_000, options.rows) - 1
        sql = (HERE / "rows.sql").read_text().format(
            first=first, last=last, rows=options.rows, seed=options.seed)
        engine.query("INSERT INTO views " + sql)
    engine.query(f"COPY views TO '{folder}/views.tbl' (DELIMITER '|', HEADER false)")
    engine.query("CHECKPOINT")
    engine.close()
    print(f"{options.rows} rows made in {time.perf_counter() - started:.1f} s", flush=True)


def load_ours(server, folder):
    run = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c"]
    started = time.perf_counter()
    subprocess.run([*run, schema()], env=server.psql_env(), check=True)
    subprocess.run([*run, f"\\copy views from '{folder}/views.tbl' with (format csv, delimiter '|')"],
                   env=server.psql_env(), check=True)
    client = Client(server)
    client.query("SELECT count(*), min(url) FROM views")
    client.query("ANALYZE views")  # or the server would do it while it is measured
    client.connection.close()
    print(f"loaded by COPY in {time.perf_counter() - started:.1f} s", flush=True)


def load_clickhouse(options, folder):
    engine = open_clickhouse(options, folder)
    engine.query(schema(for_clickhouse=True))
    engine.query(f"INSERT INTO views SELECT * FROM file('{folder}/views.tbl', CSV) "
                 "SETTINGS format_csv_delimiter = '|'")
    engine.close()


def new_server(options, folder):
    config = folder / "omendb.toml"
    config.write_text(f"column_threads = {options.threads}\n"
                      f"column_memory_mb = {options.memory_mb}\n")
    return Server(options.server, folder=folder, args=["--config", str(config), "--auth", "trust"])


def prepare(options, folder):
    """All systems with the rows, closed again."""
    if (folder / "ready").exists():
        return
    generate(options, folder)
    server = new_server(options, folder)
    server.start()
    load_ours(server, folder)
    server.stop()
    if options.clickhouse:
        load_clickhouse(options, folder)
    (folder / "views.tbl").unlink()
    (folder / "ready").touch()


class Times:
    """By system and query, those after an opening and the hot ones; and answers that differ."""

    def __init__(self):
        self.first, self.hot = collections.defaultdict(list), collections.defaultdict(list)
        self.differ = collections.defaultdict(list)
        self.rounds = 0

    def measure(self, systems, asked, into):
        for query in asked:
            answers = {}
            order = list(systems.items())
            for name, system in order if self.rounds % 2 else reversed(order):
                seconds, answers[name] = system.query(query.sql)
                into[name, query.name].append(seconds)
            for name in systems:
                if not query.same(answers["omendb"], answers[name]):
                    self.differ[name].append(query.name)
        self.rounds += 1
        print(f"round {self.rounds} done", flush=True)


def crowd(server, duckdb, asked, options):
    """Queries a second of each, one after the other, twice, and our errors."""
    rates, errors = {"omendb": [], "duckdb": []}, []
    work = [query.sql for query in asked] * options.crowd_cycles
    for _ in range(2):
        ours = Crowd(lambda: server.connect(timeout=600), work, options.connections)
        rates["omendb"].append(ours.run())
        errors += ours.errors
        rates["duckdb"].append(duckdb.crowd(work, options.connections))
    print("crowd, queries a second:", {name: [round(rate, 2) for rate in of]
                                       for name, of in rates.items()}, flush=True)
    return rates, errors


def ratios(times, asked, other):
    """By query: our time over the other's."""
    return {query.name: statistics.median(times["omendb", query.name]) /
            statistics.median(times[other, query.name]) for query in asked}


def mean(of):
    return math.exp(statistics.fmean(math.log(value) for value in of.values()))


@contextlib.contextmanager
def opened(options, folder):
    """Our server and all systems by name, just opened."""
    server, systems = new_server(options, folder), {}
    try:
        server.start()
        systems["omendb"] = Client(server)
        systems["duckdb"] = open_duckdb(options, folder)
        if options.clickhouse:
            systems["clickhouse"] = open_clickhouse(options, folder)
        yield server, systems
    finally:
        for system in systems.values():
            if isinstance(system, Engine):
                system.close()
        if server.process is not None and server.process.poll() is None:
            server.stop()


def run(options):
    with tempfile.TemporaryDirectory(prefix="omendb-web-") as own:
        folder = pathlib.Path(options.keep or own)
        folder.mkdir(parents=True, exist_ok=True)
        prepare(options, folder)
        asked, times = queries(options.only), Times()
        for _ in range(options.opens - 1):
            with opened(options, folder) as (_, systems):
                times.measure(systems, asked, times.first)
        with opened(options, folder) as (server, systems):
            times.measure(systems, asked, times.first)
            for _ in range(options.rounds):
                times.measure(systems, asked, times.hot)
            return conclude(server, systems, asked, times, options)


def conclude(server, systems, asked, times, options):
    if any(times.differ[name] for name in systems if name != "clickhouse"):
        print(f"answers differ: {times.differ}; no figures")
        return 1
    rates, errors = {}, []
    if options.crowd_cycles > 0:
        rates, errors = crowd(server, systems["duckdb"], asked, options)
    if errors:
        print(f"errors in the crowd: {errors[:5]}; no figures")
        return 1
    return publish(times, rates, systems, asked, options)


def publish(times, rates, systems, asked, options):
    against = ratios(times.hot, asked, "duckdb")
    for query in asked:
        print(query.name, *(f"{name} {statistics.median(times.hot[name, query.name]) * 1000:8.1f}"
                            for name in systems), f"ms   {against[query.name]:.2f}", query.sql[:90])
    figures = [("web_vs_duckdb", mean(against), "x"), ("web_worst", max(against.values()), "x"),
               ("web_first_vs_duckdb", mean(ratios(times.first, asked, "duckdb")), "x")]
    if "clickhouse" in systems:
        figures.append(("web_vs_clickhouse", mean(ratios(times.hot, asked, "clickhouse")), "x"))
    if rates:
        figures.append(("web_crowd_vs_duckdb",
                        sum(rates["omendb"]) / sum(rates["duckdb"]), "x"))
    configuration = {key: getattr(options, key) for key in (
        "rows", "rounds", "opens", "connections", "crowd_cycles", "threads", "memory_mb", "only")}
    measurements = {f"{name} {query}": {"first": values, "hot": times.hot[name, query]}
                    for (name, query), values in times.first.items()}
    report.write("web", options.seed,
                 configuration | {"crowd_queries_a_second": rates,
                                  "answers_that_differ": dict(times.differ)},
                 measurements, figures)
    return 0
