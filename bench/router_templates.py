"""More tables and templates for the learned router: like ClickBench's and TPC-C's, and ones whose
estimates are wrong: correlated and skewed columns, expressions, values that are not known before
the statement runs, rare rows behind LIMIT, many small tables."""
import route_templates

SETUP = route_templates.SETUP.replace("analyze;", "") + """
create table hits (id bigint primary key, seen timestamp not null, day date not null, counter int not null,
                   region int not null, visitor bigint not null, search text not null, url text not null,
                   title text not null, os smallint not null, width smallint not null, adv smallint not null);
create index hits_counter on hits (counter, day);
create index hits_visitor on hits (visitor);
insert into hits select g, timestamp '2013-07-01' + g * interval '12 seconds', date '2013-07-01' + g / ({rows} / 31),
  case when g % 10 < 3 then 62 else (g::bigint * 7907 % 6500)::int end, (g::bigint * 31 % 5000)::int % 300,
  case when g % 20 = 0 then 77 else g::bigint * 104729 % ({rows} / 8) end,
  case when g % 9 = 0 then 'search ' || g % 1000 else '' end, 'http://example.org/' || (g::bigint * 17 % 9000) || '/page',
  'title ' || g % 500, g % 12, (1000 + g % 900)::smallint, case when g % 40 = 0 then g % 7 else 0 end
  from generate_series({first}, {last}) g;
create table warehouse (w int primary key, name text not null, tax numeric(4,4) not null);
insert into warehouse select g, 'w' || g, 0.01 * g from generate_series(1, 4) g;
create table district (w int, d int, tax numeric(4,4) not null, next int not null, primary key (w, d));
insert into district select g % 4 + 1, g / 4 + 1, 0.01, 3001 from generate_series(0, 39) g;
create table customer (w int, d int, c int, last text not null, credit text not null, balance numeric(12,2) not null,
                       primary key (w, d, c));
create index customer_last on customer (last);
insert into customer select g % 4 + 1, g / 4 % 10 + 1, g / 40 + 1, 'name' || (g::bigint * 31 % 1000),
  case when g % 10 = 0 then 'BC' else 'GC' end, (g % 1000) - 10 from generate_series(0, {rows} / 10 - 1) g;
create table orders (w int, d int, o int, c int not null, entry timestamp not null, carrier int, primary key (w, d, o));
create index orders_c on orders (c);
insert into orders select g % 4 + 1, g / 4 % 10 + 1, g / 40 + 1, (g::bigint * 17 % ({rows} / 400))::int + 1,
  timestamp '2024-01-01' + g * interval '1 minute', case when g < {rows} / 12 then g % 10 + 1 end
  from generate_series(0, {rows} / 10 - 1) g;
create table order_line (w int, d int, o int, n int, i int not null, qty int not null, amount numeric(8,2) not null,
                         delivered timestamp, primary key (w, d, o, n));
create index order_line_i on order_line (i);
insert into order_line select g % 4 + 1, g / 4 % 10 + 1, g / 400 + 1, g / 40 % 10 + 1,
  (g::bigint * 7919 % ({rows} / 50))::int + 1, g % 10, (g % 9999) + 0.5,
  case when g % 11 > 0 then timestamp '2024-01-01' + g * interval '1 minute' end
  from generate_series({first} - 1, {last} - 1) g;
create table stock (w int, i int, qty int not null, ytd int not null, primary key (w, i));
insert into stock select g % 4 + 1, g / 4 + 1, (g * 31) % 100, 0 from generate_series(0, 4 * ({rows} / 50) - 1) g;
create table doc (id int primary key, kind text not null, owner int not null, body text not null, grade double precision);
create index doc_kind on doc (kind);
create index doc_owner on doc (owner);
insert into doc select g, case when g % 3 = 0 then 'common' when g % 500 = 1 then 'rare' else 'kind' || g % 50 end,
  case when g % 4 = 0 then 1 else g % 2000 end, repeat('lorem ipsum ' || g || ' ', 8), (g % 1000) / 7.0
  from generate_series(1, {rows} / 5) g;
create table place (id int primary key, up int, name text not null, level int not null);
create index place_up on place (up);
insert into place select g, g / 3, 'place ' || g, length(g::text) from generate_series(1, 3000) g;
analyze;
"""

