"""Definitions as text: what pg_get_viewdef and its like say makes the same definition again."""
import sql_scripts
from harness import Server

# Scripts whose statements make the definitions: all but their questions are run.
SCRIPTS = ("texts_of_expressions", "texts_of_queries")
LAYOUTS = ("false", "true")
VIEWS = """select c.oid, quote_ident(c.relname) from pg_class c join pg_namespace n
           on n.oid = c.relnamespace where n.nspname = 's' and c.relkind = 'v' order by 1"""
DEFAULTS = """select d.oid, c.relname, quote_ident(a.attname) from pg_attrdef d
              join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
              join pg_class c on c.oid = d.adrelid join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 's' order by 1"""
CHECKS = """select k.oid, c.relname, k.conname from pg_constraint k
            join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 's' and k.contype = 'c' order by 1"""


def define(connection, script):
    connection.script("drop schema if exists s cascade; create schema s; set search_path = s")
    for statement in sql_scripts.statements((sql_scripts.FOLDER / f"{script}.sql").read_text()):
        if statement.startswith(("create", "insert")):
            connection.query(statement)


def view_text(connection, name, layout):
    return connection.query(f"select pg_get_viewdef('{name}'::regclass, {layout})")[0][0]


def view_again(connection, oid, name, layout):
    """The texts of the view, of one made of that, and of one made of the latter."""
    texts = [view_text(connection, name, layout)]
    rows = [sorted(map(str, connection.query(f"select * from {name}")))]
    for again in ("again", "again_2"):
        connection.query(f"create view {again} as {texts[-1].removesuffix(';')}")
        rows.append(sorted(map(str, connection.query(f"select * from {again}"))))
        texts.append(view_text(connection, again, layout))
    if rows[1:] != rows[:-1]:
        texts.append(f"other rows: {rows}")
    return texts


def default_again(connection, oid, table, column, layout):
    ask = (f"select pg_get_expr(adbin, adrelid, {layout}) from pg_attrdef where adrelid = "
           f"'{table}'::regclass and adnum = (select attnum from pg_attribute where attrelid = "
           f"'{table}'::regclass and quote_ident(attname) = '{column}')")
    texts = [connection.query(ask)[0][0]]
    for _ in range(2):
        connection.query(f"alter table {table} alter column {column} set default {texts[-1]}")
        texts.append(connection.query(ask)[0][0])
    return texts


def check_again(connection, oid, table, name, layout):
    texts = [connection.query(f"select pg_get_constraintdef({oid}, {layout})")[0][0]]
    for again in ("again", "again_2"):
        connection.query(f"alter table {table} add constraint {again} {texts[-1]}")
        texts.append(connection.query(
            f"select pg_get_constraintdef(oid, {layout}) from pg_constraint "
            f"where conname = '{again}'")[0][0])
    return texts


def run(binary):
    """A text made again must stay. The first may change once, where PostgreSQL's does: a cast of
    ARRAY[...] is read as one of its elements, and brackets around an AND within another are lost."""
    count, changed, failures = 0, 0, []
    with Server(binary) as server:
        connection = server.connect()
        for script in SCRIPTS:
            define(connection, script)
            for again, definitions in ((view_again, VIEWS), (default_again, DEFAULTS),
                                       (check_again, CHECKS)):
                for row in connection.query(definitions):
                    for layout in LAYOUTS:
                        connection.query("begin")
                        texts = again(connection, *row, layout)
                        connection.query("rollback")
                        count += 1
                        changed += texts[0] != texts[1]
                        if len(set(texts[1:])) > 1:
                            failures.append("\n---\n".join([str(row), *texts]))
    for failure in failures:
        print(failure)
    print(f"texts: {count} made again, {changed} change once, {len(failures)} differ")
    return count > 0 and not failures
