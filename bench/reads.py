"""What applications read, prepared, by four clients: auto beside each forced path.

Runs of the routes alternate; figures are medians. Answers are compared in `./dev bench routes`, which
draws the same shapes.
"""
import os
import statistics
import tempfile

import report
from harness import Server
from load_tables import load
from pgbench import pgbench, tps

SETUP = """
create table account (id int primary key, branch int not null, balance int not null, note text not null);
create index account_branch on account (branch);
insert into account select g, (g::bigint * 7919 % ({rows} / 100))::int, g % 1000, 'account ' || g
  from generate_series({first}, {last}) g;
create table entry (id int primary key, account int not null, seen int not null, amount int not null);
create index entry_account on entry (account);
create index entry_seen on entry (seen);
insert into entry select g, (g::bigint * 31 % {rows})::int + 1, g * 3, g % 100
  from generate_series({first}, {last}) g;
analyze;
"""

# Name, bounds of the random number, statement.
KINDS = [
    ("key", "1, {m}", "select balance from account where id = :k"),
    ("index 100 rows", "0, {m} / 100 - 1", "select id, balance from account where branch = :k"),
    ("range 100 keys", "1, {m} - 100", "select id, balance from account where id between :k and :k + 99"),
    ("range 1000 keys", "1, {m} - 1000",
     "select sum(balance), count(*) from account where id between :k and :k + 999"),
    ("exists by key", "1, {m} - 50", "select count(*) from account a where id between :k and :k + 49 and "
     "exists (select from entry e where e.account = a.id)"),
    ("index join", "0, {m} / 100 - 1", "select a.id, e.amount from account a join entry e on e.account = a.id "
     "where a.branch = :k"),
    ("newest 20", "1, {m} * 3", "select id, amount from entry where seen <= :k order by seen desc limit 20"),
    ("top of branch", "0, {m} / 100 - 1",
     "select id, balance from account where branch = :k order by id desc limit 10"),
    ("in list", "1, {m} - 9000", "select id, balance from account where id in (" +
     ", ".join(f":k + {n * 91}" for n in range(100)) + ")"),
]

ROUTES = ("auto", "row", "column")


def add_arguments(parser):
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="kinds whose name contains it")


def measure(server, script, options):
    """Microseconds of a transaction by route, one for each round."""
    found = {route: [] for route in ROUTES}
    for round_number in range(options.rounds + 1):
        for route in ROUTES if round_number % 2 == 0 else reversed(ROUTES):
            env = {**server.psql_env(), "PGOPTIONS": f"-c omendb.route={route}"}
            seconds = options.seconds if round_number > 0 else 1
            took = tps(pgbench(env, "-n", "-M", "prepared", "-c", "4", "-f", script, "-T", str(seconds)))
            if round_number > 0:
                found[route].append(4e6 / took)
    return found


def run(options):
    server = Server(options.server, args=["--auth", "trust"]).start()
    try:
        load(server.connect(timeout=600), SETUP, options.rows)
        times = {}
        for name, bounds, statement in KINDS:
            if options.only not in name:
                continue
            with tempfile.TemporaryDirectory() as folder:
                script = os.path.join(folder, "script.sql")
                with open(script, "w", encoding="utf-8") as file:
                    file.write(f"\\set k random({bounds.replace('{m}', str(options.rows))})\n{statement};\n")
                times[name] = measure(server, script, options)
            medians = {route: statistics.median(values) for route, values in times[name].items()}
            print(name, *(f"{route} {value:.0f} us" for route, value in medians.items()), flush=True)
        conclude(options, times)
        return 0
    finally:
        server.close()


def conclude(options, times):
    ratios = {}
    for name, found in times.items():
        best = min(ROUTES[1:], key=lambda route: statistics.median(found[route]))
        ratios[name] = report.median_ratio(found["auto"], found[best])
    report.write("reads", 0, {"rows": options.rows, "seconds": options.seconds, "clients": 4,
                              "auto_vs_best": ratios}, times,
                 [("reads_auto_vs_best", max(ratios.values()), "x")])
