-- Texts joined with what casts print, and texts cast to integers, over whole vectors.
create table joins (id int, s smallint, b bigint, t text, v varchar(10), c char(6), n numeric, k bool, d date, digits text);
insert into joins select i, (i % 300 - 150)::smallint, i * -12345678901, case when i % 5 = 0 then null when i % 7 = 0 then '' else 'té' || i end,
  case when i % 6 = 0 then null else 'v' || i % 9 end, 'c' || i % 3, i / 4.0, i % 2 = 0, date '2024-01-01' + i,
  case i % 8 when 0 then null when 1 then '-' || i when 2 then ' ' || i || ' ' when 3 then '+' || i when 4 then '000' || i when 5 then '-0' else i::text end
from generate_series(1, 3000) i;
select id, concat(t, '-', v), concat(t, id, s, b), concat(v, null, id), concat_ws('/', t, v, id), concat_ws(v, id, t, s), concat_ws(null, t, v) from joins order by id limit 12;
select id, concat(t, c), concat(k, d, n), concat_ws(',', c, k, n, d), concat(t), concat(null::text), concat_ws('-', null::text, null::int) from joins order by id limit 12;
select id, t || id, id || t, v || s, b || v, t || c, t || n, t || k, t || null::int, null::text || id from joins order by id limit 12;
select count(t || id), count(distinct concat(t, v)), min(concat_ws('-', v, s)), max(t || b), sum(length(concat(t, id))) from joins;
select concat(v, s % 3), count(*) from joins where id < 100 group by 1 order by 1;
select id, digits::int, digits::bigint, digits::smallint, digits::numeric, digits::float8 from joins order by id limit 24;
select sum(digits::int), sum(digits::bigint), sum(digits::smallint), sum((trim(digits) || '00000')::bigint), max(digits::oid) from joins where digits !~ '-';
select (digits || 'x')::int from joins where id = 1;
select (digits || '00000000')::int from joins where id = 2999;
select (id || '0')::smallint from joins;
select ('99999999' || id % 10)::int, ('-99999999' || id % 10)::int, ('2147483' || 640 + id)::int from joins where id < 8 order by id;
select ('2147483' || 640 + id)::int from joins where id = 8;
select ''::int from joins where id = 1;
select (t || '-')::int from joins where t is null and id < 20;
