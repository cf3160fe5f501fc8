"""COPY and bulk data, ours against PostgreSQL 18: into tables, indexes and out to clients.

Runs alternate between the servers, answers are compared first; figures are medians of pairwise ratios
of time. The clients send what is ready and count what comes.
"""
import os
import pathlib
import statistics
import time

import bulk_cases
import report
from harness import Server
from peer_postgres import Postgres
from pgbench import MEMORY


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="cases whose name contains it")


class Peak:
    """The most memory a process held since it began to be watched."""

    def __init__(self, process):
        self.folder = pathlib.Path(f"/proc/{process}")
        (self.folder / "clear_refs").write_text("5")

    def mb(self):
        lines = (self.folder / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def compare_outputs(case, clients):
    ours, theirs = (bulk_cases.digest(client.take(case.output, keep=True)) for client in clients.values())
    if ours != theirs:
        raise RuntimeError(f"{case.name}: the answers differ: {ours} and {theirs}")


def compare_checks(case, clients):
    for check in case.checks:
        ours, theirs = (client.answers(check) for client in clients.values())
        if ours != theirs:
            raise RuntimeError(f"{case.name}: {check}: {ours} and {theirs}")


def measure(servers, clients, case, options):
    """Seconds and the server's processor seconds of each server, one for each round; our peak."""
    found = {name: {"seconds": [], "cpu_seconds": []} for name in servers} | {"peak_mb": []}
    if case.output:
        compare_outputs(case, clients)
    for round_number in range(options.rounds + 1):
        order = list(servers.items())
        for name, server in order if round_number % 2 == 0 else reversed(order):
            clients[name].do(case.prepare)
            peak = Peak(server.process.pid) if name == "omendb" else None
            before, began = server.cpu_seconds(), time.monotonic()
            case.run(clients[name])
            took, used = time.monotonic() - began, server.cpu_seconds() - before
            if round_number > 0:
                found[name]["seconds"].append(took)
                found[name]["cpu_seconds"].append(used)
                found["peak_mb"] += [peak.mb()] if peak else []
        compare_checks(case, clients)
    return found


def speed(found):
    return report.median_ratio(found["pg18"]["seconds"], found["omendb"]["seconds"])


def show(case, found):
    middle = {(name, what): statistics.median(found[name][what])
              for name in ("omendb", "pg18") for what in ("seconds", "cpu_seconds")}
    print(f"{case.name}: {speed(found):.2f} times as fast; {middle['omendb', 'seconds']:.2f} s against "
          f"{middle['pg18', 'seconds']:.2f}, CPU {middle['omendb', 'cpu_seconds']:.2f} s against "
          f"{middle['pg18', 'cpu_seconds']:.2f}, peak {max(found['peak_mb']):.0f} MB", flush=True)


def run(options):
    servers = {"omendb": Server(options.server, args=["--auth", "trust"]),
               "pg18": Postgres(options.peers, MEMORY)}
    clients = {}
    try:
        for name, server in servers.items():
            server.start()
            clients[name] = bulk_cases.Client(server.folder, server.port)
            bulk_cases.load(clients[name], options.rows)
        cases = [case for case in bulk_cases.written(options.rows) + bulk_cases.read()
                 if options.only in case.name]
        measured = []
        for case in cases:
            found = measure(servers, clients, case, options)
            show(case, found)
            measured.append((case, found))
        conclude(options, measured)
        return 0
    finally:
        for client in clients.values():
            client.close()
        for server in servers.values():
            server.close()


def conclude(options, measured):
    by_figure = {}
    for case, found in measured:
        by_figure.setdefault(case.figure, []).append(speed(found))
    figures = [(name, statistics.geometric_mean(speeds), "x") for name, speeds in by_figure.items()]
    figures.append(("copy_peak_mb", max(max(found["peak_mb"]) for _, found in measured), "MB"))
    report.write("copy", 0, {"rows": options.rows, "rounds": options.rounds, "postgresql": MEMORY,
                             "cores": os.cpu_count()},
                 {case.name: found for case, found in measured}, figures)
