"""kill -9 during TPC-B and schema changes: nothing acknowledged is ever missing.

Clients write one history row per transfer with a number of their own and log the number
when the commit was acknowledged. After each kill the server starts again, and then: every
logged number is in history, the four sums agree, the tables named by acknowledged DDL exist
and the dropped ones do not; at the end `omendb check` is clean.
"""
import random
import threading
import time

from harness import Server
from pgclient import ServerError

ACCOUNTS, TELLERS, BRANCHES = 2000, 20, 2
CLIENTS = 6

SETUP = f"""
create table branches (bid int primary key, bbalance int not null, filler char(88));
create table tellers (tid int primary key, bid int, tbalance int not null, filler char(84));
create table accounts (aid int primary key, bid int, abalance int not null, filler char(84));
create table history (n bigint primary key, tid int, bid int, aid int, delta int, mtime timestamp);
create index history_aid on history (aid);
insert into branches select g, 0, '' from generate_series(1, {BRANCHES}) g;
insert into tellers select g, 1, 0, '' from generate_series(1, {TELLERS}) g;
insert into accounts select g, 1, 0, '' from generate_series(1, {ACCOUNTS}) g;
"""

SUMS = ("select (select coalesce(sum(abalance), 0) from accounts), "
        "(select coalesce(sum(tbalance), 0) from tellers), "
        "(select coalesce(sum(bbalance), 0) from branches), "
        "(select coalesce(sum(delta), 0) from history)")


class Transfers(threading.Thread):
    """One client. `acknowledged` holds the numbers whose COMMIT was answered."""

    def __init__(self, server, first, seed):
        super().__init__(daemon=True)
        self.server, self.next, self.random = server, first, random.Random(seed)
        self.acknowledged, self.unexpected = set(), []

    def run(self):
        try:
            connection = self.server.connect()
            if self.random.random() < .5:  # the process's end takes none of these either
                connection.query("set synchronous_commit = off")
            while True:
                self.transfer(connection)
        except (OSError, EOFError):
            return

    def transfer(self, connection):
        number, self.next = self.next, self.next + CLIENTS
        aid, tid = self.random.randint(1, ACCOUNTS), self.random.randint(1, TELLERS)
        bid, delta = self.random.randint(1, BRANCHES), self.random.randint(-5000, 5000)
        try:
            connection.query("begin")
            connection.query(f"update accounts set abalance = abalance + {delta} where aid = {aid}")
            connection.query(f"update tellers set tbalance = tbalance + {delta} where tid = {tid}")
            connection.query(f"update branches set bbalance = bbalance + {delta} where bid = {bid}")
            connection.query(f"insert into history values ({number}, {tid}, {bid}, {aid}, {delta}, now())")
            connection.query("commit")
            self.acknowledged.add(number)
        except ServerError as error:
            if error.sqlstate not in ("57P01", "40P01", "40001"):
                self.unexpected.append(str(error))
            connection.script("rollback")


class SchemaChanges(threading.Thread):
    """Creates, fills, alters, truncates and drops tables; knows what was acknowledged."""

    def __init__(self, server, seed):
        super().__init__(daemon=True)
        self.server, self.random = server, random.Random(seed)
        self.exists, self.in_doubt, self.unexpected, self.counter = {}, set(), [], seed * 100000

    def run(self):
        try:
            connection = self.server.connect()
            while True:
                self.change(connection)
        except (OSError, EOFError):
            return

    def change(self, connection):
        name = self.random.choice(sorted(self.exists)) if self.exists and self.random.random() < .6 \
            else None
        self.counter += 1
        if name is None:
            name = f"t{self.counter}"
            text = (f"create table {name} (a int primary key, b text);"
                    f"insert into {name} select g, 'x' || g from generate_series(1, 50) g")
            after = 50
        else:
            text, after = self.random.choice([
                (f"drop table {name}", None),
                (f"truncate {name}", 0),
                (f"alter table {name} add column c{self.counter} int default 7", self.exists[name]),
                (f"create index {name}_i{self.counter} on {name} (b)", self.exists[name]),
                (f"alter table {name} alter column b type varchar(30)", self.exists[name]),
            ])
        self.in_doubt = {name}
        results = connection.script(text)
        self.in_doubt = set()
        for result in results:
            if result.error:
                self.unexpected.append(f"{text}: {result.error}")
                return
        if after is None:
            self.exists.pop(name)
        else:
            self.exists[name] = after


def verify(server, clients, ddl, problems):
    connection = server.connect()
    present = {int(row[0]) for row in connection.query("select n from history")}
    for client in clients:
        problems += [f"lost commit {number}" for number in client.acknowledged - present]
        problems += client.unexpected
    for route in ("row", "column", "mixed"):
        connection.query(f"set omendb.route = {route}")
        try:
            sums = connection.query(SUMS)[0]
        except ServerError as error:
            if error.sqlstate != "0A000":
                problems.append(f"sums on {route}: {error}")
            continue
        if len(set(sums)) != 1:
            problems.append(f"sums differ on {route}: {sums}")
    connection.query("set omendb.route = auto")
    problems += ddl.unexpected
    for name, rows in ddl.exists.items():
        if name in ddl.in_doubt:
            continue
        try:
            got = int(connection.value(f"select count(*) from {name}"))
            if got != rows:
                problems.append(f"table {name} has {got} rows, not {rows}")
        except ServerError as error:
            problems.append(f"table {name}: {error}")
    for name in ddl.in_doubt:
        connection.script(f"drop table if exists {name}")
        ddl.exists.pop(name, None)
    connection.close()


def run(binary, loops, seed=None):
    seed = seed if seed is not None else int(time.time())
    print(f"kill loop: {loops} kills, seed {seed}", flush=True)
    chance, problems, total = random.Random(seed), [], 0
    server = Server(binary)
    server.start()
    server.connect().query(SETUP)
    first = 0
    ddl_exists = {}
    for loop in range(loops):
        clients = [Transfers(server, first + i, seed + loop * 31 + i) for i in range(CLIENTS)]
        ddl = SchemaChanges(server, loop + 1)
        ddl.exists = ddl_exists
        for thread in (*clients, ddl):
            thread.start()
        time.sleep(chance.uniform(0.2, 1.5))
        server.kill()
        for thread in (*clients, ddl):
            thread.join(30)
        first = max(client.next for client in clients) + CLIENTS
        first -= first % CLIENTS
        total += sum(len(client.acknowledged) for client in clients)
        server.start()
        verify(server, clients, ddl, problems)
        ddl_exists = ddl.exists
        if problems:
            break
    server.stop()
    code, output = server.check()
    if code != 0:
        problems.append(f"omendb check: {output}")
    print(f"kill loop: {total} acknowledged commits, {len(problems)} problems")
    for problem in problems[:20]:
        print("  " + problem)
    if problems:
        print(server.tail())
    server.close()
    return not problems
