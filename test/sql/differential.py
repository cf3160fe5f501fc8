#!/usr/bin/env python3
"""Random schemas, data, queries and changes; every answer as PostgreSQL 15 gives it, on every path.

differential.py --server BINARY [--seed N] [--seconds S | --queries N] [--routes auto,row]
                [--productions exists,upsert] [--only ROUND/QUERY] [--sessions N] [--strict]

A round draws a schema and ROUND queries from a typed grammar, so that most are valid. PostgreSQL
and, for each path, a session of its own over its own copy of the schema get them in batches, all
at the same time; several such crews run side by side. Rows compare as multisets unless a total
order was asked for, floats to 1e-9; after a change the table's whole content is compared, and a
path whose copy has parted from PostgreSQL's rests until the next round.

Faults: wrong rows, another SQLSTATE, another column type, XX000, and 0A000 on auto where another
path answered right. A forced path may answer 0A000; the reasons are counted. Where one side meets
a data error (class 22) and the other does not, the order of evaluation may be the reason: such
pairs count only with --strict. A faulty query is shrunk on a fresh copy of its schema before it is
printed. Everything is drawn from the seed; --only draws one query of it again.
"""
import argparse
import collections
import multiprocessing
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import answer_check  # noqa: E402
from harness import Server  # noqa: E402
from pgclient import Connection, exchange  # noqa: E402
from reference import Reference  # noqa: E402
from differential_answers import Answered, comparable, differ, told  # noqa: E402
from differential_changes import Changes  # noqa: E402
from differential_shrink import Shrinking  # noqa: E402

ROUTES = ("auto", "row", "column", "mixed")
ROUND = 120  # queries over one schema
BATCH = 24  # queries sent ahead
OTHER_PLANS = {"options": "-c enable_hashjoin=off -c enable_hashagg=off -c enable_indexscan=off -c enable_incremental_sort=off"}
EXACT = ("frames", "twins")  # shapes in which no order of evaluation excuses an error
PATIENCE = 90  # seconds without an answer


class Ended(Exception):
    """A server gave no further answer; what it was asked is the text."""


class Crew:
    """A session on PostgreSQL and one for each path, each over its own copy of a schema."""

    def __init__(self, ours, reference, name, routes):
        self.name, self.routes = name, routes
        self.connections = {"pg": reference.connect()}
        self.connections["pg"].script("set statement_timeout = '5s'; set jit = off")
        for route in routes:
            self.connections[route] = ours.connect(timeout=PATIENCE)
            self.connections[route].script("set statement_timeout = '30s'")

    def close(self):
        for connection in self.connections.values():
            connection.close()

    def fresh(self, setup):
        """Makes the schemas anew; the answers that differ from PostgreSQL's, as a text."""
        schema = {who: f"{self.name}_{who}" for who in self.connections}
        texts = {who: ["set omendb.route = auto" if who != "pg" else "select 1", f"drop schema if exists {name} cascade",
                       f"create schema {name}", f"set search_path = {name}", *setup,
                       "select 1" if who == "pg" else f"set omendb.route = {who}"] for who, name in schema.items()}
        answers = self.ask(texts)
        for number in range(4, 4 + len(setup)):
            for route in self.routes:
                if answers[route][number].code != answers["pg"][number].code:
                    return f"== {setup[number - 4]};\n-- {told(answers['pg'][number])}, {route}: {told(answers[route][number])}"
        return None

    def ask(self, texts):
        """{who: [text]} -> {who: [Answered]}; everyone works at the same time."""
        batches = exchange([(self.connections[who], asked) for who, asked in texts.items()], PATIENCE)
        lost = [(who, batch) for who, batch in zip(texts, batches) if batch.lost]
        if lost:
            raise Ended("\n".join(f"-- {who}: {batch.lost}\n{texts[who][len(batch.answers)]};" for who, batch in lost))
        return {who: [Answered(results[-1]) for results in batch.answers] for who, batch in zip(texts, batches)}


def asked(query, who):
    """A read on columns is asked again, and judged by that: the engine's plan of the first time is kept."""
    again = who == "column" and len(query.texts) == 1 and query.texts[0].lower().startswith(("select", "with", "values", "("))
    return query.texts * 2 if again else query.texts


