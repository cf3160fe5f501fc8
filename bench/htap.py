"""Transactions beside analytics, ours against PostgreSQL 18: what each keeps of what it has alone, freshness.

Two workloads (htap_work.py); commits are synced, prepared; the sessions read at the default freshness,
and every answer is checked against the commits that clients knew of. Runs alternate between the servers.
A share is of the most that any number of clients did alone in the same round.
"""
import os
import pathlib
import statistics
import tempfile

import htap_run
import htap_work
import report
from harness import Server
from peer_postgres import Postgres
from pgbench import MEMORY

WORKS = {"tpcb": htap_work.TpcB, "star": htap_work.Star}
WRITERS, READERS = (8, 16), (1, 3)
OPEN_WRITERS = 16  # clients of the runs at half the peak
PROBES_A_SECOND = 25


def add_arguments(parser):
    parser.add_argument("--scale", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--works", default="tpcb,star")
    parser.add_argument("--parts", default="frontier,open,fresh", help="which of them")
    parser.add_argument("--no-peer", action="store_true", help="ours alone")


def percentile(values, share=0.99):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def middle(values):
    return statistics.median(values)


def alternating(items, round_number):
    items = list(items)
    return items if round_number % 2 == 0 else items[::-1]


def frontier(systems, works, options):
    """By workload, server and (writers, readers): tps and queries a second of each round."""
    points = [(writers, 0) for writers in WRITERS] + [(0, readers) for readers in READERS]
    points += [(writers, readers) for writers in WRITERS for readers in READERS]
    found = {}
    for round_number in range(options.rounds):
        for work in works:
            for point in alternating(points, round_number):
                for name, system in alternating(systems.items(), round_number):
                    both = htap_run.beside(system, work, *point, options.seconds)
                    found.setdefault((work.name, name, point), []).append((both.tps, both.queries_a_second))
    return found


def shares(found, work, name, point):
    """Of the peaks, by round: (transactions, queries)."""
    def peaks(which):
        alone = [rounds for key, rounds in found.items() if key[:2] == (work, name) and 0 in key[2]]
        return [max(values) for values in zip(*([one[which] for one in rounds] for rounds in alone))]
    return [(one[0] / most_tps, one[1] / most_queries) for one, most_tps, most_queries in
            zip(found[work, name, point], peaks(0), peaks(1))]


def show_frontier(found):
    worst = {}
    for (work, name, point), rounds in sorted(found.items()):
        of = shares(found, work, name, point)
        tps, queries = (middle(one[which] for one in rounds) for which in (0, 1))
        kept = [middle(one[which] for one in of) for which in (0, 1)]
        print(f"{work} {name}: {point[0]} writers, {point[1]} readers: {tps:.0f} tps, {queries:.1f} queries a "
              f"second; {kept[0]:.2f} + {kept[1]:.2f}", flush=True)
        if 0 not in point:
            worst.setdefault(name, []).append(middle(sum(one) for one in of))
    return {name: min(values) for name, values in worst.items()}


def open_loop(systems, work, options):
    """At half the peak, alone and beside three sessions, and these alone; by server, of each round."""
    found = {name: [] for name in systems}
    for round_number in range(options.rounds):
        for name, system in alternating(systems.items(), round_number):
            rate = htap_run.beside(system, work, OPEN_WRITERS, 0, options.seconds).tps / 2
            runs = {}
            for kind, (writers, readers) in alternating(
                    {"alone": (OPEN_WRITERS, 0), "both": (OPEN_WRITERS, 3), "queries": (0, 3)}.items(), round_number):
                runs[kind] = htap_run.beside(system, work, writers, readers, options.seconds + 1, rate)
            found[name].append({"rate": rate, "p99_alone_ms": percentile(runs["alone"].latencies),
                                "p99_both_ms": percentile(runs["both"].latencies), "tps_both": runs["both"].tps,
                                "queries_alone": runs["queries"].queries_a_second,
                                "queries_both": runs["both"].queries_a_second})
            print(f"half the peak, {work.name}, {name}:", *(f"{key} {value:.2f}" for key, value in
                                                              found[name][-1].items()), flush=True)
    return found


def freshness(system, work, options):
    """One session that sums all accounts again and again, beside nobody, half the peak and all of it."""
    found = {"quiet_ms": [], "fresh_ms": [], "visible_ms": [], "probed_share": []}
    probe = {"only": 0, "pace": PROBES_A_SECOND}
    for _ in range(options.rounds):
        peak = htap_run.beside(system, work, OPEN_WRITERS, 0, options.seconds).tps
        probed = htap_run.beside(system, work, OPEN_WRITERS, 1, options.seconds, **probe).tps
        found["probed_share"].append(probed / peak)
        found["quiet_ms"] += htap_run.beside(system, work, 0, 1, options.seconds, **probe).reads
        sessions = htap_run.beside(system, work, OPEN_WRITERS, 1, options.seconds + 2, peak / 2, **probe)
        found["fresh_ms"] += sessions.reads
        writers = htap_run.Transactions(system, work, OPEN_WRITERS, options.seconds + 2, peak / 2)
        found["visible_ms"] += htap_run.visible_ms(system, options.seconds)
        writers.wait()
    return found


def figures_of_open(found):
    named = []
    for name, rounds in found.items():
        suffix = "" if name == "omendb" else f"_{name}"
        named += [(f"htap_oltp_p99_ratio{suffix}", middle(one["p99_both_ms"] / one["p99_alone_ms"] for one in rounds), "x"),
                  (f"htap_olap_share{suffix}", middle(one["queries_both"] / one["queries_alone"] for one in rounds), "x")]
    return named


def figures_of_freshness(found):
    return [("htap_fresh_p99_ms", percentile(found["fresh_ms"]) - percentile(found["quiet_ms"]), "ms"),
            ("htap_visible_p99_ms", percentile(found["visible_ms"]), "ms"),
            ("htap_probed_share", middle(found["probed_share"]), "x")]


def measure(systems, works, options):
    figures, measurements, parts = [], {}, options.parts.split(",")
    if "frontier" in parts:
        found = frontier(systems, works, options)
        worst = show_frontier(found)
        figures += [(f"htap_frontier_worst{'' if name == 'omendb' else '_' + name}", value, "x")
                    for name, value in worst.items()]
        measurements |= {f"{work} {name} {point[0]} writers {point[1]} readers": rounds
                         for (work, name, point), rounds in found.items()}
    if "open" in parts:
        measurements["half the peak"] = open_loop(systems, works[0], options)
        figures += figures_of_open(measurements["half the peak"])
    if "fresh" in parts:
        measurements["freshness"] = freshness(systems["omendb"], works[0], options)
        figures += figures_of_freshness(measurements["freshness"])
    return figures, measurements


def prepare(systems, works):
    """Everything loaded, answers compared, statistics taken."""
    for work in works:
        for system in systems.values():
            htap_work.load(system, work)
        wrong = htap_run.wrong_answers(systems, work) if len(systems) > 1 else []
        if wrong:
            raise RuntimeError(f"answers differ: {wrong}")
    if "pg18" in systems:
        systems["pg18"].query("vacuum analyze")
    for work in works:
        for system in systems.values():
            htap_run.beside(system, work, WRITERS[-1], READERS[-1], 2)


def run(options):
    systems = {"omendb": Server(options.server, args=["--auth", "trust"])}
    if not options.no_peer:
        systems["pg18"] = Postgres(options.peers, MEMORY)
    with tempfile.TemporaryDirectory(prefix="omendb-htap-scripts-") as folder:
        works = [WORKS[name](pathlib.Path(folder), options.scale) for name in options.works.split(",")]
        try:
            for system in systems.values():
                system.start()
            prepare(systems, works)
            figures, measurements = measure(systems, works, options)
            report.write("htap", 0, {"scale": options.scale, "seconds": options.seconds, "rounds": options.rounds,
                                     "postgresql": MEMORY, "cores": os.cpu_count()}, measurements, figures)
            return 0
        finally:
            for system in systems.values():
                system.close()
