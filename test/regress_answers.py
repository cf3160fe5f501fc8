#!/usr/bin/env python3
"""PostgreSQL's own regression files, statement by statement, here and on PostgreSQL 15.

regress_answers.py --server BINARY --files FOLDER [--route auto|row|column|mixed] [--only NAME ...]

FOLDER is src/test/regress of PostgreSQL 15's source (Debian: `apt-get source postgresql-15`); the
oracle is Debian's PostgreSQL 15. Each file runs in a fresh database after test_setup.sql. What is
not there (0A000; a function, type or relation that is missing) is counted, and a change that we
refuse is left out on both sides. Everything else must answer alike: rows (in any order), tags,
states of errors. It is a list to read, not a verdict: what rows say in no order, EXPLAIN and the
catalogue differ too.
"""
import argparse
import collections
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness import Server  # noqa: E402
from pgclient import Connection  # noqa: E402
from reference import Reference  # noqa: E402

STATEMENT_S = 20
MISSING = {"0A000": "refused", "42883": "missing", "42704": "missing", "42P01": "missing"}
TOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\"[^\"]*\"|\$(\w*)\$.*?\$\1\$|"
    r"\\\w[^\n]*|\\\.|;|\(|\)|.", re.S)
VARIABLE = re.compile(r":(['\"])[a-z_]+\1|[\s(,=]:[a-z_]")
READS = re.compile(r"\s*(select|with|values|table|explain|show)\b", re.I)
QUIET = ("ok", "refused", "missing", "differs, catalogue or clock", "in a failed transaction")
CONTROL = re.compile(r"\s*(begin|start|commit|end|rollback|abort|savepoint|release|prepare transaction)\b", re.I)
SECRET = re.compile(r"explain|pg_(?!typeof|input)|information_schema|version\(|::reg|random|now\(\)|"
                    r"current_(time|date|user)|localtime|tableoid|ctid|xmin|txid|nextval|setval", re.I)


def statements(text):
    """(statement, lines of COPY data or None) of a psql script; psql's own commands are left out,
    and so is what they would have filled in."""
    text = re.sub(r"\\g(set|exec|desc|x)?\b[^\n]*", ";", text)
    piece, depth, at = [], 0, 0
    while at < len(text):
        found = TOKEN.match(text, at)
        at, word = found.end(), found[0]
        if word.startswith(("--", "/*")) or (word.startswith("\\") and len(word) > 1):
            continue
        if word in "()":
            depth = max(0, depth + (1 if word == "(" else -1))
        if word != ";" or depth:
            piece.append(word)
            continue
        statement, piece = "".join(piece).strip(), []
        data = None
        if re.match(r"copy\b.*\bfrom\s+stdin\b", statement, re.I | re.S):
            body, _, _ = text[at:].partition("\n\\.\n")
            at = min(len(text), at + len(body) + 4)
            data = [body.lstrip("\n").encode() + b"\n"]
        if statement and not VARIABLE.search(re.sub(r"::", "", statement)):
            yield statement, data


def script(folder, name):
    text = (folder / "sql" / f"{name}.sql").read_text(encoding="utf8", errors="replace")
    for line in re.findall(r"^\\set filename :abs_srcdir '(.*)'$(?=\n(COPY \w+) FROM :'filename')", text, re.M):
        data = (folder / line[0].lstrip("/")).read_text(encoding="utf8", errors="replace")
        text = text.replace(f"{line[1]} FROM :'filename';", f"{line[1]} FROM stdin;\n{data.rstrip()}\n\\.\n")
    return text


class Side:
    """One database and the session in it; a lost session is opened again."""

    def __init__(self, connect, settings=""):
        self.connect, self.settings, self.session = connect, settings, None
        self.open()

    def open(self):
        self.session = self.connect()
        self.session.script(
            f"set statement_timeout = '{STATEMENT_S}s'; set lock_timeout = '5s'; set timezone = 'PST8PDT';"
            "set datestyle = 'ISO, MDY';" + self.settings)

    def ask(self, statement, data):
        """What it says. A transaction goes on after what is not there."""
        inside = self.session.status == "T" and not CONTROL.match(statement)
        try:
            if inside:
                self.session.script("savepoint before_statement")
            answer = self.session.script(statement, data)
            if inside and state(answer) in MISSING:
                self.session.script("rollback to before_statement")
            elif inside and self.session.status == "T":
                self.session.script("release before_statement")
            return answer
        except (OSError, EOFError) as error:
            self.open()
            return f"{statement[:200]}: {error or 'lost'}"


def state(answer):
    if isinstance(answer, str):
        return answer
    return next((result.error["C"] for result in answer if result.error), None)


def said(answer):
    return [(result.types, sorted(map(repr, result.rows)), result.tag) for result in answer]


def judge(ours, right):
    """None where both answer alike."""
    if isinstance(ours, str):
        return "LOST"
    mine, theirs = state(ours), state(right)
    if mine == "25P02":
        return "in a failed transaction"
    if mine is None and theirs is None:
        return None if said(ours) == said(right) else "WRONG"
    if mine == theirs:
        return None
    if mine is None:
        return "missing error"
    return MISSING.get(mine, f"error {mine}" if theirs is None else f"other error {mine}")


def shown(answer):
    if isinstance(answer, str):
        return answer
    return str([result.error["C"] + " " + result.error["M"] if result.error else (result.rows, result.types)
                for result in answer])[:500]


def run_file(ours, right, folder, name, counts):
    for statement, data in statements(script(folder, name)):
        mine = ours.ask(statement, data)
        if state(mine) in MISSING and not READS.match(statement):
            counts["left out"] += 1
            continue
        theirs = right.ask(statement, data)
        if right.session.status == "E" and ours.session.status == "T":
            ours.session.script("failed in the other")
        verdict = judge(mine, theirs) or "ok"
        if verdict == "WRONG" and SECRET.search(statement):
            verdict = "differs, catalogue or clock"
        counts[verdict.split()[0] if verdict.startswith("error") else verdict] += 1
        if verdict not in QUIET:
            print(f"{name}: {verdict}\n    {statement[:600]}\n    right {shown(theirs)}\n    ours  {shown(mine)}",
                  flush=True)


def run_beside(reference, options, folder, name, counts):
    """One file in a fresh server and a fresh database of the oracle."""
    reference.connect().query(f'create database "regress_{name}"')
    oracle = Side(lambda: Connection(reference.socket_path, database=f"regress_{name}", timeout=2 * STATEMENT_S))
    with Server(options.server) as server:
        setup = Side(lambda: server.connect(timeout=2 * STATEMENT_S))
        for statement, data in statements(script(folder, "test_setup")):
            if state(setup.ask(statement, data)) not in MISSING:
                oracle.ask(statement, data)
        ours = Side(setup.connect, f"set omendb.route = {options.route}")
        try:
            run_file(ours, oracle, folder, name, counts)
        except (OSError, EOFError) as error:
            counts["LOST"] += 1
            print(f"{name}: LOST\n    the server ended or takes nobody: {error}: {server.tail(8)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True)
    parser.add_argument("--files", required=True, type=pathlib.Path)
    parser.add_argument("--route", default="auto")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    folder = options.files.resolve()
    names = options.only or [path.stem for path in sorted(folder.glob("sql/*.sql")) if path.stem != "test_setup"]
    counts = collections.Counter()
    with Reference() as reference:
        for name in names:
            run_beside(reference, options, folder, name, counts)
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))
    return 1 if counts["WRONG"] or counts["LOST"] else 0


if __name__ == "__main__":
    sys.exit(main())
