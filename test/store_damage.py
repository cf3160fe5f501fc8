"""Damage to the files of a stopped server: columns are rebuilt from rows, lost rows are
noticed and refused."""
import shutil
import time

from harness import Server

QUERY = "select count(*), sum(a), min(b), max(b) from t"


def fill(server):
    connection = server.connect()
    connection.query("create table t (a bigint primary key, b text)")
    connection.query("insert into t select g, 'row ' || g from generate_series(1, 5000) g")
    connection.query("set omendb.route = column")
    want = connection.query(QUERY)
    connection.close()
    return want


def column_file(server):
    return server.data / "columns" / "columns.duckdb"


def delete(path, _):
    path.unlink()


def truncate(path, _):
    with open(path, "r+b") as file:
        file.truncate(path.stat().st_size // 2)


def scribble(path, _):
    with open(path, "r+b") as file:
        file.write(b"\xff" * 8192)


def older(path, copy):
    shutil.copy(copy, path)


def columns_after(server, want, damage, name, problems):
    path, copy = column_file(server), server.folder / "older.duckdb"
    if not copy.exists():
        shutil.copy(path, copy)
        server.start()
        server.connect().query("insert into t select g, 'later' from generate_series(6001, 6100) g")
        connection = server.connect()
        want[:] = connection.query(QUERY)
        server.stop()
    damage(path, copy)
    server.start()
    connection = server.connect()
    connection.query("set omendb.route = column")
    got = connection.query(QUERY)
    if got != want:
        problems.append(f"{name}: {got} instead of {want}")
    connection.close()
    server.stop()
    code, output = server.check()
    if code != 0:
        problems.append(f"{name}: check says {output}")


def newest_log(server):
    logs = sorted((server.data / "rows").rglob("*.log"), key=lambda path: path.stat().st_mtime)
    return [log for log in logs if log.stat().st_size > 0][-1]


def log_after(binary, damage, name, problems):
    server = Server(binary)
    server.start()
    connection = server.connect()
    connection.query("create table w (a int primary key)")
    for number in range(200):
        connection.query(f"insert into w values ({number})")
    # The record of the last commit is written off the commit path, within a second.
    time.sleep(2.5)
    server.kill()
    damage(newest_log(server))
    code, output = server.start_refused()
    if code == 0 or "accept-lost-commits" not in output:
        problems.append(f"{name}: start was not refused (exit {code}): {output[-300:]}")
    server.start(extra=["--accept-lost-commits"])
    left = int(server.connect().value("select count(*) from w")) if name != "deleted" else 0
    if left >= 200:
        problems.append(f"{name}: nothing was lost, the test shows nothing")
    server.close()


def cut(path):
    with open(path, "r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)


def run(binary):
    problems = []
    server = Server(binary)
    server.start()
    want = fill(server)
    server.stop()
    for name, damage in (("deleted", delete), ("truncated", truncate), ("scribbled", scribble),
                         ("older copy", older)):
        columns_after(server, want, damage, f"column file {name}", problems)
    server.close()
    log_after(binary, cut, "cut", problems)
    log_after(binary, lambda path: path.unlink(), "deleted", problems)
    for problem in problems:
        print("  " + problem)
    return not problems
