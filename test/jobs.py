"""Background work as omendb.jobs shows it: it does what it is for, gives way to clients, can be cancelled,
and what was learned outlives a kill."""
import threading
import time

from harness import Server

DUE = {"rows.mark", "rows.reap", "rows.trim", "columns.upkeep", "memory.trim"}
SPARE = {"answers.check", "templates.keep"}
PATIENCE_S = 30


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


def all_are_shown(connection, faults):
    for urgency, names in (("due", DUE), ("spare", SPARE)):
        shown = {r[0] for r in connection.query(f"select name from omendb.jobs where urgency = '{urgency}'")}
        if shown != names:
            faults.append(f"{urgency} jobs are {sorted(shown)}, not {sorted(names)}")


def columns_are_kept(connection, faults):
    connection.query("create table t (a int primary key, b text)")
    connection.query("insert into t select i, 'x' || i from generate_series(1, 150000) i")
    connection.query("select count(*) from t")
    await_true("the columns' log is shortened", faults,
               lambda: int(job(connection, "columns.upkeep", "bytes")) > 0)
    if job(connection, "columns.upkeep", "failures") != "0":
        faults.append("upkeep of columns failed: " + job(connection, "columns.upkeep", "last_error"))


def answers_are_checked(connection, faults):
    connection.query("set omendb.answer_check = 1")
    for _ in range(3):
        connection.query("select sum(a) from t")
    connection.query("set omendb.answer_check = 0")
    if int(job(connection, "answers.check", "runs")) < 3:
        faults.append("a client did not wait for the check of its answer")


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

    await_true("the share comes back", faults, back)
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


def run(binary):
    faults = []
    with Server(binary) as server:
        connection = server.connect()
        all_are_shown(connection, faults)
        columns_are_kept(connection, faults)
        answers_are_checked(connection, faults)
        connection.close()
        gives_way(server, faults)
        is_learned_for_good(server, faults)
    for fault in faults:
        print(fault)
    print(f"jobs: {len(DUE | SPARE)} jobs, {len(faults)} faults")
    return not faults
