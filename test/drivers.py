"""psycopg2 and psycopg 3, as programs use them: types both ways in text and binary, prepared
statements, pipelines, cursors, COPY, cancel and timeouts."""
import datetime
import decimal
import io
import threading
import time
import traceback
import uuid

import psycopg
import psycopg2
import psycopg2.extras
import psycopg2.extensions

# Type, value: given as a parameter, stored, read back equal.
UTC = datetime.timezone.utc
VALUES = [
    ("bool", True), ("int2", -32768), ("int4", 2**31 - 1), ("int8", -(2**63)),
    ("float4", 0.5), ("float8", 1e-300), ("numeric", decimal.Decimal("-123456789012345.678900")),
    ("numeric(12,2)", decimal.Decimal("0.10")), ("text", "naïve \\ 'q' \n ☃"), ("text", ""),
    ("varchar(20)", "v"), ("bytea", bytes(range(256))), ("date", datetime.date(2024, 2, 29)),
    ("time", datetime.time(23, 59, 59, 999999)),
    ("timestamp", datetime.datetime(1970, 1, 1, 0, 0, 0, 1)),
    ("timestamptz", datetime.datetime(2024, 6, 1, 12, tzinfo=UTC)),
    ("interval", datetime.timedelta(days=-3, seconds=7, microseconds=11)),
    ("uuid", uuid.UUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")),
    ("int4[]", [1, None, -3]), ("text[]", ["a,b", 'q"', "", None]), ("int8[]", []),
    ("text", None), ("int4", None), ("bytea", None),
]
SLOW = "select sum(a.n * b.n) from many a, many b where a.n % 7 <> b.n % 11"


def expect(what, got, wanted):
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, expected {wanted!r}")


def fails(what, state, run, *args):
    try:
        run(*args)
    except (psycopg2.Error, psycopg.Error) as error:
        code = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None)
        expect(what, code, state)
        return error
    raise AssertionError(f"{what}: no error, expected {state}")


def adapted(value):
    return psycopg2.extras.UUID_adapter(value) if isinstance(value, uuid.UUID) else value


def types2(server, connection):
    psycopg2.extras.register_uuid()
    cursor = connection.cursor()
    for name, value in VALUES:
        cursor.execute(f"create table one (v {name})")
        cursor.execute("insert into one values (%s) returning v", (adapted(value),))
        got = cursor.fetchone()[0]
        expect(name, bytes(got) if isinstance(got, memoryview) else got, value)
        connection.rollback()
    cursor.execute("select %s::jsonb, %s::json",
                   (psycopg2.extras.Json({"b": [1, None]}), psycopg2.extras.Json([1.5])))
    expect("json", cursor.fetchone(), ({"b": [1, None]}, [1.5]))
    connection.rollback()


def errors2(server, connection):
    cursor = connection.cursor()
    cursor.execute("create table keyed (id int primary key, v text not null)")
    connection.commit()
    cursor.execute("insert into keyed values (1, 'a')")
    error = fails("a second key", "23505", cursor.execute, "insert into keyed values (1, 'b')")
    expect("its constraint", error.diag.constraint_name, "keyed_pkey")
    expect("its detail", error.diag.message_detail, "Key (id)=(1) already exists.")
    fails("an aborted transaction", "25P02", cursor.execute, "select 1")
    connection.rollback()
    with connection:
        with connection.cursor() as inner:
            inner.execute("savepoint s")
            fails("a null", "23502", inner.execute, "insert into keyed values (2, null)")
            inner.execute("rollback to savepoint s")
            psycopg2.extras.execute_values(
                inner, "insert into keyed values %s", [(n, f"v{n}") for n in range(10, 1010)])
    cursor.execute("select count(*) from keyed")
    expect("rows kept", cursor.fetchone()[0], 1000)
    connection.commit()


def cursors2(server, connection):
    cursor = connection.cursor("named")
    cursor.itersize = 70
    cursor.execute("select n, n::text as t from many order by n limit 500")
    expect("a server-side cursor", [row[0] for row in cursor], list(range(1, 501)))
    cursor.close()
    connection.commit()


def copy2(server, connection):
    cursor = connection.cursor()
    cursor.execute("create table copied (a int, b text)")
    cursor.copy_expert("copy copied from stdin csv header", io.StringIO('a,b\n1,"x, ""y"""\n2,\n'))
    expect("copied rows", cursor.rowcount, 2)
    out = io.StringIO()
    cursor.copy_expert("copy copied to stdout", out)
    expect("copied out", out.getvalue(), '1\tx, "y"\n2\t\\N\n')
    binary = io.BytesIO()
    cursor.copy_expert("copy copied to stdout binary", binary)
    binary.seek(0)
    cursor.copy_expert("copy copied from stdin binary", binary)
    cursor.execute("select count(*), count(b) from copied")
    expect("copied twice", cursor.fetchone(), (4, 2))
    fails("a bad line", "22P02", cursor.copy_expert, "copy copied from stdin", io.StringIO("x\ty\n"))
    connection.rollback()


