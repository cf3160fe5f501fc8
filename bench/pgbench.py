"""pgbench, ours against PostgreSQL 18: select-only and synced TPC-B, by protocol and number of clients.

Runs alternate between the servers; figures are medians of pairwise ratios of tps and of the server's
processor time for a transaction: tps of a shared machine jump.
"""
import contextlib
import re
import statistics
import subprocess
import tempfile

import report
from harness import Server
from peer_postgres import Postgres

MEMORY = {"shared_buffers": "3GB", "max_connections": 100, "synchronous_commit": "on",
          "max_wal_size": "8GB"}

KEY = "\\set aid random(1, 100000 * :scale)\n"
LOOKUP = "select abalance from pgbench_accounts where aid = :aid;\n"
# One pipeline is one transaction of pgbench's count.
PIPELINE = "\\startpipeline\n" + (KEY + LOOKUP) * 10 + "\\endpipeline\n"
ONE_MESSAGE = KEY + """\\set bid random(1, :scale)
\\set tid random(1, 10 * :scale)
\\set delta random(-5000, 5000)
begin\\;
update pgbench_accounts set abalance = abalance + :delta where aid = :aid\\;
select abalance from pgbench_accounts where aid = :aid\\;
update pgbench_tellers set tbalance = tbalance + :delta where tid = :tid\\;
update pgbench_branches set bbalance = bbalance + :delta where bid = :bid\\;
insert into pgbench_history (tid, bid, aid, delta, mtime)
  values (:tid, :bid, :aid, :delta, current_timestamp)\\;
commit;
"""

# How pgbench is called, and its script where that is not its own.
MODES = {
    "select": (["-S", "-M", "prepared", "-c", "8"], None),
    "simple": (["-S", "-M", "simple", "-c", "8"], None),
    "pipeline": (["-M", "prepared", "-c", "8"], PIPELINE),
    "tpcb16": (["-M", "prepared", "-c", "16"], None),
    "tpcb64": (["-M", "prepared", "-c", "64"], None),
    "tpcb_onemessage": (["-M", "simple", "-c", "16"], ONE_MESSAGE),
}


def add_arguments(parser):
    parser.add_argument("--scale", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--modes", default=",".join(MODES), help="which of them")
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


@contextlib.contextmanager
def arguments_of(mode, scale):
    """Those by which pgbench runs it, its script in a file."""
    arguments, script = MODES[mode]
    if script is None:
        yield arguments
        return
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        yield [*arguments, "-s", str(scale), "-f", file.name]


def measure(systems, mode, options):
    """tps and server's microseconds of a transaction, of each server, one for each round."""
    found = {name: {"tps": [], "cpu_us": []} for name in systems}
    with arguments_of(mode, options.scale) as arguments:
        for round_number in range(options.rounds + 1):
            order = list(systems.items())
            for name, system in order if round_number % 2 else reversed(order):
                seconds = options.seconds if round_number > 0 else 2
                used = system.cpu_seconds()
                output = pgbench(system.psql_env(), "-n", *arguments, "-T", str(seconds))
                if round_number > 0:
                    used = system.cpu_seconds() - used
                    found[name]["tps"].append(tps(output))
                    found[name]["cpu_us"].append(used * 1e6 / transactions(output))
    return found


def show(mode, found):
    print(f"{mode}:", *(f"{name} {statistics.median(of['tps']):.0f} tps, "
                        f"{statistics.median(of['cpu_us']):.1f} us of the server;"
                        for name, of in found.items()), flush=True)


def figures(measured):
    """The ratios to each other server of the run, as report.write takes them."""
    ratios = []
    for mode, found in measured.items():
        for other in sorted(set(found) - {"omendb"}):
            for what, suffix in (("tps", ""), ("cpu_us", "_cpu")):
                ratios.append((f"pgbench_{mode}{suffix}_vs_{other}",
                               report.median_ratio(found["omendb"][what], found[other][what]), "x"))
    return ratios


def servers(options):
    found = {"omendb": Server(options.server, args=["--auth", "trust"])}
    if options.before:
        found["before"] = Server(options.before, args=["--auth", "trust"])
    return found | {"pg18": Postgres(options.peers, MEMORY)}


def run(options):
    systems = servers(options)
    measured = {}
    try:
        for system in systems.values():
            system.start()
            pgbench(system.psql_env(), "-i", "-q", "-s", str(options.scale))
        for mode in options.modes.split(","):
            measured[mode] = measure(systems, mode, options)
            show(mode, measured[mode])
        for name, system in systems.items():
            if not sums(system.psql_env()):
                print(f"{name}: the sums differ; no figures")
                return 1
        report.write("pgbench", 0, {"scale": options.scale, "seconds": options.seconds,
                                    "rounds": options.rounds, "postgresql": MEMORY}, measured,
                     figures(measured))
        return 0
    finally:
        for system in systems.values():
            system.close()
