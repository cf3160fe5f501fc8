"""22 queries derived from TPC-H: ours and PostgreSQL 15 through a client, raw DuckDB and
ClickHouse in process.

Data come from our own generator by the specification's distributions. Answers are compared
before times; the rounds alternate between the systems; a query's time is its median.
"""
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import report
from harness import Server
from reference import Reference

HERE = pathlib.Path(__file__).parent
TABLES = ("region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem")


def add_arguments(parser):
    parser.add_argument("--sf", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clickhouse", action="store_true", help="run ClickHouse too")
    parser.add_argument("--postgres", action="store_true", help="run PostgreSQL 15 too")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-mb", type=int, default=6000)


class Engine:
    """A child process with an engine in it (peer_engine.py)."""

    def __init__(self, kind, library, path):
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "peer_engine.py"), kind, library, str(path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def query(self, sql):
        answer = self.ask(sql=sql)
        return answer["seconds"], answer["rows"]

    def crowd(self, queries, connections):
        """Queries a second of so many connections that share the list of them."""
        return self.ask(crowd=queries, connections=connections)["rate"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


class Client:
    """A server through a client, on a Unix socket."""

    def __init__(self, server):
        self.server, self.connection = server, server.connect(timeout=600)

    def query(self, sql):
        started = time.perf_counter()
        rows = self.connection.query(sql)
        return time.perf_counter() - started, rows


def queries():
    return {path.stem: path.read_text().strip().rstrip(";")
            for path in sorted((HERE / "tpch" / "queries").glob("q*.sql"))}


def generate(options, folder):
    binary = pathlib.Path(options.server).parent / "bench" / "omendb_tpchgen"
    subprocess.run(["ninja", "-C", str(pathlib.Path(options.server).parent), "omendb_tpchgen"],
                   check=True, capture_output=True)
    subprocess.run([str(binary), "--sf", str(options.sf), "--seed", str(options.seed),
                    "--out", str(folder)], check=True)


def load_ours(server, folder):
    env = server.psql_env()
    schema = (HERE / "tpch" / "schema.sql").read_text()
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", schema], env=env, check=True)
    started = time.perf_counter()
    for table in TABLES:
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c",
                        f"\\copy {table} from '{folder}/{table}.tbl' with (delimiter '|')"],
                       env=env, check=True)
    print(f"loaded by COPY in {time.perf_counter() - started:.1f} s", flush=True)


def load_postgres(reference, folder):
    """With the index without which some of the queries take PostgreSQL hours."""
    env = reference.psql_env()
    run = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    subprocess.run([*run, "-f", str(HERE / "tpch" / "schema.sql")], env=env, check=True)
    for table in TABLES:
        subprocess.run([*run, "-c", f"\\copy {table} from '{folder}/{table}.tbl' "
                                    "with (delimiter '|')"], env=env, check=True)
    subprocess.run([*run, "-c", "create index on lineitem (l_partkey)", "-c", "vacuum analyze"],
                   env=env, check=True)


def postgres_settings(options):
    """As many processes as the others have threads, and their memory."""
    workers = options.threads - 1
    return {"max_parallel_workers_per_gather": workers, "max_parallel_workers": workers,
            "shared_buffers": f"{options.memory_mb // 2}MB",
            "work_mem": f"{options.memory_mb // 8}MB"}


def load_duckdb(engine, folder, options):
    engine.query(f"SET threads={options.threads}")
    engine.query(f"SET memory_limit='{options.memory_mb}MB'")
    schema = (HERE / "tpch" / "schema.sql").read_text()
    # As DuckDB's users declare TPC-H: without keys, which only slow it.
    schema = re.sub(r",?\s*primary key\s*\([^)]*\)", "", schema, flags=re.I)
    schema = re.sub(r"\bprimary key\b", "", schema, flags=re.I)
    engine.query(schema)
    for table in TABLES:
        engine.query(f"COPY {table} FROM '{folder}/{table}.tbl' (DELIMITER '|')")


def load_clickhouse(engine, folder):
    for table in TABLES:
        columns = clickhouse_columns(table)
        engine.query(f"CREATE TABLE {table} ({columns}) ENGINE = MergeTree ORDER BY tuple()")
        engine.query(f"INSERT INTO {table} SELECT * FROM file('{folder}/{table}.tbl', CSV) "
                     "SETTINGS format_csv_delimiter = '|'")


