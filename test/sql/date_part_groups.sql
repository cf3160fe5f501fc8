-- Groups by parts of moments, with and without what the engine's own functions cannot tell.
create table moments (id int, d date, t timestamp, u timestamp, z timestamptz);
insert into moments select i, date '2020-01-01' + i % 800, timestamp '2020-02-28 22:10:59.5' + i * interval '97 minutes',
  case when i % 50 = 0 then null else timestamp '1999-12-31 23:59:00' + i * interval '7 seconds' end,
  timestamptz '2021-10-30 12:00:00+00' + i * interval '1 hour' from generate_series(1, 3000) i;
select extract(year from d) as y, extract(month from t) as m, count(*) from moments group by 1, 2 order by 1, 2 limit 8;
select extract(hour from t), date_part('hour', u), count(*) from moments group by 1, 2 order by 1, 2 limit 6;
select date_trunc('day', t) as day, count(*), min(extract(dow from t)) from moments group by day order by day limit 4;
select date_trunc('minute', u) as at, count(*) from moments group by at order by at desc limit 4;
select date_trunc('hour', u), extract(minute from u), count(*) from moments group by 1, 2 order by 1 desc nulls last, 2 desc limit 4;
select date_part('dow', d), sum(id) from moments group by date_part('dow', d) having count(*) > 10 order by date_part('dow', d);
select extract(month from t), date_part('month', t), count(*) from moments group by rollup (1, 2) order by 1 nulls first, 2 nulls first limit 6;
select extract(isoyear from d) + extract(week from d), count(*) from moments group by extract(isoyear from d), extract(week from d) order by 1, 2 limit 5;
select pg_typeof(extract(day from d)), pg_typeof(date_part('day', d)), pg_typeof(date_trunc('day', t)) from moments limit 1;
select distinct extract(quarter from d) from moments order by 1;
select u from moments order by u desc limit 3;
select id, t from moments order by t desc, id limit 3;
insert into moments values (4001, '0044-03-15 BC', '0044-03-15 10:00 BC', 'infinity', null), (4002, '-infinity', '-infinity', null, null);
select extract(year from d) as y, date_part('year', t), count(*) from moments group by 1, 2 order by 1, 2 nulls first limit 4;
select date_trunc('month', t) as m, count(*) from moments group by m order by m limit 3;
select date_trunc('minute', u) as m, count(*) from moments group by m order by m desc limit 3;
select extract(hour from u), count(*) from moments group by 1 order by 1 desc limit 3;
select u from moments order by u desc nulls last limit 2;
select u, id from moments order by u desc, id limit 2;
delete from moments where id > 3000;
select extract(year from d) as y, count(*) from moments group by y order by y;
drop table moments;
