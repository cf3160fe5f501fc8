"""The two workloads of `./dev bench htap`: transactions as pgbench scripts, six analytical queries, and
what an answer tells of the commits it has seen.

*tpcb*: pgbench's own transaction; queries over its tables. *star*: after HATtrick (SIGMOD 2022), new
orders, payments and counts of a customer's orders beside queries of the Star Schema Benchmark. Every
client numbers its transactions in a row of its own (HATtrick: a table), which every query reads too.
"""
import bisect
import typing

import load_tables
from pgbench import pgbench
from pgclient import Connection


class Read(typing.NamedTuple):
    """A query as a client saw it, by the wall clock."""
    query: int
    began: float
    ended: float
    rows: list


class Acknowledged:
    """When a run's commits were told to its clients: all of them, and of each client."""

    def __init__(self, transactions, writing_scripts):
        self.all, self.of_client = [], {}
        for transaction in transactions:
            if transaction.script in writing_scripts:
                self.all.append(transaction.ended)
                self.of_client.setdefault(transaction.client, []).append(transaction.ended)
        self.all.sort()

    def before(self, moment):
        return bisect.bisect_left(self.all, moment)

    def of_client_before(self, client, moment):
        return bisect.bisect_left(self.of_client.get(client, []), moment)


class TpcB:
    """pgbench's tables, with a history that a run's growth changes little."""
    name = "tpcb"
    writing_scripts = (0,)
    queries = (
        "select (select sum(abalance) from pgbench_accounts), (select sum(tbalance) from pgbench_tellers), "
        "(select sum(bbalance) from pgbench_branches), (select sum(delta) from pgbench_history), "
        "(select count(*) from pgbench_history)",
        "select bid, count(*), sum(abalance), min(abalance), max(abalance) from pgbench_accounts "
        "group by bid order by bid",
        "select abalance / 1000, count(*) from pgbench_accounts where abalance < 0 group by 1 order by 1 limit 10",
        "select tid, count(*), sum(delta) from pgbench_history group by tid order by 2 desc, 1 limit 10",
        "select b.bid, count(*), sum(h.delta), max(a.abalance) from pgbench_history h "
        "join pgbench_accounts a on a.aid = h.aid join pgbench_branches b on b.bid = a.bid "
        "group by b.bid order by b.bid",
        "select t.bid, count(*), sum(case when h.delta > 0 then h.delta end) from pgbench_history h "
        "join pgbench_tellers t on t.tid = h.tid where h.delta between -2500 and 2500 group by t.bid order by t.bid",
    )
    setup = """
insert into pgbench_history (tid, bid, aid, delta, mtime)
  select g % (10 * {scale}) + 1, g % {scale} + 1, (g::bigint * 7919 % (100000 * {scale}))::int + 1,
         case when g % 2 = 0 then g % 4000 else 1 - g % 4000 end, timestamp '2024-01-01'
  from generate_series({first}, {last}) g;
analyze"""

    def __init__(self, folder, scale):
        self.rows = 40_000 * scale  # whose deltas make nothing
        self.sizes = {"scale": scale}

    @staticmethod
    def arguments(_):
        """Of pgbench, for the n-th run."""
        return ["-M", "prepared"]

    @staticmethod
    def base(_, connection):
        """What `fault` counts from."""
        return int(connection.value("select count(*) from pgbench_history"))

    @staticmethod
    def fault(read, acknowledged, base, clients):
        """What is wrong with an answer, or None. `base`: of the run."""
        if read.query != 0:
            return None
        *sums, count = (int(value) for value in read.rows[0])
        seen = count - base
        if len(set(sums)) != 1:
            return f"sums differ: {sums}"
        if seen < acknowledged.before(read.began):
            return f"{acknowledged.before(read.began) - seen} acknowledged commits are missing"
        if seen > acknowledged.before(read.ended) + clients:
            return f"{seen} commits seen of {acknowledged.before(read.ended)}"
        return None


