"""Nobody waits for ever, and nobody makes others wait: readers beside checkpoints of columns,
cursors and results that nobody reads, clients that vanish, connections that say nothing."""
import socket
import struct
import threading
import time

from harness import Server
from pgclient import ServerError, message

BOUND = 20  # seconds: far above what anything here takes, far below "for ever"


def ask(client, sql):
    """The last result's rows, or the SQLSTATE."""
    results = client.script(sql)
    errors = [result.error["C"] for result in results if result.error]
    return errors[0] if errors else results[-1].rows


def cancel(server, client):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(server.socket_path)
        sock.sendall(struct.pack("!ii", 8 + len(client.key), 80877102) + client.key)
        sock.recv(1)


def fill(server, name, rows, width):
    client = server.connect()
    client.query(f"create table {name}(a int primary key, g int, b text)")
    client.query(f"insert into {name} select i, i % 100, repeat('x', {width}) || i "
                 f"from generate_series(1, {rows}) i")
    client.close()


def together(works, limit=120):
    """Runs them at once: what went wrong in each."""
    wrong = []

    def guarded(work):
        try:
            work()
        except (OSError, EOFError, ServerError, AssertionError) as error:
            wrong.append(repr(error)[:200])

    threads = [threading.Thread(target=guarded, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(limit)
        if thread.is_alive():
            wrong.append("a client waits for ever")
    return wrong


def check_readers_of_fresh_tables(server):
    """More readers than turns, while the columns of a table that was just filled are written."""
    wrong = []
    for trial in range(3):
        fill(server, f"fresh{trial}", 60000, 150)

        def work(table=f"fresh{trial}"):
            client = server.connect(timeout=60)
            for sql in (f"select * from {table} where g < 90",
                        f"select g, count(*), max(b) from {table} group by g",
                        f"select count(distinct b) from {table}"):
                rows = ask(client, sql)
                assert isinstance(rows, list) and rows, rows
            client.close()

        wrong += together([work] * 8)
    return wrong


def check_idle_cursors(server):
    """Half-read cursors delay nobody, and lose no row by having given way."""
    holders, wrong = [], []
    for trial in range(3):
        fill(server, f"held{trial}", 40000, 300)
        client = server.connect()
        client.query("set omendb.route = column")
        client.query("begin")
        client.query(f"declare c cursor for select a from held{trial} where b like '%x%'")
        holders.append((client, client.query("fetch 10 from c")))
        time.sleep(1.2)  # the upkeep of columns begins when nothing was written for a second
        other = server.connect(timeout=BOUND)
        other.query("set omendb.route = column")
        counted = ask(other, f"select count(*), max(b) from held{trial}")
        if counted != [["40000", "x" * 300 + "9999"]]:
            wrong.append(f"beside an idle cursor: {str(counted)[:80]}")
        other.close()
    for client, first in holders:
        rest = client.query("fetch all from c")
        if sorted(int(row[0]) for row in first + rest) != list(range(1, 40001)):
            wrong.append(f"a cursor that gave way: {len(first)} and {len(rest)} rows")
        client.close()
    return wrong


def check_results_nobody_reads(server):
    """A statement that waits for its client ends with its timeout, or a cancel, and lets go."""
    wrong = []
    client, other = server.connect(), server.connect(timeout=BOUND)
    client.query("create table unread(a int)")
    endless = "select repeat('x', 1000), (select count(*) from unread) from generate_series(1, 1000000)"
    for how in ("timeout", "cancel"):
        slow = server.connect()
        slow.query(f"set statement_timeout = {1000 if how == 'timeout' else 0}")
        slow.send(b"Q", endless.encode() + b"\0")
        time.sleep(0.5)
        if how == "cancel":
            cancel(server, slow)
        other.query("begin")
        locked = ask(other, "lock table unread in access exclusive mode")
        other.query("rollback")
        if locked != []:
            wrong.append(f"the lock of a result that is not read, {how}: {locked}")
        results = slow.until_ready()
        if not results[-1].error or results[-1].error["C"] != "57014":
            wrong.append(f"a result that was not read, {how}: {results[-1].error}")
        slow.close()
    return wrong


def check_vanished(server):
    """A client that goes away while its statement waits takes its locks with it."""
    wrong = []
    owner = server.connect()
    owner.query("create table row_locked(id int primary key, n int)")
    owner.query("insert into row_locked values (1, 1)")
    owner.query("create table held_by_gone(a int)")
    owner.query("begin")
    owner.query("update row_locked set n = 2")
    for statement in ("update row_locked set n = 3", "select pg_sleep(600)",
                      "lock table row_locked in access exclusive mode"):
        gone = server.connect()
        gone.query("begin")
        gone.query("lock table held_by_gone in access exclusive mode")
        gone.send(b"Q", statement.encode() + b"\0")
        time.sleep(0.2)
        gone.sock.close()
        other = server.connect(timeout=BOUND)
        if ask(other, "select * from held_by_gone") != []:
            wrong.append(f"{statement}: its locks stay")
        other.close()
    # What was sent before the client left is done, as ever.
    hasty = server.connect()
    hasty.sock.sendall(message(b"Q", b"insert into held_by_gone values (1)\0") + message(b"X", b""))
    hasty.sock.close()
    until = time.monotonic() + BOUND
    while ask(owner, "rollback; select * from held_by_gone") != [["1"]]:
        if time.monotonic() > until:
            return wrong + ["a statement that was sent before the client left is lost"]
        time.sleep(0.05)
    return wrong


def check_cursors_of_one_snapshot(server):
    """What a cursor has left when the next begins is kept where the engine may spill it."""
    wrong = []
    fill(server, "shared", 60000, 300)
    client = server.connect(timeout=60)
    client.query("set omendb.route = column; set omendb.statement_memory = '4MB'")
    client.query("begin isolation level repeatable read")
    firsts = {}
    for name in ("one", "two", "three"):
        declared = ask(client, f"declare {name} cursor for select a, b from shared")
        if declared != []:
            wrong.append(f"cursor {name}: {declared}")
        firsts[name] = ask(client, f"fetch 10 from {name}")
    for name, first in firsts.items():
        rest = ask(client, f"fetch all from {name}")
        if not isinstance(rest, list) or not isinstance(first, list):
            wrong.append(f"cursor {name}: {str(first)[:40]}, {str(rest)[:40]}")
        elif sorted(int(row[0]) for row in first + rest) != list(range(1, 60001)):
            wrong.append(f"cursor {name} gave {len(first)} and {len(rest)} rows")
    client.close()
    return wrong


def check_columns_beside_locks(server):
    """Waits for columns (freshness, snapshots, checkpoints, turns) close no circle with locks:
    half-read cursors, locked tables and locked rows, taken in one order, let all go on."""
    fill(server, "crossed", 20000, 100)
    setup = server.connect()
    setup.query("create table guarded(a int primary key, n int)")
    setup.query("insert into guarded values (1, 0), (2, 0)")
    count = "select count(*) from crossed where a <= 20000"

    def work(me):
        client = server.connect(timeout=60)
        for i in range(6):
            client.query("set omendb.route = column")
            level = "repeatable read" if (me + i) % 3 == 0 else "read committed"
            client.query(f"begin isolation level {level}")
            client.query("declare c cursor for select a, b from crossed")
            assert len(client.query("fetch 5 from c")) == 5
            client.query("set omendb.route = mixed")  # columns, and rows where it changed them
            for lock in ("lock table guarded in row exclusive mode",
                         "update guarded set n = n + 1 where a = 1",
                         f"insert into crossed values ({20001 + me * 100 + i}, 0, 'more')"):
                got = ask(client, lock)
                assert got == [] or (got == "40001" and level == "repeatable read"), got
                if got == "40001":
                    break
                counted = ask(client, count)
                assert counted == [["20000"]], f"{level}, after {lock[:20]}: {counted}"
            client.query("rollback" if got == "40001" else "commit")
        client.close()

    return together([lambda me=me: work(me) for me in range(8)])


def check_silent_connections(server):
    """Connections that say nothing, or half of something, keep nobody out."""
    silent = []
    for i in range(540):
        sock = socket.socket()
        sock.settimeout(BOUND)
        sock.connect(server.tcp)
        if i % 2:
            sock.sendall(b"\0\0")
        silent.append(sock)
    started = time.monotonic()
    server.connect(timeout=BOUND).close()
    took = time.monotonic() - started
    for sock in silent:
        sock.close()
    return [] if took < BOUND else [f"540 silent connections: {took:.1f} s to connect"]


def check_full(binary):
    """A full server says so, to everyone who asks, and takes the next when one has left."""
    wrong = []
    server = Server(binary)
    config = server.folder / "omendb.toml"
    config.write_text("max_connections = 3\n")
    server.args = ["--config", str(config)]
    try:
        server.start()
        clients = []
        until = time.monotonic() + BOUND
        while len(clients) < 3 and time.monotonic() < until:
            try:
                clients.append(server.connect())
            except ServerError:
                time.sleep(0.05)  # the one that tried whether it is there has not ended yet
        for _ in range(50):
            try:
                server.connect()
                wrong.append("a full server took one more")
            except ServerError as error:
                if error.sqlstate != "53300":
                    wrong.append(f"a full server answers {error}")
        clients.pop().close()
        while True:
            try:
                server.connect().close()
                break
            except ServerError:
                if time.monotonic() > until + BOUND:
                    return wrong + ["a place that was left is not given again"]
                time.sleep(0.05)
    finally:
        server.close()
    return wrong


def run(binary):
    wrong = check_full(binary)
    with Server(binary) as server:
        for check in (check_readers_of_fresh_tables, check_idle_cursors,
                      check_results_nobody_reads, check_vanished, check_cursors_of_one_snapshot,
                      check_columns_beside_locks, check_silent_connections):
            started = time.monotonic()
            found = check(server)
            print(f"  {check.__name__[6:].replace('_', ' ')}: "
                  f"{found or 'ok'}, {time.monotonic() - started:.1f} s", flush=True)
            wrong += found
        if server.stop(BOUND + 30) != 0:
            wrong.append("it did not stop")
    for problem in wrong:
        print("  " + problem)
    return not wrong
