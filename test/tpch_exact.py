"""The 22 TPC-H-derived queries: every value as PostgreSQL 15 prints it, digit for digit, on
columns and, forced, on rows through the mixed path."""
import pathlib
import subprocess
import tempfile

from harness import Server
from reference import Reference

BENCH = pathlib.Path(__file__).resolve().parent.parent / "bench" / "tpch"
TABLES = ("region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem")


def load(env, folder):
    """COPY through psql, as a user would."""
    run = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    subprocess.run([*run, "-f", str(BENCH / "schema.sql")], env=env, check=True)
    for table in TABLES:
        subprocess.run([*run, "-c", f"\\copy {table} from '{folder}/{table}.tbl' "
                                    "with (delimiter '|')"], env=env, check=True)


def answers(connection):
    out = {}
    for path in sorted((BENCH / "queries").glob("q*.sql")):
        out[path.stem] = connection.query(path.read_text())
    return out


def differences(want, got, path):
    problems = []
    for name, rows in want.items():
        if got[name] == rows:
            continue
        first = next(((a, b) for a, b in zip(rows, got[name]) if a != b), None)
        problems.append(f"{name} on {path}: {len(got[name])} rows for {len(rows)}; first "
                        f"difference {first}")
    return problems


def run(binary, generator, scale=0.1):
    problems = []
    with tempfile.TemporaryDirectory(prefix="omendb-tpch-") as folder:
        subprocess.run([str(generator), "--sf", str(scale), "--seed", "1", "--out", folder],
                       check=True)
        with Reference() as reference:
            load(reference.psql_env(), folder)
            connection = reference.connect()
            connection.script("create index on lineitem (l_partkey)")
            connection.script("analyze")
            want = answers(connection)
        empty = [name for name, rows in want.items() if not rows]
        with Server(binary) as server:
            load(server.psql_env(), folder)
            for path in ("auto", "column", "mixed"):
                connection = server.connect(timeout=600)
                connection.query(f"set omendb.route = {path}")
                problems += differences(want, answers(connection), path)
    print(f"tpch: {len(want)} queries at SF {scale}, {sum(map(len, want.values()))} rows, "
          f"{len(empty)} with none; {len(problems)} differ from PostgreSQL 15")
    for problem in problems:
        print("  " + problem[:600])
    return not problems