# Like ClickBench's.
HITS = [
    ("h adv", "int", "select count(*) from hits where adv <> $1", ["0"]),
    ("h sums", "int", "select sum(adv), count(*), avg(width) from hits where os >= $1", ["0"]),
    ("h visitors", "int", "select count(distinct visitor) from hits where region < $1", ["300", "3"]),
    ("h searches", "text", "select search, count(*) c from hits where search <> $1 group by search order by c desc, 1 "
     "limit 10", ["''"]),
    ("h regions", "int", "select region, sum(adv), count(*) c, avg(width), count(distinct visitor) from hits "
     "where adv >= $1 group by region order by c desc, 1 limit 10", ["0"]),
    ("h visitor", "bigint", "select count(*), max(seen) from hits where visitor = $1", ["12345", "77"]),
    ("h visitor rows", "bigint", "select seen, url from hits where visitor = $1 order by seen desc limit 20",
     ["12345", "77"]),
    ("h counter", "int, date, date", "select url, count(*) v from hits where counter = $1 and day between $2 and $3 "
     "group by url order by v desc, 1 limit 10",
     ["62, '2013-07-01', '2013-07-31'", "62, '2013-07-05', '2013-07-05'", "801, '2013-07-01', '2013-07-31'"]),
    ("h counter day", "int, date", "select count(*), count(distinct visitor) from hits where counter = $1 and day = $2",
     ["62, '2013-07-02'", "800, '2013-07-02'"]),
    ("h minutes", "int", "select date_trunc('minute', seen) m, count(*) from hits where counter = $1 and day = "
     "'2013-07-14' group by m order by m offset 100 limit 10", ["62"]),
    ("h url like", "text", "select count(*) from hits where url like $1", ["'%/77/%'", "'http://example.org/5%'"]),
    ("h title like", "text", "select title, min(url), count(*) c from hits where title like $1 and search <> '' "
     "group by title order by c desc, 1 limit 10", ["'%4%'"]),
    ("h newest like", "text", "select id, url from hits where url like $1 order by seen limit 10", ["'%/17/%'", "'%zz%'"]),
    ("h by key like", "text", "select id, url from hits where url like $1 order by id limit 10", ["'%/17/%'", "'%page'",
                                                                                              "'%zz%'"]),
    ("h length", "int", "select counter, avg(length(url)) l, count(*) c from hits where os <> $1 group by counter "
     "having count(*) > 100 order by l desc, counter limit 25", ["0"]),
    ("h widths", "int", "select sum(width), sum(width + 1), sum(width + 2), sum(width * 2) from hits where id > $1",
     ["0", "199900"]),
    ("h users", "int", "select visitor, count(*) from hits where os = $1 group by visitor order by 2 desc, 1 limit 10",
     ["3"]),
    ("h user search", "int", "select visitor, search, count(*) from hits where region = $1 group by visitor, search "
     "order by 3 desc, 1, 2 limit 10", ["17"]),
    ("h range", "bigint, bigint", "select count(*), sum(width) from hits where id between $1 and $2",
     ["1000, 1500", "1000, 30000"]),
    ("h range group", "bigint, bigint", "select os, count(*) from hits where id between $1 and $2 group by os",
     ["1000, 2000", "1000, 80000"]),
    ("h host", "int", "select substr(url, 8, 11) host, count(*) from hits where counter = $1 group by host", ["62", "800"]),
    ("h replace", "int", "select regexp_replace(url, '^https?://([^/]+)/.*$', '\\1') k, count(*) from hits where "
     "counter = $1 group by k", ["62", "800"]),
    ("h title of", "int", "select title, count(*) from hits where counter = $1 and adv = 0 group by title order by 2 desc, "
     "1 limit 10", ["62", "4000"]),
    ("h last", "int", "select id, seen, title from hits where counter = $1 order by day desc, id desc limit 5",
     ["62", "801"]),
    ("h both", "bigint, int", "select count(*) from hits where visitor = $1 and counter = $2", ["77, 62", "500, 62"]),
    ("h same visitors", "int, int", "select count(distinct a.visitor) from hits a join hits b on a.visitor = b.visitor "
     "where a.counter = $1 and b.counter = $2", ["801, 802"]),
    ("h upper", "text", "select count(*) from hits where upper(search) = $1", ["'SEARCH 77'"]),
    ("h extract", "int", "select extract(hour from seen) h, count(*) from hits where counter = $1 group by h order by h",
     ["62", "800"]),
]

