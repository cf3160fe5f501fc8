-- Every kind of frame, over keys that repeat, are null, NaN or infinite.
create table w (id int primary key, p int, i int, b bigint, s smallint, f4 real, f8 float8, n numeric, d date, t time, ts timestamp, tz timestamptz, iv interval, x text, c char(4), j jsonb, a int[]);
insert into w values
  (1, 1, 1, 9223372036854775807, 32767, 1, 1, 1, '2020-01-31', '01:00', '2020-01-31', '2020-03-08 09:30+00', '1 month', 'b', 'b', '{"k": 1}', '{1,2}'),
  (2, 1, 1, 9223372036854775806, 32766, 1.5, 'NaN', 'NaN', '2020-02-28', '23:59', '2020-02-29', '2020-03-08 10:30+00', '30 days', 'a', 'a', '[1]', '{}'),
  (3, 1, 2, 0, 0, 'NaN', 'Infinity', 'Infinity', '2020-02-29', '00:30', '2020-03-31', '2020-03-09 09:30+00', '720 hours', 'b', null, null, '{3}'),
  (4, 1, null, -9223372036854775808, -32768, 'Infinity', '-Infinity', '-Infinity', 'infinity', '12:00', 'infinity', '-infinity', '1 day', null, 'b', '"s"', null),
  (5, 2, 4, 5, 5, '-Infinity', 2.5, 2.50, '-infinity', '12:30', '-infinity', 'infinity', '24 hours', 'c', 'c', '{"k": 1}', '{1,2}'),
  (6, 2, 4, 7, 7, 2, 3.5, 2.5, '2020-03-31', '12:30', '2020-04-30', '2020-03-10', '25 hours', 'c', 'd', 'null', '{null}'),
  (7, 2, null, null, null, null, null, null, null, null, null, null, null, 'd', null, 'true', '{7}'),
  (8, 2, 9, 9, 9, 3, 'NaN', 3, '2020-04-30', '13:00', '2020-05-31', '2020-03-11', '2 months', 'a', 'a', '[]', '{8,8}'),
  (9, null, 2147483647, 11, 11, 9, 9, 9, '2021-01-01', '14:00', '2021-01-01', '2021-01-01', '1 year', 'z', 'z', '{}', '{9}'),
  (10, null, -2147483648, 12, 12, 10, 10, 10, '2021-01-02', '15:00', '2021-01-02', '2021-01-02', '365 days', 'y', 'y', '1', '{10}');
