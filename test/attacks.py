"""Hostile bytes and hostile SQL: an error, and the server and other sessions go on."""
import socket
import struct

from pgclient import Connection, ServerError, connect, message, parse

# What DuckDB would do if client SQL reached it. Each must be an ordinary PostgreSQL error.
ENGINE_ATTACKS = [
    "select * from read_blob('columns.duckdb')",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from glob('*')",
    "select * from sniff_csv('/etc/passwd')",
    "select * from parquet_metadata('x')",
    "copy (select 1) to '/tmp/omendb-attack'",
    "copy attack from '/etc/passwd'",
    "copy attack from program 'id'",
    "copy attack to program 'cat'",
    "attach ':memory:' as m",
    "attach 'columns.duckdb' as m",
    "install httpfs",
    "load httpfs",
    "load '/tmp/x.so'",
    "call enable_logging()",
    "call enable_logging(storage='file', storage_path='/tmp/omendb-attack')",
    "call dbgen(sf=1)",
    "pragma disable_optimizer",
    "pragma disable_checkpoint_on_shutdown",
    "pragma database_list",
    "force checkpoint",
    "export database '/tmp/omendb-attack'",
    "import database '/tmp/omendb-attack'",
    "select * from duckdb_databases()",
    "select * from duckdb_settings()",
    "select * from duckdb_secrets()",
    "select * from pragma_version()",
    "select getenv('HOME')",
    "select current_setting('memory_limit')",
    "set memory_limit = '1TB'",
    "set enable_external_access = true",
    "create secret (type s3)",
    "create macro f(a) as a + 1",
    "select omen_rows(0)",
    "select * from omen_rows(0)",
    "select * from __omen_watermark",
    "select omen_f65(1, 1)",
    "summarize attack",
    "describe attack",
    "from attack",
    "select * exclude (a) from attack",
    "select columns('a') from attack",
    "pivot attack on a using sum(a)",
]

BAD_SQL = [
    ("select nothing from attack", "42703"),
    ("select 2147483647 + 1", "22003"),
    ("select 9223372036854775807 + 1", "22003"),
    ("select 1 / 0", "22012"),
    ("select 'x'::int", "22P02"),
    ("insert into attack values (1, 'again')", "23505"),
    ("selec 1", "42601"),
    ("select * from missing", "42P01"),
    ("select missing(1)", "42883"),
    (b"select '\xff\xfe'", "22021"),
    ("select " + "(" * 10000 + "1" + ")" * 10000, "54001"),
    ("begin isolation level serializable", "0A000"),
]
# A script brings no values for parameters, whatever Parse made of the same text before.
WITHOUT_VALUES = [
    "select $1", "select $1::int", "select 5, $1::int", "select $1 + a from given", "values ($1)",
    "select sin($2)", "select 1 limit $1", "select * from generate_series(1, $1)", "select $1 = $2",
    "select case when $1 then 1 end", "select a from given where a = $1", "explain select $1::int",
    "insert into given values ($1, $2)", "update given set b = $1", "delete from given where a = $1",
    "copy (select $1::int) to stdout", "create table values_of as select $1::int as a",
    "create view view_of as select $1::int as a", "begin; declare c cursor for select $1::int",
    "prepare kept as select $1::int; execute kept($1)", "select 1; select $1::int",
    "select $0", "select $65536", "alter table given alter b set default $1",
]


def parameter_attacks(server, problems):
    connection = server.connect()
    connection.query("create table given (a int primary key, b text)")
    for text in WITHOUT_VALUES:
        try:
            connection.extended(text, ["1"] * text.count("$"))
        except ServerError:
            connection.script("rollback")
        expect(connection, text, "42P02", problems)
        connection.script("deallocate all; drop table if exists values_of")
    connection.close()


def expect(connection, text, state, problems):
    results = connection.script(text)
    got = next((result.error["C"] for result in results if result.error), None)
    if got != state:
        problems.append(f"{text[:80]!r}: {got} instead of {state}")
    if connection.status != "I":
        connection.script("rollback")


