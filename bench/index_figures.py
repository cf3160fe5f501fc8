"""The figures of the index benchmark, from its measurements: (name, value, unit, of which set)."""
import statistics

import report

INTEGER_SETS = ("uniform", "lognormal", "bursty", "clustered")
HARD_SETS = INTEGER_SETS[1:]
APPEND_SETS = ("sequential", "bursty")
LEARNED_SETS = ("uniform", "lognormal")  # where the model must be the choice; and all that grows
YARDSTICKS = (("tree", "btree"), ("absl", "absl"))
PHASES = ("1_points", "2_ranges", "3_inserts", "4_points")


def figures(measured):
    reads, mixes, memory = (of_part(measured, part) for part in ("reads", "mixes", "memory"))
    append = of_part(measured, "append", APPEND_SETS)
    yield from point_figures(reads)
    yield from size_figures(reads)
    yield from yardstick_figures(reads, mixes, append)
    yield from memory_figures(memory)
    _, tail = of_part(measured, "tail").get("uniform", (0, None))
    if tail:
        yield ("index_merge_p999_ratio",
               report.median_ratio(tail["merging/p99.9"], tail["quiet/p99.9"]), "ratio", None)
    _, phases = of_part(measured, "phases").get("uniform", (0, None))
    if phases:
        yield from phase_figures(phases)
    yield from choice_figure(reads, append)


def of_part(measured, part, sets=(*INTEGER_SETS, "urls")):
    """{set: (keys, measurements)}, those with the most keys."""
    found = {}
    for key, values in measured.items():
        this, name, keys = key.split("/")
        if this == part and name in sets and float(keys) > found.get(name, (0,))[0]:
            found[name] = (float(keys), values)
    return found


def median(values):
    return statistics.median(values)


def extreme(name, candidates, unit="ratio", pick=max):
    """The worst of [(value, of what)]; nothing of nothing."""
    candidates = list(candidates)
    if candidates:
        value, of = pick(candidates)
        yield name, value, unit, of


def against(values, what, yardstick):
    """Our time over a yardstick's, round by round where both ran in each."""
    ours, theirs = values[f"learned/{what}"], values[f"{yardstick}/{what}"]
    if len(ours) == len(theirs):
        return report.median_ratio(ours, theirs)
    return median(ours) / median(theirs)


def point_figures(reads):
    for what in ("batch", "single", "cold_batch", "cold_single"):
        if "uniform" in reads:
            yield (f"index_{what}_uniform_ns", median(reads["uniform"][1][f"learned/{what}"]), "ns",
                   None)
        yield from extreme(f"index_{what}_hard_ns",
                           [(median(reads[name][1][f"learned/{what}"]), name)
                            for name in HARD_SETS if name in reads], "ns")
    yield from extreme("index_absent_worst_ratio",
                       [(report.median_ratio(values[f"learned/{what}_absent"],
                                             values[f"learned/{what}"]), f"{name}, {what}")
                        for name, (_, values) in reads.items() if name != "urls"
                        for what in ("batch", "single")])


def size_figures(reads):
    integer = {name: reads[name] for name in INTEGER_SETS if name in reads}
    yield from extreme("index_model_mb",
                       [(values["learned/model_bytes"][0] / keys * 100, name)
                        for name, (keys, values) in integer.items()], "MB_per_100M")
    yield from extreme("index_memory_ratio",
                       [(values["learned/allocated_bytes"][0] / keys / 16, name)
                        for name, (keys, values) in integer.items()])
    yield from extreme("index_build_mkeys_s",
                       [(values["model16/keys_per_s"][0] / 1e6, name)
                        for name, (_, values) in integer.items()], "Mkeys/s", min)
    yield from extreme("index_huge_page_share",
                       [(values["huge_bytes"][0] / values["mapped_bytes"][0], name)
                        for name, (_, values) in reads.items()], pick=min)


