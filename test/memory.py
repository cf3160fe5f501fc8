"""Memory: an idle server, many idle connections, a client that does not read its result, several
sessions that together want more than the server may use, and what a session holds between
statements.

Resident sizes have room for the machine's differences; what they must catch is a server that
keeps a result, or a connection's buffers, in memory.
"""
import resource
import threading
import time

from harness import Server
from pgclient import bind, message, parse

IDLE_MB = 200
CONNECTIONS, CONNECTIONS_MB = 300, 300
ROWS, ROW_BYTES = 300_000, 1000  # a result of 300 MB from a table of a tenth of that
UNREAD_MB = 100  # column batches on their way, not the result

SERVER_MB = 6144  # of address space, of which the server takes three quarters to be usable
BUDGET_MB = SERVER_MB * 3 // 4 // 4
OVER_MB, LEFT_MB = 100, 75
SESSION_MB = 200
LARGE = "select length(repeat('x', {}))"
HALF_BUDGET = BUDGET_MB * 275_000  # of text, which is there twice while it is made


def settled_mb(server, seconds=1.0):
    """Resident size once it has not grown by a megabyte for `seconds`."""
    last, since = server.resident_mb(), time.monotonic()
    deadline = since + 60
    while time.monotonic() - since < seconds and time.monotonic() < deadline:
        time.sleep(0.1)
        now = server.resident_mb()
        if now > last + 1:
            last, since = now, time.monotonic()
    return server.resident_mb()


def idle(server, problems):
    before = settled_mb(server)
    connections = [server.connect() for _ in range(CONNECTIONS)]
    for connection in connections:
        connection.query("select count(*) from pg_class")
    grown = settled_mb(server) - before
    for connection in connections:
        connection.close()
    print(f"  idle {before:.0f} MB; {CONNECTIONS} idle connections {grown:.0f} MB more")
    if before > IDLE_MB:
        problems.append(f"the idle server takes {before:.0f} MB")
    if grown > CONNECTIONS_MB:
        problems.append(f"{CONNECTIONS} idle connections take {grown:.0f} MB")


def unread_result(server, route, problems):
    connection = server.connect(timeout=120)
    connection.query(f"set omendb.route = {route}")
    connection.query("select count(*), sum(length(pad)) from wide")  # what reading alone caches
    before = settled_mb(server)
    connection.send(b"Q", f"select id, repeat(pad, {ROW_BYTES // 100}) from wide\0".encode())
    while len(connection.buffer) < 1 << 20:
        connection.fill()
    grown = settled_mb(server) - before
    rows = len(connection.until_ready()[0].rows)
    connection.close()
    print(f"  {route}: {grown:.0f} MB more while {ROWS * ROW_BYTES >> 20} MB were not read")
    if grown > UNREAD_MB:
        problems.append(f"{route}: an unread result made the server grow by {grown:.0f} MB")
    if rows != ROWS:
        problems.append(f"{route}: {rows} rows arrived of {ROWS}")


def status_mb(server, name):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name + ":"))


