"""The learned router beside the rules and an oracle: 200 templates in random order with bursts, commits running.

Two servers hold the same tables. On one, every template and value is run on each path, again and again:
the oracle takes the path that was best in one half of these rounds, and every choice, its own too, costs
what its path took in the other half. What the rules choose is asked of the same server. The other learns:
its client runs the templates in bursts with idle time between, and only the paths that it chose count, so
that the noise of single runs says nothing of a choice; what its runs took by the clock is a figure of its
own. A part of the templates, by seed, is held out until all others have run 20 times.
"""
import collections
import json
import pathlib
import random
import statistics
import subprocess
import threading
import time

import report
import router_plots
from harness import Server
from load_tables import load
from router_templates import SETUP, TEMPLATES

PATHS = ("row", "column", "mixed")
SLACK = 0.020  # seconds that one statement may lose beside twice its best


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=8, help="of each path on the oracle's server")
    parser.add_argument("--runs", type=int, default=20, help="of each template while it learns")
    parser.add_argument("--held-out", type=int, default=40)
    parser.add_argument("--idle", type=float, default=0.1, help="mean seconds between bursts")
    parser.add_argument("--limit", type=float, default=4.0, help="seconds after which a run is ended")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="templates whose name contains it")
    parser.add_argument("--oracle", default="", help="file of the oracle's times: used where it is there, else written")


class Writer(threading.Thread):
    """Commits a few rows twenty times a second."""

    def __init__(self, server, seed):
        super().__init__(daemon=True)
        self.connection, self.chance, self.ended = server.connect(timeout=60), random.Random(seed), threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.05):
            key = self.chance.randrange(1, 100_000)
            self.connection.query(f"update acc set kind = 'k{key % 13}' where aid = {key}")
            self.connection.query(f"update stock set ytd = ytd + 1 where w = 1 and i = {key % 1000}")

    def close(self):
        self.ended.set()
        self.join()
        self.connection.close()


class Side:
    """A server with the tables, every template prepared, and commits running."""

    def __init__(self, options):
        self.options = options
        self.server = Server(options.server, args=["--auth", "trust"]).start()
        setup = self.server.connect(timeout=600)
        load(setup, SETUP, options.rows)
        setup.close()
        self.writer = Writer(self.server, options.seed)
        self.observer = self.server.connect(timeout=60)
        self.observer.query("set omendb.learning = off")
        self.connect()

    def connect(self):
        self.connection = self.server.connect(timeout=600)
        self.connection.query(f"set statement_timeout = {int(self.options.limit * 1000)}")
        self.session = self.connection.query("select pg_backend_pid()")[0][0]
        for number, (_, types, statement, _) in enumerate(TEMPLATES):
            self.connection.query(f"prepare q{number} ({types}) as {statement}")
        self.seen = self.last_id()

    def last_id(self):
        return int(self.observer.query("select max(id) from omendb.query_history")[0][0] or 0)

    def restart(self):
        self.writer.close()
        self.server.stop()
        self.server.start()
        self.writer = Writer(self.server, self.options.seed + 1)
        self.observer = self.server.connect(timeout=60)
        while self.observer.value("select phase from omendb.replica_status") != "following":
            time.sleep(0.05)
        self.connect()

    def execute(self, case):
        """Seconds and the sorted answer; the limit and the error where it failed."""
        start = time.perf_counter()
        try:
            rows = self.connection.query(f"execute q{case.template}({case.values})")
        except Exception as error:  # pylint: disable=broad-except
            return self.options.limit, getattr(error, "sqlstate", str(error))
        return time.perf_counter() - start, sorted(map(str, rows))

    def paths(self):
        """Of the client's reads since it was last asked, in order: the path, and seconds lost on one given up."""
        rows = self.observer.query(
            "select id, path, reason from omendb.query_history where session_id = "
            f"{self.session} and id > {self.seen} and query like 'execute q%' order by id")
        self.seen = max([self.seen, *(int(row[0]) for row in rows)])
        return [(path, int(reason.split()[5]) / 1e6 if reason.startswith("given up on rows after ") else 0.0)
                for _, path, reason in rows]

    def close(self):
        self.writer.close()
        self.server.close()


class Case:
    """A template with one of its values, and what its paths took."""

    def __init__(self, template, values, rows):
        self.template, self.values = template, values.replace("{m}", str(rows))
        self.name = f"{TEMPLATES[template][0]} ({self.values[:40]})"
        self.times, self.rules = {path: [] for path in PATHS}, []

    def medians(self, half):
        return {path: statistics.median(times[half::2]) for path, times in self.times.items() if times[half::2]}

    def cost(self, path):
        return self.medians(1).get(path, self.best())

    def best_path(self):
        found = self.medians(0)
        return min(found, key=found.get)

    def best(self):
        return self.medians(1)[self.best_path()]

    def by_rules(self):
        return collections.Counter(self.rules).most_common(1)[0][0]


def cases_of(options):
    return [Case(number, values, options.rows) for number, template in enumerate(TEMPLATES)
            if options.only in template[0] for values in template[3]]


