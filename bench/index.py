"""The index tier: learned runs against our B-tree behind the same seam, and plain absl::btree_multimap.

Parts run one at a time, each a program of its own, and may be run apart: a result file of the
same commit is added to, and the figures are those of everything in it.
"""
import contextlib
import io
import json
import pathlib
import subprocess
import time

import index_figures
import index_plots
import report

SETS = index_figures.INTEGER_SETS
# part, set, keys, rounds
FULL = ([("reads", name, 100e6, 5) for name in SETS] + [("reads", "urls", 5e6, 5)]
        + [("mixes", name, 10e6, 5) for name in SETS] + [("mixes", "urls", 2e6, 5)]
        + [("append", name, 10e6, 5) for name in index_figures.APPEND_SETS]
        + [("tail", "uniform", 10e6, 3)]
        + [("memory", name, 10e6, 1) for name in SETS] + [("memory", "urls", 2e6, 1)]
        + [("phases", "uniform", 10e6, 3)])
QUICK = ([(part, name, 1e6, 1) for part in ("reads", "mixes", "memory") for name in (*SETS, "urls")]
         + [("append", name, 1e6, 3) for name in index_figures.APPEND_SETS]
         + [("tail", "uniform", 1e6, 1), ("phases", "uniform", 1e6, 1)])


def add_arguments(parser):
    parser.add_argument("--only", action="append", metavar="PART:SET:KEYS[:ROUNDS]",
                        help="run this and merge it into the commit's results; repeatable")
    parser.add_argument("--quick", action="store_true", help="a million keys; no claims")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--external", default="", metavar="DIR",
                        help="a folder with checkouts of PGM-index and ALEX, to be measured too")
    parser.add_argument("--program", default="build/release/bench/omendb_indexbench")
    parser.add_argument("--figures", action="store_true", help="run nothing, print the figures")


def run(options):
    if options.program.startswith("build/release"):
        external = pathlib.Path(options.external).resolve() if options.external else ""
        subprocess.run(["cmake", f"-DOMEN_BENCH_EXTERNAL={external}", "build/release"], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run(["ninja", "-C", "build/release", "--quiet", "omendb_indexbench"], check=True)
    path = report.ROOT / "bench" / "results" / f"index-{report.commit()}.json"
    measured = json.loads(path.read_text())["measurements"] if path.exists() else {}
    failed = []
    for part, name, keys, rounds in ([] if options.figures else chosen(options)):
        key = f"{part}/{name}/{keys:.0f}"
        print(f"-- {key}", end=" ", flush=True)
        values = measure(options, part, name, keys, rounds)
        if values is None:
            failed.append(key)
            measured.pop(key, None)
            continue
        measured[key] = values
        with contextlib.redirect_stdout(io.StringIO()):  # so that nothing is lost on the way
            save(options, measured)
        print(f"{values['seconds'][0]:.0f} s", flush=True)
    print("".join(f"FAILED {key}\n" for key in failed), end="")
    save(options, measured)
    if not (options.only or options.quick or options.figures):
        index_plots.draw(path)
    return 1 if failed else 0


def measure(options, part, name, keys, rounds):
    """What one run of the program printed; None if it refused to call it a measurement."""
    started = time.monotonic()
    answer = subprocess.run(
        [options.program, part, name, str(int(keys)), str(options.seed), str(rounds)],
        capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        print(f"FAILED ({answer.returncode}): {answer.stderr.strip()}", flush=True)
        return None
    return {**json.loads(answer.stdout), "seconds": [round(time.monotonic() - started, 1)]}


def chosen(options):
    if options.only:
        for text in options.only:
            part, name, keys, *rounds = text.split(":")
            yield part, name, float(keys), int(rounds[0]) if rounds else 5
    else:
        yield from QUICK if options.quick else FULL


def save(options, measured):
    found = list(index_figures.figures(measured))
    where = {name: of for name, _, _, of in found if of}
    configuration = {"batch": 32, "scan": 100, "program": "omendb_indexbench",
                     "huge_pages": pathlib.Path(
                         "/sys/kernel/mm/transparent_hugepage/enabled").read_text().strip(),
                     "figures_of": where}
    for name, of in where.items():
        print(f"{name} is of {of}")
    report.write("index", options.seed, configuration, measured,
                 [(name, value, unit) for name, value, unit, _ in found])
