"""What applications read, prepared, by four clients: auto beside each forced path.

Runs of the routes alternate; figures are medians. Answers are compared in `./dev bench routes`, which
draws the same shapes.
"""
import os
import statistics

import report
import row_kinds
from harness import Server
from load_tables import load
from pgbench import pgbench, tps

ROUTES = ("auto", "row", "column")
# A kind that seems to be above the line is measured on, so many times as long: the median of nine short
# turns of one path against itself is off by more than that, for some of two dozen kinds.
LINE, LONGER = 1.05, 4


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="", help="kinds whose name contains it")


def took(server, route, script, seconds):
    """Microseconds of a transaction."""
    env = {**server.psql_env(), "PGOPTIONS": f"-c omendb.route={route}"}
    return 4e6 / tps(pgbench(env, "-n", "-M", "prepared", "-c", "4", "-f", script, "-T", str(seconds)))


def measure(server, script, options):
    """Microseconds of a transaction by route, one for each round. A forced path that is more than
    twice as slow as auto at first is not asked again: it is the best of none."""
    found = {route: [took(server, route, script, 1)] for route in ROUTES}
    first = {route: values.pop() for route, values in found.items()}
    near = [route for route in ROUTES if first[route] <= 2 * first["auto"]]
    for route in set(ROUTES) - set(near):
        del found[route]
    for round_number in range(LONGER * options.rounds):
        if round_number == options.rounds and against_best(found) <= LINE:
            break
        for route in near if round_number % 2 == 0 else reversed(near):
            found[route].append(took(server, route, script, options.seconds))
    return found


def against_best(found):
    """Of one kind's times by route. Where no forced path is near, auto is the best itself."""
    best = min(found.keys() - {"auto"}, key=lambda route: statistics.median(found[route]), default="auto")
    return report.median_ratio(found["auto"], found[best])


def run(options):
    server = Server(options.server, args=["--auth", "trust"]).start()
    try:
        load(server.connect(timeout=600), row_kinds.SETUP, options.rows)
        times = {}
        for name, text in row_kinds.READS.items():
            if options.only not in name:
                continue
            with row_kinds.file_of(text, options.rows) as script:
                times[name] = measure(server, script, options)
            medians = {route: statistics.median(values) for route, values in times[name].items()}
            print(name, *(f"{route} {value:.0f} us" for route, value in medians.items()), flush=True)
        conclude(options, times)
        return 0
    finally:
        server.close()


def conclude(options, times):
    ratios = {name: against_best(found) for name, found in times.items()}
    report.write("reads", 0, {"rows": options.rows, "seconds": options.seconds, "clients": 4,
                              "auto_vs_best": ratios}, times,
                 [("reads_auto_vs_best", max(ratios.values()), "x")])
