"""pgbench, ours against PostgreSQL 18: select-only prepared and TPC-B with sync.

Runs alternate between the servers; figures are medians of pairwise ratios of tps. Beside an older
server the processor's time for a transaction counts, too: tps of a shared machine jump.
"""
import re
import statistics
import subprocess

import report
from harness import Server
from peer_postgres import Postgres

MEMORY = {"shared_buffers": "3GB", "max_connections": 100, "synchronous_commit": "on",
          "max_wal_size": "8GB"}


def add_arguments(parser):
    parser.add_argument("--scale", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--before", help="an older omendb, measured beside this one")


def pgbench(env, *arguments):
    done = subprocess.run(["pgbench", *arguments], env=env, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0 or "aborted" in done.stderr:
        raise RuntimeError(f"pgbench {' '.join(arguments)}: {done.stderr[-1000:]}")
    return done.stdout


def tps(output):
    if "number of failed transactions: 0 " not in output:
        raise RuntimeError(f"pgbench had failures:\n{output}")
    return float(re.search(r"tps = ([\d.]+)", output)[1])


def sums(env):
    """The consistency check that comes before any time counts."""
    query = ("select (select sum(abalance) from pgbench_accounts) = "
             "(select coalesce(sum(delta), 0) from pgbench_history) and "
             "(select sum(tbalance) from pgbench_tellers) = "
             "(select sum(bbalance) from pgbench_branches)")
    done = subprocess.run(["psql", "-X", "-A", "-t", "-c", query], env=env, capture_output=True,
                          text=True, check=True)
    return done.stdout.strip() == "t"


def transactions(output):
    return int(re.search(r"actually processed: (\d+)", output)[1])


def measure(environments, ours, options):
    modes = {"select": ["-S", "-M", "prepared", "-c", "8"],
             "tpcb": ["-M", "prepared", "-c", "16"]}
    times = {(mode, name): [] for mode in modes for name in environments}
    cpu = {(mode, name): [] for mode in modes for name in ours}
    for mode, arguments in modes.items():
        for name, env in environments.items():
            pgbench(env, "-n", *arguments, "-T", "3")
        for round_number in range(options.rounds):
            order = list(environments.items())
            for name, env in order if round_number % 2 == 0 else reversed(order):
                used = ours[name].cpu_seconds() if name in ours else 0
                output = pgbench(env, "-n", *arguments, "-T", str(options.seconds))
                times[mode, name].append(tps(output))
                if name in ours:
                    used = ours[name].cpu_seconds() - used
                    cpu[mode, name].append(used * 1e6 / transactions(output))
                print(f"{mode} {name}: {times[mode, name][-1]:.0f} tps", flush=True)
    return times, cpu


def figures(times, cpu, modes=("select", "tpcb")):
    """The ratios to each other server of the run, as report.write takes them."""
    others = sorted({name for _, name in times} - {"omendb"})
    return [(f"pgbench_{mode}_vs_{other}",
             report.median_ratio(times[mode, "omendb"], times[mode, other]), "x")
            for mode in modes for other in others] + [
                (f"pgbench_{mode}_cpu_vs_before",
                 report.median_ratio(cpu[mode, "omendb"], cpu[mode, "before"]), "x")
                for mode in modes if (mode, "before") in cpu]


def servers(options):
    found = {"omendb": Server(options.server, args=["--auth", "trust"])}
    if options.before:
        found["before"] = Server(options.before, args=["--auth", "trust"])
    return found


def run(options):
    ours = servers(options)
    peer = Postgres(options.peers, MEMORY)
    try:
        for server in (*ours.values(), peer):
            server.start()
        environments = {name: server.psql_env() for name, server in ours.items()}
        environments["pg18"] = peer.env()
        for env in environments.values():
            pgbench(env, "-i", "-q", "-s", str(options.scale))
        times, cpu = measure(environments, ours, options)
        for name, env in environments.items():
            if not sums(env):
                print(f"{name}: the sums differ; no figures")
                return 1
        medians = {f"{mode} {name} tps": statistics.median(values)
                   for (mode, name), values in times.items()}
        report.write("pgbench", 0, {"scale": options.scale, "seconds": options.seconds,
                                    "postgresql": MEMORY, "medians": medians},
                     {f"{mode} {name}": values for (mode, name), values in times.items()} |
                     {f"{mode} {name} cpu_us": values for (mode, name), values in cpu.items()},
                     figures(times, cpu))
        return 0
    finally:
        for server in (*ours.values(), peer):
            server.close()
