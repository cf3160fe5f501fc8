"""Runs transactions and analytical sessions beside each other, and checks what was read.

Transactions are pgbench's, whose log says when each was acknowledged; the sessions are threads here.
"""
import itertools
import subprocess
import tempfile
import threading
import time
import typing
from pathlib import Path

from htap_work import Acknowledged, Read, connect
from pgbench import tps

SETTLE = 0.3  # seconds in which both kinds have come


class Transaction(typing.NamedTuple):
    client: int
    script: int
    ended: float  # by the wall clock
    ms: float     # from when it should have begun


class Transactions:
    """A run of pgbench. `rate`: so many a second, whatever the server can; 0: as many as it can."""
    runs = itertools.count(1)

    def __init__(self, system, work, clients, seconds, rate=0.0):
        self.work, self.clients = work, clients
        run = next(self.runs)
        self.base = work.base(run, connect(system))
        self.folder = tempfile.TemporaryDirectory(prefix="omendb-htap-")
        rated = ["-R", f"{rate:.0f}"] if rate else []
        self.process = subprocess.Popen(
            ["pgbench", "-n", "-c", str(clients), "-T", str(seconds), *work.arguments(run), *rated,
             "-l", "--log-prefix", f"{self.folder.name}/log"],
            env=system.psql_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait(self):
        """Its tps."""
        output, errors = self.process.communicate()
        if self.process.returncode != 0 or "aborted" in errors:
            raise RuntimeError(f"pgbench: {errors[-1000:]}")
        self.done = list(self.read_log())
        self.folder.cleanup()
        return tps(output)

    def read_log(self):
        for path in Path(self.folder.name).iterdir():
            for line in path.read_text().splitlines():
                client, _, took, script, seconds, micros, *_ = line.split()
                yield Transaction(int(client), int(script), int(seconds) + int(micros) / 1e6, int(took) / 1e3)

    def latencies(self):
        """Milliseconds, of those that ended after the beginning."""
        begin = min(one.ended for one in self.done) + SETTLE
        return [one.ms for one in self.done if one.ended > begin]


class Sessions:
    """Analytical clients that ask the queries in turn, each beginning with another; or `only` that query,
    `pace` times a second."""

    def __init__(self, system, work, clients, only=None, pace=0.0):
        self.work, self.pace, self.stopping = work, pace, threading.Event()
        self.reads, self.problems = [[] for _ in range(clients)], []
        order = range(len(work.queries)) if only is None else [only]
        self.threads = []
        for client in range(clients):
            turn = itertools.cycle(order)
            for _ in range(2 * client):
                next(turn)
            arguments = (connect(system, timeout=300), turn, self.reads[client])
            self.threads.append(threading.Thread(target=self.ask, args=arguments, daemon=True))
        for thread in self.threads:
            thread.start()

    def ask(self, connection, turn, reads):
        try:
            due = time.monotonic()
            while not self.stopping.is_set():
                query = next(turn)
                began = time.time()
                rows = connection.query(self.work.queries[query])
                reads.append(Read(query, began, time.time(), rows))
                if self.pace:
                    due = max(due + 1 / self.pace, time.monotonic())
                    self.stopping.wait(due - time.monotonic())
            connection.close()
        except Exception as error:  # whatever it is, it is told
            self.problems.append(str(error))

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        if self.problems:
            raise RuntimeError(f"an analytical session: {self.problems[0]}")

    def queries_a_second(self, began, ended):
        """A query that reaches over an end counts by its part inside."""
        return sum(max(0.0, min(read.ended, ended) - max(read.began, began)) / (read.ended - read.began)
                   for reads in self.reads for read in reads) / (ended - began)

    def check(self, transactions):
        """Every answer against what was acknowledged before and after it."""
        acknowledged = Acknowledged(transactions.done, self.work.writing_scripts)
        for reads in self.reads:
            for read in reads:
                fault = self.work.fault(read, acknowledged, transactions.base, transactions.clients)
                if fault is not None:
                    raise RuntimeError(f"{self.work.queries[read.query][:60]}: {fault}")

    def milliseconds(self):
        return [(read.ended - read.began) * 1000 for reads in self.reads for read in reads[1:]]


class Both(typing.NamedTuple):
    tps: float
    queries_a_second: float
    latencies: list  # of transactions
    reads: list      # milliseconds of queries


def beside(system, work, writers, readers, seconds, rate=0.0, **how):
    """`writers` clients with transactions and `readers` sessions with queries, answers checked."""
    sessions = Sessions(system, work, readers, **how)
    time.sleep(SETTLE if readers else 0)
    began = time.time()
    if writers:
        transactions = Transactions(system, work, writers, seconds, rate)
        done = transactions.wait()
    else:
        time.sleep(seconds)
    ended = time.time()
    sessions.stop()
    if not writers:
        return Both(0, sessions.queries_a_second(began, ended), [], sessions.milliseconds())
    sessions.check(transactions)
    return Both(done, sessions.queries_a_second(began, ended), transactions.latencies(),
                sessions.milliseconds())


def visible_ms(system, seconds):
    """Milliseconds from a commit's acknowledgement until columns show it, unasked."""
    writer, reader, found = connect(system), connect(system), []
    writer.query("create table if not exists seen (id int primary key, n bigint not null)")
    writer.query("delete from seen; insert into seen values (1, 0)")
    reader.query("set omendb.freshness = 'session'; set omendb.route = 'column'")
    end = time.monotonic() + seconds
    for number in itertools.count(1):
        writer.query(f"update seen set n = {number} where id = 1")
        told = time.monotonic()
        while int(reader.value("select sum(n) from seen") or 0) < number:
            time.sleep(0.005)
        found.append((time.monotonic() - told) * 1000)
        if time.monotonic() > end:
            break
        time.sleep(0.037)
    reader.close()
    writer.query("drop table seen")
    writer.close()
    return found


def wrong_answers(systems, work):
    """Queries whose answers differ between the systems; nobody writes."""
    answers = []
    for system in systems.values():
        connection = connect(system, timeout=300)
        answers.append([sorted(map(tuple, connection.query(query))) for query in work.queries])
        connection.close()
    return [query for query, one, other in zip(work.queries, *answers) if one != other]