RUN_NUMBERS = 1_000_000  # of one client's transactions in a run
NEW_ORDER = """\\set txn :txn + 1
\\set key :txn * 1000 + :client_id
\\set customer random(1, {customers})
\\set part1 random(1, {parts})
\\set part2 random(1, {parts})
\\set part3 random(1, {parts})
\\set supplier random(1, {suppliers})
\\set day random(1, 28)
\\set month random(1, 12)
\\set year random(1992, 1998)
\\set quantity random(1, 50)
\\set discount random(0, 10)
begin;
select c_custkey from customer where c_name = 'Customer#' || :customer;
select p_partkey, p_price from part where p_partkey in (:part1, :part2, :part3);
select s_suppkey from supplier where s_suppkey = :supplier;
insert into lineorder values
  (:key, 1, :customer, :part1, :supplier, :year * 10000 + :month * 100 + :day,
   :quantity, :part1 + 1000, :discount, (:part1 + 1000) * :quantity, 700),
  (:key, 2, :customer, :part2, :supplier, :year * 10000 + :month * 100 + :day,
   :quantity, :part2 + 1000, :discount, (:part2 + 1000) * :quantity, 700),
  (:key, 3, :customer, :part3, :supplier, :year * 10000 + :month * 100 + :day,
   :quantity, :part3 + 1000, :discount, (:part3 + 1000) * :quantity, 700);
update freshness set txn = :txn where client = :client_id;
commit;
"""
PAYMENT = """\\set txn :txn + 1
\\set key :txn * 1000 + :client_id
\\set customer random(1, {customers})
\\set supplier random(1, {suppliers})
\\set amount random(1, 100000)
begin;
update customer set c_paymentcnt = c_paymentcnt + 1 where c_custkey = :customer;
update supplier set s_ytd = s_ytd + :amount where s_suppkey = :supplier;
insert into payment values (:key, :customer, :amount);
update freshness set txn = :txn where client = :client_id;
commit;
"""
COUNT_ORDERS = """\\set customer random(1, {customers})
select count(distinct lo_orderkey) from customer join lineorder on lo_custkey = c_custkey
  where c_name = 'Customer#' || :customer;
"""
SEEN = " union all select 'client', client::text, txn from freshness"
# 1.1, 1.2, 2.2, 2.3, 3.3 and 4.1 of the Star Schema Benchmark, as (text, text, bigint).
STAR_QUERIES = (
    "select 'revenue', '', sum(lo_extendedprice::bigint * lo_discount)::bigint from lineorder "
    "join dates on lo_orderdate = d_datekey where d_year = 1993 and lo_discount between 1 and 3 and lo_quantity < 25",
    "select 'revenue', '', sum(lo_extendedprice::bigint * lo_discount)::bigint from lineorder "
    "join dates on lo_orderdate = d_datekey "
    "where d_yearmonthnum = 199401 and lo_discount between 4 and 6 and lo_quantity between 26 and 35",
    "select d_year::text, p_brand, sum(lo_revenue)::bigint from lineorder join dates on lo_orderdate = d_datekey "
    "join part on lo_partkey = p_partkey join supplier on lo_suppkey = s_suppkey "
    "where p_brand between 'MFGR#2221' and 'MFGR#2228' and s_region = 'ASIA' group by d_year, p_brand",
    "select d_year::text, p_brand, sum(lo_revenue)::bigint from lineorder join dates on lo_orderdate = d_datekey "
    "join part on lo_partkey = p_partkey join supplier on lo_suppkey = s_suppkey "
    "where p_brand = 'MFGR#2239' and s_region = 'EUROPE' group by d_year, p_brand",
    "select c_city || s_city, d_year::text, sum(lo_revenue)::bigint from lineorder "
    "join dates on lo_orderdate = d_datekey join customer on lo_custkey = c_custkey "
    "join supplier on lo_suppkey = s_suppkey where c_city in ('NATION 1 1', 'NATION 1 5') "
    "and s_city in ('NATION 1 1', 'NATION 1 5') and d_year between 1992 and 1997 group by c_city, s_city, d_year",
    "select d_year::text, c_nation, sum(lo_revenue - lo_supplycost)::bigint from lineorder "
    "join dates on lo_orderdate = d_datekey join customer on lo_custkey = c_custkey "
    "join supplier on lo_suppkey = s_suppkey join part on lo_partkey = p_partkey "
    "where c_region = 'AMERICA' and s_region = 'AMERICA' and p_mfgr in ('MFGR#1', 'MFGR#2') group by d_year, c_nation",
)
PLACES = ("'NATION ' || {k} % 25 || ' ' || {k} / 25 % 10, 'NATION ' || {k} % 25, "
          "(array['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'])[{k} % 5 + 1]")


