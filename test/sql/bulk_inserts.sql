-- routes: auto row mixed
-- INSERT ... SELECT of many rows: an empty table is built at once, which nobody may notice.
create table big (id int primary key, account int, note text default 'dd', at timestamp, price numeric(10,2) check (price < 100000));
create index big_account on big (account);
create unique index big_note on big (note, id);
insert into big select g, g % 97, case when g % 3 = 0 then null else 'note ' || g end, timestamp '2024-01-01' + g * interval '1 second', g / 4.0 from generate_series(12000, 1, -1) g;
select count(*), sum(id), sum(account), count(note), min(at), max(at), sum(price) from big;
select id, note from big where account = 13 and id < 500 order by id;
select * from big where id in (1, 6000, 12000, 12001) order by id;
insert into big select g, 1 from generate_series(11999, 18000) g;
insert into big select g, 1 from generate_series(12001, 18000) g;
select count(*), sum(id), count(note), count(at) from big;
insert into big (id) select 20001 from generate_series(1, 2);
select count(*) from big where note = 'dd';
-- Errors leave nothing behind, wherever they come.
create table part (id int primary key, u int unique, n int not null, c int check (c < 9000));
insert into part select g % 9999, g, g, 1 from generate_series(1, 10001) g;
insert into part select g, g % 9998, g, 1 from generate_series(1, 10001) g;
insert into part select g, g, nullif(g, 9500), 1 from generate_series(1, 10001) g;
insert into part select g, g, g, g from generate_series(1, 10001) g;
insert into part select g, g, g, 1 / (9000 - g) from generate_series(1, 10001) g;
insert into part select g, g, nullif(g, 77), 1 from generate_series(1, 10001) g;
select count(*) from part;
insert into part select g, nullif(g % 5, 0), g, 1 from generate_series(1, 4) g;
delete from part;
insert into part select g, g, g, 1 from generate_series(1, 7000) g;
select count(*), sum(u) from part;
select id, n from part where u = 6999;
-- Within a block what was inserted is seen, and taken back.
create table block (id int primary key, v int);
begin;
insert into block select g, g from generate_series(1, 6000) g;
select count(*) from block;
savepoint s;
insert into block select g, g from generate_series(6001, 13000) g;
select count(*) from block;
rollback to s;
select count(*), max(v) from block;
update block set v = 0 where id > 5990;
rollback;
select count(*) from block;
insert into block select g % 4000, g from generate_series(1, 8000) g on conflict (id) do update set v = -1;
insert into block select g % 4000, g from generate_series(1, 8000) g on conflict do nothing;
select count(*), sum(v) from block;
-- From itself, from what reads it, and with what a column gives itself.
create table twice (id serial primary key, v int);
insert into twice (v) select g from generate_series(1, 6000) g;
insert into twice (v) select v from twice where id <= 3000;
insert into twice (v) select count(*) from twice;
select count(*), sum(v), max(id) from twice;
create table keyless (a int, b text);
insert into keyless select g, repeat('x', g % 7) from generate_series(1, 9000) g;
insert into keyless select * from keyless where a <= 4500;
select count(*), sum(a), sum(length(b)) from keyless;
create table wide (id int primary key, many text);
insert into wide select g, repeat('long ', 4000) from generate_series(1, 600) g;
select count(*), sum(length(many)) from wide;
update wide set many = '' where id = 300;
select sum(length(many)) from wide;
-- Every kind of key, in an order that is not its own.
create table kinds (n numeric, d date, u uuid, b bytea, t text, f float8, primary key (t, n));
create index kinds_all on kinds (d desc, f, u, b desc nulls last);
insert into kinds select g * 7919 % 6007 - 3000.5, date '2000-01-01' + g * 31 % 6007, md5(g::text)::uuid, decode(md5(g::text), 'hex'), chr(97 + g % 26), g * 17 % 6007 / 8.0 from generate_series(1, 6006) g;
select count(*), sum(n), min(d), max(d), sum(f) from kinds;
select n, t from kinds where d = date '2005-05-05';
select t, n from kinds where t = 'k' and n between 100 and 500 order by n;
insert into kinds select * from kinds where t = 'q';
