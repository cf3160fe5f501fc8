#!/usr/bin/env python3
"""Whole-server tests. run.py --server BINARY PART..., PART as listed by PARTS."""
import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).parent / "sql"))

import answer_check  # noqa: E402
import attacks  # noqa: E402
import bombs  # noqa: E402
import commits  # noqa: E402
import crowd  # noqa: E402
import deadlocks  # noqa: E402
import definitions  # noqa: E402
import differential  # noqa: E402
import disk_full  # noqa: E402
import identities  # noqa: E402
import isolation  # noqa: E402
import jobs  # noqa: E402
import kill_loop  # noqa: E402
import learning  # noqa: E402
import memory  # noqa: E402
import mixed_load  # noqa: E402
import shutdown  # noqa: E402
import sql_scripts  # noqa: E402
import storm  # noqa: E402
import startup  # noqa: E402
import store_damage  # noqa: E402
import table_statistics  # noqa: E402
import texts  # noqa: E402
import tpch_exact  # noqa: E402
import waits  # noqa: E402
import workload  # noqa: E402
from harness import Server  # noqa: E402


def part_sql(options):
    """Every read is also run again on another path, at the same commit."""
    with Server(options.server, args=answer_check.ALWAYS) as server:
        ok = sql_scripts.run(server, options.only)
        return answer_check.agrees(server.connect()) and ok


def part_random_router(options):
    """Whatever chooses a path, the answers are the same: promise 3."""
    seed = str(int(time.time()))
    print(f"random_router: seed {seed}")
    with Server(options.server, args=("--router", f"random:{seed}")) as server:
        ok = sql_scripts.run(server, options.only, routes=["auto"])
    with Server(options.server) as server:
        for learning in ("on", "random", "on", "off"):
            ok = sql_scripts.run(server, options.only, routes=["auto"], learning=learning) and ok
    return ok


def part_differential(options):
    """The same queries each time; the script by itself draws new ones."""
    return differential.run(options.server, checked=True, seed=1, seconds=60, queries=3000)


def part_attacks(options):
    with Server(options.server) as server:
        return attacks.run(server)


def part_bombs(options):
    return bombs.run(options.server)


def part_crowd(options):
    with Server(options.server) as server:
        return crowd.run(server)


def part_commits(options):
    return commits.run(options.server)


def part_definitions(options):
    return definitions.run(options.server)


def part_isolation(options):
    with Server(options.server) as server:
        return isolation.run(server, options.only)


def part_deadlocks(options):
    with Server(options.server) as server:
        return deadlocks.run(server)


def part_identities(options):
    return identities.run(options.server)


def part_workload(options):
    return workload.run(options.server)


def part_learning(options):
    return learning.run(options.server)


def part_jobs(options):
    return jobs.run(options.server)


def part_statistics(options):
    return table_statistics.run(options.server)


def part_damage(options):
    return store_damage.run(options.server)


# The drivers' packages are Debian's: only these two parts ask for them.
def part_access(options):
    import access
    return access.run(options.server)


def part_drivers(options):
    import drivers
    with Server(options.server) as server:
        return drivers.run(server)


def part_memory(options):
    return memory.run(options.server)


def part_shutdown(options):
    return shutdown.run(options.server)


def part_waits(options):
    return waits.run(options.server)


def part_storm(options):
    return storm.run(options.server)


def part_texts(options):
    return texts.run(options.server)


def part_startup(options):
    return startup.run(options.server)


def part_disk_full(options):
    return disk_full.run(options.server)


def part_kills(options):
    return kill_loop.run(options.server, options.loops or 5)


def part_mixed(options):
    with Server(options.server) as server:
        return mixed_load.run(server, seconds=3)


def part_tpch(options):
    generator = pathlib.Path(options.server).resolve().parent / "bench" / "omendb_tpchgen"
    return tpch_exact.run(options.server, generator)


def part_soak(options):
    """The long forms: twenty minutes of storm, a hundred kills, a minute of each pgbench mode, ten
    thousand commits."""
    ok = storm.run(options.server, clients=64, seconds=1200, seed=int(time.time()))
    ok = kill_loop.run(options.server, options.loops or 100) and ok
    with Server(options.server) as server:
        ok = mixed_load.run(server, scale=10, seconds=60, sessions=10) and ok
        return mixed_load.seen_at_once(server, 10000) and ok


PARTS = {"sql": part_sql, "random_router": part_random_router, "differential": part_differential, "attacks": part_attacks,
         "bombs": part_bombs, "crowd": part_crowd, "commits": part_commits, "access": part_access,
         "drivers": part_drivers, "definitions": part_definitions, "memory": part_memory,
         "waits": part_waits, "storm": part_storm, "shutdown": part_shutdown,
         "damage": part_damage, "isolation": part_isolation, "identities": part_identities, "workload": part_workload, "learning": part_learning, "jobs": part_jobs,
         "statistics": part_statistics,
         "deadlocks": part_deadlocks,
         "disk_full": part_disk_full, "kills": part_kills, "tpch": part_tpch,
         "mixed": part_mixed, "startup": part_startup, "texts": part_texts, "soak": part_soak}
# The long ones, and the one that judges time, are asked for by name.
SUITE = [name for name in PARTS if name not in ("soak", "bombs")]


def bless(options):
    host, port = options.reference.rsplit(":", 1)
    address = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, int(port))
    for path in sorted(sql_scripts.FOLDER.glob("*.sql")):
        if not options.only or path.stem in options.only:
            sql_scripts.record(path, address, options.user, options.user)
    for path in sorted(isolation.FOLDER.glob("*.spec")):
        if not options.only or path.stem in options.only:
            isolation.record(path, address, options.user, options.user)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", help="the omendb binary")
    parser.add_argument("--reference", help="host:port of a PostgreSQL 15 to record from")
    parser.add_argument("--user", default="postgres")
    parser.add_argument("--only", nargs="*", help="only these scripts")
    parser.add_argument("--loops", type=int, help="how often, for loops")
    parser.add_argument("parts", nargs="+", choices=[*PARTS, "all", "bless"])
    options = parser.parse_args()
    if options.parts == ["bless"]:
        return 0 if bless(options) else 1
    names = SUITE if options.parts == ["all"] else options.parts
    failed = []
    for name in names:
        started = time.monotonic()
        ok = PARTS[name](options)
        print(f"{name}: {'ok' if ok else 'FAILED'}, {time.monotonic() - started:.1f} s", flush=True)
        if not ok:
            failed.append(name)
    print(f"{len(names) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
