"""Tables like pgbench's, TPC-H's and an order entry's, and templates over them whose best path depends
on the values: keys, skewed indexes, rare values, correlated columns, few outer rows, semi-joins."""

SETUP = """
create table acc (aid int primary key, bid int not null, abalance int not null, kind text,
                  seen timestamp);
create index acc_bid on acc (bid);
create index acc_seen on acc (seen);
insert into acc select g, case when g % 100 < 60 then 1 else g % 5000 end, (g::bigint * 7919 % 20001)::int - 10000,
  'k' || (g % 13), timestamp '2025-01-01' + g * interval '31 seconds'
  from generate_series({first}, {last}) g;
create table cust (id int primary key, name text not null, seg text not null, nation int not null);
insert into cust select g, 'c' || g, 's' || (g % 5), g % 25 from generate_series(1, {rows} / 10) g;
create table product (id int primary key, cat int not null, price numeric(10,2) not null, name text);
insert into product select g, g % 40, (g % 997) + 0.5, 'product ' || g
  from generate_series(1, {rows} / 50) g;
create table ord (id int primary key, cust int not null, day date not null, status text not null,
                  total numeric(12,2) not null, region int not null);
create index ord_cust on ord (cust);
create index ord_day on ord (day);
create index ord_status on ord (status);
insert into ord select g, case when g % 10 = 0 then 7 else (g::bigint * 31 % ({rows} / 10))::int + 1 end,
  date '2020-01-01' + (g / ({rows} / 2000)),
  case when g % 1000 = 0 then 'lost' when g % 50 = 0 then 'open' else 'done' end,
  (g % 5000) + 0.25, case when g % 50 = 0 then 9 else g % 4 end from generate_series({first}, {last}) g;
create table item (ord int not null, line int not null, product int not null, qty int not null,
                   price numeric(10,2) not null, primary key (ord, line));
create index item_product on item (product);
insert into item select g / 2, g % 2, (g::bigint * 17 % ({rows} / 50))::int + 1, g % 30 + 1, (g % 500) + 0.99
  from generate_series({first} + 1, {last} + 1) g;
create table tag (ord int not null, name text not null);
create index tag_ord on tag (ord);
create view totals as select cust, count(*) n, sum(total) total from ord group by cust;
insert into tag select g * 10, 't' || g % 300 from generate_series(1, {rows} / 20) g;
analyze;
"""

