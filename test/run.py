#!/usr/bin/env python3
"""Whole-server tests. run.py --server BINARY PART..., PART as listed by PARTS."""
import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import sql_scripts  # noqa: E402
from harness import Server  # noqa: E402


def part_sql(options):
    with Server(options.server) as server:
        return sql_scripts.run(server, options.only)


PARTS = {"sql": part_sql}
SUITE = ["sql"]


def bless(options):
    host, port = options.reference.rsplit(":", 1)
    address = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, int(port))
    for path in sorted(sql_scripts.FOLDER.glob("*.sql")):
        if not options.only or path.stem in options.only:
            sql_scripts.record(path, address, options.user, options.user)
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