class Rounds:
    """One crew's share of the rounds of a seed; tells the parent what it found."""

    def __init__(self, crew, options, tell):
        self.crew, self.options, self.tell = crew, options, tell
        self.counts = collections.Counter()

    def run(self, number):
        grammar = Changes(random.Random(f"{self.options.seed}/{number}"))
        self.setup = grammar.schema()
        wrong = self.crew.fresh(self.setup)
        if wrong:
            self.fault(f"setup {number}", wrong)
            return
        resting = set()
        wanted = range(ROUND) if self.options.query is None else [self.options.query]
        queries = [grammar.query(random.Random(f"{self.options.seed}/{number}/{at}"), self.options.productions) for at in wanted]
        for at, query in zip(wanted, queries):
            query.name = f"{self.options.seed} {number}/{at}"
        for start in range(0, len(queries), BATCH):
            if self.options.over():
                break
            self.batch(queries[start:start + BATCH], resting)
        self.tell("counts", self.counts)
        self.counts = collections.Counter()

    def batch(self, queries, resting):
        awake = [route for route in self.crew.routes if route not in resting]
        answers = self.crew.ask({who: [text for query in queries for text in asked(query, who)] for who in ("pg", *awake)})
        left = {who: iter(of) for who, of in answers.items()}
        for query in queries:
            mine = {who: [next(of) for _ in asked(query, who)][-len(query.texts):] for who, of in left.items()}
            self.judge(query, mine["pg"], {route: mine[route] for route in awake if route not in resting}, resting)

    def judge(self, query, want, got, resting):
        self.counts["queries"] += 1
        self.counts["of", query.production] += 1
        self.counts["refused by PostgreSQL"] += want[0].code is not None
        if any(answer.code == "57014" for answer in want):
            self.counts["too long for PostgreSQL"] += 1
            resting.update(got if len(query.texts) > 1 else ())
            return
        kinds = {route: self.verdict(query, want, answers) for route, answers in got.items()}
        right = any(kind is None for kind in kinds.values())
        faults = {}
        for route, kind in kinds.items():
            if kind is None:
                continue
            if len(query.texts) > 1:
                resting.add(route)
            if kind == "refused":
                self.refused(route, want, got[route])
                if route != "auto" or not right:
                    continue
                kind = "refused on auto"
            if kind != "excused":
                faults[route] = kind
            self.counts[kind] += 1
        if faults:
            self.report(query, faults, want, got)

    def refused(self, route, want, answers):
        reason = next(answer.message for answer in answers if answer.code == "0A000")
        self.counts["refusals"] += 1
        self.counts["reason", f"{route}: {reason[:90]}"] += 1

    def verdict(self, query, want, got):
        """None where all is right, else the kind of the first difference."""
        for number, (one, other) in enumerate(zip(want, got)):
            ordered = query.ordered and number == len(want) - 1
            if kind := differ(one, other, ordered, self.options.strict or query.production in EXACT):
                return kind
        return None

    def report(self, query, faults, want, got):
        self.counts["faults"] += 1
        self.counts["faulty", query.production] += 1
        kind = ", ".join(sorted(set(faults.values())))
        lines = [f"== {kind} on {', '.join(faults)} ({query.production}, seed {query.name})"]
        if self.options.shrunk.value < self.options.shrink:
            self.options.shrunk.value += 1
            route, kind = next(iter(faults.items()))
            lines.append(self.shrink(query, route, kind))
        else:
            lines += [f"{text};" for text in query.texts]
        route = next(iter(faults))
        for one, other in zip(want, got[route]):
            if differ(one, other, False, True):
                lines.append(f"-- drawn: {comparable(one, other)}")
                break
        self.tell("fault", "\n".join(lines))

    def shrink(self, query, route, kind):
        name = self.crew.name
        self.crew.name = name + "_s"
        try:
            return Shrinking(self.crew, self.setup, query, route, kind, query.production in EXACT).run()
        finally:
            self.crew.name = name
            self.crew.ask({who: [f"set search_path = {name}_{who}"] for who in self.crew.connections})

    def fault(self, name, text):
        self.counts["faults"] += 1
        self.tell("fault", f"-- {name}\n{text}")
        self.tell("counts", self.counts)
        self.counts = collections.Counter()


def work(name, options, ours, reference, queue):
    """A process: one crew, rounds until there are no more."""
    tell = lambda kind, what: queue.put((kind, what))  # noqa: E731
    rounds = None
    try:
        crew = Crew(ours, reference, name, options.routes)
        rounds = Rounds(crew, options, tell)
        while (number := options.next_round()) is not None:
            rounds.run(number)
        crew.close()
    except (Ended, OSError, EOFError) as error:
        if rounds:
            tell("counts", rounds.counts)
        tell("ended", str(error))
    finally:
        tell("done", name)


class Options:
    """What a run draws, shared by its processes."""

    def __init__(self, seed=None, seconds=20, queries=10**9, routes=ROUTES, strict=False, productions=None, only=None, sessions=2, shrink=12):
        self.seed = random.SystemRandom().randrange(10**6) if seed is None else seed
        self.deadline, self.queries = time.monotonic() + seconds, queries
        self.routes, self.strict, self.productions, self.shrink = routes, strict, productions, shrink
        self.round, self.query = (int(part) for part in only.split("/")) if only else (None, None)
        self.sessions = 1 if only else sessions
        self.started = multiprocessing.Value("i", 0)
        self.shrunk = multiprocessing.Value("i", 0)

    def over(self):
        return time.monotonic() > self.deadline

    def next_round(self):
        with self.started.get_lock():
            number = self.started.value
            self.started.value += 1
        if self.round is not None:
            return self.round if number == 0 else None
        return None if self.over() or number * ROUND >= self.queries else number