# Like TPC-C's reads.
ENTRY = [
    ("c stock level", "int, int", "select count(distinct s.i) from order_line l join stock s on s.w = l.w and s.i = l.i "
     "where l.w = $1 and l.d = $2 and l.o >= 480 and l.o < 500 and s.qty < 15", ["1, 1"]),
    ("c by name", "int, int, text", "select c, balance from customer where w = $1 and d = $2 and last = $3 order by c",
     ["1, 3, 'name31'"]),
    ("c last order", "int, int, int", "select o, entry, carrier from orders where w = $1 and d = $2 and c = $3 "
     "order by o desc limit 1", ["1, 1, 18"]),
    ("c lines", "int, int, int", "select i, qty, amount from order_line where w = $1 and d = $2 and o = $3",
     ["1, 1, 100"]),
    ("c undelivered", "int, int", "select min(o) from orders where w = $1 and d = $2 and carrier is null", ["1, 1", "3, 7"]),
    ("c new orders", "int", "select w, d, count(*) from orders where carrier is null and w = $1 group by w, d", ["2"]),
    ("c items sold", "int", "select sum(qty), count(*) from order_line where i = $1", ["17"]),
    ("c district sales", "int, int", "select sum(amount) from order_line where w = $1 and d = $2", ["1, 1"]),
    ("c warehouse sales", "int", "select d, sum(amount) from order_line where w = $1 group by d order by d", ["1"]),
    ("c q1", "int", "select n, sum(qty), sum(amount), avg(qty), count(*) from order_line where n <= $1 group by n order by n",
     ["3", "10"]),
    ("c q3", "int", "select l.o, l.w, l.d, sum(l.amount) from customer c join orders o on o.w = c.w and o.d = c.d and "
     "o.c = c.c join order_line l on l.w = o.w and l.d = o.d and l.o = o.o where c.last = 'name31' and c.w = $1 "
     "group by l.o, l.w, l.d order by 4 desc, 1, 2, 3 limit 10", ["1"]),
    ("c q4", "timestamp", "select o.carrier, count(*) from orders o where entry >= $1 and exists (select 1 from "
     "order_line l where l.w = o.w and l.d = o.d and l.o = o.o and l.delivered > o.entry) group by 1 order by 1",
     ["'2024-01-10'", "'2024-01-14 10:00'"]),
    ("c q6", "numeric", "select sum(amount) from order_line where qty between 3 and 5 and amount < $1", ["10", "9999"]),
    ("c q12", "int", "select o.carrier, sum(case when l.qty > 5 then 1 else 0 end) from orders o join order_line l on "
     "l.w = o.w and l.d = o.d and l.o = o.o where o.w = $1 and o.d < 3 group by 1 order by 1", ["2"]),
    ("c q18", "numeric", "select c.last, o.o, sum(l.amount) from customer c join orders o on o.w = c.w and o.d = c.d and "
     "o.c = c.c join order_line l on l.w = o.w and l.d = o.d and l.o = o.o group by c.last, o.o "
     "having sum(l.amount) > $1 order by 3 desc, 1, 2 limit 10", ["90000"]),
    ("c low stock", "int, int", "select count(*) from stock where w = $1 and qty < $2", ["1, 10"]),
    ("c stock of item", "int", "select sum(qty) from stock where i between $1 and $1 + 20", ["100"]),
    ("c debtors", "text", "select c, balance from customer where credit = $1 and balance < 0 order by balance, c limit 10",
     ["'BC'", "'GC'"]),
    ("c tax", "int", "select sum(l.amount * (1 + w.tax + d.tax)) from order_line l join warehouse w on w.w = l.w join "
     "district d on d.w = l.w and d.d = l.d where l.w = 1 and l.d = 1 and l.o < $1", ["20", "400"]),
    ("c customers", "int, int", "select count(*), sum(balance) from customer where w = $1 and d = $2", ["1, 2"]),
    ("c names", "text", "select w, d, c from customer where last = $1 order by w, d, c", ["'name31'"]),
    ("c carrier", "int", "select count(*) from orders where carrier = $1 and w = 1", ["3"]),
]