def forget_peak(server):
    with open(f"/proc/{server.process.pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def at_once(server, sql, statement_memory=None, sessions=4):
    """The SQLSTATE, or ok, that each of several sessions gets for it."""
    answers = []

    def one():
        connection = server.connect(timeout=300)
        if statement_memory:
            connection.query(f"set omendb.statement_memory = '{statement_memory}'")
        result = connection.script(sql)[-1]
        answers.append(result.error["C"] if result.error else "ok")
        connection.close()
    threads = [threading.Thread(target=one) for _ in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def large_statements(server, problems):
    before = settled_mb(server)
    for memory, size in ((None, 10**9), ("4GB", 10**9), ("4GB", HALF_BUDGET)):
        answers = at_once(server, LARGE.format(size), memory)
        if len(answers) != 4 or not set(answers) <= {"53200", "ok"}:
            problems.append(f"four sessions of {size >> 20} MB got {answers}")
    most = status_mb(server, "VmHWM") - before
    left = settled_mb(server) - before
    print(f"  four sessions of up to a gigabyte: {most:.0f} MB at most, {left:.0f} MB are left")
    if most > BUDGET_MB + OVER_MB:
        problems.append(f"four sessions took {most:.0f} MB of {BUDGET_MB}")
    if left > LEFT_MB:
        problems.append(f"four large statements left {left:.0f} MB")
    # All of it is given back in the accounts too.
    answers = at_once(server, LARGE.format(HALF_BUDGET), "4GB", sessions=1)
    if answers != ["ok"]:
        problems.append(f"half of the budget was not to be had afterwards: {answers}")


def large_messages(server, problems):
    """Ends with an error of the statement, and the session goes on."""
    before = settled_mb(server)
    forget_peak(server)
    connection = server.connect(timeout=300)
    size = SESSION_MB << 20
    text = b"select length('" + b"x" * size + b"')\0"
    connection.send(b"Q", text)
    connection.send(b"P", b"\0" + text + b"\0\0")
    del text
    connection.send(b"S", b"")
    for answers in (connection.until_ready(), connection.until_ready()):
        if [result.error and result.error["C"] for result in answers] != ["53200"]:
            problems.append("a message larger than the session may hold was not refused")
    if connection.query("select 1") != [["1"]]:
        problems.append("the session did not go on after a large message")
    connection.close()
    most = status_mb(server, "VmHWM") - before
    left = settled_mb(server) - before
    print(f"  messages of {size >> 20} MB: {most:.0f} MB at most, {left:.0f} MB are left")
    if most > SESSION_MB + OVER_MB or left > LEFT_MB:
        problems.append(f"large messages took {most:.0f} MB and left {left:.0f} MB")


def until_refused(texts):
    def run(connection):
        for text in texts:
            if errors := [result.error for result in connection.script(text) if result.error]:
                return errors[0]["C"]
        return "ok"
    return run


def prepare_until_refused(connection):
    for i in range(40):
        connection.sock.sendall(parse(f"s{i}", f"select length('{'x' * 10**7}')") +
                                message(b"S", b""))
        if errors := [result.error for result in connection.until_ready() if result.error]:
            return errors[0]["C"]
    return "ok"


def bind_until_refused(connection):
    connection.sock.sendall(parse("p", "select length($1)", [25]) + message(b"S", b""))
    connection.until_ready()
    connection.query("begin")
    for i in range(9000):
        connection.sock.sendall(bind(f"b{i}", "p", ["x" * 50000]) + message(b"S", b""))
        if errors := [result.error for result in connection.until_ready() if result.error]:
            return errors[0]["C"]
    return "ok"


# What a session holds from one statement to the next: each asks for more than it may.
HELD = {
    "prepared statements": prepare_until_refused,
    "changes": until_refused(["begin"] + 30 * [
        "insert into held select g, repeat('x', 100000) from generate_series(1, 100) g"]),
    "small changes": until_refused(["begin"] + 60 * [
        "insert into held select g, 'x' from generate_series(1, 50000) g"]),
    "savepoints": until_refused(["begin"] + 40 * ["savepoint a;" * 20000]),
    "settings": until_refused(
        [f"select length(set_config('a.b{i}', repeat('x', 10000000), false))" for i in range(40)]),
    "settings to undo": until_refused(
        ["begin"] + 40 * ["select length(set_config('a.b', repeat('x', 10000000), false))"]),
    "cursors": until_refused(["begin"] + [
        f"declare c{i} cursor for select length('{'x' * 10**7}')" for i in range(40)]),
    "kept cursors": until_refused([
        f"declare c{i} cursor with hold for select g, md5(g::text) from generate_series(1, 200000) g"
        for i in range(40)]),
    "portals": bind_until_refused,
}


def held_by_session(server, problems):
    """Ends with an error of the statement, and all of it is given back."""
    connection = server.connect(timeout=300)
    connection.query("create table held (g int, x text)")
    before, most = settled_mb(server), 0
    for name, run in HELD.items():
        had = server.resident_mb()
        forget_peak(server)
        answer = run(connection)
        most = max(most, status_mb(server, "VmHWM") - had)
        if answer != "53200":
            problems.append(f"{name} beyond what a session may hold got {answer}")
        connection.script("rollback")
        connection.script("close all")
        connection.script("discard all")
        time.sleep(2)  # the allocator gives back once a second
    left = settled_mb(server) - before
    print(f"  held by a session: {most:.0f} MB at most, {left:.0f} MB are left")
    if most > SESSION_MB + OVER_MB or left > LEFT_MB:
        problems.append(f"what a session held took {most:.0f} MB and left {left:.0f} MB")
    connection.close()


def bounded(binary, problems):
    """A server that has SERVER_MB of address space, as `ulimit -v` sets it."""
    limit = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (SERVER_MB << 20, limit[1]))
    server = Server(binary)
    try:
        server.start()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limit)
    try:
        large_statements(server, problems)
    finally:
        server.close()


def bounded_session(binary, problems):
    server = Server(binary)
    config = server.folder / "config.toml"
    config.write_text(f"session_memory_mb = {SESSION_MB}\n")
    server.args += ["--config", str(config)]
    with server:
        held_by_session(server, problems)
        large_messages(server, problems)


def path_of_last(server, problems):
    rows = server.connect().query("select path, count(*) from omendb.query_history "
                                  "where query like '%repeat%' group by path")
    if {row[0] for row in rows} != {"row", "column", "mixed"}:
        problems.append(f"the results came by {rows}")


def run(binary):
    problems = []
    with Server(binary) as server:
        idle(server, problems)
        connection = server.connect()
        connection.query("create table wide (id int primary key, pad text)")
        connection.query(f"insert into wide select g, lpad(g::text, 100, 'x') "
                         f"from generate_series(1, {ROWS}) g")
        connection.close()
        for route in ("row", "column", "mixed"):
            unread_result(server, route, problems)
        path_of_last(server, problems)
    bounded(binary, problems)
    bounded_session(binary, problems)
    for problem in problems:
        print("  " + problem)
    return not problems
