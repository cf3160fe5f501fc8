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


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="kinds whose name contains it")


def measure(server, script, options):
    """Microseconds of a transaction by route, one for each round."""
    found = {route: [] for route in ROUTES}
    for round_number in range(options.rounds + 1):
        for route in ROUTES if round_number % 2 == 0 else reversed(ROUTES):
            env = {**server.psql_env(), "PGOPTIONS": f"-c omendb.route={route}"}
            seconds = options.seconds if round_number > 0 else 1
            took = tps(pgbench(env, "-n", "-M", "prepared", "-c", "4", "-f", script, "-T", str(seconds)))
            if round_number > 0:
                found[route].append(4e6 / took)
    return found


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
    ratios = {}
    for name, found in times.items():
        best = min(ROUTES[1:], key=lambda route: statistics.median(found[route]))
        ratios[name] = report.median_ratio(found["auto"], found[best])
    report.write("reads", 0, {"rows": options.rows, "seconds": options.seconds, "clients": 4,
                              "auto_vs_best": ratios}, times,
                 [("reads_auto_vs_best", max(ratios.values()), "x")])