# Estimates of these are wrong, or their best path depends on what is not known before they run.
HARD = [
    ("name to orders", "text", "select count(*), sum(o.total) from cust c join ord o on o.cust = c.id where c.name = $1",
     ["'c7'", "'c55'"]),
    ("name to lines", "text", "select sum(i.qty) from cust c join ord o on o.cust = c.id join item i on i.ord = o.id "
     "where c.name = $1", ["'c7'", "'c55'"]),
    ("name to regions", "text", "select o.region, count(*) from cust c join ord o on o.cust = c.id where c.name = $1 "
     "group by o.region", ["'c7'"]),
    ("tenant subquery", "text", "select count(*), max(total) from ord where cust = (select id from cust where name = $1)",
     ["'c7'", "'c55'"]),
    ("tenant in", "text", "select status, count(*) from ord where cust in (select id from cust where name = $1) "
     "group by status", ["'c7'", "'c55'"]),
    ("bid of", "int", "select count(*), sum(abalance) from acc where bid = (select cat from product where id = $1)",
     ["41", "57"]),
    ("since newest", "interval", "select count(*), sum(abalance) from acc where seen > (select max(seen) from acc) - $1",
     ["'20 minutes'", "'40 days'"]),
    ("days since", "int", "select count(*), sum(total) from ord where day > (select max(day) from ord) - $1", ["1", "900"]),
    ("keys since", "int", "select count(*), sum(abalance) from acc where aid > (select max(aid) from acc) - $1",
     ["100", "100000"]),
    ("open at 9", "text, int", "select sum(total), count(*) from ord where status = $1 and region = $2",
     ["'open', 9", "'open', 1"]),
    ("day and keys", "date, date, int, int", "select sum(total) from ord where day between $1 and $2 and id between $3 "
     "and $4", ["'2020-06-01', '2020-12-31', 15000, 36000", "'2020-06-01', '2020-12-31', 100000, 160000"]),
    ("seen and keys", "timestamp, int", "select count(*) from acc where seen < $1 and aid > $2",
     ["'2025-01-20', 70000", "'2025-01-20', 500"]),
    ("rare newest", "int", "select aid, seen from acc where abalance + 1 = $1 order by seen desc limit 5", ["78", "-20000"]),
    ("rare first", "int", "select aid from acc where abalance * 2 = $1 order by aid limit 1", ["154", "3"]),
    ("remainder", "int", "select aid, kind from acc where abalance % 7000 = $1 order by aid limit 20", ["3", "6999", "-1"]),
    ("last of two", "int", "select id, total from ord where region = $1 and total < 1 order by id desc limit 5", ["9", "3"]),
    ("old and lost", "date", "select id from ord where status = 'lost' and day < $1 order by day desc limit 10",
     ["'2020-02-01'", "'2025-01-01'"]),
    ("first of kind", "text", "select id, grade from doc where kind = $1 order by id limit 5", ["'rare'", "'common'"]),
    ("docs of owner", "int", "select count(*), avg(grade) from doc where owner = $1", ["1", "17"]),
    ("owner by kind", "text, int", "select count(*), avg(grade) from doc where kind = $1 and owner = $2",
     ["'common', 1", "'kind7', 17"]),
    ("text of owner", "int", "select count(*) from doc where owner = $1 and body like '%77%'", ["1", "17"]),
    ("hash of docs", "int", "select count(distinct md5(body)) from doc where id <= $1", ["1500", "40000"]),
    ("long docs", "int", "select max(length(replace(body, 'lorem', 'x'))) from doc where id between $1 and $1 + 3000",
     ["100"]),
    ("upper docs", "int", "select count(*) from doc where id < $1 and upper(body) like '%IPSUM 17%'", ["4000", "40000"]),
    ("regular docs", "int", "select count(*) from doc where id < $1 and body ~ 'ipsum 1[0-9]+9 '", ["3000", "40000"]),
    ("math keys", "int", "select sum(sqrt(abalance * abalance + 1.0) * ln(aid + 1.0)) from acc where aid <= $1",
     ["5000", "20000"]),
    ("numeric keys", "int", "select sum(total * 1.19 / 7) from ord where id <= $1", ["3000", "30000"]),
    ("strings keys", "int", "select count(distinct status || '-' || region || '-' || day) from ord where id <= $1",
     ["3000", "20000"]),
    ("sorted keys", "int", "select id, total from ord where id <= $1 order by total desc, id limit 10", ["3000", "20000"]),
    ("sorted text", "int", "select id, url from hits where id <= $1 order by url desc, id limit 10", ["3000", "20000"]),
    ("ranked keys", "int", "select max(r) from (select rank() over (partition by cust order by total) r from ord "
     "where id <= $1) x", ["3000", "20000"]),
    ("running keys", "int", "select max(s) from (select sum(total) over (order by day, id) s from ord where id <= $1) x",
     ["3000", "20000"]),
    ("grouped keys", "int", "select count(*) from (select cust, region, max(day) from ord where id <= $1 group by cust, "
     "region) x", ["3000", "20000"]),
    ("wide rows", "int", "select * from hits where id <= $1", ["500", "5000"]),
    ("wide of counter", "int", "select * from hits where counter = $1", ["800", "801"]),
    ("smaller before", "int", "select count(*) from ord a where a.id <= $1 and exists (select 1 from ord b where "
     "b.cust = a.cust and b.id < a.id)", ["500", "5000"]),
    ("nth of customer", "int", "select a.id, (select count(*) from ord b where b.cust = a.cust and b.id < a.id) n from "
     "ord a where a.id between $1 and $1 + 20", ["150000", "1000"]),
    ("same customer", "int", "select count(*) from ord a join ord b on b.cust = a.cust where a.id between $1 and $1 + 30",
     ["150000", "1000"]),
    ("same visitor", "bigint", "select count(*) from hits a join hits b on b.visitor = a.visitor where a.id between $1 "
     "and $1 + 60", ["90000"]),
    ("same kind", "int", "select count(*) from doc a join doc b on b.kind = a.kind where a.id = $1", ["3", "501", "77"]),
    ("tags of open", "text", "select count(t.name) from ord o join tag t on t.ord = o.id where o.status = $1",
     ["'open'", "'lost'", "'none'"]),
    ("latest per customer", "int", "select c.id, (select max(o.id) from ord o where o.cust = c.id) from cust c where "
     "c.nation = $1", ["7", "30"]),
    ("never ordered", "int", "select count(*) from cust c where c.id <= $1 and not exists (select 1 from ord o where "
     "o.cust = c.id and o.total > 4000)", ["100", "8000"]),
    ("far pages", "int", "select id, total from ord where region < 5 order by id limit 20 offset $1", ["100", "60000"]),
    ("far by day", "int", "select id, total from ord where status = 'done' order by day desc limit 20 offset $1",
     ["10", "9000"]),
    ("up the tree", "int", "with recursive t as (select id, up from place where id = $1 union all select p.id, p.up from "
     "place p join t on p.id = t.up) select count(*) from t", ["2777"]),
    ("down the tree", "int", "with recursive t as (select id from place where id = $1 union all select p.id from place p "
     "join t on p.up = t.id) select count(*) from t", ["1", "900"]),
    ("seven tables", "int", "select c.name, p.name, w.name, count(*) from ord o join cust c on c.id = o.cust join item i "
     "on i.ord = o.id join product p on p.id = i.product join acc a on a.aid = o.id join warehouse w on w.w = o.id % 4 + 1 "
     "join doc d on d.id = c.id where o.id between $1 and $1 + 10 group by 1, 2, 3 order by 1, 2, 3", ["1000"]),
    ("five tables", "int", "select sum(i.qty * p.price) from cust c join ord o on o.cust = c.id join item i on i.ord = "
     "o.id join product p on p.id = i.product left join tag t on t.ord = o.id where c.id = $1", ["55", "7"]),
    ("union of five", "int", "select count(*) from (select id from ord where cust = $1 union select id from doc where "
     "owner = $1 union select aid from acc where bid = $1 union select c from orders where c = $1 union select i from "
     "order_line where i = $1) x", ["17", "7"]),
    ("either index", "int", "select count(*) from ord where cust = $1 or status = 'lost'", ["55", "7"]),
    ("not equal", "text", "select count(*) from ord where status <> $1 and status <> 'open'", ["'done'"]),
    ("kind list", "int", "select count(*), avg(grade) from doc where kind in ('rare', 'kind1', 'kind2') and id > $1",
     ["0", "39000"]),
    ("cust list", "int", "select count(*) from ord where cust in (select id from cust where nation = $1 and seg = 's2')",
     ["7", "30"]),
    ("price of", "numeric", "select sum(i.qty) from item i where i.product in (select id from product where price < $1)",
     ["1", "40"]),
    ("case of", "int", "select count(*) from acc where case when bid = $1 then abalance > 9000 else aid < 0 end", ["17"]),
    ("coalesced", "int", "select count(*) from orders where coalesce(carrier, 0) = $1", ["0", "3"]),
    ("text number", "text", "select aid, abalance from acc where bid::text = $1 and aid < 50000", ["'17'", "'1'"]),
    ("month of", "int", "select count(*), sum(total) from ord where extract(year from day) = $1 and cust < 50",
     ["2021", "1999"]),
    ("few by kind", "int", "select kind, count(*) from acc where bid = $1 group by kind order by kind", ["17", "1", "4444"]),
    ("any of many", "int", "select sum(abalance) from acc where aid in (select product * 37 from item where ord < $1)",
     ["100", "9000"]),
    ("lateral lines", "int", "select o.id, x.s from ord o, lateral (select sum(i.qty) s from item i where i.ord = o.id) x "
     "where o.cust = $1 order by x.s desc nulls last, 1 limit 5", ["55", "7"]),
    ("distinct days", "int", "select count(distinct day) from ord where cust = $1", ["55", "7"]),
    ("array of", "int", "select array_agg(id order by id) from ord where cust = $1 and total < 300", ["55", "7"]),
    ("text of all", "int", "select length(string_agg(name, ',' order by name)) from tag where ord <= $1", ["4000", "60000"]),
]