class Star:
    """Lineorder and four dimensions."""
    name = "star"
    writing_scripts = (0, 1)
    queries = tuple(query + SEEN for query in STAR_QUERIES)
    setup = """
create table dates (d_datekey int primary key, d_year int not null, d_yearmonthnum int not null);
insert into dates select extract(year from d)::int * 10000 + extract(month from d)::int * 100 + extract(day from d)::int,
  extract(year from d)::int, extract(year from d)::int * 100 + extract(month from d)::int
  from (select date '1992-01-01' + g as d from generate_series(0, 2556) g) days;
create table customer (c_custkey int primary key, c_name text not null, c_city text not null, c_nation text not null,
  c_region text not null, c_paymentcnt int not null);
create index customer_name on customer (c_name);
insert into customer select g, 'Customer#' || g, """ + PLACES.format(k="g") + """, 0
  from generate_series(1, {customers}) g;
create table supplier (s_suppkey int primary key, s_city text not null, s_nation text not null,
  s_region text not null, s_ytd bigint not null);
insert into supplier select g, """ + PLACES.format(k="g") + """, 0 from generate_series(1, {suppliers}) g;
create table part (p_partkey int primary key, p_mfgr text not null, p_category text not null, p_brand text not null,
  p_price int not null);
insert into part select g, 'MFGR#' || g % 5 + 1, 'MFGR#' || g % 5 + 1 || g / 5 % 5 + 1,
  'MFGR#' || g % 5 + 1 || g / 5 % 5 + 1 || g / 25 % 40 + 1, g + 1000 from generate_series(1, {parts}) g;
create table lineorder (lo_orderkey bigint not null, lo_linenumber int not null, lo_custkey int not null,
  lo_partkey int not null, lo_suppkey int not null, lo_orderdate int not null, lo_quantity int not null,
  lo_extendedprice int not null, lo_discount int not null, lo_revenue int not null, lo_supplycost int not null,
  primary key (lo_orderkey, lo_linenumber));
create index lineorder_customer on lineorder (lo_custkey);
insert into lineorder select g / 4, g % 4 + 1, (g::bigint / 4 * 7919 % {customers})::int + 1,
  (g::bigint * 7877 % {parts})::int + 1, (g::bigint * 7 % {suppliers})::int + 1,
  (1992 + g % 7) * 10000 + (g / 7 % 12 + 1) * 100 + g / 84 % 28 + 1, g % 50 + 1,
  (g::bigint * 7877 % {parts})::int + 1001, g % 11, ((g::bigint * 7877 % {parts})::int + 1001) * (g % 50 + 1), 700
  from generate_series({first}, {last}) g;
create table payment (h_key bigint primary key, h_custkey int not null, h_amount int not null);
create table freshness (client int primary key, txn bigint not null);
insert into freshness select g, 0 from generate_series(0, 63) g;
analyze"""

    def __init__(self, folder, scale):
        self.rows = 50_000 * scale
        self.sizes = {"customers": 1500 * scale, "suppliers": 100 * scale, "parts": 2000 * scale}
        self.files = []
        for number, (script, share) in enumerate(((NEW_ORDER, 48), (PAYMENT, 48), (COUNT_ORDERS, 4))):
            path = folder / f"star{number}.sql"
            path.write_text(script.format(**self.sizes))
            self.files += ["-f", f"{path}@{share}"]

    def arguments(self, run):
        return ["-M", "prepared", *self.files, "-D", f"txn={run * RUN_NUMBERS}"]

    @staticmethod
    def base(run, _):
        return run * RUN_NUMBERS

    @staticmethod
    def fault(read, acknowledged, base, clients):
        """What is wrong with an answer, or None. `base`: of the run."""
        for kind, client, number in read.rows:
            if kind != "client" or int(client) >= clients:
                continue
            seen = max(0, int(number) - base)
            told = acknowledged.of_client_before(int(client), read.began)
            if seen < told:
                return f"{told - seen} acknowledged commits of client {client} are missing"
        return None


def load(system, work):
    """The workload's tables; `system` is reached through connect()."""
    if work.name == "tpcb":
        pgbench(system.psql_env(), "-i", "-q", "-s", str(work.sizes["scale"]))
    script = work.setup
    for name, size in work.sizes.items():
        script = script.replace("{" + name + "}", str(size))
    load_tables.load(connect(system, timeout=600), script, work.rows)


def connect(system, **options):
    return Connection(f"{system.folder}/.s.PGSQL.{system.port}", **options)
