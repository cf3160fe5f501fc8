"""Memory: an idle server, many idle connections, and a client that does not read its result.

Resident sizes have room for the machine's differences; what they must catch is a server that
keeps a result, or a connection's buffers, in memory.
"""
import time

from harness import Server

IDLE_MB = 200
CONNECTIONS, CONNECTIONS_MB = 300, 300
ROWS, ROW_BYTES = 300_000, 1000  # a result of 300 MB from a table of a tenth of that
UNREAD_MB = 100  # column batches on their way, not the result


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
    for problem in problems:
        print("  " + problem)
    return not problems
