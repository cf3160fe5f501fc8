"""The router that learns: where a session lets it, reads are run again on the paths that they did not
take, off the clients' way, and what was measured is known afterwards, shown, and followed. What must
not be run twice is not; in the shadow nothing is."""
import re
import threading
import time

from harness import Server

SETUP = """create table t (id int primary key, a int, b text);
create sequence taken;
insert into t select i, i % 100, 'text ' || i from generate_series(1, 40000) i;
analyze t"""

GROUPED = "select a, count(*), max(b) from t where id > {} group by a"
VOLATILE = "select nextval('taken') from t where a = 7 and b > 'text 9{}'"
PATIENCE_S = 60


def regret(connection, text):
    """Path, best path, runs on rows and on columns."""
    rows = connection.query(
        "select path, best_path, row_runs, column_runs from omendb.router_regret where template_id = "
        f"(select template_id from omendb.templates where query = '{text.format('?')}')")
    return rows[0] if rows else ["", "", "0", "0"]


def await_measured(connection, text, faults):
    end = time.monotonic() + PATIENCE_S
    for key in range(100_000):
        connection.query(text.format(key % 50))
        _, _, on_rows, on_columns = regret(connection, text)
        if float(on_rows) > 0 and float(on_columns) > 0:
            return
        if time.monotonic() > end:
            faults.append(f"{text}: not measured on each path: {regret(connection, text)}")
            return
        time.sleep(0.4)  # it is quiet


def follows_what_was_measured(connection, faults):
    await_measured(connection, GROUPED, faults)
    connection.query(GROUPED.format(3))
    _, best, _, _ = regret(connection, GROUPED)
    path, on_rows, on_columns, row_source, column_source = connection.query(
        "select path, row_us, column_us, row_source, column_source from omendb.router_decisions "
        "order by id desc limit 1")[0]
    if row_source != "template" or column_source != "template":
        faults.append(f"after measuring predictions are by {row_source} and {column_source}")
    ratio = float(on_rows) / float(on_columns)
    if (ratio > 3 or ratio < 1 / 3) and path != best:
        faults.append(f"{path} is taken, where rows are {ratio} times columns")
    plan = "\n".join(row[0] for row in connection.query("explain " + GROUPED.format(3)))
    if "Predicted: row" not in plan or "(by template" not in plan:
        faults.append(f"EXPLAIN does not tell what is predicted:\n{plan}")


def is_asked_in_the_shadow(connection, faults):
    text = "select b, count(*) from t where id > {} group by b"
    for key in range(20):
        connection.query(text.format(key))
    time.sleep(1.5)
    paths = [float(runs) > 0 for runs in regret(connection, text)[2:]]
    if sum(paths) != 1:
        faults.append(f"after runs in the shadow rows and columns are known: {paths}")


def waits_for_clients(server, connection, faults):
    """While a statement works, nothing is measured; the statement may as well only seem to."""
    text = "select a, min(b) from t where id <> {} group by a"
    busy = threading.Thread(target=lambda: server.connect().query("select pg_sleep(4), count(*) from t"))
    busy.start()
    time.sleep(0.5)
    for key in range(8):
        connection.query(text.format(key))
    time.sleep(2)
    known = regret(connection, text)[2:]
    busy.join()
    if all(float(runs) > 0 for runs in known):
        faults.append("measured while a client's statement worked")
    await_measured(connection, text, faults)


def volatile_reads_run_once(connection, faults):
    given = sum(len(connection.query(VOLATILE.format(i % 10))) for i in range(20))
    time.sleep(1.5)
    following = int(connection.value("select nextval('taken')"))
    if following != given + 1:
        faults.append(f"after {given} numbers comes {following}")


def is_known_after_a_kill(server, faults):
    """Of each source and of the template, as before."""
    connection = server.connect()
    kept = "select runs from omendb.jobs where name = 'router.keep'"
    runs = int(connection.value(kept))
    while int(connection.value(kept)) < runs + 2:
        time.sleep(0.2)
    before = regret(connection, GROUPED)
    server.kill()
    server.start()
    connection = server.connect()
    after = regret(connection, GROUPED)
    if before != after or after[0] == "":
        faults.append(f"after a kill the router knows {after}, not {before}")
    connection.query(GROUPED.format(3))
    sources = connection.query("select row_source, column_source from omendb.router_decisions "
                               "order by id desc limit 1")[0]
    if list(sources) != ["template", "template"]:
        faults.append(f"after a kill predictions are by {sources}")


def values_that_estimates_do_not_tell_apart(connection, faults):
    """What is looked for is found in the first row, or in none: whichever is run again, it is known."""
    text = "select id from t where id * 7 % 40009 = {} order by id limit 1"
    for _ in range(6):
        for value in (7, 40009):
            connection.query(text.format(value))
    template = re.sub(r"\{\}|[0-9]+", "?", text)
    known = connection.query("select row_us from omendb.router_decisions where template_id = (select template_id "
                             f"from omendb.templates where query = '{template}') order by id desc limit 2")
    soon, never = sorted(float(row[0]) for row in known)
    if never < 3 * soon:
        faults.append(f"values that differ much are believed to take {soon} and {never} us on rows")


def run(binary):
    faults = []
    with Server(binary) as server:
        connection = server.connect()
        connection.script(SETUP)
        is_asked_in_the_shadow(connection, faults)
        connection.query("set omendb.learning = on")
        follows_what_was_measured(connection, faults)
        waits_for_clients(server, connection, faults)
        volatile_reads_run_once(connection, faults)
        connection.query("alter table t add column c int")  # not held up by a measurement
        failures, cancelled = connection.query(
            "select failures, cancelled from omendb.jobs where name = 'router.measure'")[0]
        if failures != "0":
            faults.append(f"measuring failed {failures} times")
        values_that_estimates_do_not_tell_apart(connection, faults)
        connection.close()
        is_known_after_a_kill(server, faults)
    for fault in faults:
        print(fault)
    print(f"learning: {len(faults)} faults")
    return not faults
