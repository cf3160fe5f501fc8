"""Analytics while pgbench runs: the four sums are equal in every answer, on every path.

Ten sessions per path sum accounts, tellers, branches and history, in one statement at
`latest` and statement by statement in one REPEATABLE READ transaction. Another pair of
connections checks that an acknowledged commit is seen at once elsewhere. The path that ran
is read back from omendb.query_history.
"""
import subprocess
import threading
import time

from pgclient import ServerError

TABLES = ("pgbench_accounts", "pgbench_tellers", "pgbench_branches", "pgbench_history")
COLUMNS = ("abalance", "tbalance", "bbalance", "delta")
ONE = "select " + ", ".join(
    f"(select coalesce(sum({column}), 0) from {table})" for column, table in zip(COLUMNS, TABLES))


class Sums(threading.Thread):
    """Sums over and over until told to stop."""

    def __init__(self, server, route, repeatable, stop):
        super().__init__(daemon=True)
        self.server, self.route, self.repeatable, self.stopping = server, route, repeatable, stop
        self.answers, self.problems = [], []

    def run(self):
        try:
            connection = self.server.connect(timeout=180)
            connection.query(f"set omendb.route = {self.route}")
            while not self.stopping.is_set():
                self.once(connection)
        except (OSError, EOFError, ServerError) as error:
            self.problems.append(f"{self.route}: {error}")

    def moved(self):
        return bool(self.problems) or len({answer[0] for answer in self.answers}) >= 2

    def once(self, connection):
        if not self.repeatable:
            sums = connection.query(ONE)[0]
        else:
            connection.query("begin isolation level repeatable read")
            sums = [connection.value(f"select coalesce(sum({column}), 0) from {table}")
                    for column, table in zip(COLUMNS, TABLES)]
            connection.query("commit")
        self.answers.append(sums)
        if len(set(sums)) != 1:
            self.problems.append(f"{self.route} repeatable={self.repeatable}: {sums}")
            self.stopping.set()


class Freshness(threading.Thread):
    """Commits on one connection; every path must see it at once on another."""

    def __init__(self, server, rounds):
        super().__init__(daemon=True)
        self.server, self.rounds, self.problems, self.done = server, rounds, [], 0

    def run(self):
        try:
            writer, readers = self.server.connect(), []
            writer.query("create table if not exists seen (id int primary key, n bigint)")
            writer.query("delete from seen; insert into seen values (1, 0)")
            for route in ("row", "column", "mixed"):
                readers.append((route, self.server.connect(timeout=120)))
                readers[-1][1].query(f"set omendb.route = {route}")
            for number in range(1, self.rounds + 1):
                writer.query(f"update seen set n = {number} where id = 1")
                for route, reader in readers:
                    got = int(reader.value("select sum(n) from seen"))
                    if got != number:
                        self.problems.append(f"{route}: saw {got} after {number} was acknowledged")
                        return
                self.done = number
        except (OSError, EOFError, ServerError) as error:
            self.problems.append(f"freshness: {error}")


def pgbench(server, seconds, mode, clients=8):
    done = subprocess.run(
        ["pgbench", "-n", "-c", str(clients), "-T", str(seconds), "-M", mode],
        env=server.psql_env(), capture_output=True, text=True, check=False)
    failed = done.returncode != 0 or "aborted" in done.stderr or \
        "number of failed transactions: 0" not in done.stdout
    return done.stdout + done.stderr, failed


def modes_until(moved, patience=60):
    """pgbench's modes, and on a busy machine once more, until the sums have moved for every reader."""
    end = time.monotonic() + patience
    yield from ("simple", "extended", "prepared")
    while not moved() and time.monotonic() < end:
        yield "prepared"


def seen_at_once(server, rounds):
    """Freshness alone, and more often than a busy server would have time for."""
    freshness = Freshness(server, rounds)
    freshness.run()
    print(f"{freshness.done} commits seen at once elsewhere, on each path")
    for problem in freshness.problems:
        print("  " + problem)
    return freshness.done == rounds


def run(server, scale=2, seconds=10, sessions=2, rounds=100):
    problems = []
    made = subprocess.run(["pgbench", "-i", "-q", "-s", str(scale)], env=server.psql_env(),
                          capture_output=True, text=True, check=False)
    if made.returncode != 0:
        print(made.stderr)
        return False
    stop = threading.Event()
    threads = [Sums(server, route, repeatable, stop) for route in ("row", "column", "mixed")
               for repeatable in (False, True) for _ in range(sessions)]
    freshness = Freshness(server, rounds)
    for thread in (*threads, freshness):
        thread.start()
    for mode in modes_until(lambda: all(thread.moved() for thread in threads)):
        output, failed = pgbench(server, seconds, mode)
        tps = [line for line in output.splitlines() if line.startswith("tps")]
        print(f"pgbench -M {mode}: {tps[0] if tps else output[-500:]}", flush=True)
        if failed:
            problems.append(f"pgbench -M {mode} failed: {output[-800:]}")
    time.sleep(0.2)
    stop.set()
    for thread in threads:
        thread.join(180)
        problems += thread.problems
        distinct = {answer[0] for answer in thread.answers}
        print(f"  {thread.route} repeatable={thread.repeatable}: {len(thread.answers)} answers, "
              f"{len(distinct)} distinct")
        if not thread.moved():
            problems.append(f"{thread.route} repeatable={thread.repeatable}: the sums never moved")
    freshness.join(600)
    problems += freshness.problems
    if freshness.done < rounds and not freshness.problems:
        problems.append(f"freshness: only {freshness.done} of {rounds} rounds")
    print(f"  {freshness.done} commits seen at once elsewhere, on each path")
    problems += paths_run(server)
    for problem in problems[:20]:
        print("  " + problem)
    return not problems


def paths_run(server):
    rows = server.connect().query(
        "select path, count(*) from omendb.query_history where query like '%seen%' "
        "and tag = 'SELECT' group by path")
    paths = {row[0] for row in rows}
    wanted = {"row", "column", "mixed"}
    return [] if wanted <= paths else [f"query_history shows only the paths {sorted(paths)}"]
