#!/usr/bin/env python3
"""./dev bench NAME: benchmarks against peers, interleaved in one run, answers before times.

Every result is a JSON file in bench/results with commit, seed, machine and configuration;
the last lines are `figure NAME VALUE UNIT`.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "test"))

import bulk  # noqa: E402
import forecast  # noqa: E402
import harness  # noqa: E402
import htap  # noqa: E402
import index  # noqa: E402
import pgbench  # noqa: E402
import reads  # noqa: E402
import router  # noqa: E402
import routes  # noqa: E402
import rows  # noqa: E402
import tpch  # noqa: E402
import web  # noqa: E402

BENCHES = {"copy": bulk, "forecast": forecast, "htap": htap, "index": index, "pgbench": pgbench, "reads": reads,
           "router": router, "routes": routes, "rows": rows, "tpch": tpch, "web": web}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    names = parser.add_subparsers(dest="name", required=True)
    for name, module in BENCHES.items():
        bench = names.add_parser(name, help=module.__doc__.splitlines()[0])
        bench.add_argument("--server", default="build/release/omendb")
        bench.add_argument("--peers", required=True, help="node_modules of bench/peers")
        bench.add_argument("--engines", required=True, help="node_modules of third_party/engines")
        module.add_arguments(bench)
    options = parser.parse_args()
    harness.Server.fixed = ()
    return BENCHES[options.name].run(options)


if __name__ == "__main__":
    sys.exit(main())
