"""Random circles of 2 to 5 sessions over rows and tables: each is broken by one victim, soon."""
import random
import threading
import time

SOON = 3


def holding(kind, i):
    if kind == "table":
        return f"lock table o{i} in access exclusive mode"
    return f"update t set v = v + 1 where id = {i}"


def asking(kind, i, rng):
    if kind == "table":
        return rng.choice([f"select count(*) from o{i}", f"insert into o{i} values (1)",
                           f"lock table o{i} in share mode"])
    return rng.choice([f"update t set v = v + 1 where id = {i}", f"delete from t where id = {i}",
                       f"select * from t where id = {i} for update",
                       f"insert into t values ({i}, 0) on conflict (id) do update set v = 1"])


def circle(server, rng):
    """None, or what went wrong."""
    size = rng.randint(2, 5)
    kinds = [rng.choice(["row", "table"]) for _ in range(size)]
    sessions = [server.connect(timeout=SOON * 4) for _ in range(size)]
    for i, session in enumerate(sessions):
        session.query("begin")
        if rng.random() < 0.3:
            session.query("savepoint s")
        session.query(holding(kinds[i], i))
    outcomes, started = {}, time.monotonic()

    def ask(i, statement):
        errors = [r.error for r in sessions[i].script(statement) if r.error]
        outcomes[i] = errors[0]["C"] if errors else "ok"
        if errors and time.monotonic() - started > SOON:
            outcomes[i] = "late"
        sessions[i].script("rollback" if errors else "commit")

    threads = []
    for i in rng.sample(range(size), size):
        target = (i + 1) % size
        statement = asking(kinds[target], target, rng)
        threads.append(threading.Thread(target=ask, args=(i, statement)))
        threads[-1].start()
        time.sleep(rng.choice([0, 0.05, 0.3]))
    for thread in threads:
        thread.join(SOON * 4)
    for session in sessions:
        session.sock.close()
    told = sorted(outcomes.values())
    if told == ["40P01"] + ["ok"] * (size - 1):
        return None
    return f"{size} sessions over {kinds}: {outcomes}"


def run(server, seed=1, circles=12):
    rng = random.Random(seed)
    owner = server.connect()
    owner.query("create table t(id int primary key, v int)")
    for i in range(5):
        owner.query(f"create table o{i}(a int)")
    failures = []
    for number in range(circles):
        owner.query("insert into t select i, 0 from generate_series(0, 4) i on conflict do nothing")
        wrong = circle(server, rng)
        if wrong:
            failures.append(f"circle {number} of seed {seed}: {wrong}")
    owner.query("drop table t, o0, o1, o2, o3, o4")
    print("\n".join(failures + [f"deadlocks: {circles} circles, {len(failures)} wrong"]))
    return not failures
