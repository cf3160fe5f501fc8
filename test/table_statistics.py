"""Statistics of tables' data over the wire: rows are counted whatever changes them, also over a stop and over
kill -9; values are followed without ANALYZE; what columns give and what rows give say the same."""
import re
import time

from harness import Server

PATIENCE_S = 90


def value(connection, query):
    rows = connection.query(query)
    return rows[0][0] if rows else None


def counted(connection, table):
    return value(connection, f"select reltuples::int8 from pg_class where relname = '{table}'")


def expect_counts(connection, faults, when):
    for table in ("grows", "small", "loaded", "asked"):
        shown, there = counted(connection, table), value(connection, f"select count(*) from {table}")
        if shown != there:
            faults.append(f"{when}: {table} is counted as {shown}, not {there}")


def await_true(what, faults, ask):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if ask():
            return
        time.sleep(0.1)
    faults.append(f"not within {PATIENCE_S} s: {what}")


def fill(connection, faults):
    connection.query("create table grows (id int primary key, at timestamp, kind int)")
    connection.query("insert into grows select i, timestamp '2024-01-01' + i * interval '1 minute', i % 5 "
                     "from generate_series(1, 60000) i")
    connection.query("create table small (a int)")
    connection.query("insert into small values (1), (2), (3)")
    connection.query("create table loaded as select i as a, i % 100 as b from generate_series(1, 50000) i")
    connection.query("create table asked (a int, b int)")
    connection.query("insert into asked select i % 10, i % 20 from generate_series(1, 5000) i")
    connection.query("create table linked (p int, q int)")
    connection.query("insert into linked select i % 200, i % 200 / 10 from generate_series(1, 5000) i")
    connection.query("begin")
    connection.query("insert into small values (4)")
    connection.query("rollback")
    connection.query("delete from small where a = 2")
    expect_counts(connection, faults, "after statements")


def greatest(connection):
    return value(connection, "select (histogram_bounds)[array_length(histogram_bounds, 1)] from pg_stats "
                             "where tablename = 'grows' and attname = 'id'")


def growth_is_followed(connection, faults):
    """Nobody says ANALYZE again: a key grows, and is deleted at its other end."""
    connection.query("analyze grows")
    connection.query("insert into grows select i, timestamp '2024-01-01' + i * interval '1 minute', i % 5 "
                     "from generate_series(60001, 75000) i")
    await_true("the greatest key is followed", faults,
               lambda: int(greatest(connection) or 0) > 74000)
    connection.query("delete from grows where id < 20000")
    least = "select histogram_bounds[1] from pg_stats where tablename = 'grows' and attname = 'id'"
    await_true("the least key is followed", faults,
               lambda: int(value(connection, least) or 0) > 19000)
    expect_counts(connection, faults, "after growth")


def filtered_together(connection, faults):
    for i in range(5):
        connection.query(f"select count(*) from asked where a = {i} and b = {i}")
    connection.query("analyze asked")
    pair = connection.query("select column_a, column_b, distinct_pairs, a_gives_b, b_gives_a "
                            "from omendb.statistics_pairs where table_name = 'asked'")
    if pair != [("a", "b", "20", "0", "1")] and pair != [["a", "b", "20", "0", "1"]]:
        faults.append(f"columns that are filtered together are known as {pair}")


def joined_together(connection, faults):
    """Columns that depend on each other meet in more rows than by chance."""
    joined = "linked x join linked y on x.p = y.p and x.q = y.q"
    for _ in range(3):
        connection.query(f"select count(*) from {joined}")
    connection.query("analyze linked")
    connection.query("set omendb.route = row")
    plan = value(connection, f"explain select * from {joined}")
    connection.query("reset omendb.route")
    expected = int(re.search(r" rows=(\d+)", plan)[1])
    if not 60_000 < expected < 250_000:
        faults.append(f"a join by columns that depend on each other: {expected} rows expected of 125000")


def outlives(server, faults, how):
    connection = server.connect()
    connection.query("analyze")
    connection.query("insert into small select generate_series(10, 40)")
    query = ("select tablename, attname, null_frac, n_distinct, correlation from pg_stats "
             "where tablename in ('loaded', 'asked') order by 1, 2")
    before = connection.query(query)
    wait = "select count(*) from omendb.jobs where name = 'statistics.follow' and runs > 0"
    await_true("statistics are gathered", faults, lambda: value(connection, wait) == "1")
    if how == "kill":
        # What was taken is written within moments; what is committed after that is in the log.
        time.sleep(12)
        connection.query("insert into small select generate_series(50, 60)")
        connection.query("delete from asked where a = 3")
    connection.close()
    server.stop() if how == "stop" else server.kill()
    server.start()
    connection = server.connect()
    expect_counts(connection, faults, f"after a {how}")
    after = connection.query(query)
    if how == "stop" and (after != before or len(after) != 4):
        faults.append(f"after a {how} statistics are {after}, not {before}")
    if how == "kill" and len(after) != 4:
        faults.append(f"after a {how} statistics are {after}")
    connection.close()


def outlives_starts_without_writes(server, faults):
    """A start that commits nothing leaves counts of commits that an earlier one wrote."""
    for _ in range(2):
        connection = server.connect()
        connection.query("analyze loaded")
        connection.close()
        server.stop()
        server.start()
    connection = server.connect()
    expect_counts(connection, faults, "after starts without writes")
    connection.close()


def run(binary):
    faults = []
    with Server(binary) as server:
        connection = server.connect()
        fill(connection, faults)
        growth_is_followed(connection, faults)
        filtered_together(connection, faults)
        joined_together(connection, faults)
        connection.close()
        outlives(server, faults, "stop")
        outlives_starts_without_writes(server, faults)
        outlives(server, faults, "kill")
    for fault in faults:
        print(fault)
    print(f"statistics: {len(faults)} faults")
    return not faults
