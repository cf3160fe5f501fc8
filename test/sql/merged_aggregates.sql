-- Variances, deviations and fits whose parts are merged, and sums of floats.
create table parts (id int, k int, s smallint, i int, b bigint, n numeric(12,3), free numeric, f float8, r real);
insert into parts select i, i % 7, (i % 200 - 100)::smallint, i * 37 % 1001, (i - 1500) * 6148914691236517,
  case when i % 6 = 0 then null else (i * 7919 % 10007) / 8.0 end,
  case i % 5 when 0 then null when 1 then i / 7.0 when 2 then i * 1e25 else i end,
  case when i % 9 = 0 then null else i / 4.0 end, i / 2.0 from generate_series(1, 3000) i;
select variance(s), var_samp(i), var_pop(i), stddev(i), stddev_samp(b), stddev_pop(b), variance(b) from parts;
select variance(n), var_pop(n), stddev(n), stddev_pop(n), stddev(free), variance(free) from parts;
select k, count(*), stddev(s), variance(i), stddev_pop(n), var_samp(free) from parts group by k order by k;
select k, stddev(i) filter (where i > 500), variance(distinct s), stddev(n / 3) from parts group by k order by k;
select stddev(i), stddev(n), variance(f), corr(f, r), regr_count(f, r) from parts where id < 2;
select stddev(i), stddev_pop(n), variance(f), corr(f, r), regr_count(f, r), sum(f), avg(f) from parts where false;
select var_pop(x), stddev(x) from (select case when id = 5 then 'NaN' else n end as x from parts) q;
select round(variance(f)::numeric, 6), round(stddev(f)::numeric, 8), round(var_pop(r)::numeric, 6), round(stddev_pop(r)::numeric, 8) from parts;
select round(corr(f, i)::numeric, 12), round(covar_pop(f, r)::numeric, 6), round(covar_samp(f, r)::numeric, 6),
  round(regr_slope(f, r)::numeric, 12), round(regr_intercept(i, r)::numeric, 8), round(regr_r2(f, i)::numeric, 12), regr_count(f, i),
  round(regr_sxx(f, r)::numeric, 4), round(regr_sxy(f, r)::numeric, 4), round(regr_syy(f, r)::numeric, 4),
  regr_avgx(f, r), regr_avgy(f, r) from parts;
select k, round(stddev(f)::numeric, 8), round(corr(f, r)::numeric, 10), regr_count(f, r) from parts group by k order by k;
select id, stddev(i) over (order by id rows 2 preceding), variance(f) over (order by id rows 2 preceding), sum(f) over (order by id rows 1 preceding)
from parts where id < 8 order by id;
select sum(f), avg(f), sum(r::float8), avg(r), sum(distinct s::float8), avg(f) filter (where k = 1) from parts;
select k, sum(f), avg(f) from parts group by k order by k;
select sum(x), avg(x) from (select case id when 1 then 'Infinity'::float8 else f end as x from parts) q;
select sum(x) from (select case id when 1 then 'Infinity'::float8 when 2 then '-Infinity' else f end as x from parts) q;
select sum(x) from (select case when id < 3 then 1.7e308 else f end as x from parts) q;
select avg(x) from (select case when id < 3 then 1.7e308 else f end as x from parts) q;
select variance(x) from (select case when id < 3 then 1e200 * id else f end as x from parts) q;
select sqrt(f), ln(f), log(f), exp(f / 100), power(f, 2), round(f), sign(f), cbrt(f), sin(f), atan2(f, r) from parts where id in (1, 9, 40) order by id;
select count(sqrt(f)), count(power(f, r / 1000)), count(ln(f)) from parts;
select sum(sqrt(-f)) from parts;
select sum(ln(f - 0.25)) from parts;
select sum(exp(f * 10)) from parts;
select sum(power(f - 100, 0.5)) from parts;
