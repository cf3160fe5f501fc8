#!/usr/bin/env python3
"""Bombs: statements that would take long or much (bomb_shapes.py), on every route, in a server that
has 6 GB. Each must end within its time and its memory, the process must go on, and what was taken
is given back.

    bombs.py --server BINARY            all of them on every route
    bombs.py --server BINARY --only json plans --route row

By run.py bombs each runs on one route, and the limits have room for a loaded machine. It is not
part of the suite, since it judges time.
"""
import argparse
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from bomb_shapes import CATEGORIES  # noqa: E402
from harness import Server  # noqa: E402

ROUTES = ("auto", "row", "column", "mixed")
SERVER_MB, STATEMENT_MB, TIMEOUT_S = 6144, 256, 1.0
OVER_S, OVER_MB, LEFT_MB = 0.5, 100, 150
LOADED_S = 15.0  # in the short form: a statement that ignores its limit takes minutes
# An engine takes from a budget of its own what it sorts and hashes: see column_memory_mb.
ENGINE_MB = 1536 + 1536 // 4
# These are limited by what a session may hold, as changes are.
SESSION_MB, HELD = SERVER_MB // 4 * 3 // 4, ("plans", "held")
ENDINGS = {"53200", "53400", "54000", "54001", "57014", "22003", "0A000", "2201B", "42883"}


class Watch:
    """The largest resident size while it is open."""

    def __init__(self, server):
        self.server, self.peak, self.done = server, server.resident_mb(), threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.done.wait(0.01):
            self.peak = max(self.peak, self.server.resident_mb())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


def configure(server):
    """What a group of 6 GB gives it: row cache an eighth, columns and sessions a quarter."""
    config = server.folder / "config.toml"
    config.write_text(f"row_cache_mb = {SERVER_MB // 8}\n"
                      f"column_memory_mb = {SERVER_MB // 4}\n"
                      f"server_memory_mb = {SERVER_MB // 4}\n")
    server.args += ["--config", str(config)]


def confine(server):
    """In a control group of 6 GB where this process may make one; its folder, or None."""
    name = f"omendb-bombs-{server.process.pid}"
    for folder, limit in (("", "memory.max"), ("memory", "memory.limit_in_bytes")):
        group = pathlib.Path("/sys/fs/cgroup", folder, name)
        try:
            group.mkdir()
            (group / limit).write_text(str(SERVER_MB << 20))
            (group / "cgroup.procs").write_text(str(server.process.pid))
            return group
        except OSError:
            if group.exists():
                group.rmdir()
    print("  no control group may be made here: resident sizes alone are watched")
    return None


def release(group):
    """Once its process is gone, which the kernel may notice a little later."""
    for _ in range(50 if group else 0):
        try:
            return group.rmdir()
        except OSError:
            time.sleep(0.1)
    return None


def prepare(server):
    connection = server.connect(timeout=300)
    connection.script("create table big (a int primary key, b text, k int);"
                      "create table sink (a text);"
                      "create table wide (a int primary key, b text);"
                      "insert into big select i, md5(i::text), i % 10 "
                      "from generate_series(1, 20000) i")
    for i in range(0, 400, 100):
        connection.query("insert into wide select i, repeat(md5(i::text), 32000) "
                         f"from generate_series({i + 1}, {i + 100}) i")
    # What the engines keep of it for the next reader is theirs, and not a statement's.
    for route in ("row", "column"):
        connection.script(f"set omendb.route = {route}; select max(length(b)) from wide")
    connection.close()


def outcome(connection, sql):
    """SQLSTATE, or ok; None when no answer came."""
    try:
        errors = [result.error for result in connection.script(sql) if result.error]
        return errors[0]["C"] if errors else "ok"
    except (OSError, EOFError):
        return None