# Table, its key, columns to show, and expressions with a value that is found soon and one that is not: what
# filters by them stops early or reads all, which no statistics of columns tell.
_STOPPED = [
    ("acc", "aid", "aid, kind", ("abalance % 9000", "17", "-9001"), ("aid % 777", "5", "778")),
    ("ord", "id", "id, total", ("id * 3 % 5000", "12", "-5"), ("region * cust % 101", "7", "102")),
    ("hits", "id", "id, title", ("length(url) * os", "60", "61"), ("width * os % 1013", "9", "1014")),
    ("doc", "id", "id, owner", ("length(body) - id % 7", "135", "9"), ("owner * 7 % 300", "7", "-7")),
    ("item", "ord, line", "ord, qty", ("qty * 31 % 30", "1", "31"), ("product * qty % 555", "20", "-20")),
    ("order_line", "w, d, o, n", "o, i", ("i * qty % 991", "44", "992"), ("(amount * 2)::int % 4000", "33", "4001")),
    ("customer", "w, d, c", "c, last", ("(balance * 3)::int % 400", "9", "401"), ("length(last) * d", "14", "5")),
    ("stock", "w, i", "i, ytd", ("qty * 3 % 50", "6", "50"), ("qty + i % 3", "55", "-4")),
]
STOPPED = [(f"stop {table} {number}", "int",
            f"select {shown} from {table} where {expression} = $1 order by {key} limit 20", [soon, never])
           for table, key, shown, *expressions in _STOPPED
           for number, (expression, soon, never) in enumerate(expressions)]

