"""What is written and read in bulk: the tables, the rows, and the cases of `./dev bench copy`."""
import random
import struct
import typing

from pgclient import Connection, message

COLUMNS = ("id bigint {key}, account int not null, name text not null, price numeric(10,2), "
           "made timestamp not null, about varchar(200)")
SELECTED = 200_000    # rows of INSERT ... SELECT
STATEMENT_ROWS = 1000  # of a multi-row INSERT
STATEMENTS = 20
SELECT_COPIES = 5      # of the rows, for the SELECT to a client

# The same of both servers, before a time counts.
SUMS = ("select count(*), sum(id), sum(account), sum(price), sum(length(name)), sum(length(about)), "
        "count(about), min(made), max(made) from {table}")
BY_INDEX = "select count(*), sum(id) from {table} where account between 100 and 5000"


def line(number, draw):
    """A line of COPY's text format; a few have nulls and escapes."""
    account = draw.randrange(1_000_000)
    price = f"{draw.randrange(10_000_000) / 100:.2f}" if number % 17 else "\\N"
    made = f"2024-{1 + number % 12:02}-{1 + number // 7 % 28:02} {number // 60 % 24:02}:{number % 60:02}:11.5"
    about = "\\N" if number % 5 == 0 else f"about\\t{number}" if number % 50 == 1 else "words " * (number % 9)
    return f"{number}\t{account}\tname {account % 977} of {number}\t{price}\t{made}\t{about}\n"


def lines(first, last):
    draw = random.Random(first)
    return "".join(line(number, draw) for number in range(first, last + 1)).encode()


def framed(data, size=1 << 16):
    """The data as CopyData messages and their end, sent as they are."""
    return b"".join(message(b"d", data[at:at + size]) for at in range(0, len(data), size)) + message(b"c", b"")


def table(name, key=True):
    return [f"drop table if exists {name}", f"create table {name} ({COLUMNS.format(key='primary key' if key else '')})"]


def indexed(name):
    return [*table(name), f"create index {name}_account on {name} (account)"]


def values(first):
    draw = random.Random(first)

    def row(number):
        fields = line(number, draw)[:-1].replace("\\t", " ").split("\t")
        return "(" + ", ".join("null" if field == "\\N" else f"'{field}'" for field in fields) + ")"
    return [f"insert into rows_values values {', '.join(row(n) for n in range(at, at + STATEMENT_ROWS))}"
            for at in range(first, first + STATEMENTS * STATEMENT_ROWS, STATEMENT_ROWS)]


class Client:
    """One session that costs little beside the server: it sends what is framed, and only counts
    what comes."""

    def __init__(self, folder, port):
        self.connection = Connection(f"{folder}/.s.PGSQL.{port}", timeout=900)
        self.room = memoryview(bytearray(1 << 20))

    def close(self):
        self.connection.close()

    def answers(self, text):
        return self.connection.query(text)

    def do(self, texts):
        for text in texts:
            self.connection.query(text)

    def copy_in(self, target, messages):
        self.connection.send(b"Q", f"copy {target} from stdin".encode() + b"\0")
        while self.connection.receive()[0] != b"G":
            pass
        self.connection.sock.sendall(messages)
        (result,) = self.connection.until_ready()
        if result.error:
            raise RuntimeError(str(result.error))

    def take(self, text, keep=False):
        """Reads a statement's answer to its end; its bytes where they are kept."""
        sock = self.connection.sock
        sock.sendall(message(b"Q", text.encode() + b"\0"))
        kept, tail = [], b""
        while not (len(tail) == 6 and tail[:5] == b"Z\0\0\0\5"):
            got = sock.recv_into(self.room)
            if got == 0:
                raise EOFError(text)
            tail = (tail + bytes(self.room[max(0, got - 6):got]))[-6:]
            if keep:
                kept.append(bytes(self.room[:got]))
        return b"".join(kept)


def digest(answer):
    """Of the rows of an answer, in whatever order they come: how many bytes, and a sum of hashes."""
    size, total, at = 0, 0, 0
    while at < len(answer):
        length = struct.unpack_from("!i", answer, at + 1)[0]
        kind, body = answer[at:at + 1], answer[at + 5:at + 1 + length]
        at += 1 + length
        if kind == b"E":
            raise RuntimeError(repr(body))
        if kind in b"dD":
            size += len(body)
            total += hash(body)
    return size, total


class Case(typing.NamedTuple):
    """Before each run `prepare` is done and not timed; `checks` are asked after it."""
    name: str
    figure: str
    prepare: list
    run: typing.Callable  # of a Client
    checks: list
    output: str = ""      # a statement whose data is compared, once


def checks(name):
    return [SUMS.format(table=name), BY_INDEX.format(table=name)]


def written(rows):
    fresh, more = framed(lines(1, rows)), framed(lines(rows + 1, rows + rows // 2))
    statements = values(1)
    back = f"delete from rows_append where id > {rows}"
    return [
        Case("COPY into an empty table", "copy_empty_vs_pg18", indexed("rows_empty"),
             lambda client: client.copy_in("rows_empty", fresh), checks("rows_empty")),
        Case("COPY into a table with rows", "copy_append_vs_pg18", [back],
             lambda client: client.copy_in("rows_append", more), checks("rows_append")),
        Case("INSERT ... SELECT", "insert_select_vs_pg18", indexed("rows_selected"),
             lambda client: client.do(["insert into rows_selected select * from rows_append "
                                       f"where id <= {SELECTED}"]), checks("rows_selected")),
        Case("INSERT of 1,000 rows a statement", "insert_values_vs_pg18", indexed("rows_values"),
             lambda client: client.do(statements), checks("rows_values")),
        Case("CREATE INDEX", "create_index_vs_pg18", ["drop index if exists rows_large_account"],
             lambda client: client.do(["create index rows_large_account on rows_large (account)"]),
             [BY_INDEX.format(table="rows_large")]),
    ]


def read():
    found = [Case(f"COPY TO, {form}", "copy_out_vs_pg18", [], None, [],
                  f"copy rows_large to stdout (format {form})") for form in ("text", "binary")]
    found.append(Case("SELECT to a client", "select_out_vs_pg18", [], None, [], "select * from rows_long"))
    return [case._replace(run=lambda client, text=case.output: client.take(text)) for case in found]


def load(client, rows):
    """What the cases read, and the table that gets more rows."""
    client.do(indexed("rows_append") + table("rows_large") + table("rows_long"))
    data = framed(lines(1, rows))
    for name in ("rows_append", "rows_large"):
        client.copy_in(name, data)
    for copy in range(SELECT_COPIES):
        client.do([f"insert into rows_long select id + {copy * rows}, account, name, price, made, about "
                   f"from rows_large where id between {at} and {at + SELECTED - 1}"
                   for at in range(1, rows + 1, SELECTED)])
    client.do([f"vacuum analyze {name}" for name in ("rows_append", "rows_large", "rows_long")])
