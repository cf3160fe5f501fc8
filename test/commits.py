"""Clients that wait for their commits without a thread: each is answered, in order, whatever it sends
meanwhile; those that hang up then are ended; a stop answers them; what was acknowledged is there.
With synchronous_commit = off a killed process loses nothing either."""
import random
import socket
import struct
import threading
import time

from harness import Server
from pgclient import ServerError, bind, message, parse

CLIENTS = 24
ROUNDS = 15


def extended(text, params=()):
    return (parse("", text) + bind("", "", params) + message(b"E", b"\0" + struct.pack("!i", 0)))


def simple(text):
    return message(b"Q", text.encode() + b"\0")


SYNC = message(b"S", b"")


class Pipeline(threading.Thread):
    """Sends messages of several transactions at once; `problems`: answers that are not theirs."""

    def __init__(self, server, number, seed):
        super().__init__(daemon=True)
        self.server, self.number, self.random = server, number, random.Random(seed)
        self.problems, self.acknowledged = [], set()

    def run(self):
        try:
            connection = self.server.connect()
            for self.at in range(ROUNDS):
                kinds = [self.random.choice(KINDS) for _ in range(self.random.randint(1, 6))]
                self.exchange(connection, kinds)
            connection.close()
        except (OSError, EOFError, ServerError) as error:
            self.problems.append(f"client {self.number}: {error!r}")

    def exchange(self, connection, kinds):
        base = (self.number * ROUNDS + self.at) * 100
        asked = [kind(base + 10 * i) for i, kind in enumerate(kinds)]
        connection.sock.sendall(b"".join(sent for sent, _, _ in asked))
        for _, tags, rows in asked:
            got = [result.error["C"] if result.error else result.tag for result in connection.until_ready()]
            if got != tags or connection.status != "I":
                self.problems.append(f"client {self.number}: {got} ({connection.status}), not {tags}")
            self.acknowledged.update(rows)


def insert(row):
    return f"insert into c values ({row})"


# Of each: what is sent up to one ReadyForQuery, its tags and the rows that are then there.
KINDS = [
    lambda n: (extended(insert(n)) + SYNC, ["INSERT 0 1"], {n}),
    lambda n: (extended("insert into c values ($1)", [str(n)]) + extended(insert(n + 1)) + SYNC,
               ["INSERT 0 1", "INSERT 0 1"], {n, n + 1}),
    lambda n: (extended("begin") + extended(insert(n)) + extended("commit") + SYNC,
               ["BEGIN", "INSERT 0 1", "COMMIT"], {n}),
    lambda n: (extended("begin") + extended(insert(n)) + extended("commit") + extended(insert(n + 1)) +
               SYNC, ["BEGIN", "INSERT 0 1", "COMMIT", "INSERT 0 1"], {n, n + 1}),
    lambda n: (extended("begin") + extended(insert(n)) + extended("commit and chain") +
               extended(insert(n + 1)) + extended("commit") + SYNC,
               ["BEGIN", "INSERT 0 1", "COMMIT", "INSERT 0 1", "COMMIT"], {n, n + 1}),
    lambda n: (simple(insert(n)), ["INSERT 0 1"], {n}),
    lambda n: (simple(f"begin; {insert(n)}; commit"), ["BEGIN", "INSERT 0 1", "COMMIT"], {n}),
    lambda n: (simple(f"{insert(n)}; commit; {insert(n + 1)}"), ["INSERT 0 1", "COMMIT", "INSERT 0 1"],
               {n, n + 1}),
    lambda n: (simple(f"begin; set local synchronous_commit = off; {insert(n)}; commit"),
               ["BEGIN", "SET", "INSERT 0 1", "COMMIT"], {n}),
    lambda n: (simple(f"{insert(n)}; {insert(n)}"), ["INSERT 0 1", "23505"], set()),
    lambda n: (extended(insert(n)) + extended("select 1 / 0") + extended(insert(n + 1)) + SYNC,
               ["INSERT 0 1", "22012"], set()),
    lambda n: (simple("select 1"), ["SELECT 1"], set()),
]


def present(server):
    connection = server.connect()
    rows = {int(row[0]) for row in connection.query("select n from c")}
    connection.close()
    return rows


def check_pipelines(server, seed):
    clients = [Pipeline(server, number, seed + number) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(120)
    problems = [problem for client in clients for problem in client.problems]
    problems += [f"client {client.number} hangs" for client in clients if client.is_alive()]
    acknowledged = set().union(*(client.acknowledged for client in clients))
    if present(server) != acknowledged:
        problems.append("rows are not those that were acknowledged")
    print(f"  pipelines: {len(acknowledged)} rows by {CLIENTS} clients, {problems[:3] or 'all in order'}")
    return not problems


def check_hang_up(server):
    """Clients that leave while their commit is under way; the server has none of them left."""
    base = 10_000_000
    for n in range(200):
        client = server.connect()
        client.sock.sendall(simple(insert(base + n)) if n % 2 else extended(insert(base + n)) + SYNC)
        if n % 3 == 0:
            client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sock.close()
    one = server.connect()
    count = "select count(*) from pg_stat_activity"
    deadline = time.monotonic() + 20
    while int(one.value(count)) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    left = int(one.value(count))
    one.close()
    print(f"  hung up: {left - 1} of 200 are left")
    return left == 1


class Inserting(threading.Thread):
    """Inserts row by row until the server goes; what it says of its stop is kept."""

    def __init__(self, server, first, synced):
        super().__init__(daemon=True)
        self.server, self.first, self.synced = server, first, synced
        self.acknowledged, self.ended = set(), None

    def run(self):
        try:
            connection = self.server.connect()
            connection.query(f"set synchronous_commit = {'on' if self.synced else 'off'}")
            for row in range(self.first, self.first + 1_000_000):
                connection.extended("insert into c values ($1)", [str(row)])
                self.acknowledged.add(row)
        except ServerError as error:
            self.ended = error.sqlstate
        except (OSError, EOFError):
            self.ended = "closed"


def check_end(server, kill):
    base = 100_000_000 if kill else 200_000_000
    clients = [Inserting(server, base + i * 1_000_000, i % 2 == 0) for i in range(12)]
    for client in clients:
        client.start()
    time.sleep(1)
    code = server.kill() if kill else server.stop()
    for client in clients:
        client.join(30)
    ends = {client.ended for client in clients}
    server.start()
    acknowledged = set().union(*(client.acknowledged for client in clients))
    lost = len(acknowledged - present(server))
    print(f"  {'killed' if kill else 'stopped'}: {len(acknowledged)} acknowledged, {lost} lost, "
          f"clients ended by {ends}")
    return lost == 0 and not code and ends <= {"closed", "57P01"}


def run(binary):
    seed = int(time.time())
    print(f"  seed {seed}")
    server = Server(binary)
    try:
        server.start()
        server.connect().query("create table c (n bigint primary key)")
        return all([check_pipelines(server, seed), check_hang_up(server),
                    check_end(server, kill=True), check_end(server, kill=False)])
    finally:
        server.close()
