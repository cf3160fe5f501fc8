"""Definitions: who may change them, where names lead, and what is refused, as nothing would do it."""
from harness import Server

# Statements of a role that owns nothing, over what `omendb` made, with PostgreSQL 15's errors.
STRANGER = [
    ("alter table t add column c int", "42501", "must be owner of table t"),
    ("alter table t rename to t3", "42501", "must be owner of table t"),
    ("alter table t owner to mallory", "42501", "must be owner of table t"),
    ("create index on t (a)", "42501", "must be owner of table t"),
    ("truncate t", "42501", "permission denied for table t"),
    ("drop table t", "42501", "must be owner of table t"),
    ("drop view v", "42501", "must be owner of view v"),
    ("create or replace view v as select 2 as a", "42501", "must be owner of view v"),
    ("drop sequence q", "42501", "must be owner of sequence q"),
    ("alter sequence q restart", "42501", "must be owner of sequence q"),
    ("drop index t_a", "42501", "must be owner of index t_a"),
    ("drop schema box cascade", "42501", "must be owner of schema box"),
    ("comment on table t is 'mine'", "42501", "must be owner of table t"),
    ("comment on index t_a is 'mine'", "42501", "must be owner of index t_a"),
    ("create role eve", "42501", "permission denied to create role"),
    ("create role eve superuser", "42501", "must be superuser to create superusers"),
    ("drop role bob", "42501", "permission denied to drop role"),
    ("alter role bob password 'x'", "42501", "permission denied"),
    ("alter role mallory superuser", "42501",
     "must be superuser to alter superuser roles or change superuser attribute"),
    ("alter role omendb password 'x'", "42501",
     "must be superuser to alter superuser roles or change superuser attribute"),
    ("alter role mallory nologin", "42501", "permission denied"),
    ("alter role mallory password 'new' nologin", "42501", "permission denied"),
    ("alter role mallory password 'new'", None, None),
    ("checkpoint", "42501",
     "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT"),
    ("set session_replication_role = replica", "42501",
     'permission denied to set parameter "session_replication_role"'),
    ("set log_statement = 'all'", "42501", 'permission denied to set parameter "log_statement"'),
    ("set work_mem = '8MB'", None, None),
    ("insert into t values (2)", None, None),
    ("select * from v", None, None),
    ("create table own (a int)", None, None),
    ("alter table own add column b int", None, None),
    ("alter table own owner to bob", "42501", 'must be member of role "bob"'),
    ("create view own_v as select * from own", None, None),
    ("comment on table own is 'mine'", None, None),
    ("create schema authorization bob", "42501", 'must be member of role "bob"'),
    ("truncate own", None, None),
    ("drop view own_v", None, None),
]

# What is written and would change nothing: 0A000 with the feature's name.
REFUSED = {
    "create unlogged table x (a int)": "UNLOGGED",
    "create unlogged sequence x": "UNLOGGED",
    "create table x (a int) tablespace pg_default": "TABLESPACE",
    "create table x (a int primary key using index tablespace pg_default)": "TABLESPACE",
    "create table x tablespace pg_default as select 1 as a": "TABLESPACE",
    "create index on t (a) tablespace pg_default": "TABLESPACE",
    "create table x (a text compression pglz)": "COMPRESSION",
    "create table x (a int references t (a))": "FOREIGN KEY",
    "alter table t add constraint x check (a > 0) not valid": "NOT VALID",
    "create index on t (a) include (a)": "INCLUDE columns",
    "comment on database omendb is 'x'": "COMMENT ON this kind of object",
    "create index concurrently on t (a)": "CREATE INDEX CONCURRENTLY",
    "drop index concurrently t_a": "DROP INDEX CONCURRENTLY",
    "create view x with (security_barrier) as select 1 as a": "view option security_barrier",
    "create view x with (security_invoker = true) as select 1 as a": "view option security_invoker",
    "create view x with (check_option = local) as select 1 as a": "WITH CHECK OPTION",
    "create table x (like t)": "CREATE TABLE ... LIKE",
    "select * from t tablesample system (10)": "TABLESAMPLE",
    "create schema x create table y (a int)": "CREATE SCHEMA with elements",
    "create role x connection limit 3": "CONNECTION LIMIT of a role",
    "create role x createdb": 'role option "createdb" without SUPERUSER',
    "create role x createrole": 'role option "createrole" without SUPERUSER',
    "create index on t (a collate \"de_DE\")": 'collation "de_DE"',
}


