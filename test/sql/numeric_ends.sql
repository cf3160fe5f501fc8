-- Numeric at its ends: only results must fit the type, not what a computation passes through.
create table large (id int primary key, a numeric);
insert into large values (1, 1e131071 + 5), (2, 1e131071 + 6), (3, 1e131071 + 7), (4, 1e131071 + 8);
create table small (id int primary key, a numeric);
insert into small values (1, 0), (2, 3e-500), (3, -3e-500), (4, 4e-500 - 1e-16383), (5, -4e-500 + 1e-16383);
create table ends (id int primary key, a numeric);
insert into ends values (1, 9e131071), (2, 9e131071), (3, -9e131071);
select variance(a), stddev(a), var_pop(a), stddev_pop(a) from large;
select trim_scale(variance(a) * 1e1000), trim_scale(var_pop(a) * 1e1000) from small;
select length(stddev(a)::text), left(trim_scale(stddev(a) * 1e500)::text, 30) from small;
select variance(a) = 0, scale(variance(a)), scale(avg(a)) from (values (1e-16383::numeric), (2e-16383)) v(a);
select stddev(a) > 0, variance(a) is null from ends where id = 1 group by id;
select sum(a) = 9e131071, avg(a) = 3e131071 from ends;
select sum(a) from ends where id < 3;
select avg(a) from ends where id < 3;
select a, sum(a), count(*) from (select sign(a) as a from ends) s group by a order by a;
select sum(a), avg(a), variance(a) from (values ('inf'::numeric), (1), ('-inf')) v(a);
select sum(a), avg(a), stddev_pop(a) from (values ('inf'::numeric), (1)) v(a);
select variance(a), stddev(a), var_pop(a) from (values (9223372036854775807), (-9223372036854775808)) v(a);
select variance(a), stddev(a) from (values (1.1), (2.22), (3.333)) v(a);
select variance(a), stddev(a), var_pop(a) from (values (1.00::numeric), (1.00)) v(a);
select (i / 10::numeric ^ 131071)::numeric(1, 0)
  from generate_series(6 * 10::numeric ^ 131071, 9 * 10::numeric ^ 131071, 10::numeric ^ 131071) g(i);
select (i / 10::numeric ^ 131071)::numeric(1, 0)
  from generate_series(-6 * 10::numeric ^ 131071, -9 * 10::numeric ^ 131071, -(10::numeric ^ 131071)) g(i);
select count(*) from generate_series(1e-16383, 5e-16383, 1e-16383) g(i);
select e, to_char(('1.2345e' || e)::numeric, '9.999EEEE')
  from unnest(array[-16379, -1234, -45, -1, 0, 1, 38, 2345, 131070, 131071]) v(e) order by e;
select to_char(9.9999e131071, '9.999EEEE'), to_char(-9.9999e-16379, '9.99EEEE'), to_char(9.99, '9.9EEEE');
select width_bucket(1e131071, 0, 9e131071, 10), width_bucket(5e131071, -9e131071, 9e131071, 4),
  width_bucket(5e131071, 9e131071, -9e131071, 4), width_bucket(1e-16383, 0, 1e-16382, 20);
select width_bucket(0.99999999999999999999999999999999, 0, 1, 10), width_bucket(2.9999999999999999999999, 0, 3, 3);
select id, count(*) over (order by a range between 9e131071 preceding and 9e131071 following) from ends order by id;
select id, count(*) over (order by a range between 1 preceding and 'inf' following) from large order by id;
select left(sqrt(2e131070)::text, 40), sqrt(1e-16383) = 0, sqrt(144e1000) = 12e500;
drop table large;
drop table small;
drop table ends;
