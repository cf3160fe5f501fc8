"""How often templates will run in the next hour: the server's forecaster on made arrivals.

Each seed makes two weeks of many templates; every hour of the second week is forecast from the
hours before it, and judged beside "the last hour repeats". Constants were chosen on other seeds.
"""
import json
import statistics
import subprocess

import forecast_plots
import report

SEEDS = (101, 102, 103, 104, 105)
TUNED_WITH = (1, 2, 3, 4, 5, 6)
TEMPLATES, DAYS, JUDGED_DAYS = 400, 14, 7
PROGRAM = "build/release/bench/omendb_forecastbench"
# Figure, measurement of all templates.
FIGURES = (("forecast_f1", "f1"), ("forecast_f1_last_hour", "last_hour_f1"),
           ("forecast_f1_unsteady", "unsteady_f1"),
           ("forecast_f1_unsteady_last_hour", "last_hour_unsteady_f1"),
           ("forecast_error_vs_last_hour", "less_error"),
           ("forecast_error_vs_last_hour_relative", "less_error_relative"),
           ("forecast_error_vs_last_hour_typical", "less_error_typical"),
           ("forecast_better_templates", "better_templates"))


def add_arguments(parser):
    parser.add_argument("--seeds", type=lambda text: [int(seed) for seed in text.split(",")],
                        default=list(SEEDS), metavar="SEED,...")


def ask(seed, *more):
    answer = subprocess.run([PROGRAM, *map(str, (seed, TEMPLATES, DAYS, JUDGED_DAYS, *more))],
                            capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def medians(by_seed):
    """{kind: {measurement: the seeds' median}}"""
    first = by_seed[0]
    return {kind: {name: statistics.median(of[kind][name] for of in by_seed) for name in first[kind]}
            for kind in first}


def show(typical):
    names = ("less_error", "better_templates", "f1", "last_hour_f1")
    print(" " * 10 + "".join(name.rjust(18) for name in names))
    for kind, values in typical.items():
        print(kind.ljust(10) + "".join(f"{values[name]:18.3f}" for name in names))


def run(options):
    subprocess.run(["ninja", "-C", "build/release", "--quiet", "omendb_forecastbench"], check=True)
    by_seed = [ask(seed) for seed in options.seeds]
    typical = medians(by_seed)
    show(typical)
    configuration = {"templates": TEMPLATES, "days": DAYS, "judged_days": JUDGED_DAYS,
                     "seeds": options.seeds, "tuned_with": TUNED_WITH,
                     "errors": "absolute, in runs, summed over templates and hours; relative: in "
                               "each template's mean; typical: the mean of logarithms of ratios",
                     "unsteady": "templates that do not run in every hour"}
    measured = {kind: {name: [of[kind][name] for of in by_seed] for name in typical[kind]}
                for kind in typical}
    report.write("forecast", options.seeds[0], configuration, measured,
                 [(figure, typical["all"][name], "share") for figure, name in FIGURES])
    if tuple(options.seeds) == SEEDS:
        forecast_plots.draw(typical, examples(options.seeds[0]), report.commit())
    return 0


def examples(seed):
    """{kind: [[runs, forecast, probability] of an hour]} of the first template of some kinds."""
    found, number = {}, 0
    while len(found) < len(forecast_plots.EXAMPLES) and number < TEMPLATES:
        one = ask(seed, number)
        if one["kind"] in forecast_plots.EXAMPLES:
            found.setdefault(one["kind"], one["hours"])
        number += 1
    return found