def error_of(connection, statement):
    for result in connection.script(statement):
        if result.error:
            return result.error["C"], result.error["M"]
    return None, None


def check(problems, what, got, want):
    if got != want:
        problems.append(f"{what}: {got}, not {want}")


def privileges(server, problems):
    owner = server.connect()
    owner.script("create role mallory login; create role bob; create table t (a int);"
                 "create index t_a on t (a); create view v as select a from t;"
                 "create sequence q; create schema box; create table box.held (a int)")
    stranger = server.connect(user="mallory")
    for statement, *want in STRANGER:
        check(problems, f"mallory: {statement}", error_of(stranger, statement), tuple(want))
    check(problems, "a role that owns", error_of(owner, "drop role mallory"),
          ("2BP01", 'role "mallory" cannot be dropped because some objects depend on it'))
    check(problems, "a schema of one's own", error_of(stranger, "create schema theirs"),
          (None, None))
    check(problems, "another's table in it", error_of(owner, "create table theirs.x (a int)"),
          (None, None))
    check(problems, "drops what is in it", error_of(stranger, "drop table theirs.x"), (None, None))
    for statement in ("drop schema theirs", "drop table own", "drop role mallory", "drop role bob"):
        check(problems, statement, error_of(owner, statement), (None, None))


def path(server, problems):
    connection = server.connect()
    connection.script("create table cs_probe (a int)")
    for query, want in (
            ("select current_schema()", "public"),
            ("select current_schemas(true)::text", "{pg_catalog,public}"),
            ("select current_schemas(false)::text", "{public}"),
            ("show search_path", '"$user", public'),
            ("select count(*) from information_schema.tables"
             " where table_name = 'cs_probe' and table_schema = current_schema()", "1"),
            ("select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
             " where pg_table_is_visible(c.oid) and n.nspname = 'omendb'", "0"),
            ("select count(*) from omendb.query_history where false", "0")):
        check(problems, query, connection.query(query), [[want]])
    check(problems, "unasked", error_of(connection, "select * from replica_status")[0], "42P01")
    connection.script("set search_path = omendb, public")
    check(problems, "asked for", error_of(connection, "select * from replica_status")[0], None)


def kept(server, problems):
    connection = server.connect()
    connection.script("create table c (a int unique nulls not distinct); insert into c values (null);"
                      "comment on table c is 'kept'; comment on column c.a is 'a part'")
    connection.close()
    server.stop()
    server.start()
    connection = server.connect()
    check(problems, "comments after a restart", connection.query(
        "select obj_description('c'::regclass), col_description('c'::regclass, 1)"),
        [["kept", "a part"]])
    check(problems, "a null after a restart", error_of(connection, "insert into c values (null)")[0],
          "23505")
    check(problems, "a schema for another role", error_of(
        connection, "create role carol; create schema authorization carol; drop role carol")[0],
        "2BP01")


def run(binary):
    problems = []
    with Server(binary) as server:
        privileges(server, problems)
        path(server, problems)
        connection = server.connect()
        for statement, feature in REFUSED.items():
            check(problems, statement, error_of(connection, statement),
                  ("0A000", f"{feature} is not supported"))
        kept(server, problems)
    for problem in problems:
        print(problem)
    print(f"definitions: {len(STRANGER) + len(REFUSED)} statements, {len(problems)} problems")
    return not problems