-- functions
select id, row_number() over o, rank() over q, dense_rank() over q, percent_rank() over q, cume_dist() over q, ntile(3) over o, ntile(20) over o, lag(i) over o, lead(i, 2) over o, lag(x, 1, 'none') over o, lead(i, -1, -5) over o, lag(i, null) over o from w window o as (partition by p order by i, id), q as (partition by p order by i) order by id;
select id, first_value(x) over o, last_value(x) over o, nth_value(x, 2) over o, first_value(c) over o, last_value(j) over o, nth_value(a, 3) over o from w window o as (order by i desc nulls last, id rows between 2 preceding and 1 following) order by id;
select id, lag(x, p) over (order by id), ntile(p) over (order by id desc), nth_value(id, p) over (order by id) from w order by id;
select id, rank() over (), percent_rank() over (), cume_dist() over (), count(*) over () from w order by id;
select ntile(0) over () from w;
select nth_value(id, 0) over () from w;
-- aggregates of every kind
select id, sum(i) over o, avg(n) over o, min(x) over o, max(c) over o, count(b) over o, string_agg(x, '-') over o, array_agg(id) over o, bool_and(i > 1) over o, sum(iv) over o, stddev(f4) over o from w window o as (order by id rows between 2 preceding and current row) order by id;
select id, jsonb_agg(j) over (order by id) from w where id in (1, 5) order by id;
select id, array_agg(id) over (order by x, id), array_agg(id) filter (where id % 2 = 0) over (partition by p order by id rows between 1 preceding and 1 following) from w order by id;
-- rows
select id, array_agg(id) over (order by id rows between 1 following and 2 following), array_agg(id) over (order by id rows between 2 preceding and 1 preceding), array_agg(id) over (order by id rows between 2 following and 1 following), array_agg(id) over (order by id rows between 9223372036854775807 preceding and 9223372036854775806 following), array_agg(id) over (order by id rows (select 1) preceding) from w order by id;
-- groups
select id, bit_or(1 << id) over (order by x groups between 1 preceding and 1 preceding), bit_or(1 << id) over (order by x groups between 1 following and unbounded following), bit_or(1 << id) over (partition by p order by x desc groups between current row and 1 following), bit_or(1 << id) over (order by x groups between 2 following and 1 following) from (select * from w order by id) w order by id;
-- exclusions
select id, bit_or(1 << id) over (o rows between unbounded preceding and unbounded following exclude current row), bit_or(1 << id) over (o range between current row and unbounded following exclude group), bit_or(1 << id) over (o groups between 1 preceding and 1 following exclude ties), bit_or(1 << id) over (order by x, id rows 1 preceding exclude no others) from (select * from w order by id) w window o as (order by x, p) order by id;
select id, first_value(x) over (o groups between current row and 1 following exclude group), last_value(x) over (o groups between 1 preceding and current row exclude group), nth_value(x, 2) over (o groups between 1 preceding and 1 following exclude group), last_value(id) over (order by id rows between 1 preceding and current row exclude current row), nth_value(id, 2) over (order by id rows between unbounded preceding and unbounded following exclude current row) from w window o as (order by x) order by id;
-- range
select id, bit_or(1 << id) over (order by i range between 1 preceding and 1 following), bit_or(1 << id) over (order by i desc range between 1 preceding and 2 following), bit_or(1 << id) over (order by i range between 5 preceding and 7 preceding), bit_or(1 << id) over (order by i desc nulls last range between 0 following and 100 following) from (select * from w order by id) w order by id;
select id, bit_or(1 << id) over (order by b range between 9223372036854775807 preceding and 1 following), bit_or(1 << id) over (order by s range between 1000000 preceding and 1::bigint following), bit_or(1 << id) over (order by s range between '2' preceding and 2::smallint following) from w order by id;
select id, bit_or(1 << id) over (order by f8 range between 1 preceding and 1 following), bit_or(1 << id) over (order by f4 desc range between 0.5 preceding and 1.25 following) from (select * from w order by id) w order by id;
select id, bit_or(1 << id) over (order by n range between 1 preceding and 0.5 following), bit_or(1 << id) over (order by n range between 'Infinity' preceding and 'Infinity' following), bit_or(1 << id) over (order by n desc nulls first range between 1.50 following and 8 following) from (select * from w order by id) w order by id;
select id, bit_or(1 << id) over (order by d range between '1 month' preceding and '1 month' following), bit_or(1 << id) over (order by ts range between '1 month' preceding and '30 days' following), bit_or(1 << id) over (order by t range between '1 hour' preceding and '30 minutes' following), bit_or(1 << id) over (order by t desc range between '1 month 1 hour' preceding and '25 hours' following), bit_or(1 << id) over (order by iv range between '1 day' preceding and '1 day' following) from (select * from w order by id) w order by id;
set timezone = 'America/New_York';
select id, bit_or(1 << id) over (order by tz range between '1 day' preceding and '1 day' following), bit_or(1 << id) over (order by tz range between '24 hours' preceding and '24 hours' following) from w order by id;
set timezone = 'UTC';
-- offsets that are wrong
select count(*) over (order by i range between -1 preceding and current row) from w;
select count(*) over (order by d range '-1 day' preceding) from w;
select count(*) over (order by i rows -1 preceding) from w;
select count(*) over (order by i groups between current row and -1 following) from w;
select count(*) over (order by x range 1 preceding) from w;
select count(*) over (order by i range 1.5 preceding) from w;
select count(*) over (order by d range 1 preceding) from w;
-- over groups, in ORDER BY, under DISTINCT and LIMIT
select p, sum(id), sum(sum(id)) over (order by p), rank() over (order by sum(id) desc), count(*) over (), max(count(*)) over (partition by p is null) from w group by p order by p;
select p, avg(sum(id)) over (order by p rows 1 preceding) from w group by p having count(*) > 2 order by p;
select min(id), count(*) over () from w;
select id from w order by row_number() over (order by x desc, id), id limit 3;
select distinct rank() over (order by p) from w order by 1;
select distinct on (r) r, id from (select id, dense_rank() over (order by x) r from w) q order by r, id desc;
select * from (select id, row_number() over (partition by p order by id desc) n from w) q where n = 1 order by id;
select w.id, (select count(*) from (select sum(v.id) over (order by v.id rows w.id preceding) s from w v) q where q.s > 20) from w order by 1;
select id, sum(id) over (order by id), sum(id) over (order by id, x rows 1 preceding), sum(id) over (partition by p order by id), count(*) over (partition by x) from w order by id;
select count(*) over (rows -1 preceding) from w where false;
with q as (select id, lag(id) over (order by id) l from w) select a.id, b.l from q a left join q b on a.l = b.id order by 1;
update w set i = (select r from (select id, rank() over (order by n) r from w) q where q.id = w.id) where id < 4;
select id, i from w where id < 4 order by id;