def clickhouse_columns(table):
    schema = (HERE / "tpch" / "schema.sql").read_text()
    body = re.search(rf"create table {table}\s*\((.*?)\);", schema, re.I | re.S)[1]
    columns = []
    for line in re.split(r",\s*\n", body):
        match = re.match(r"\s*(\w+)\s+([a-z]+(?:\([\d,\s]+\))?)", line, re.I)
        if not match or match[1].lower() == "primary":
            continue
        kind = match[2].lower()
        kind = {"integer": "Int32", "int": "Int32", "bigint": "Int64", "date": "Date"}.get(
            kind, re.sub(r"(?:decimal|numeric)\((.*)\)", r"Decimal(\1)", kind))
        columns.append(f"{match[1]} {'String' if 'char' in kind or kind == 'text' else kind}")
    return ", ".join(columns)


def number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def same(ours, theirs):
    """Equal to a part in a million: others compute averages as doubles, we exactly."""
    if len(ours) != len(theirs):
        return False
    for a, b in zip(ours, theirs):
        for x, y in zip(a, b):
            if x == y or (x or "").rstrip() == (y or "").rstrip():
                continue
            p, q = number(x), number(y)
            if p is None or q is None or abs(p - q) > 1e-6 * max(1.0, abs(p), abs(q)):
                return False
    return True


def measure(systems, options):
    """Times of each round, and per system the queries whose answers differ from ours."""
    times = {(name, query): [] for name in systems for query in queries()}
    differ = {name: [] for name in systems}
    for round_number in range(options.rounds + 1):
        for query, sql in queries().items():
            answers = {}
            order = list(systems.items())
            for name, system in order if round_number % 2 else reversed(order):
                seconds, answers[name] = system.query(sql)
                if round_number > 0:
                    times[name, query].append(seconds)
            for name in systems if round_number == 0 else ():
                if not same(answers["omendb"], answers[name]):
                    differ[name].append(query)
        print(f"round {round_number} done", flush=True)
        if wrong(differ):
            break
    return times, differ


def wrong(differ):
    """ClickHouse divides decimals to the scale of the first: its differences are told, no more."""
    return [query for name, list_of in differ.items() if name != "clickhouse" for query in list_of]


def total(times, name):
    return sum(statistics.median(times[name, query]) for query in queries())


def run(options):
    with tempfile.TemporaryDirectory(prefix="omendb-tpch-") as folder:
        data = pathlib.Path(folder) / "data"
        data.mkdir()
        generate(options, data)
        server, reference = Server(options.server), None
        config = pathlib.Path(folder) / "omendb.toml"
        config.write_text(f"column_threads = {options.threads}\n"
                          f"column_memory_mb = {options.memory_mb}\n")
        server.start(extra=["--config", str(config)])
        systems = {"omendb": Client(server)}
        try:
            load_ours(server, data)
            systems["duckdb"] = Engine(
                "duckdb", f"{options.engines}/@duckdb/node-bindings-linux-x64/libduckdb.so",
                f"{folder}/raw.duckdb")
            load_duckdb(systems["duckdb"], data, options)
            if options.clickhouse:
                systems["clickhouse"] = Engine(
                    "clickhouse", f"{options.peers}/@chdb/lib-linux-x64-gnu/libchdb.so",
                    f"{folder}/clickhouse")
                load_clickhouse(systems["clickhouse"], data)
            if options.postgres:
                reference = Reference(postgres_settings(options)).__enter__()
                load_postgres(reference, data)
                systems["postgresql15"] = Client(reference)
            times, differ = measure(systems, options)
            if wrong(differ):
                print(f"answers differ: {differ}; no figures")
                return 1
            return publish(times, differ, systems, options)
        finally:
            server.close()
            if reference is not None:
                reference.__exit__()
            for system in systems.values():
                if isinstance(system, Engine):
                    system.close()


def publish(times, differ, systems, options):
    totals = {name: total(times, name) for name in systems}
    for query in queries():
        print(query, *(f"{name} {statistics.median(times[name, query]) * 1000:8.1f} ms"
                       for name in systems))
    figures = [(f"tpch_sf{options.sf:g}_vs_{name}", totals["omendb"] / seconds, "x")
               for name, seconds in totals.items() if name != "omendb"]
    report.write(f"tpch-sf{options.sf:g}", options.seed,
                 {"sf": options.sf, "threads": options.threads, "memory_mb": options.memory_mb,
                  "totals_s": totals, "answers_that_differ": differ},
                 {f"{name} {query}": values for (name, query), values in times.items()}, figures)
    return 0
