-- Rows out by COPY, in text and CSV, of every type that stores keep in forms of their own.
create table out_of (
  id int primary key, yes boolean, small smallint, large bigint, near real, far double precision,
  price numeric(10,2), whole numeric(6,0), part numeric(5,5), wide numeric(30,4), free numeric,
  word text, short varchar(20), fixed char(6), raw bytea, day date, clock time, moment timestamp,
  instant timestamptz, span interval, mark uuid, doc json, tree jsonb, list int[], words text[]);
insert into out_of values
  (1, true, -32768, 9223372036854775807, 1.5, 0.1, -0.05, 999999, 0.00001, 12345678901234567890.1234, 1.10,
   E'tab\there, back\\slash', 'comma, and "quote"', 'ab', '\x00ff10', '2024-02-29', '23:59:59.999999',
   '2024-02-29 01:02:03.25', '2024-07-01 00:00:00+00', '1 year -2 days 03:04:05',
   'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a" :  1}', '{"a": "b\\c"}', '{1,NULL,-3}', '{"a,b","c\\d"}'),
  (2, false, 32767, -9223372036854775808, '-Infinity', 'NaN', 99999999.99, -1, -0.5, -0.0001, 'NaN',
   E'two\nlines\r', '', '', '\x', '0044-03-15 BC', '00:00:00', 'infinity', '-infinity', '00:00:00',
   '00000000-0000-0000-0000-000000000000', 'null', '[]', '{}', '{}');
insert into out_of (id) values (3), (4);
insert into out_of (id, price, free, word, short, moment)
  select i, i / 7.0, i * 1000000000000000000000.5, 'word ' || i || ' of a text that is longer',
         repeat('x', i % 20), timestamp '2000-01-01' + i * interval '7919 seconds'
    from generate_series(5, 40) i;

copy out_of to stdout;
copy out_of (price, id) to stdout with (format csv, header);
copy out_of to stdout with (format csv, force_quote *, null 'NULL');
copy (select word, short, price, free, moment from out_of where id < 20) to stdout with (delimiter '|', null '');
copy (select word, short from out_of where id < 5) to stdout with (format csv, quote '!', escape '#', delimiter ';');
copy (select large, small, day, moment, part from out_of where id < 5) to stdout with (delimiter '-');
copy (select sum(large), sum(id), avg(price), min(moment), count(*) from out_of where id > 2) to stdout;
copy (select id, null, 'a constant', price + 1, upper(word) from out_of where id > 30 order by id desc) to stdout;
copy (select 1 where false) to stdout;
copy (select word from out_of where 1 / (id - 7) > -5) to stdout;
set timezone = 'America/New_York';
set bytea_output = 'escape';
set extra_float_digits = 0;
copy (select instant, raw, near, far, list from out_of) to stdout;
select instant, raw, near, far from out_of where id < 4;
set extra_float_digits = -3;
select id, far, near, fixed, tree, doc, words from out_of where id < 4;
reset timezone;
reset bytea_output;
reset extra_float_digits;
select * from out_of;
select sum(price), sum(small) from out_of;
select sum(large)::bigint from (select large from out_of union all select 1) as both_of;
begin;
declare rows_of cursor for select id, word, price, moment from out_of order by id;
fetch 3 from rows_of;
fetch 30 from rows_of;
fetch all from rows_of;
commit;
begin;
update out_of set word = E'changed\there' where id = 6;
copy (select id, word from out_of where id between 5 and 7) to stdout;
rollback;
drop table out_of;
