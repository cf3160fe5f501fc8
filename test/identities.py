"""Statements' identities, as omendb.templates and omendb.query_history show them: one question has
one, also after a restart and under another name, and what it says of the statement is right. And
what runs have counted of its parts, which every path tells alike."""
from harness import Server

SETUP = """create table t (id int primary key, a int, b text);
create table u (id int primary key, a int);
create view v as select id, a from t where b = 'x';
insert into t select i, i % 7, 'x' from generate_series(1, 50) i;
insert into u select i, i % 5 from generate_series(1, 50) i;"""

# Ways to ask the same; the last asks for something else.
QUESTIONS = [
    (["select b from t where a = 1", "select  x.b from t x where 2 = x.a -- two"],
     "select b from t where a > 1"),
    (["select b from t where a in (1, 2)", "select b from t where a in (3)"],
     "select b from t where a not in (1, 2)"),
    (["select v.a from v where id < 9", "select a from t where b = 'x' and id < 4"],
     "select v.a from v where id > 9"),
    (["select t.b from t join u on t.id = u.id", "select t.b from u, t where u.id = t.id"],
     "select t.b from t left join u on t.id = u.id"),
    (["update t set a = 1 where id = 3", "update t as x set a = 2 where x.id = 4"],
     "update t set a = a + 1 where id = 3"),
]


def identity(connection, statement):
    """The template id of the statement's last run, by the history."""
    connection.query(statement)
    return connection.query("select template_id from omendb.query_history where query not like '%history%' "
                            "order by id desc limit 1")[0][0]


def described(connection, faults):
    row = connection.query(
        "select predicates, tables_read, columns_read, volatility, depends_on, rows > 0, row_calls + "
        "column_calls + mixed_calls = calls from omendb.templates where query = "
        "'select b from t where a = ?'")
    want = [("{\"t.a =\"}", "{t}", "{t.a,t.b}", "immutable", "{}", "t", "t")]
    if [tuple(r) for r in row] != want:
        faults.append(f"omendb.templates says {row}, not {want}")


# A question, and the rows of its parts. Kept whole on every path: no limit, no table twice.
COUNTED = [
    ("select a, count(*) from t where id <= 30 and b = 'x' group by a",
     {"scan {t}": 30, "group {t}": 7}),
    ("select count(*) from t join u on t.id = u.id and u.a = 2 where t.a = 3", {"join {t,u}": 1}),
    ("select t.a, u.a, count(*) from t, u where t.id = u.a and u.id > 10 group by t.a, u.a",
     {"join {t,u}": 32, "group {t,u}": 4}),
    ("select b from t where a = 5 or id = 1 order by id", {"scan {t}": 8}),
    ("select a from u where a <> 0 limit 3", {}),
]


def counted(connection, faults):
    """What each path says of the parts; a path may keep silent, but not where all rows were read."""
    parts = "select part_id, runs, kind || ' ' || tables::text, last_rows from omendb.plan_parts"
    for question, want in COUNTED:
        for route in ("row", "column", "mixed"):
            connection.query(f"set omendb.route = {route}")
            before = {(row[0], row[1]) for row in connection.query(parts)}
            connection.query(question)
            told = {row[2]: int(row[3]) for row in connection.query(parts)
                    if (row[0], row[1]) not in before}
            if any(told.get(part) != count for part, count in want.items()):
                faults.append(f"{question} on {route}: counted {told}, not {want}")
            if not want and told:
                faults.append(f"{question} on {route}: {told} was not read whole")
    connection.query("reset omendb.route")


def run(binary):
    faults, before = [], {}
    with Server(binary) as server:
        connection = server.connect()
        connection.script(SETUP)
        for same, other in QUESTIONS:
            ids = {identity(connection, statement) for statement in same}
            if len(ids) != 1:
                faults.append(f"several identities: {same}")
            if identity(connection, other) in ids:
                faults.append(f"one identity: {same[0]} and {other}")
            before[same[0]] = ids.pop()
        described(connection, faults)
        counted(connection, faults)
        known = identity(connection, "select a from u where id = 1")
        connection.query("alter table u rename to renamed")
        if identity(connection, "select x.a from renamed x where x.id = 2") != known:
            faults.append("a new name of a table is a new identity")
        connection.query("alter table renamed rename to u")
        connection.close()
        server.kill()
        server.start()
        connection = server.connect()
        for statement, known in before.items():
            if identity(connection, statement) != known:
                faults.append(f"another identity after a restart: {statement}")
    for fault in faults:
        print(fault)
    print(f"identities: {len(before)} questions, {len(faults)} faults")
    return not faults