# Table, an indexed and skewed column, a value that many rows have and one that few have, and what to ask.
_SKEWED = [
    ("acc", "bid", "1", "17", "abalance"),
    ("ord", "cust", "7", "55", "total"),
    ("hits", "counter", "62", "801", "width"),
    ("hits", "visitor", "77", "12345", "os"),
    ("doc", "owner", "1", "17", "grade"),
]
SKEWED = [template for table, column, many, few, asked in _SKEWED for template in [
    (f"found {table} {column}", "int", f"select count(*), max({asked}) from {table} where {column} = "
     "(select next - 3001 + $1 from district where w = 1 and d = 1)", [many, few]),
    (f"joined {table} {column}", "int", f"select count(*), max(t.{asked}) from place p join {table} t on t.{column} = p.id "
     f"where p.name = 'place ' || $1" if table != "hits" else
     f"select count(*), max(t.{asked}) from place p join hits t on t.{column} = p.id where p.level = length($1::text) and "
     "p.name = 'place ' || $1", [many, few if len(few) < 5 else "1234"]),
    (f"pairs {table} {column}", "int", f"select count(*) from {table} a join {table} b on b.{column} = a.{column} where "
     f"a.{column} = $1 and a.{asked} = (select max({asked}) from {table} where {column} = $1) ", [many, few]),
    (f"newest {table} {column}", "int", f"select max({asked}), count(*) from (select {asked} from {table} where {column} = "
     "abs($1) order by 1 desc limit 3) x", [many, few]),
]]