# Name, parameter types, statement, and values to run it with; {m} is the number of rows.
TEMPLATES = [
    ("key", "int", "select abalance from acc where aid = $1", ["5", "{m}"]),
    ("keys in", "int, int, int", "select aid, abalance from acc where aid in ($1, $2, $3)", ["1, 50, 900"]),
    ("key range", "int, int", "select abalance from acc where aid between $1 and $2",
     ["100, 199", "100, 1099", "1, {m} / 2", "1, {m}"]),
    ("key range sum", "int, int", "select sum(abalance) from acc where aid between $1 and $2",
     ["100, 1099", "1, 20000", "1, {m}"]),
    ("index equal", "int", "select aid, abalance from acc where bid = $1", ["17", "1"]),
    ("index equal sum", "int", "select sum(abalance), count(*) from acc where bid = $1", ["17", "1", "-5"]),
    ("index range", "timestamp, timestamp", "select count(*) from acc where seen >= $1 and seen < $2",
     ["'2025-02-01', '2025-02-01 01:00'", "'2025-02-01', '2025-02-03'", "'2025-02-01', '2025-08-01'",
      "'2030-01-01', '2031-01-01'"]),
    ("two conditions", "int, text", "select count(*) from acc where bid = $1 and kind = $2",
     ["17, 'k3'", "1, 'k3'", "1, 'none'"]),
    ("unindexed", "int", "select aid from acc where abalance = $1", ["77", "-10001"]),
    ("unindexed like", "text", "select count(*) from acc where kind like $1", ["'k1%'", "'zz%'"]),
    ("whole count", "int", "select count(*) from acc where abalance > $1", ["0", "9990", "-20000"]),
    ("group few", "int", "select bid, sum(abalance) from acc where bid < $1 group by bid", ["20", "5000"]),
    ("group kind", "int", "select kind, count(*), max(abalance) from acc where aid <= $1 group by kind",
     ["500", "{m}"]),
    ("newest", "int", "select aid, seen from acc order by seen desc limit $1", ["20", "2000"]),
    ("newest of", "int", "select aid, seen from acc where bid = $1 order by seen desc limit 20",
     ["17", "1", "4999"]),
    ("newest rare", "int", "select aid, seen from acc where abalance = $1 order by seen desc limit 10",
     ["77", "-10001"]),
    ("top unindexed", "int", "select aid, abalance from acc order by abalance desc, aid limit $1", ["10"]),
    ("limit no order", "int", "select aid from acc where abalance > $1 limit 10", ["0", "9999"]),
    ("max", "int", "select max(abalance) from acc where bid = $1", ["17", "1"]),
    ("max key", "int", "select max(aid) from acc where aid < $1", ["500", "{m}"]),
    ("orders of", "int", "select id, total from ord where cust = $1", ["55", "7"]),
    ("orders of sum", "int", "select sum(total) from ord where cust = $1", ["55", "7"]),
    ("orders of day", "date", "select count(*), sum(total) from ord where day = $1",
     ["'2021-03-04'", "'2035-01-01'"]),
    ("orders of days", "date, date", "select sum(total) from ord where day between $1 and $2",
     ["'2021-03-04', '2021-03-05'", "'2021-01-01', '2021-06-30'", "'2020-01-01', '2026-01-01'"]),
    ("status", "text", "select count(*), sum(total) from ord where status = $1",
     ["'lost'", "'open'", "'done'", "'none'"]),
    ("status rows", "text", "select id, day from ord where status = $1 order by id limit 50",
     ["'lost'", "'done'", "'none'"]),
    ("correlated", "text, int", "select count(*) from ord where status = $1 and region = $2",
     ["'open', 9", "'done', 9", "'lost', 9"]),
    ("order page", "int, int", "select id, total from ord where id > $1 order by id limit $2",
     ["1000, 25", "{m} / 2, 500"]),
    ("order with lines", "int", "select o.id, i.line, i.qty from ord o join item i on i.ord = o.id "
     "where o.id = $1", ["1000", "{m} / 4"]),
    ("orders with lines", "int", "select o.id, i.line, i.qty from ord o join item i on i.ord = o.id "
     "where o.cust = $1", ["55", "7"]),
    ("lines sum", "int", "select sum(i.qty * i.price) from ord o join item i on i.ord = o.id "
     "where o.cust = $1", ["55", "7"]),
    ("lines of day", "date, date", "select sum(i.qty) from ord o join item i on i.ord = o.id "
     "where o.day between $1 and $2", ["'2021-03-04', '2021-03-04'", "'2020-01-01', '2022-01-01'"]),
    ("customer of order", "int, int", "select c.name, o.total from ord o join cust c on c.id = o.cust "
     "where o.id between $1 and $2", ["10, 20", "10, 5000"]),
    ("product sales", "int", "select sum(i.qty) from item i where i.product = $1", ["5", "-1"]),
    ("category sales", "int", "select sum(i.qty) from product p join item i on i.product = p.id "
     "where p.cat = $1", ["3"]),
    ("category few", "int, numeric", "select sum(i.qty) from product p join item i on i.product = p.id "
     "where p.cat = $1 and p.price = $2", ["3, 43.5", "3, 1.25"]),
    ("three tables", "text, date", "select c.seg, sum(o.total) from cust c join ord o on o.cust = c.id "
     "join item i on i.ord = o.id where c.seg = $1 and o.day = $2 group by c.seg",
     ["'s1', '2021-03-04'"]),
    ("three tables all", "int", "select c.seg, sum(i.qty) from cust c join ord o on o.cust = c.id "
     "join item i on i.ord = o.id where c.nation < $1 group by c.seg", ["1", "25"]),
    ("exists", "int, int", "select count(*) from ord o where id between $1 and $2 and exists "
     "(select from tag t where t.ord = o.id)", ["1, 1000", "1, {m} / 3"]),
    ("not exists", "int, int", "select count(*) from ord o where id between $1 and $2 and not exists "
     "(select from tag t where t.ord = o.id)", ["1, 1000", "1, {m} / 3"]),
    ("in subquery", "text", "select count(*) from ord where id in (select ord from tag where name = $1)",
     ["'t7'", "'none'"]),
    ("left join", "int", "select count(t.name) from ord o left join tag t on t.ord = o.id "
     "where o.cust = $1", ["55", "7"]),
    ("distinct", "int", "select count(distinct cust) from ord where id <= $1", ["1000", "{m}"]),
    ("distinct rows", "date", "select distinct region from ord where day = $1", ["'2021-03-04'"]),
    ("window", "int", "select id, row_number() over (order by total, id) from ord where cust = $1",
     ["55"]),
    ("by month", "date", "select date_trunc('month', day), sum(total) from ord where day >= $1 group by 1",
     ["'2025-06-01'", "'2020-01-01'"]),
    ("or", "int, int", "select count(*) from acc where aid = $1 or bid = $2", ["5, 17"]),
    ("tag names", "int", "select name, count(*) from tag where ord < $1 group by name", ["1000", "{m}"]),
    ("small scan", "int", "select count(*) from product where cat = $1", ["3"]),
    ("small join", "int", "select count(*) from product p join cust c on c.nation = p.cat where p.id < $1",
     ["30", "20000"]),
    ("union", "int", "select id from ord where cust = $1 union all select aid from acc where bid = $1",
     ["55"]),
    # Order entry.
    ("keys of array", "int[]", "select aid, abalance from acc where aid = any($1)",
     ["array[5,6,7]", f"'{{{', '.join(str(17 * n) for n in range(1, 3000))}}}'"]),
    ("row after", "int, int", "select ord, line, qty from item where (ord, line) > ($1, $2) "
     "order by ord, line limit 20", ["1000, 0", "{m} / 4, 1"]),
    ("first by two keys", "int", "select line, qty from item where ord = $1 order by line desc limit 1",
     ["1000"]),
    ("last order of", "int", "select id, day, total from ord where cust = $1 order by id desc limit 1",
     ["55", "7"]),
    ("latest of each", "int", "select c.id, l.id, l.total from cust c, lateral (select o.id, o.total from ord o "
     "where o.cust = c.id order by o.id desc limit 1) l where c.id between 1 and $1", ["20", "3000"]),
    ("distinct on", "int", "select distinct on (cust) cust, id, total from ord where cust < $1 "
     "order by cust, id desc", ["10", "3000"]),
    ("scalar subquery", "int", "select c.name, (select count(*) from ord o where o.cust = c.id) from cust c "
     "where c.id <= $1", ["10", "2000"]),
    ("sum in select", "int, int", "select id, (select sum(qty) from item i where i.ord = o.id) from ord o "
     "where id between $1 and $2", ["100, 120", "100, 9000"]),
    ("over average", "int", "select count(*) from ord where cust = $1 and total > "
     "(select avg(total) from ord o where o.cust = $1)", ["55", "7"]),
    ("offset page", "int", "select id, total from ord order by day, id limit 20 offset $1", ["0", "20000"]),
    ("newest with names", "int", "select o.id, c.name from ord o join cust c on c.id = o.cust "
     "order by o.id desc limit $1", ["10", "5000"]),
    ("newest of status", "text", "select o.id, c.name, o.total from ord o join cust c on c.id = o.cust "
     "where o.status = $1 order by o.day desc, o.id limit 10", ["'lost'", "'done'", "'none'"]),
    ("not in list", "int", "select count(*) from ord where region not in (0, 1, 2, 3) and id < $1",
     ["1000", "{m}"]),
    ("without lines", "int", "select count(*) from ord o left join item i on i.ord = o.id "
     "where i.ord is null and o.id > $1", ["{m} - 50", "{m} / 3"]),
    ("in with key", "int", "select count(*) from item where ord in (select id from ord where cust = $1)",
     ["55", "7"]),
    ("exists with line", "int, int", "select o.id from ord o where o.cust = $1 and exists (select 1 from item i "
     "where i.ord = o.id and i.qty > $2)", ["55, 25", "7, 25", "55, 31"]),
    ("buyers of", "int", "select distinct o.cust from item i join ord o on o.id = i.ord where i.product = $1",
     ["5"]),
    ("same day", "int", "select count(*) from ord a join ord b on b.day = a.day and b.region = a.region "
     "where a.id = $1", ["1000"]),
    ("name of", "text", "select id, nation from cust where name = $1", ["'c77'", "'nobody'"]),
    ("name like", "text", "select id from cust where name like $1", ["'c77%'", "'%99'", "'c1234'"]),
    ("view", "int", "select * from totals where cust = $1", ["55", "7"]),
    ("view all", "numeric", "select count(*) from totals where total > $1", ["100000"]),
    ("with", "int", "with o as (select id, total from ord where cust = $1) select count(*), sum(i.qty) "
     "from o join item i on i.ord = o.id", ["55", "7"]),
    ("case", "int", "select sum(case when region = 9 then total else 0 end), count(*) from ord where id <= $1",
     ["500", "{m}"]),
    ("having", "int", "select cust, count(*) from ord where cust < $1 group by cust having count(*) > 12",
     ["50", "{m}"]),
    ("group two", "date", "select status, region, count(*), sum(total) from ord where day >= $1 "
     "group by status, region order by 1, 2", ["'2025-06-20'", "'2020-01-01'"]),
    ("rank of all", "int", "select id from (select id, rank() over (partition by region order by total desc, id) r "
     "from ord where id <= $1) x where r <= 3", ["1000", "{m}"]),
    ("union of statuses", "text", "select id from ord where status = $1 union select ord from tag where name = 't9'",
     ["'lost'", "'none'"]),
    ("except", "int", "select id from ord where id <= $1 except select ord from tag", ["500", "100000"]),
    # TPC-H's shapes.
    ("pricing", "date", "select status, region, sum(total), avg(total), count(*) from ord where day <= $1 "
     "group by status, region order by status, region", ["'2020-01-03'", "'2025-06-01'"]),
    ("shipping", "text, date", "select o.id, sum(i.price * i.qty) revenue, o.day from cust c join ord o on "
     "o.cust = c.id join item i on i.ord = o.id where c.seg = $1 and o.day < $2 group by o.id, o.day "
     "order by revenue desc, o.day, o.id limit 10", ["'s2', '2020-01-05'", "'s2', '2022-01-01'"]),
    ("forecast", "int, numeric", "select sum(price * qty) from item where qty < $1 and price between $2 and $2 + 2",
     ["24, 100", "2, 400"]),
    ("large orders", "int", "select c.name, o.id, sum(i.qty) from cust c join ord o on o.cust = c.id "
     "join item i on i.ord = o.id where o.id in (select ord from item group by ord having sum(qty) > $1) "
     "group by c.name, o.id order by 3 desc, 2 limit 10", ["58"]),
    ("share", "int", "select sum(case when p.cat < 10 then i.price else 0 end) / sum(i.price) from item i "
     "join product p on p.id = i.product where i.ord < $1", ["500", "{m}"]),
    ("small quantity", "int", "select sum(i.price) / 7 from item i join product p on p.id = i.product "
     "where p.cat = $1 and i.qty < (select 0.2 * avg(j.qty) from item j where j.product = p.id)", ["3"]),
    ("waiting", "int", "select c.name, count(*) from cust c join ord o on o.cust = c.id where c.nation = $1 and "
     "exists (select 1 from item i where i.ord = o.id and i.qty = 30) and not exists (select 1 from tag t "
     "where t.ord = o.id) group by c.name order by 2 desc, 1 limit 10", ["3"]),
    ("customer counts", "int", "select n, count(*) from (select c.id, count(o.id) n from cust c left join ord o "
     "on o.cust = c.id and o.region = $1 group by c.id) x group by n order by 2 desc, 1 limit 20", ["9", "77"]),
]
