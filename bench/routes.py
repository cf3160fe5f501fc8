"""The router's choices: templates run on auto and on each path, and how far estimates are off.

Tables like pgbench's, TPC-H's and an order entry's, of a million rows. Each template is prepared and
run with values that may flip the best path. Answers of all paths are compared before times count.
Figures: time of auto over that of the best forced path, summed; the worst single case; how often auto
takes the best path (or one within a tenth of it, or 0.2 ms); the estimates' q-errors.
"""
import statistics
import time

import report
from harness import Server
from load_tables import load
from route_templates import SETUP, TEMPLATES

PATHS = ("row", "column", "mixed")


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="templates whose name contains it")
    parser.add_argument("--limit", type=float, default=15.0, help="seconds after which a run is ended")


def cases(options):
    for name, types, statement, values in TEMPLATES:
        if options.only in name:
            for value in values:
                yield name, types, statement, value.replace("{m}", str(options.rows))


class Prober:
    """Runs one case on one route."""

    def __init__(self, connection, limit):
        self.connection, self.limit = connection, limit
        connection.query(f"set statement_timeout = {int(limit * 1000)}")

    def run(self, route, number, value):
        """Seconds and the sorted answer; None and the SQLSTATE where it failed."""
        self.connection.query(f"set omendb.route = {route}")
        start = time.perf_counter()
        try:
            rows = self.connection.query(f"execute q{number}({value})")
        except Exception as error:  # pylint: disable=broad-except
            return None, getattr(error, "sqlstate", str(error))
        return time.perf_counter() - start, sorted(map(str, rows))

    def last_path(self):
        return self.connection.query("select path from omendb.query_history where tag = 'SELECT' and "
                                     "query not like '%query_history%' order by id desc limit 1")[0][0]


def probe(prober, number, value, rounds):
    """Medians by route, the path that auto took, and whether answers agree."""
    times, answers, path = {}, {}, ""
    for round_number in range(rounds + 1):
        for route in ("auto", *PATHS):
            if route in times and times[route] is None:
                continue
            took, answer = prober.run(route, number, value)
            if route == "auto" and round_number == 1:
                path = prober.last_path()
            if took is None:
                times[route] = None
                if route == "auto":
                    answers[route] = answer
            elif round_number == 0:
                answers[route], times[route] = answer, []
            else:
                times[route].append(took)
        if all(t is None or sum(t) > 2 for t in times.values()) and round_number > 2:
            break
    first = answers.get("auto")
    limited = len(set(map(str, answers.values()))) > 1
    return ({route: statistics.median(t) if t else None for route, t in times.items()}, path,
            limited, first)


def estimates(connection):
    """Parts of plans that were run: q-error, kind, tables, rows estimated and counted."""
    return sorted([float(row[0]), *row[1:]] for row in connection.query(
        "select q_error, kind, tables::text, estimated_rows, last_rows from omendb.plan_parts "
        "where q_error is not null"))


def run(options):
    server = Server(options.server, args=["--auth", "trust"]).start()
    try:
        connection = server.connect(timeout=600)
        load(connection, SETUP, options.rows)
        prober = Prober(connection, options.limit)
        rows, wrong, prepared = [], [], {}
        for name, types, statement, value in cases(options):
            if name not in prepared:
                prepared[name] = len(prepared)
                connection.query(f"prepare q{prepared[name]} ({types}) as {statement}")
            times, path, differs, first = probe(prober, prepared[name], value, options.rounds)
            if differs and "limit" not in statement:
                wrong.append(f"{name} ({value}): paths differ: {first}")
            if all(t is None for route, t in times.items() if route != "auto"):
                print(f"? {name} ({value}): no path ended in time: {first}", flush=True)
                continue
            best = min((t, route) for route, t in times.items() if route != "auto" and t is not None)
            auto = times["auto"] if times["auto"] is not None else options.limit
            chosen_best = path == best[1] or auto <= best[0] * 1.1 + 0.0002
            rows.append({"name": name, "values": value, "auto_ms": auto * 1e3, "path": path,
                         "best": best[1], "best_ms": best[0] * 1e3, "is_best": chosen_best,
                         **{f"{p}_ms": times.get(p) and times[p] * 1e3 for p in PATHS}})
            shown = " ".join(f"{p} {times[p] * 1e3:.2f}" if times.get(p) else f"{p} -" for p in PATHS)
            print(f"{'  ' if chosen_best else '! '}{name} ({value}): auto {auto * 1e3:.2f} on {path}; {shown}",
                  flush=True)
        estimated = estimates(connection)
        for fault in wrong:
            print(fault)
        if wrong:
            return 1
        return conclude(options, rows, estimated)
    finally:
        server.close()


def conclude(options, rows, estimated):
    q_errors = [part[0] for part in estimated]
    for part in estimated[-8:]:
        print("estimate:", *part)
    auto = sum(row["auto_ms"] for row in rows)
    best = sum(row["best_ms"] for row in rows)
    worst = max(rows, key=lambda row: row["auto_ms"] / (row["best_ms"] + 1))
    column = sum(row["column_ms"] or row["best_ms"] for row in rows)
    print(f"worst: {worst['name']} ({worst['values']})")
    found = [("routes_auto_vs_oracle", auto / best, "x"),
             ("routes_column_vs_oracle", column / best, "x"),
             ("routes_worst", max((row["auto_ms"] - 5) / row["best_ms"] for row in rows), "x"),
             ("routes_best_share", sum(row["is_best"] for row in rows) / len(rows), "")]
    if q_errors:
        found += [("estimate_q50", statistics.median(q_errors), "x"),
                  ("estimate_q95", q_errors[int(len(q_errors) * 0.95)], "x")]
    report.write("routes", 0, {"rows": options.rows, "rounds": options.rounds, "cases": len(rows)},
                 {"cases": rows, "estimates": estimated}, found)
    return 0