class Oracle:
    """Runs every case on every path, in random order. Faults: where answers differ."""

    def __init__(self, side, cases, options):
        self.side, self.cases, self.options = side, cases, options
        self.chance = random.Random(options.seed)
        self.refused, self.faults = set(), []

    def check(self):
        """Answers of all paths, before the first commit; paths that refuse a case are not tried again."""
        for case in self.cases:
            answers = {}
            for path in PATHS:
                self.side.connection.query(f"set omendb.route = {path}")
                _, answer = self.side.execute(case)
                if answer == "0A000":
                    self.refused.add((case, path))
                elif isinstance(answer, list):
                    answers[path] = [row[:9] for row in answer]  # floats sum up in any order
            if "column" in answers:
                self.refused.add((case, "mixed"))  # no choice that is offered
            if len(set(map(str, answers.values()))) > 1 and "limit" not in TEMPLATES[case.template][2]:
                self.faults.append(f"{case.name}: paths differ")

    def measure(self):
        for round_number in range(self.options.rounds):
            runs = [(case, path) for case in self.cases for path in PATHS if (case, path) not in self.refused]
            self.chance.shuffle(runs)
            for case, path in runs:
                self.side.connection.query(f"set omendb.route = {path}")
                case.times[path].append(self.side.execute(case)[0])
            self.ask_rules()
            print(f"oracle: round {round_number + 1} of {self.options.rounds}", flush=True)

    def ask_rules(self):
        self.side.connection.query("set omendb.route = auto")
        self.side.connection.query("set omendb.learning = off")
        self.side.paths()
        for case in self.cases:
            self.side.execute(case)
            case.rules += [path for path, _ in self.side.paths()]


class Learner:
    """A client whose server learns. Its runs: the case, the path that was taken, the seconds that were lost on
    another before, the seconds that it took by the clock."""

    BLOCK = 100  # runs between two looks at the paths

    def __init__(self, side, options):
        self.side, self.options = side, options
        self.chance = random.Random(options.seed + 1)
        self.side.connection.query("set omendb.learning = on")
        self.side.paths()

    def run(self, bursts):
        runs, asked = [], []
        for burst in bursts:
            for case in burst:
                asked.append((case, self.side.execute(case)[0]))
            if len(asked) >= self.BLOCK:
                runs, asked = runs + self.settle(asked), []
            time.sleep(self.chance.expovariate(1 / self.options.idle))
        return runs + self.settle(asked)

    def settle(self, asked):
        paths = self.side.paths()
        assert len(paths) == len(asked), f"{len(asked)} runs, {len(paths)} in the history"
        return [(case, path, lost, took) for (case, took), (path, lost) in zip(asked, paths)]


def bursts_of(cases, runs, chance):
    """Each template so many times, one to five in a row, with any of its values."""
    by_template = collections.defaultdict(list)
    for case in cases:
        by_template[case.template].append(case)
    bursts = []
    for values in by_template.values():
        left = runs
        while left > 0:
            size = min(left, chance.randint(1, 5))
            bursts.append([chance.choice(values) for _ in range(size)])
            left -= size
    chance.shuffle(bursts)
    return bursts


