-- Many rows of literals in one INSERT, as dumps and batches of drivers have it: like one row each.
create table many (
  id int primary key, yes boolean, small smallint, large bigint, near real, far double precision,
  price numeric(10,2), free numeric, word text, short varchar(5), fixed char(4), raw bytea, day date,
  moment timestamp, instant timestamptz, span interval, mark uuid, tree jsonb, list int[]);
create index many_price on many (price);
insert into many values
  (1, 't', 1, 5000000000, 1.5, 0.1, 12.345, 1.10, 'a''b', 'short', 'ab', '\x00ff', '2024-02-29', '2024-02-29 01:02:03', '2024-07-01 00:00:00+02', '1 day', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1}', '{1,2}'),
  (2, 'no', -1, 1, 2, -3, 7, 100000000000000000000, '', '', '', '', 'infinity', '-infinity', '1999-12-31 23:59:59Z', '-1:00', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '[]', '{}'),
  (3, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
select * from many order by id;
insert into many (price, id, free, far, large, near) values (1, 10, 1, 1, 1, 1), (2.5, 11, 2.50, 2.5, 3000000000, 1.25), (-3, 12, -3, 9007199254740993, -1, 16777217), (null, 13, null, null, null, null);
select id, price, free, far, large, near from many where id >= 10 order by id;
insert into many (id, word) values (20, 'a'), (21, 'two'), (20, 'again');
insert into many (id, word) values (20, 'a'), (1, 'is there'), (21, 'b');
insert into many (id, word) values (22, 'a'), (null, 'b');
insert into many (id, small) values (23, 1), (24, 40000);
insert into many (id, small) values (23, 1), (24, 99999999999);
insert into many (id, price) values (25, 1), (26, 123456789);
insert into many (id, short) values (27, 'ok'), (28, 'too long');
insert into many (id, short) values (29, 'spaces    '), (30, 'ok');
insert into many (id, fixed) values (31, 'abcd  '), (32, 'abcde');
insert into many (id, day) values (33, '2024-01-01'), (34, '2023-02-29');
insert into many (id, tree) values (35, '{}'), (36, '{');
insert into many (id, yes) values (37, 1), (38, 0);
insert into many (id, word) values (39, 5), (40, 1.50);
insert into many (id, raw) values (41, 5), (42, 6);
insert into many (id, word) values (43, 'a', 'b'), (44, 'c', 'd');
insert into many (id, nope) values (45, 'a'), (46, 'b');
insert into nowhere values (1), (2);
insert into many (id, id) values (1, 2), (3, 4);
insert into many (word, id) values ('x', 50), ('y', 51), (null, 52);
insert into many (id) values (60), (2147483648);
insert into many (id) values (61), (-2147483648);
insert into many (id) values (62.4), (63.5);
select id, word, short, price, fixed || '.' from many where id >= 20 or id < 0 order by id;
-- Identities, defaults and what a row must hold.
create table held (id int generated always as identity, n int not null check (n > 0), at timestamp default '2000-01-01', u int unique);
insert into held (n, u) values (1, 1), (2, null), (3, 3), (4, null);
insert into held (n, u) values (5, 5), (0, 6);
insert into held (n, u) values (5, 5), (null, 6);
insert into held (n, u) values (5, 5), (6, 1);
insert into held (id, n) values (1, 1), (2, 2);
insert into held (n, at) values (7, 'now'), (8, '2024-01-01'), (9, null);
select n, u, at < '2000-01-02' from held order by n;
select count(distinct id) from held;
-- In a block, beside what it wrote before, and taken back.
begin;
insert into many (id, word) values (70, 'a'), (71, 'b');
delete from many where id = 70;
insert into many (id, word) values (70, 'c'), (72, 'd');
savepoint s;
insert into many (id, word) values (73, 'e'), (70, 'f');
rollback to s;
insert into many (id, word) values (73, 'e'), (74, 'f');
select id, word from many where id >= 70 order by id;
rollback;
select count(*) from many where id >= 70;
-- Keys that rise behind the last row, between rows, fall, or come again.
create table rises (a int, b text, v int, primary key (a, b));
insert into rises values (1, 'a', 1), (1, 'b', 2), (5, 'a', 3), (9, 'z', 4);
insert into rises values (10, 'a', 1), (10, 'b', 2), (11, '', 3);
insert into rises values (2, 'a', 1), (3, 'b', 2), (5, '', 3);
insert into rises values (4, 'a', 1), (5, 'a', 2), (6, 'b', 3);
insert into rises values (8, 'a', 1), (7, 'a', 2), (6, 'b', 3);
insert into rises values (12, 'a', 1), (13, 'a', 2), (13, 'a', 3);
insert into rises values (12, 'a', 1), (13, 'a', 2), (11, '', 3);
delete from rises where a > 5;
insert into rises values (6, 'a', 1), (9, 'z', 2), (10, 'b', 3), (20, 'q', 4);
select * from rises order by a, b;
drop table rises, held;
drop table many;
