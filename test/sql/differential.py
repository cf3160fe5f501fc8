#!/usr/bin/env python3
"""Random schemas, data and queries; every answer as PostgreSQL 15 gives it, on every path.

differential.py --server BINARY [--seed N] [--seconds S | --queries N] [--routes auto,row]

A query is drawn from a typed grammar, so that most are valid; each is sent to PostgreSQL and,
on each path, to omendb. Rows compare as multisets unless a total order was asked for. A forced
path may answer 0A000. Where one side meets a data error (class 22) and the other does not, the
order of evaluation may be the reason: such pairs count only with --strict. The seed is printed;
the same seed draws the same queries.
"""
import argparse
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from harness import Server  # noqa: E402
from pgclient import Connection  # noqa: E402
from reference import Reference  # noqa: E402
from differential_grammar import Grammar  # noqa: E402

ROUTES = ("auto", "row", "column", "mixed")
ROUND = 60  # queries over one schema


def outcome(connection, text):
    """(rows, None) or (message, sqlstate). Negative zero is the same number as zero."""
    result = connection.script(text)[-1]
    if result.error:
        return result.error["M"], result.error["C"]
    return [tuple("0" if value == "-0" else value for value in row) for row in result.rows], None


def same(query, want, got):
    if want[1] or got[1]:
        return want[1] == got[1]
    if query.ordered:
        return want[0] == got[0]
    key = lambda row: tuple((value is None, value or "") for value in row)  # noqa: E731
    return sorted(want[0], key=key) == sorted(got[0], key=key)


def excused(route, want, got, strict):
    if got[1] == "0A000":
        return True
    codes = [code for code in (want[1], got[1]) if code]
    if strict or not codes:
        return False
    return all(code.startswith("22") or code == "0A000" for code in codes)


def difference(query, route, want, got):
    lines = [f"== {route}: {query.text};"]
    if want[1] or got[1]:
        told = [f"{code}: {value}" if code else f"{len(value)} rows" for value, code in (want, got)]
        lines.append(f"-- want {told[0]}, got {told[1]}")
        return "\n".join(lines)
    missing = [row for row in want[0] if row not in got[0]][:3]
    surplus = [row for row in got[0] if row not in want[0]][:3]
    lines.append(f"-- want {len(want[0])} rows, got {len(got[0])}; only wanted {missing}; "
                 f"only got {surplus}")
    return "\n".join(lines)


class Comparison:
    """One seed's schemas and queries against both servers."""

    def __init__(self, server, reference, seed, routes, strict):
        self.server, self.reference = server, reference
        self.seed, self.routes, self.strict = seed, routes, strict
        self.queries = self.refused = self.errors = self.wrong = 0

    def run(self, seconds, queries):
        deadline = time.monotonic() + seconds
        number = 0
        while time.monotonic() < deadline and self.queries < queries:
            self.round(Grammar(random.Random(f"{self.seed}/{number}")), deadline, queries)
            number += 1

    def round(self, grammar, deadline, queries):
        setup = grammar.schema()
        wanted = self.reference.connect()
        ours = {route: self.server.connect() for route in self.routes}
        for text in ["drop schema if exists d cascade; create schema d", "set search_path = d", *setup]:
            want, got = outcome(wanted, text), outcome(ours[self.routes[0]], text)
            if want[1] != got[1]:
                self.wrong += 1
                print(f"== {text};\n-- want {want[1]}, got {got[1]}", flush=True)
        for route, connection in ours.items():
            connection.script(f"set search_path = d; set omendb.route = {route}")
        wanted.script("set statement_timeout = '10s'")
        reported = False
        for _ in range(ROUND):
            if time.monotonic() > deadline or self.queries >= queries:
                break
            wrong = self.compare(grammar.query(), wanted, ours)
            if wrong and not reported:
                print("\n".join(text + ";" for text in setup))
                reported = True
            for text in wrong:
                print(text, flush=True)
        for connection in (wanted, *ours.values()):
            connection.close()

    def compare(self, query, wanted, ours):
        self.queries += 1
        want = outcome(wanted, query.text)
        self.errors += want[1] is not None
        wrong = []
        for route, connection in ours.items():
            got = outcome(connection, query.text)
            if same(query, want, got):
                continue
            if excused(route, want, got, self.strict):
                self.refused += 1
                continue
            wrong.append(difference(query, route, want, got))
        self.wrong += len(wrong)
        return wrong


def run(binary, seed=None, seconds=20, queries=10**9, routes=ROUTES, strict=False):
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    print(f"differential: seed {seed}")
    with Reference() as reference, Server(binary) as server:
        comparison = Comparison(server, reference, seed, routes, strict)
        comparison.run(seconds, queries)
    print(f"differential: {comparison.queries} queries, {comparison.errors} refused by PostgreSQL, "
          f"{comparison.refused} refused or excused on a path, {comparison.wrong} wrong answers")
    return comparison.wrong == 0


class Attached:
    """A server that runs already, by its socket."""

    def __init__(self, path):
        self.path = path

    def connect(self):
        return Connection(self.path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", help="the omendb binary")
    parser.add_argument("--attach", nargs=2, help="sockets of an omendb and a PostgreSQL that run")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--queries", type=int, default=10**9)
    parser.add_argument("--routes", default=",".join(ROUTES))
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args()
    routes = options.routes.split(",")
    if options.attach is None:
        ok = run(options.server, options.seed, options.seconds, options.queries, routes,
                 options.strict)
        return 0 if ok else 1
    seed = options.seed or 0
    comparison = Comparison(Attached(options.attach[0]), Attached(options.attach[1]), seed, routes,
                            options.strict)
    comparison.run(options.seconds, options.queries)
    print(f"seed {seed}: {comparison.queries} queries, {comparison.errors} refused by PostgreSQL, "
          f"{comparison.refused} refused or excused, {comparison.wrong} wrong answers")
    return 0 if comparison.wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
