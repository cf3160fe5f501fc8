"""What applications send, ours against PostgreSQL 18: tps and the server's time for a transaction.

Prepared, the default route, commits synced and not. Runs alternate between the servers; figures are
geometric means of medians of pairwise ratios.
"""
import os
import statistics

import report
import row_kinds
from harness import Server
from load_tables import load, statements
from peer_postgres import Postgres
from pgbench import MEMORY, pgbench, tps, transactions


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--only", default="", help="kinds whose name contains it")
    parser.add_argument("--group", default="", help="reads, writes or writes_nosync")


def load_all(ours, peer, rows):
    load(ours.connect(timeout=600), row_kinds.SETUP, rows)
    for statement in statements(row_kinds.SETUP, rows):
        peer.query(statement)
    peer.query("vacuum")


def measure(servers, case, options):
    """tps and server's microseconds of a transaction, of each server, one for each round."""
    found = {name: {"tps": [], "cpu_us": []} for name in servers}
    setting = "off" if case.group == "writes_nosync" else "on"
    with row_kinds.file_of(case.script, options.rows) as script:
        for round_number in range(options.rounds + 1):
            order = list(servers.items())
            for name, server in order if round_number % 2 == 0 else reversed(order):
                seconds = options.seconds if round_number > 0 else 1
                before = server.cpu_seconds()
                env = {**server.psql_env(), "PGOPTIONS": f"-c synchronous_commit={setting}"}
                output = pgbench(env, "-n", "-M", "prepared", "-c", str(case.clients), "-f", script,
                                 "-T", str(seconds))
                if round_number > 0:
                    used = server.cpu_seconds() - before
                    found[name]["tps"].append(tps(output))
                    found[name]["cpu_us"].append(used * 1e6 / transactions(output))
    return found


def ratios(found, what):
    return report.median_ratio(found["omendb"][what], found["pg18"][what])


def run(options):
    servers = {"omendb": Server(options.server, args=["--auth", "trust"]),
               "pg18": Postgres(options.peers, MEMORY)}
    cases = [case for case in row_kinds.cases(options.clients)
             if options.only in case.name and options.group in ("", case.group)]
    try:
        for server in servers.values():
            server.start()
        load_all(servers["omendb"], servers["pg18"], options.rows)
        measured = {}
        for case in cases:
            found = measured[case] = measure(servers, case, options)
            print(f"{case.name}: {ratios(found, 'tps'):.2f} tps, {ratios(found, 'cpu_us'):.2f} CPU; "
                  f"{statistics.median(found['omendb']['cpu_us']):.0f} us against "
                  f"{statistics.median(found['pg18']['cpu_us']):.0f}", flush=True)
        conclude(options, measured)
        return 0
    finally:
        for server in servers.values():
            server.close()


def conclude(options, measured):
    mean = statistics.geometric_mean
    figures = []
    for group in ("reads", "writes", "writes_nosync"):
        founds = [found for case, found in measured.items() if case.group == group]
        if founds:
            figures += [(f"rows_{group}_vs_pg18", mean(ratios(f, "tps") for f in founds), "x"),
                        (f"rows_cpu_{group}", mean(ratios(f, "cpu_us") for f in founds), "x")]
    figures.append(("rows_worst_vs_pg18", min(ratios(f, "tps") for f in measured.values()), "x"))
    report.write("rows", 0, {"rows": options.rows, "seconds": options.seconds, "clients": options.clients,
                             "postgresql": MEMORY, "cores": os.cpu_count()},
                 {case.name: found for case, found in measured.items()}, figures)
