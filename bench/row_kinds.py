"""What applications send: tables, and the kinds of reads and writes over them, as pgbench scripts."""
import contextlib
import tempfile
import typing

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
create table line (doc int not null, pos int not null, item text not null, qty int, price numeric(10,2) not null,
                   primary key (doc, pos));
insert into line select g / 5, g % 5, 'item ' || g % 1000, nullif(g % 7, 0), (g % 500) + 0.25
  from generate_series({first}, {last}) g;
create table person (email text primary key, name text not null, born date, about text);
insert into person select 'user' || g || '@example.org', 'Name ' || g, date '1950-01-01' + g % 20000,
  case when g % 3 = 0 then repeat('about ', 30) end from generate_series({first}, {last}) g;
create table log (id bigint primary key, account int not null, what text not null, at timestamp not null);
create index log_account on log (account);
create table counter (name int primary key, n int not null);
insert into counter select g, 0 from generate_series(1, 1000) g;
create table note (owner text, number int, title text, body text, seen timestamp, stars int,
                   primary key (owner, number));
create index note_stars on note (stars);
insert into note select 'owner ' || g / 10, g % 10, 'title ' || g, repeat('body ', 40),
  case when g % 2 = 0 then timestamp '2024-01-01' + g * interval '1 minute' end, nullif(g % 5000, 1)
  from generate_series({first}, {last}) g;
analyze;
"""

ANY = "\\set k random(1, {m})\n"
NEW = "\\set n random(1, 9000000000000000)\n"

# Name and script; {m}: rows. Reads of the default route are the row store's.
READS = {
    "key": ANY + "select balance from account where id = :k;",
    "text key": ANY + "select name, born from person where email = 'user' || :k || '@example.org';",
    "composite key": ANY + "select item, qty, price from line where doc = :k / 5 and pos = 2;",
    "index 100 rows": "\\set k random(0, {m} / 100 - 1)\nselect id, balance from account where branch = :k;",
    "index 100 wide rows": "\\set k random(0, {m} / 100 - 1)\nselect * from account where branch = :k;",
    "range 100 keys": ANY + "select id, balance from account where id between :k and :k + 99;",
    "sum 1000 keys": ANY + "select sum(balance), count(*) from account where id between :k and :k + 999;",
    "count 1000 keys": ANY + "select count(*) from account where id between :k and :k + 999;",
    "exists by index": ANY + "select count(*) from account a where id between :k and :k + 49 and exists "
                             "(select from entry e where e.account = a.id);",
    "in 100 keys": ANY + "select id, balance from account where id in (" +
                   ", ".join(f":k + {n * 91}" for n in range(100)) + ");",
    "join two": ANY + "select a.balance, e.amount from entry e join account a on a.id = e.account "
                      "where e.id between :k and :k + 9;",
    "join three": ANY + "select a.balance, e.amount, l.item from entry e join account a on a.id = e.account "
                        "join line l on l.doc = a.id / 5 and l.pos = 1 where e.id between :k and :k + 9;",
    "newest 20 by key": "select id, amount from entry order by id desc limit 20;",
    "top 20 by index": ANY + "select id, seen from entry where seen <= :k * 3 order by seen desc limit 20;",
    "lines of a document": ANY + "select pos, item, qty, price from line where doc = :k / 5 order by pos;",
    "max by index": "select max(seen) from entry;",
    "group 1000 keys": ANY + "select branch % 7, count(*), sum(balance) from account where id between :k "
                             "and :k + 999 group by 1 order by 1;",
    "left join": ANY + "select a.id, count(e.id) from account a left join entry e on e.account = a.id "
                       "where a.id between :k and :k + 9 group by a.id;",
    "wide rows of an owner": ANY + "select * from note where owner = 'owner ' || :k / 10 order by number;",
    "nulls by index": "select count(*) from note where stars is null and number < 3;",
    "page after a key": ANY + "select doc, pos, item from line where (doc, pos) > (:k / 5, 2) "
                              "order by doc, pos limit 20;",
    "in by index": "\\set k random(0, {m} / 100 - 10)\nselect id, balance from account where branch in "
                   "(:k, :k + 3, :k + 7);",
    "first of a branch": "\\set k random(0, {m} / 100 - 1)\nselect id, note from account where branch = :k "
                         "order by id limit 1;",
    "not exists by key": ANY + "select count(*) from entry e where e.id between :k and :k + 49 and not exists "
                               "(select from account a where a.id = e.account + 5);",
}

WRITES = {
    "insert": NEW + ANY + "insert into log values (:n, :k, 'something happened', now()::timestamp);",
    "insert ten": NEW + ANY + "insert into log values " +
                  ", ".join(f"(:n::bigint + {n}, :k, 'something happened', now()::timestamp)" for n in range(10)) + ";",
    "update by key": ANY + "update account set balance = balance + 1 where id = :k;",
    "update by index": ANY + "update entry set amount = amount + 1 where account = :k;",
    "update indexed": ANY + "update entry set seen = seen + 1 where id = :k;",
    "delete and insert": ANY + "begin;\ndelete from entry where id = :k;\ninsert into entry values "
                               "(:k, :k, :k * 3, 5) on conflict do nothing;\ncommit;",
    "upsert": "\\set k random(1, 2000)\ninsert into counter values (:k, 1) on conflict (name) do update "
              "set n = counter.n + 1;",
    "lock and update": ANY + "begin;\nselect balance from account where id = :k for update;\n"
                             "update account set balance = balance - 1 where id = :k;\ncommit;",
    "ten statements": NEW + ANY + "begin;\n" + "select balance from account where id = :k;\n" * 4 +
                      "update account set balance = balance + 1 where id = :k;\n" +
                      "select amount from entry where id = :k;\n" * 3 +
                      "update entry set amount = amount + 1 where id = :k;\n"
                      "insert into log values (:n, :k, 'moved', now()::timestamp);\ncommit;",
    "insert wide": NEW + "insert into note values ('owner ' || :n, 1, 'a title', repeat('body ', 40), null, 3);",
    "update composite key": ANY + "update line set qty = coalesce(qty, 0) + 1 where doc = :k / 5 and pos = 3;",
    "update text key": ANY + "update person set name = 'Name ' || :k, about = null "
                             "where email = 'user' || :k || '@example.org';",
    "update ten keys": ANY + "update account set balance = balance + 1 where id between :k and :k + 9;",
    "delete": ANY + "delete from note where owner = 'owner ' || :k / 10 and number = 4;",
    "insert returning": NEW + ANY + "insert into log values (:n, :k, 'something', now()::timestamp) returning id;",
}

# Those that are asked by more clients, too.
CROWDED_READS = ("key", "range 100 keys", "join two")
CROWDED_WRITES = ("insert", "update by key", "ten statements")


class Case(typing.NamedTuple):
    """A script, how it is asked, and the figures it counts for."""
    name: str
    group: str  # reads, writes or writes_nosync
    script: str
    clients: int


def cases(clients):
    found = [Case(name, "reads", script, clients) for name, script in READS.items()]
    found += [Case(name, "writes", script, clients) for name, script in WRITES.items()]
    found += [Case(f"{name}, not synced", "writes_nosync", script, clients) for name, script in WRITES.items()]
    for many in (16, 64):
        found += [Case(f"{name}, {many} clients", "reads", READS[name], many) for name in CROWDED_READS]
        found += [Case(f"{name}, {many} clients", "writes", WRITES[name], many) for name in CROWDED_WRITES]
    return found


@contextlib.contextmanager
def file_of(script, rows):
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script.replace("{m}", str(rows)) + "\n")
        file.flush()
        yield file.name