class Range:
    def __init__(self, server, strict):
        self.server, self.strict = server, strict
        self.problems, self.count, self.slowest, self.largest = [], 0, 0.0, 0.0

    def limit_s(self):
        return OVER_S if self.strict else LOADED_S

    @staticmethod
    def budget_mb(sql, route, category):
        held = category in HELD or sql.startswith(("insert", "update", "delete"))
        own = SESSION_MB if held else STATEMENT_MB
        return own + (0 if route == "row" else ENGINE_MB) + OVER_MB

    def throw(self, sql, route, category):
        connection = self.server.connect(timeout=TIMEOUT_S + 120)
        connection.query(f"set omendb.route = {route}")
        connection.query(f"set statement_timeout = '{TIMEOUT_S}s'")
        before = self.server.resident_mb()
        with Watch(self.server) as watch:
            started = time.monotonic()
            answer = outcome(connection, sql)
            over = time.monotonic() - started - TIMEOUT_S
        connection.close()
        grown = watch.peak - before
        self.count += 1
        self.slowest, self.largest = max(self.slowest, over), max(self.largest, grown)
        self.judge(sql, route, category, answer, over, grown)

    def judge(self, sql, route, category, answer, over, grown):
        why = []
        if self.server.process.poll() is not None:
            raise RuntimeError(f"{route}: the server ended: {sql[:100]}\n{self.server.tail()}")
        if answer is None:
            why.append("no answer")
        elif answer != "ok" and answer not in ENDINGS:
            why.append(f"SQLSTATE {answer}")
        if over > self.limit_s() and category != "held":  # these are many statements
            why.append(f"{over:.1f} s over its time")
        if grown > self.budget_mb(sql, route, category):
            why.append(f"{grown:.0f} MB")
        if self.strict or why:
            print(f"  {'FAIL ' if why else ''}{route} {answer} {over + TIMEOUT_S:.1f} s "
                  f"{grown:.0f} MB {sql[:80]} {'; '.join(why)}", flush=True)
        if why:
            self.problems.append(f"{route}: {'; '.join(why)}: {sql[:100]}")


def four_at_once(ground):
    """Together they want more than the server has for statements."""
    server = ground.server
    before = server.resident_mb()
    with Watch(server) as watch:
        def one():
            connection = server.connect(timeout=120)
            connection.script("set omendb.statement_memory = '4GB'; set statement_timeout = '20s'")
            outcome(connection, "select length(repeat('x', 1000000000))")
        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    grown = watch.peak - before
    print(f"  four at once: {grown:.0f} MB more")
    if server.connect(timeout=60).query("select 1") != [["1"]]:
        ground.problems.append("the server does not answer after four large statements")
    if grown > SERVER_MB // 4 + OVER_MB:
        ground.problems.append(f"four large statements took {grown:.0f} MB together")


def given_back(ground, first_mb):
    deadline = time.monotonic() + 20
    while ground.server.resident_mb() > first_mb + LEFT_MB and time.monotonic() < deadline:
        time.sleep(0.2)
    left = ground.server.resident_mb() - first_mb
    print(f"  {ground.count} thrown, at most {max(ground.slowest, 0):.1f} s over and "
          f"{ground.largest:.0f} MB; {left:.0f} MB are left")
    if left > LEFT_MB + ENGINE_MB:
        ground.problems.append(f"{left:.0f} MB are not given back")


def run(binary, strict=False, only=None, routes=ROUTES):
    server = Server(binary, args=["--auth", "trust"])
    configure(server)
    group = None
    try:
        server.start()
        group = confine(server)
        ground = throw_all(server, strict, only, routes)
    finally:
        server.close()
        release(group)
    for problem in ground.problems:
        print("  " + problem)
    return not ground.problems


def throw_all(server, strict, only, routes):
    prepare(server)
    first_mb = server.resident_mb()
    ground = Range(server, strict)
    number = 0
    for category, shapes in CATEGORIES.items():
        if only and category not in only:
            continue
        for sql in shapes:
            number += 1
            for route in routes if strict else (routes[number % len(routes)],):
                ground.throw(sql, route, category)
    four_at_once(ground)
    given_back(ground, first_mb)
    return ground


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, help="the omendb binary")
    parser.add_argument("--only", nargs="*", choices=CATEGORIES, help="only these categories")
    parser.add_argument("--route", nargs="*", choices=ROUTES, default=ROUTES)
    options = parser.parse_args()
    return 0 if run(options.server, True, options.only, options.route) else 1


if __name__ == "__main__":
    sys.exit(main())
