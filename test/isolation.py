"""Sessions that meet, step by step, against recorded answers of PostgreSQL 15 on every path.

test/isolation/NAME.spec holds cases: `== what it shows`, then lines `session: statement`. A
statement that does not answer at once waits: it is written down as waiting, and its answer at
the step that ended the wait. NAME.out is what PostgreSQL 15 did (run.py bless). `setup:` runs on a
session of its own and always answers. On a forced path a statement may answer 0A000, or
55000 where that path no longer has the snapshot, instead.
"""
import pathlib
import re
import select
import time

from pgclient import Answer, Connection
from sql_scripts import answer

FOLDER = pathlib.Path(__file__).parent / "isolation"
ROUTES = ("auto", "row", "column", "mixed")
WAITS_AFTER = 0.7   # a statement without an answer by then waits for another session
WOKEN_WITHIN = 5    # one that was let go answers by then


class Party:
    """One session, which may have a statement under way."""

    def __init__(self, connection):
        self.connection, self.pending = connection, None

    def begin(self, statement):
        self.connection.send(b"Q", statement.encode() + b"\0")
        self.pending = Answer(self.connection)

    def collect(self, seconds):
        """The answer, or None when it does not come in that time."""
        deadline = time.monotonic() + seconds
        while True:
            while (message := self.connection.next_message()) is not None:
                self.pending.take(*message)
                if self.pending.ready:
                    results, self.pending = self.pending.results, None
                    return answer(results)
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.connection.sock], [], [], left)[0]:
                return None
            self.connection.fill()


def cases(path):
    """[(what, [(session, statement)])] of a .spec file."""
    found = []
    for line in path.read_text().splitlines():
        if line.startswith("== "):
            found.append((line[3:], []))
        elif line.strip() and not line.startswith("#"):
            session, statement = line.split(":", 1)
            found[-1][1].append((session.strip(), statement.strip()))
    return found


def wake(parties, ran, released):
    """Answers of those who waited and wait no longer; in the order of their names."""
    lines = []
    for name in sorted(parties):
        party = parties[name]
        if name == ran or party.pending is None:
            continue
        got = party.collect(WOKEN_WITHIN if name in released else WAITS_AFTER / 3)
        if got is not None:
            lines.append(f"{name} goes on: {got}")
    return lines


def run_case(steps, connect):
    """What happened, as lines."""
    parties, lines = {}, []
    try:
        for session, statement in steps:
            if session not in parties:
                parties[session] = Party(connect())
            party = parties[session]
            if party.pending is None:
                lines.append(f"{session}> {statement}")
                party.begin(statement)
                got = party.collect(WAITS_AFTER)
                lines.append("waits" if got is None else got)
            ended = re.match(r"commit|rollback", statement) is not None
            lines += wake(parties, session, parties if ended else ())
        for name in sorted(parties):
            if parties[name].pending is not None:
                got = parties[name].collect(WOKEN_WITHIN)
                lines.append(f"{name} goes on: {got}")
    finally:
        for party in parties.values():
            party.connection.sock.close()
    return "\n".join(lines)


def fresh(connection, schema):
    connection.script(f"drop schema if exists {schema} cascade; create schema {schema}")


def run_all(path, address, user, database, options):
    """{what: lines} of every case of a file."""
    happened = {}
    for what, steps in cases(path):
        owner = Connection(address, user=user, database=database)
        fresh(owner, "iso")
        happened[what] = run_case(steps, lambda: Connection(
            address, user=user, database=database, options={"search_path": "iso", **options}))
        owner.script("drop schema iso cascade")
        owner.close()
    return happened


def record(path, address, user, database):
    happened = run_all(path, address, user, database, {})
    text = "\n\n".join(f"== {what}\n{lines}" for what, lines in happened.items())
    path.with_suffix(".out").write_text(text + "\n")


def recorded(path):
    blocks = re.split(r"^== ", path.with_suffix(".out").read_text(), flags=re.M)[1:]
    return {block.split("\n", 1)[0]: block.split("\n", 1)[1].rstrip("\n") for block in blocks}


def run(server, only=None):
    failures, count = [], 0
    for path in sorted(FOLDER.glob("*.spec")):
        if only and path.stem not in only:
            continue
        want = recorded(path)
        for route in ROUTES:
            options = {"options": f"-c omendb.route={route}"}
            got = run_all(path, ("127.0.0.1", server.port), "omendb", "omendb", options)
            for what, lines in got.items():
                count += 1
                refused = route != "auto" and re.search("ERROR (0A000|55000)", lines)
                if lines != want[what] and not refused:
                    failures.append(f"{path.name} on {route}: {what}\n--- want\n{want[what]}\n"
                                    f"--- got\n{lines}")
    for failure in failures:
        print(failure, end="\n\n")
    print(f"isolation: {count} cases, {len(failures)} unlike PostgreSQL")
    return not failures