def crews(options, ours, reference, counts):
    """Runs the crews until all have ended; whether the server was lost."""
    queue = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(f"d{number}", options, ours, reference, queue)) for number in range(options.sessions)]
    for process in processes:
        process.start()
    working, ended = len(processes), False
    while working:
        kind, what = queue.get()
        if kind == "counts":
            counts.update(what)
        elif kind == "done":
            working -= 1
        else:
            ended = ended or kind == "ended"
            counts["lost"] += kind == "ended"
            print(f"== no answer; one of these:\n{what}" if kind == "ended" else what, flush=True)
    for process in processes:
        process.join()
    return ended


def summary(options, counts, seconds):
    faults = counts["faults"] + counts["lost"]
    kinds = {key: value for key, value in counts.items() if isinstance(key, str) and key not in ("queries", "faults")}
    print(f"differential: {counts['queries']} queries in {seconds:.0f} s ({counts['queries'] / max(seconds, 0.1):.0f} a second), seed {options.seed}; "
          f"{faults} faulty; " + ", ".join(f"{value} {key}" for key, value in sorted(kinds.items())))
    drawn = {key[1]: value for key, value in counts.items() if key[0] == "of"}
    print("productions: " + ", ".join(f"{name} {value}" + (f" ({counts['faulty', name]} faulty)" if counts["faulty", name] else "")
                                      for name, value in sorted(drawn.items())))
    reasons = collections.Counter({key[1]: value for key, value in counts.items() if key[0] == "reason"})
    for reason, value in reasons.most_common(30):
        print(f"refused {value} times, {reason}")
    return faults == 0 and (not options.strict or not reasons)


def run(binary, attached=None, itself=False, checked=False, **drawn):
    """Whether no answer was wrong; `checked`: nor differed from a second run on another path."""
    options = Options(**drawn)
    print(f"differential: seed {options.seed}", flush=True)
    began, counts = time.monotonic(), collections.Counter()
    if attached:
        crews(options, *attached, counts)
        return summary(options, counts, time.monotonic() - began)
    with Reference() as reference:
        if itself:
            crews(options, Attached(reference.socket_path, OTHER_PLANS), Attached(reference.socket_path), counts)
            return summary(options, counts, time.monotonic() - began)
        agreed = None
        while agreed is None:
            with Server(binary, args=answer_check.ALWAYS if checked else ()) as server:
                if not crews(options, Attached(server.socket_path), Attached(reference.socket_path), counts):
                    agreed = not checked or answer_check.agrees(server.connect())
                else:
                    print("-- the server's log ends:\n" + server.tail(12), flush=True)
    return summary(options, counts, time.monotonic() - began) and agreed


class Attached:
    """A server that runs already: its socket, or host:port."""

    def __init__(self, address, settings=None):
        host, _, port = address.rpartition(":")
        self.address = (host, int(port)) if host and not address.startswith("/") else address
        self.settings = settings

    def connect(self, timeout=600):
        return Connection(self.address, timeout=timeout, options=self.settings)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", help="the omendb binary")
    parser.add_argument("--attach", nargs=2, help="sockets or host:port of an omendb and a PostgreSQL that run")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--queries", type=int, default=10**9, help="about so many, in whole rounds")
    parser.add_argument("--routes", default=",".join(ROUTES))
    parser.add_argument("--productions", help=f"only these of {', '.join(Changes.WEIGHTS)}")
    parser.add_argument("--only", metavar="ROUND/QUERY", help="one query of the seed")
    parser.add_argument("--sessions", type=int, default=max(2, os.cpu_count()), help="crews side by side")
    parser.add_argument("--shrink", type=int, default=12, help="how many faults to make small")
    parser.add_argument("--itself", action="store_true", help="PostgreSQL against its own other plans: what differs is no question to ask")
    parser.add_argument("--checked", action="store_true", help="with omendb.answer_check at 100%%, and no difference found")
    parser.add_argument("--strict", action="store_true", help="refusals and excused errors are faults")
    options = vars(parser.parse_args())
    binary, attach = options.pop("server"), options.pop("attach")
    options["routes"] = options["routes"].split(",")
    options["productions"] = options["productions"] and options["productions"].split(",")
    return 0 if run(binary, attach and [Attached(address) for address in attach], **options) else 1


if __name__ == "__main__":
    sys.exit(main())