def cpu_seconds(server):
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def wait_until_calm(server):
    """The statement's work has ended too, not only its answer come."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        before = cpu_seconds(server)
        time.sleep(0.3)
        if cpu_seconds(server) - before < 0.1:
            return
    raise AssertionError("the server still works on a statement that was cancelled")


def cancel2(server, connection):
    cursor = connection.cursor()
    for route in ("column", "mixed", "row"):
        cursor.execute(f"set omendb.route = {route}")
        connection.commit()
        timer = threading.Timer(0.4, connection.cancel)
        timer.start()
        fails(f"cancel on {route}", "57014", cursor.execute, SLOW)
        timer.join()
        connection.rollback()
        wait_until_calm(server)
        cursor.execute("set statement_timeout = 300")
        fails(f"statement_timeout on {route}", "57014", cursor.execute, SLOW)
        connection.rollback()
        wait_until_calm(server)
    cursor.execute("select path from omendb.query_history where sqlstate = '57014' group by path")
    expect("paths cancelled", {row[0] for row in cursor.fetchall()}, {"row", "column", "mixed"})
    connection.rollback()


def types3(server, connection):
    for binary in (False, True):
        for name, value in VALUES:
            with connection.transaction(force_rollback=True), connection.cursor(binary=binary) as c:
                c.execute(f"create table one (v {name})")
                mark = "%b" if binary and value is not None else "%t"
                c.execute(f"insert into one values ({mark})", (value,))
                c.execute("select v from one")
                expect(f"{name} binary={binary}", c.fetchone()[0], value)


def prepared3(server, connection):
    with connection.cursor() as cursor:
        for n in range(20):
            cursor.execute("select %s::int + n from many where n = %s", (n, n + 1), prepare=True)
            expect("a prepared statement", cursor.fetchone(), (2 * n + 1,))
        cursor.execute("create table shape (a int)")
        cursor.execute("insert into shape values (1)")
        cursor.execute("select * from shape", prepare=True)
        expect("before the change", cursor.fetchone(), (1,))
        cursor.execute("alter table shape add column b int default 5")
        fails("a changed result type", "0A000",
              lambda: cursor.execute("select * from shape", prepare=True))
    connection.rollback()


def pipeline3(server, connection):
    with connection.pipeline(), connection.cursor() as cursor:
        connection.execute("create table piped (n int primary key)")
        cursor.executemany("insert into piped values (%s)", [(n,) for n in range(500)])
        total = connection.execute("select sum(n) from piped")
        expect("a pipeline's sum", total.fetchone(), (124750,))
    connection.rollback()

    def broken():
        with connection.pipeline():
            connection.execute("select 1")
            connection.execute("select 1 / 0")
            connection.execute("select 2")

    fails("an error in a pipeline", "22012", broken)
    connection.rollback()
    expect("afterwards", connection.execute("select 3").fetchone(), (3,))
    connection.rollback()


def cursors3(server, connection):
    for binary in (False, True):
        with connection.cursor("walker", binary=binary) as cursor:
            cursor.execute("select n from many order by n")
            expect("fetchmany", [row[0] for row in cursor.fetchmany(3)], [1, 2, 3])
            expect("fetchone", cursor.fetchone(), (4,))
            expect("the rest", len(cursor.fetchall()), MANY - 4)
        connection.rollback()


def copy3(server, connection):
    with connection.cursor() as cursor:
        cursor.execute("create table copied3 (a int8, b text, c timestamptz, d numeric)")
        rows = [(n, f"t{n}" if n % 3 else None, datetime.datetime(2024, 1, 1, tzinfo=UTC),
                 decimal.Decimal(n) / 8) for n in range(1000)]
        with cursor.copy("copy copied3 from stdin (format binary)") as copy:
            copy.set_types(["int8", "text", "timestamptz", "numeric"])
            for row in rows:
                copy.write_row(row)
        with cursor.copy("copy copied3 to stdout (format binary)") as copy:
            copy.set_types(["int8", "text", "timestamptz", "numeric"])
            expect("binary COPY", sorted(copy.rows(), key=lambda row: row[0]), rows)
    connection.rollback()


MANY = 20_000
CHECKS2 = [types2, errors2, cursors2, copy2, cancel2]
CHECKS3 = [types3, prepared3, pipeline3, cursors3, copy3]


def run(server):
    problems = []
    options = {"host": "127.0.0.1", "port": server.port, "user": "omendb", "dbname": "omendb"}
    setup = server.connect()
    setup.query("create table many (n bigint primary key)")
    setup.query(f"insert into many select g from generate_series(1, {MANY}) g")
    setup.close()
    for connect, checks in ((psycopg2.connect, CHECKS2), (psycopg.connect, CHECKS3)):
        for check in checks:
            connection = connect(**options)
            try:
                check(server, connection)
            except Exception as error:  # whatever a driver makes of an answer
                where = traceback.extract_tb(error.__traceback__)[1]
                problems.append(f"{check.__name__}, line {where.lineno}: {error}")
            finally:
                connection.close()
    for problem in problems:
        print("  " + problem)
    print(f"drivers: {len(CHECKS2) + len(CHECKS3)} checks, {len(problems)} problems")
    return not problems