def split(cases, options):
    """Seen and held out, by template."""
    templates = sorted({case.template for case in cases})
    held = set(random.Random(options.seed).sample(templates, min(options.held_out, len(templates) // 3)))
    return ([case for case in cases if case.template not in held],
            [case for case in cases if case.template in held])


def cost_of(run):
    case, path, lost, _ = run
    return case.cost(path) + lost


def cost(runs):
    return sum(map(cost_of, runs))


def rules_cost(runs):
    return sum(case.cost(case.by_rules()) for case, *_ in runs)


def best_cost(runs):
    return sum(case.best() for case, *_ in runs)


def headroom(runs):
    """How much of what the rules lose was won."""
    return (rules_cost(runs) - cost(runs)) / max(rules_cost(runs) - best_cost(runs), 1e-9)


def worst_checkpoint(runs, first=100):
    learned = ruled = worst = 0
    for count, run in enumerate(runs, 1):
        learned += cost_of(run)
        ruled += run[0].cost(run[0].by_rules())
        if count >= first:
            worst = max(worst, learned / ruled)
    return worst


def worst_statement(runs):
    return max(((cost_of(run) - SLACK) / run[0].best(), run[0].name) for run in runs)


def show(name, runs):
    print(f"{name}: {len(runs)} runs, chosen {cost(runs):.2f} s, rules {rules_cost(runs):.2f} s, oracle "
          f"{best_cost(runs):.2f} s, headroom won {headroom(runs):.3f}, by the clock "
          f"{sum(run[3] for run in runs):.2f} s", flush=True)


def show_lost(runs, count=12):
    """The cases that lost most beside the oracle."""
    lost = collections.Counter()
    for run in runs:
        lost[run[0].name, run[1]] += cost_of(run) - run[0].best()
    for (name, path), seconds in lost.most_common(count):
        print(f"  lost {seconds * 1e3:.1f} ms: {name} on {path}")


def show_parts(side):
    """What each source's predictions were worth, and what exploration took."""
    for row in side.observer.query("select * from omendb.learned_parts"):
        print("  part:", *row)
    for row in side.observer.query("select name, runs, cancelled, total_us from omendb.jobs where name like 'router.%'"):
        print("  job:", *row)


def is_hard(cases):
    """Rules that lose a tenth and half a millisecond on one of these values, or values whose best paths differ."""
    wrong = any(case.cost(case.by_rules()) > max(case.best() * 1.1, case.best() + 0.0005) for case in cases)
    return wrong or len({case.best_path() for case in cases}) > 1


def hard_share(cases):
    by_template = collections.defaultdict(list)
    for case in cases:
        by_template[case.template].append(case)
    return sum(map(is_hard, by_template.values())) / len(by_template), len(by_template)


def once_each(cases, times, chance):
    runs = [[case] for case in cases for _ in range(times)]
    chance.shuffle(runs)
    return runs


def decisions(options):
    """Microseconds of a choice, 99th of 100: of a template that is known, and of one that is modelled."""
    build = pathlib.Path(options.server).parent
    subprocess.run(["ninja", "-C", str(build), "omendb_router_bench"], check=True, capture_output=True)
    binary = build / "bench" / "omendb_router_bench"
    runs = [subprocess.run([binary], check=True, capture_output=True, text=True).stdout.split() for _ in range(5)]
    return [statistics.median(float(run[number]) for run in runs) for number in range(2)]


def ask_oracle(cases, options):
    """Fills in what the cases' paths take and what the rules choose; faults."""
    kept = pathlib.Path(options.oracle)
    if kept.is_file():
        for case, (times, rules) in zip(cases, json.loads(kept.read_text()), strict=True):
            case.times, case.rules = times, rules
        return []
    side = Side(options)
    try:
        oracle = Oracle(side, cases, options)
        oracle.check()
        oracle.measure()
    finally:
        side.close()
    if options.oracle:
        kept.write_text(json.dumps([(case.times, case.rules) for case in cases]))
    return oracle.faults


def run(options):
    cases = cases_of(options)
    seen, held = split(cases, options)
    known_us, modelled_us = decisions(options)
    if faults := ask_oracle(cases, options):
        print("\n".join(faults))
        return 1
    share, templates = hard_share(cases)
    print(f"{templates} templates, {len(cases)} with values; rules wrong or paths that flip: {share:.2f}")
    side = Side(options)
    try:
        learner = Learner(side, options)
        chance = random.Random(options.seed + 2)
        first = learner.run(bursts_of(seen, options.runs, chance))
        show("while learning", first)
        after = learner.run(once_each(seen, 2, chance))
        show("seen, afterwards", after)
        show_lost(after)
        unseen = learner.run(once_each(held, 1, chance))
        show("unseen, first run", unseen)
        show_lost(unseen)
        show_parts(side)
        side.restart()
        learner = Learner(side, options)
        again = learner.run(once_each(seen, 1, chance))
        show("seen, after a restart", again)
    finally:
        side.close()
    every = first + after + unseen
    worst, where = worst_statement(every)
    slow = sum(cost_of(run) > 2 * run[0].best() + SLACK for run in every)
    print(f"worst statement: {where}; {slow} of {len(every)} took more than twice their best and {SLACK * 1e3:.0f} ms")
    found = [("router_headroom_seen", headroom(after), ""),
             ("router_headroom_unseen", headroom(unseen), ""),
             ("router_headroom_restart", headroom(again), ""),
             ("router_vs_oracle", cost(after) / best_cost(after), "x"),
             ("router_rules_vs_oracle", rules_cost(after) / best_cost(after), "x"),
             ("router_worst_checkpoint", worst_checkpoint(every), "x"),
             ("router_worst_statement", worst, "x"),
             ("router_slow_statements", slow / len(every), "share"),
             ("router_clock_vs_choices", sum(run[3] for run in every) / cost(every), "x"),
             ("router_cached_us", known_us, "us"), ("router_model_us", modelled_us, "us")]
    report.write("router", options.seed,
                 {"rows": options.rows, "rounds": options.rounds, "runs": options.runs, "templates": templates,
                  "cases": len(cases), "held_out": len({case.template for case in held}), "hard_share": share,
                  "idle_s": options.idle},
                 {"cases": [{"name": case.name, "rules": case.by_rules(), "best": case.best_path(),
                             **{f"{path}_ms": ms * 1e3 for path, ms in case.medians(1).items()}} for case in cases],
                  "learning": curve(every)}, found)
    if not options.only:
        written = report.ROOT / "bench" / "results" / f"router-{report.commit()}.json"
        router_plots.draw(json.loads(written.read_text()))
    return 0


def curve(runs, points=200):
    """Running totals in seconds: runs, learned, rules, oracle."""
    rows, learned, ruled, best = [], 0, 0, 0
    for count, run in enumerate(runs, 1):
        case = run[0]
        learned, ruled, best = learned + cost_of(run), ruled + case.cost(case.by_rules()), best + case.best()
        if count % max(len(runs) // points, 1) == 0:
            rows.append([count, round(learned, 4), round(ruled, 4), round(best, 4)])
    return rows