# Ranges by what a subquery finds: their bounds are not known before.
_SINCE = [("ord", "id", "total", "200", "50000"), ("hits", "id", "width", "200", "50000"), ("doc", "id", "grade", "50", "9000"),
          ("item", "ord", "qty", "50", "30000"), ("cust", "id", "nation", "20", "9000"), ("acc", "aid", "abalance", "70", "60000")]
SINCE = [template for table, key, asked, few, many in _SINCE for template in [
    (f"since {table}", "int", f"select count(*), sum({asked}) from {table} where {key} > (select max({key}) from {table}) - $1",
     [few, many]),
    (f"groups since {table}", "int", f"select {asked}, count(*) from {table} where {key} >= (select min({key}) + $1 from "
     f"{table}) and {key} < (select min({key}) + 2 * $1 from {table}) group by 1 order by 2 desc, 1 limit 5", [few, many]),
    (f"ranked {table}", "int", f"select max(r) from (select rank() over (partition by {asked} order by {key}) r from {table} "
     f"where {key} <= $1) x", [few, many]),
]]

# Rows that have others, or have none: probes by key beside a whole read.
_HAVING = [("ord o", "o.id", "item i", "i.ord = o.id and i.qty > 20", "400", "8000"),
           ("ord o", "o.id", "tag t", "t.ord = o.id", "500", "9000"),
           ("cust o", "o.id", "ord i", "i.cust = o.id and i.total > 4990", "60", "4000"),
           ("acc o", "o.aid", "doc d", "d.owner = o.aid and d.grade > 140", "300", "9000"),
           ("hits o", "o.id", "doc d", "d.id = o.id and d.kind = 'common'", "500", "20000"),
           ("product o", "o.id", "item i", "i.product = o.id and i.qty = 30", "30", "3000")]
HAVING = [(f"{word or 'has'} {outer[:-2]} {inner[:-2]}", "int",
           f"select count(*) from {outer} where {key} <= $1 and {word} exists (select 1 from {inner} where {on})",
           [few, many])
          for outer, key, inner, on, few, many in _HAVING for word in ("", "not")]

# Their answers are so long that they would measure the client.
_BULKY = ("key range", "index equal", "math keys", "except", "text number", "wide rows", "orders of", "orders with lines")

TEMPLATES = [template for template in route_templates.TEMPLATES + HITS + ENTRY + HARD + STOPPED + SKEWED + SINCE + HAVING
             if template[0] not in _BULKY]
