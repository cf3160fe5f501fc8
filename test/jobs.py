"""Background work as omendb.jobs shows it: it does what it is for, gives way to clients, can be cancelled,
and what was learned outlives a kill."""
import os
import pathlib
import threading
import time

from harness import Server
from pgclient import ServerError

DUE = {"rows.flush", "rows.mark", "rows.reap", "rows.sync_log", "rows.trim", "columns.upkeep", "memory.trim", "statistics.follow", "templates.count"}
SPARE = {"answers.check", "costs.calibrate", "statistics.take", "templates.keep", "router.keep", "router.learn", "router.measure", "workload.forecast"}
PATIENCE_S = 90


def await_true(what, faults, ask):
    """Asks until the answer is true: the machine may be slow."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if ask():
            return
        time.sleep(0.05)
    faults.append(f"not within {PATIENCE_S} s: {what}")


def job(connection, name, column):
    return connection.query(f"select {column} from omendb.jobs where name = '{name}'")[0][0]


def machine_is_idle():
    """Whether somebody else leaves this machine a core: only then is there time to spare."""
    def idle_s():
        fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()
        return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")

    before, began = idle_s(), time.monotonic()
    time.sleep(2)
    return (idle_s() - before) / (time.monotonic() - began) > 0.8


def all_are_shown(connection, faults):
    for urgency, names in (("due", DUE), ("spare", SPARE)):
        shown = {r[0] for r in connection.query(f"select name from omendb.jobs where urgency = '{urgency}'")}
        if shown != names:
            faults.append(f"{urgency} jobs are {sorted(shown)}, not {sorted(names)}")


def columns_are_kept(server, connection, faults):
    connection.query("create table t (a int primary key, b text)")
    connection.query("insert into t select i, 'x' || i from generate_series(1, 150000) i")
    connection.query("select count(*) from t")
    log = server.data / "columns" / "columns.duckdb.wal"
    await_true("the columns' log is shortened", faults,
               lambda: not log.exists() or log.stat().st_size < 4096)
    if job(connection, "columns.upkeep", "failures") != "0":
        faults.append("upkeep of columns failed: " + job(connection, "columns.upkeep", "last_error"))


def answers_are_checked(connection, faults):
    connection.query("set omendb.answer_check = 1")
    for _ in range(3):
        connection.query("select sum(a) from t")
    connection.query("set omendb.answer_check = 0")
    told = dict(connection.query("select outcome, sum(reads)::text from omendb.answer_checks group by outcome"))
    if told["waiting"] != "0" or int(told["checked"]) + int(told.get("skipped", 0)) < 3:
        faults.append(f"clients did not wait for the checks of their answers: {told}")


def gives_way(server, faults):
    """While clients take every core the share of spare work shrinks, and comes back after."""
    stop = threading.Event()

    def load():
        client = server.connect()
        while not stop.is_set():
            client.query("select count(*) from generate_series(1, 300000) a where a % 7 = 1")
        client.close()

    connection = server.connect()
    share = lambda: float(job(connection, "answers.check", "share"))
    clients = [threading.Thread(target=load) for _ in range(4)]
    for client in clients:
        client.start()
    # Looked at when spare work is due, so some is made due.
    connection.query("set omendb.answer_check = 0.5")

    def low():
        connection.query("select count(*) from t where a < 100")
        return share() <= 0.1

    await_true("the share shrinks while clients take all cores", faults, low)
    stop.set()
    for client in clients:
        client.join()

    def back():
        connection.query("select count(*) from t where a < 100")
        return share() >= 0.4

    if machine_is_idle():
        await_true("the share comes back", faults, back)
    else:
        print("jobs: the machine is busy beside the server: that the share comes back is not judged")
    connection.close()


def checked_read(server):
    client = server.connect()
    client.query("set omendb.answer_check = 1")
    client.query("select count(distinct b) from t, generate_series(1, 30) g where length(b) > g % 3")
    client.close()


def can_be_cancelled(server, faults):
    """By a superuser alone: the check of a long read, for which its client waits."""
    connection = server.connect()
    for asked, want in (("'no such job'", "f"), ("null", None)):
        if connection.query(f"select omendb_cancel_job({asked})")[0][0] != want:
            faults.append(f"omendb_cancel_job({asked}) is not {want}")
    reader = threading.Thread(target=checked_read, args=(server,))
    reader.start()
    await_true("a running check is cancelled", faults,
               lambda: connection.query("select omendb_cancel_job('answers.check')")[0][0] == "t")
    reader.join()
    connection.query("create role plain login")
    plain = server.connect(user="plain")
    try:
        plain.query("select omendb_cancel_job('memory.trim')")
        faults.append("a plain role cancels jobs")
    except ServerError as error:
        if error.sqlstate != "42501":
            faults.append(f"a plain role that cancels jobs gets {error.sqlstate}")
    plain.close()
    connection.close()


def calls(connection):
    return int(connection.query("select coalesce(sum(calls), 0) from omendb.templates "
                                "where query = 'select b from t where a = ?'")[0][0])


def is_learned_for_good(server, faults):
    connection = server.connect()
    for key in range(20):
        connection.query(f"select b from t where a = {key}")
    if calls(connection) != 20:
        faults.append(f"20 runs counted as {calls(connection)}")
    kept = int(job(connection, "templates.keep", "runs"))
    await_true("templates are kept", faults,
               lambda: int(job(connection, "templates.keep", "runs")) >= kept + 2)
    connection.close()
    server.kill()
    server.start()
    connection = server.connect()
    if calls(connection) != 20:
        faults.append(f"after a kill 20 runs are {calls(connection)}")
    connection.query("select b from t where a = 7")
    if calls(connection) != 21:
        faults.append(f"after a kill and a run 21 runs are {calls(connection)}")
    connection.close()


def paces(connection):
    """How much each coefficient of the cost model is scaled: one number for each kind of work."""
    return dict(connection.query(
        "select name, round((microseconds / built_in)::numeric, 6) from omendb.cost_model"))


def costs_are_measured(server, faults):
    connection = server.connect()
    await_true("the machine is measured", faults, lambda: job(connection, "costs.calibrate", "runs") != "0")
    if job(connection, "costs.calibrate", "failures") != "0":
        faults.append("calibration failed: " + job(connection, "costs.calibrate", "last_error"))
    measured = paces(connection)
    if len(set(measured.values())) != 3 or not all(0.3 < float(pace) <= 3 for pace in measured.values()):
        faults.append(f"paces are {measured}")
    connection.close()
    server.stop()
    server.start()
    connection = server.connect()
    if job(connection, "costs.calibrate", "runs") == "0" and paces(connection) != measured:
        faults.append("after a start the machine's paces are forgotten")
    connection.close()


def run(binary):
    faults = []
    with Server(binary) as server:
        connection = server.connect()
        all_are_shown(connection, faults)
        columns_are_kept(server, connection, faults)
        answers_are_checked(connection, faults)
        connection.close()
        gives_way(server, faults)
        can_be_cancelled(server, faults)
        is_learned_for_good(server, faults)
        server.fixed = ()
        server.stop()
        server.start()
        costs_are_measured(server, faults)
    for fault in faults:
        print(fault)
    print(f"jobs: {len(DUE | SPARE)} jobs, {len(faults)} faults")
    return not faults