def sql_attacks(server, problems):
    connection = server.connect()
    connection.query("create table attack (a int primary key, b text)")
    connection.query("insert into attack values (1, 'one'), (2, 'two')")
    for route in ("auto", "column", "mixed"):
        connection.query(f"set omendb.route = {route}")
        for text in ENGINE_ATTACKS:
            results = connection.script(text)
            if not any(result.error for result in results):
                problems.append(f"{text!r} on {route} was accepted: {results[-1].rows[:3]}")
    connection.query("set omendb.route = auto")
    for text, state in BAD_SQL:
        expect(connection, text, state, problems)
    results = connection.script("select nothing from attack")
    if results[0].error.get("P") != "8":
        problems.append(f"unknown column: position {results[0].error.get('P')}, not 8")
    results = connection.script("insert into attack values (1, 'again')")
    if results[0].error.get("D") != "Key (a)=(1) already exists.":
        problems.append(f"unique violation: detail {results[0].error.get('D')}")
    many = "select count(*) from attack where a in (" + ",".join(map(str, range(1000000))) + ")"
    if connection.value(many) != "2":
        problems.append("a million-element IN list gave a wrong count")
    chain = "select " + "1+" * 100000 + "1"
    results = connection.script(chain)
    if results[0].error and results[0].error["C"] != "54001":
        problems.append(f"a long operator chain: {results[0].error}")
    if connection.value("select count(*) from attack") != "2":
        problems.append("the attack table changed")
    connection.close()
    parameter_attacks(server, problems)


def copy_attacks(server, problems):
    connection = server.connect()
    for data, state, line in ((b"10\tx\n11\n", "22P04", 2), (b"10\tx\ny\tz\n", "22P02", 2),
                              (b"10\tx\textra\n", "22P04", 1), (b"10\t\xff\n", "22021", 1),
                              (b"10\tx\n10\ty\n", "23505", 2)):
        results = connection.script("copy attack from stdin", [data])
        error = next((result.error for result in results if result.error), None)
        if error is None or error["C"] != state or f"line {line}" not in error.get("W", ""):
            problems.append(f"COPY {data!r}: {error}")
    if connection.value("select count(*) from attack") != "2":
        problems.append("a failed COPY left rows behind")
    connection.close()


def raw(server, payload, startup=True):
    """Sends bytes on a fresh connection; True when the server closed or answered an error."""
    if startup:
        sock = Connection(server.socket_path, timeout=10).sock
    else:
        sock = connect(server.socket_path, 10)
    try:
        sock.sendall(payload)
        try:
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            return True
        while sock.recv(65536):
            pass
        return True
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    finally:
        sock.close()


def byte_attacks(server, problems):
    payloads = {
        "4 GB length": (struct.pack("!cI", b"Q", 0xFFFFFFFF), True),
        "huge length, no body": (struct.pack("!ci", b"Q", 0x3FFFFFFF), True),
        "negative length": (struct.pack("!ci", b"Q", -5), True),
        "length below four": (struct.pack("!ci", b"Q", 3), True),
        "truncated message": (struct.pack("!ci", b"Q", 100) + b"select", True),
        "unknown type": (message(b"~", b"hello"), True),
        "bind with bad counts": (message(b"B", b"\0\0" + struct.pack("!hhh", 0, 30000, 1)), True),
        "parse without end": (message(b"P", b"abc"), True),
        "negative field": (parse("", "select $1") + message(
            b"B", b"\0\0" + struct.pack("!hhi", 0, 1, -7)), True),
        "startup of zero length": (struct.pack("!i", 0), False),
        "startup too long": (struct.pack("!ii", 200000, 196608) + b"x" * 1000, False),
        "startup of garbage": (b"GET / HTTP/1.1\r\n\r\n", False),
        "startup of an old protocol": (struct.pack("!ii", 8, 131072), False),
        "cancel of nobody": (struct.pack("!iiii", 16, 80877102, 1, 2), False),
    }
    for name, (payload, startup) in payloads.items():
        if not raw(server, payload, startup):
            problems.append(f"{name}: the server neither answered nor closed")
        try:
            server.connect().query("select 1")
        except (OSError, EOFError, ServerError) as error:
            problems.append(f"after {name}: {error}")
            return


def run(server):
    problems = []
    sql_attacks(server, problems)
    copy_attacks(server, problems)
    byte_attacks(server, problems)
    for problem in problems[:30]:
        print("  " + problem)
    print(f"attacks: {len(problems)} problems, server at {server.resident_mb():.0f} MB")
    return not problems
