"""SQL scripts against recorded answers of PostgreSQL 15, on every path.

test/sql/NAME.sql is run statement by statement; NAME.out holds what PostgreSQL answered
(record with: run.py bless --reference host:port). Rows compare as multisets unless the
statement orders them. On a forced path a statement may answer 0A000 instead. A first line
`-- routes: auto` keeps a script to the paths it names.
"""
import pathlib
import re

from pgclient import Connection

FOLDER = pathlib.Path(__file__).parent / "sql"
ROUTES = ("auto", "row", "column", "mixed")


def statements(text):
    """Cuts a script at semicolons outside quotes, comments and dollar quotes."""
    pattern = re.compile(
        r"'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|(\$\w*\$).*?\1|;|.", re.S)
    current, cut = "", []
    for match in pattern.finditer(text):
        token = match[0]
        if token == ";":
            cut.append(current.strip())
            current = ""
        elif not token.startswith("--"):
            current += token
    if current.strip():
        cut.append(current.strip())
    return [statement for statement in cut if statement]


def answer(results):
    """One statement's results as lines: rows, then the tag or the error."""
    lines = []
    for result in results:
        for row in result.rows:
            lines.append("|".join("NULL" if value is None else value for value in row))
        if result.error:
            lines.append(f"ERROR {result.error['C']}: {result.error['M']}")
        else:
            lines.append(f"-- {result.tag}")
    return "\n".join(lines)


def ordered(statement):
    """WITH TIES returns peers, whose order among themselves is free."""
    return re.search(r"\border\s+by\b", statement, re.I) is not None and \
        re.search(r"\bwith\s+ties\b", statement, re.I) is None


def comparable(statement, lines):
    """Rows before an error depend on the plan, so of a failed statement only the error counts.
    The engines' sorts may turn a negative zero into zero, which is the same number."""
    lines = [re.sub(r"(?<![^|])-0(?![^|])", "0", line) for line in lines.splitlines()]
    if lines and lines[-1].startswith("ERROR"):
        return lines[-1:]
    return lines if ordered(statement) else sorted(lines[:-1]) + lines[-1:]


def record(path, address, user, database):
    """Writes NAME.out from a PostgreSQL server."""
    connection = Connection(address, user=user, database=database)
    connection.script("drop schema if exists s cascade; create schema s; set search_path = s")
    blocks = []
    for statement in statements(path.read_text()):
        blocks.append(f"> {statement}\n{answer(connection.script(statement))}\n")
    connection.query("drop schema s cascade") if connection.status == "I" else None
    connection.close()
    path.with_suffix(".out").write_text("\n".join(blocks))


def recorded(path):
    """[(statement, answer)] of a .out file."""
    blocks = re.split(r"^> ", path.with_suffix(".out").read_text(), flags=re.M)[1:]
    wanted = statements(path.read_text())
    pairs = []
    for statement, block in zip(wanted, blocks, strict=True):
        if not block.startswith(statement):
            raise RuntimeError(f"{path.name} changed after it was recorded: {statement[:60]}")
        # One line feed before the answer, one after it and one between blocks.
        pairs.append((statement, block[len(statement) + 1:].rstrip("\n")))
    return pairs


def run_script(path, server, route, learning, failures):
    connection = server.connect()
    connection.script("drop schema if exists s cascade; create schema s; set search_path = s;"
                      f"set omendb.route = {route}; set omendb.learning = {learning}")
    refused = 0
    for statement, want in recorded(path):
        got = answer(connection.script(statement))
        if comparable(statement, got) == comparable(statement, want):
            continue
        if route != "auto" and "ERROR 0A000" in got:
            refused += 1
            continue
        failures.append(f"{path.name} on {route}, learning {learning}:\n{statement}\n--- want\n{want}\n--- got\n{got}")
    if connection.status != "I":
        connection.script("rollback")
    connection.script("set omendb.route = auto; drop schema s cascade")
    connection.close()
    return refused


def routes_of(path):
    first = path.read_text().split("\n", 1)[0]
    match = re.match(r"-- routes: (.*)", first)
    return match[1].split() if match else ROUTES


def run(server, only=None, routes=None, learning="shadow"):
    failures, count, refused = [], 0, 0
    for path in sorted(FOLDER.glob("*.sql")):
        if only and path.stem not in only:
            continue
        for route in routes or routes_of(path):
            refused += run_script(path, server, route, learning, failures)
            count += 1
    for failure in failures:
        print(failure, end="\n\n")
    print(f"sql: {count} script runs, {len(failures)} wrong answers, {refused} refused by a forced path")
    return not failures