def yardstick_figures(reads, mixes, append):
    """Our hybrid's time over each yardstick's: the worst of all sets."""
    points = ("batch", "single", "fenced", "batch_absent", "single_absent")
    scans, mixed = ("scan", "scan_delta"), ("mix10", "mix50", "mix90")
    integer_reads, integer_mixes = ({name: of[name] for name in INTEGER_SETS if name in of}
                                    for of in (reads, mixes))
    for yardstick, label in YARDSTICKS:
        def ratios(part, operations, yardstick=yardstick):
            return [(against(values, what, yardstick), f"{name}, {what}")
                    for name, (_, values) in part.items() for what in operations
                    if f"learned/{what}" in values]
        yield from extreme(f"index_point_worst_vs_{label}", ratios(integer_reads, points))
        yield from extreme(f"index_scan_worst_vs_{label}", ratios(integer_reads, scans))
        yield from extreme(f"index_mixed_worst_vs_{label}", ratios(integer_mixes, mixed))
        yield from extreme(f"index_mixed_cpu_worst_vs_{label}",
                           ratios(integer_mixes, [f"{what}_cpu" for what in mixed]))
        yield from extreme(f"index_append_vs_{label}", ratios(append, ("append",)))
        urls_reads, urls_mixes = ({name: values for name, values in of.items() if name == "urls"}
                                  for of in (reads, mixes))
        yield from extreme(f"index_string_worst_vs_{label}",
                           ratios(urls_reads, points + scans) + ratios(urls_mixes, mixed))


def memory_figures(memory):
    """Bytes taken over bytes of keys and payloads: integers first, then strings."""
    integer = {name: values for name, values in memory.items() if name != "urls"}
    strings = {name: values for name, values in memory.items() if name == "urls"}
    for prefix, part in (("index", integer), ("index_string", strings)):
        for figure, measurement in (("rest_memory", "learned/rest"),
                                    ("merge_memory", "learned/merge_peak"),
                                    ("busy_memory", "learned_busy/written_peak"),
                                    ("btree_memory", "tree/loaded"),
                                    ("btree_written_memory", "tree/written"),
                                    ("hash_memory", "hash/loaded"),
                                    ("hash_merge_memory", "hash/merge_peak")):
            yield from extreme(f"{prefix}_{figure}_ratio",
                               [(max(values[measurement]), name)
                                for name, (_, values) in part.items()])


def phase_figures(values):
    """Total time of the choosing index over the sum of the best fixed form of each phase."""
    rounds = range(len(values["auto/1_points"]))
    fixed = ("learned", "tree", "hash")
    yield ("index_phase_vs_best",
           median(sum(values[f"auto/{phase}"][i] for phase in PHASES)
                  / sum(min(values[f"{form}/{phase}"][i] for form in fixed) for phase in PHASES)
                  for i in rounds), "ratio",
           "; ".join(f"{phase} {median(values[f'auto/{phase}']):.0f} ns, best "
                     f"{median(values[f'{best}/{phase}']):.0f} ns ({best})"
                     for phase in PHASES
                     for best in [min(fixed, key=lambda form, phase=phase:
                                      median(values[f"{form}/{phase}"]))]))
    lagging = [phase for phase in PHASES if not all(values[f"auto/{phase}_followed"])]
    yield ("index_phase_followed", 0 if lagging else 1, "bool",
           f"not at the end of {', '.join(lagging)}" if lagging else "all phases")
    yield from extreme("index_phase_followed_merges",
                       [(max(values[f"auto/{phase}_followed_merges"]), phase) for phase in PHASES
                        if phase not in lagging], "merges")


def choice_figure(reads, append):
    """1 where all runs of the sets that a model must win are searched with one."""
    runs = [(f"{name}", values["learned/learned_runs"], values["learned/runs"])
            for name, (_, values) in reads.items() if name in LEARNED_SETS]
    runs += [(f"append {name}", values["learned/append_learned_runs"],
              values["learned/append_runs"]) for name, (_, values) in append.items()]
    if runs:
        yield ("index_learned_chosen", int(all(learned == all_ for _, learned, all_ in runs)),
               "bool", "; ".join(f"{name} {sum(learned):.0f} of {sum(all_):.0f} runs"
                                 for name, learned, all_ in runs))
