"""The index tier: learned runs against our B-tree behind the same seam, and plain absl::btree_multimap.

Parts run one at a time, each a program of its own, and may be run apart: a result file of the
same commit is added to, and the figures are those of everything in it.
"""
import json
import pathlib
import statistics
import subprocess

import index_plots
import report

INTEGER_SETS = ("uniform", "lognormal", "bursty", "clustered")
HARD_SETS = INTEGER_SETS[1:]
# part, set, keys, rounds
FULL = ([("reads", name, 100e6, 5) for name in INTEGER_SETS]
        + [("reads", "urls", 5e6, 5)]
        + [("mixes", name, 10e6, 5) for name in INTEGER_SETS] + [("mixes", "urls", 2e6, 5)]
        + [("append", "sequential", 10e6, 5), ("append", "bursty", 10e6, 5),
           ("tail", "uniform", 10e6, 3)]
        + [("phases", form, 10e6, 1) for form in ("auto", "learned", "tree", "hash")])
QUICK = ([("reads", name, 1e6, 3) for name in INTEGER_SETS + ("urls",)]
         + [("mixes", name, 1e6, 3) for name in INTEGER_SETS + ("urls",)]
         + [("append", "sequential", 1e6, 3), ("tail", "uniform", 1e6, 1)])


def add_arguments(parser):
    parser.add_argument("--only", action="append", metavar="PART:SET:KEYS[:ROUNDS]",
                        help="run this and merge it into the commit's results; repeatable")
    parser.add_argument("--quick", action="store_true", help="a million keys; no claims")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--program", default="build/release/bench/omendb_indexbench")
    parser.add_argument("--figures", action="store_true", help="run nothing, print the figures")


def run(options):
    if options.program.startswith("build/release"):
        subprocess.run(["ninja", "-C", "build/release", "--quiet", "omendb_indexbench"], check=True)
    path = report.ROOT / "bench" / "results" / f"index-{report.commit()}.json"
    measured = json.loads(path.read_text())["measurements"] if path.exists() else {}
    for part, name, keys, rounds in ([] if options.figures else chosen(options)):
        key = f"{part}/{name}/{keys:.0f}"
        print(f"-- {key}", flush=True)
        answer = subprocess.run(
            [options.program, part, name, str(int(keys)), str(options.seed), str(rounds)],
            capture_output=True, text=True, check=True)
        measured[key] = json.loads(answer.stdout)
        save(options, measured)
    save(options, measured)
    index_plots.draw(path)


def chosen(options):
    if options.only:
        for text in options.only:
            part, name, keys, *rounds = text.split(":")
            yield part, name, float(keys), int(rounds[0]) if rounds else 5
    else:
        yield from QUICK if options.quick else FULL


def save(options, measured):
    configuration = {"batch": 32, "scan": 100, "program": "omendb_indexbench",
                     "huge_pages": pathlib.Path(
                         "/sys/kernel/mm/transparent_hugepage/enabled").read_text().strip()}
    report.write("index", options.seed, configuration, measured, list(figures(measured)))


def largest(measured, part, name):
    """The measurements of a part and set with the most keys, and how many keys those are."""
    found = [(float(key.split("/")[2]), values) for key, values in measured.items()
             if key.startswith(f"{part}/{name}/")]
    return max(found, key=lambda item: item[0], default=(0, None))


def median(values):
    return statistics.median(values)


def figures(measured):
    reads = {}
    for name in INTEGER_SETS + ("urls",):
        keys, values = largest(measured, "reads", name)
        if values:
            reads[name] = (keys, values)
    yield from point_figures(reads)
    yield from against(measured, reads)
    yield from append_figures(measured)
    keys, tail = largest(measured, "tail", "uniform")
    if tail:
        yield ("index_merge_p999_ratio", report.median_ratio(tail["merging/p99.9"],
                                                             tail["quiet/p99.9"]), "ratio")
    yield from phase_figure(measured)


def point_figures(reads):
    hard = [reads[name][1] for name in HARD_SETS if name in reads]
    for what in ("batch", "single"):
        if "uniform" in reads:
            yield f"index_{what}_uniform_ns", median(reads["uniform"][1][f"learned/{what}"]), "ns"
        if hard:
            yield (f"index_{what}_hard_ns",
                   max(median(values[f"learned/{what}"]) for values in hard), "ns")
    integer = {name: reads[name] for name in INTEGER_SETS if name in reads}
    if not integer:
        return
    yield ("index_absent_worst_ratio",
           max(report.median_ratio(values[f"learned/{what}_absent"], values[f"learned/{what}"])
               for _, values in integer.values() for what in ("batch", "single")), "ratio")
    yield ("index_model_mb", max(values["learned/model_bytes"][0] / keys * 100
                                 for keys, values in integer.values()), "MB_per_100M")
    yield ("index_memory_ratio", max(values["learned/total_bytes"][0] / keys / 16
                                     for keys, values in integer.values()), "ratio")
    yield ("index_build_mkeys_s", min(values["model16/keys_per_s"][0] / 1e6
                                      for _, values in integer.values()), "Mkeys/s")
    yield ("index_huge_page_share", min(values["huge_bytes"][0] / values["mapped_bytes"][0]
                                        for _, values in integer.values()), "ratio")


def against(measured, reads):
    """Our hybrid's time over each yardstick's: the worst of all sets."""
    mixes = {name: largest(measured, "mixes", name)[1] for name in INTEGER_SETS + ("urls",)}
    mixes = {name: values for name, values in mixes.items() if values}
    for yardstick, label in (("tree", "btree"), ("absl", "absl")):
        def ratio(values, what, yardstick=yardstick):
            ours, theirs = values[f"learned/{what}"], values[f"{yardstick}/{what}"]
            if len(ours) != len(theirs):
                return median(ours) / median(theirs)
            return report.median_ratio(ours, theirs)
        scans = [ratio(values, what) for name, (_, values) in reads.items() if name != "urls"
                 for what in ("scan", "scan_delta")]
        mixed = [ratio(values, f"mix{percent}") for name, values in mixes.items()
                 if name != "urls" for percent in (10, 50, 90)]
        strings = [ratio(reads["urls"][1], what) for what in
                   ("batch", "single", "scan", "scan_delta")] if "urls" in reads else []
        strings += [ratio(mixes["urls"], f"mix{percent}")
                    for percent in (10, 50, 90)] if "urls" in mixes else []
        for what, ratios in (("scan", scans), ("mixed", mixed), ("string", strings)):
            if ratios:
                yield f"index_{what}_worst_vs_{label}", max(ratios), "ratio"


def append_figures(measured):
    for yardstick, label in (("tree", "btree"), ("absl", "absl")):
        ratios = [report.median_ratio(values["learned/append"], values[f"{yardstick}/append"])
                  for key, values in measured.items() if key.startswith("append/")]
        if ratios:
            yield f"index_append_vs_{label}", max(ratios), "ratio"


def phase_figure(measured):
    """Total time of the choosing index over the sum of the best fixed form of each phase."""
    forms = {form: largest(measured, "phases", form)[1]
             for form in ("auto", "learned", "tree", "hash")}
    fixed = [values for form, values in forms.items() if form != "auto" and values]
    if forms["auto"] and fixed:
        phases = ("1_points", "2_ranges", "3_inserts", "4_points")
        best = sum(min(median(values[phase]) for values in fixed) for phase in phases)
        yield ("index_phase_vs_best",
               sum(median(forms["auto"][phase]) for phase in phases) / best, "ratio")
