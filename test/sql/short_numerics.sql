-- Arithmetic of numerics over whole vectors: those of few digits, and those of too many among them.
create table shorts (id int, n numeric(12,2), wide numeric(38,10), free numeric, f float8, t text);
insert into shorts select i, case when i % 9 = 0 then null else (i * 7919 % 100003 - 50000) / 100.0 end,
  (i - 1500)::numeric * 1234567890123456789.0123456789,
  case i % 8 when 0 then null when 1 then (i - 2000)::numeric / 7 when 2 then i * 1e30 when 3 then 0.000
    when 4 then i * 1e-30 when 5 then i::numeric when 6 then -i / 8.0 else (i % 3)::numeric end,
  case i % 6 when 0 then null when 1 then i / 8.0 when 2 then (i - 1000) * 0.1 when 3 then i * 1e17
    when 4 then i / 3.0::float8 else -0.0 end,
  case i % 6 when 0 then null when 1 then i || '.50' when 2 then '-' || i when 3 then ' ' || i || ' '
    when 4 then i || 'e-3' else '123456789012345678901234567890.' || i end
from generate_series(1, 3000) i;
select sum(n / 7), sum(n / nullif(id % 5, 0)), sum(7 / nullif(n, 0)), avg(n / 3) from shorts;
select id, n / 7, 7 / nullif(n, 0), wide / 7, wide / nullif(n, 0), free / 7, n / nullif(free, 0) from shorts order by id limit 24;
select id, div(n, 7), n % 7, -n % 0.3, wide % 12345.6789, mod(free, 1.5), div(free, 0.7) from shorts order by id limit 24;
select id, round(n), round(n, 1), round(free, 3), trunc(n), trunc(n, 1), trunc(free, 2), round(free, 45), round(n, -2), trunc(n, -1)
from shorts order by id limit 24;
select id, floor(free), ceil(free), abs(free), -free, sign(free) from shorts order by id limit 24;
select sum(round(n / 3, 2)), sum(trunc(n, 1)), sum(n % 7), sum(round(free, 3)) from shorts;
select id, f::numeric, round(f::numeric, 2), f::numeric(30,3) from shorts order by id limit 24;
select sum(f::numeric), sum(round(f::numeric, 2)), count(distinct f::numeric) from shorts;
select id, t::numeric, t::numeric(34,1) from shorts order by id limit 12;
select sum(t::numeric), sum(t::numeric(34,1)) from shorts;
select sum(n::int), sum(n::bigint), sum((n / 100)::smallint), sum(round(free::float8)) from shorts where id % 8 <> 2;
select id, free::text, n::text, free::float8, wide::float8 from shorts order by id limit 24;
select least(n, free), greatest(n, wide, free) from shorts order by id limit 12;
select sum(free + n), sum(free - n), sum(free * n), sum(free), avg(free), min(free), max(free) from shorts;
select id % 4, sum(free), avg(free), min(free + 0.000), max(free), sum(n / 7) from shorts group by 1 order by 1;
select free = n, free < n, free > wide, count(*) from shorts group by 1, 2, 3 order by 1, 2, 3;
select free % 3, count(*) from shorts where id % 8 = 5 group by 1 order by 1;
select sum(n / (id - 1500)) from shorts;
select sum(n % (id - 1500)) from shorts;
select sum((n * 1000)::smallint) from shorts;
select sum(f::numeric(8,3)) from shorts;
select sum((t || 'x')::numeric) from shorts where id < 2;
select sum(x / 7), sum(round(x, 2)), sum(x % 2), count(x::text) from (select case when id = 1000 then 'NaN' else n end as x from shorts) q;
