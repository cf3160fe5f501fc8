"""Clients that read, write, idle with half-read cursors and vanish, beside schema changes and the
upkeep of columns. No answer takes longer than its bound, sums agree in every answer, and
`omendb check` finds rows, indexes and columns equal afterwards."""
import random
import threading
import time

from harness import Server
from pgclient import ServerError

ROUTES = ("auto", "auto", "column", "mixed", "row")
# What a statement may be answered with beside its rows: it lost a race, or was ended.
RACES = {"40001", "40P01", "55P03", "57014", "42P01", "42703", "25P02", "0A000", "55000", "42P07",
         "42701"}
ACCOUNTS = 20000


class Storm:
    def __init__(self, server, seconds, bound, seed):
        self.server, self.bound, self.seed = server, bound, seed
        self.until = time.monotonic() + seconds
        self.wrong, self.answers = [], 0
        self.slowest = {}  # by what the client does: seconds, statement
        self.lock = threading.Lock()

    def note(self, problem):
        with self.lock:
            self.wrong.append(problem)

    def ask(self, client, sql):
        started = time.monotonic()
        results = client.script(sql)
        took = time.monotonic() - started
        with self.lock:
            self.answers += 1
            self.slowest[client.act] = max(self.slowest.get(client.act, (0, "")), (took, sql))
        if took > self.bound:
            self.note(f"{took:.1f} s: {sql[:80]}")
        for result in results:
            if result.error:
                if result.error["C"] not in RACES:
                    self.note(f"{result.error['C']} {result.error['M'][:100]}: {sql[:80]}")
                return None
        return results[-1].rows

    def read(self, client, random):
        got = self.ask(client, random.choice((
            "select sum(n), count(*) from accounts",
            "select sum(s), sum(c) from (select g, sum(n) s, count(*) c from accounts group by g) q")))
        if got is not None and got != [["0", str(ACCOUNTS)]]:
            self.note(f"sums do not agree: {got}")

    def write(self, client, random):
        a, b, amount = random.randrange(ACCOUNTS), random.randrange(ACCOUNTS), random.randrange(100)
        for sql in ("begin", f"update accounts set n = n - {amount} where id = {a}",
                    f"update accounts set n = n + {amount} where id = {b}"):
            if self.ask(client, sql) is None:
                self.ask(client, "rollback")
                return
        self.ask(client, random.choice(("commit", "commit", "rollback")))

    def idle(self, client, random):
        """A cursor that is read, left alone for a while, and read to its end or not."""
        level = random.choice(("read committed", "repeatable read"))
        self.ask(client, f"begin isolation level {level}")
        if self.ask(client, "declare c cursor for select id, n, filler from accounts") is not None:
            first = self.ask(client, "fetch 100 from c")
            time.sleep(random.uniform(0.2, 2))
            if first is not None and random.random() < 0.5:
                rest = self.ask(client, "fetch all from c")
                if rest is not None and len(first) + len(rest) != ACCOUNTS:
                    self.note(f"a cursor gave {len(first)} and {len(rest)} rows")
        self.ask(client, "rollback")

    def change(self, client, random):
        name = f"t{random.randrange(4)}"
        self.ask(client, random.choice((
            f"drop table if exists {name}",
            f"create table {name}(a int primary key, b text)",
            f"insert into {name} select i, repeat('y', 100) from generate_series(1, 5000) i "
            f"on conflict do nothing",
            f"alter table {name} add column c int default 7",
            f"alter table {name} drop column c",
            f"create index on {name}(b)",
            f"select count(*), max(b) from {name}",
            f"truncate {name}")))

    def vanish(self, client, random):
        client.send(b"Q", random.choice((
            b"update accounts set n = n where id < 50\0", b"select pg_sleep(100)\0",
            b"select * from accounts, generate_series(1, 50)\0")))
        time.sleep(random.uniform(0, 0.3))
        client.sock.close()

    def client(self, number):
        chance = random.Random(self.seed * 1000 + number)
        connection = None
        while time.monotonic() < self.until:
            try:
                if connection is None:
                    connection = self.server.connect(timeout=self.bound + 10)
                    connection.act = "connect"
                    self.ask(connection, f"set omendb.route = {chance.choice(ROUTES)}")
                    self.ask(connection, "set statement_timeout = '20s'; set lock_timeout = '10s'")
                act = chance.choices((self.read, self.write, self.idle, self.change, self.vanish),
                                     (6, 8, 2, 2, 1))[0]
                connection.act = act.__name__
                act(connection, chance)
                if act == self.vanish:
                    connection = None
            except TimeoutError:
                self.note("no answer within the bound")
                connection = None
            except (OSError, EOFError, ServerError) as error:
                self.note(f"a connection ended: {error!r}"[:160])
                connection = None


def run(binary, clients=12, seconds=15, bound=30, seed=1):
    server = Server(binary).start()
    try:
        setup = server.connect(timeout=120)
        setup.query("create table accounts(id int primary key, g int, n int, filler text)")
        setup.query(f"insert into accounts select i, i % 50, 0, repeat('z', 200) "
                    f"from generate_series(0, {ACCOUNTS - 1}) i")
        setup.query("create index on accounts(g)")
        storm = Storm(server, seconds, bound, seed)
        threads = [threading.Thread(target=storm.client, args=(i,), daemon=True)
                   for i in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(seconds + 4 * bound)
            if thread.is_alive():
                storm.note("a client waits for ever")
        print(f"  seed {seed}: {clients} clients, {storm.answers} answers, bound {bound} s; the slowest:")
        for act, (took, sql) in sorted(storm.slowest.items()):
            print(f"    {act}: {took:.1f} s, {sql[:60]}", flush=True)
        if server.stop(60) != 0:
            storm.note(f"it did not stop: {server.tail(3)}")
        code, output = server.check()
        if code != 0:
            storm.note(f"omendb check: {output[-300:]}")
    finally:
        server.close()
    for problem in storm.wrong[:20]:
        print("  " + problem)
    return not storm.wrong
