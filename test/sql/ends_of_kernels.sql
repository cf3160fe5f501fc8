-- Functions at the ends of their types: infinities, the last digit, the first and last timestamp.
create table ends (id int primary key, n numeric, f4 float4, f8 float8, p int);
insert into ends values
  (1, 4.5e131071, 'inf', 'inf', -131072), (2, 9.9e131071, '-inf', '-inf', -131072),
  (3, 5e-16383, 'nan', 'nan', 16382), (4, 'inf', 12.345, 12.345, 3), (5, '-inf', -0.5, -0.5, -3),
  (6, 5.5e131071, 1e30, 1e300, -131071), (7, 'nan', 1e-30, 1e-300, 2147483647);
select id, length(round(n, p)::text) from ends where id in (1, 3, 4, 5, 7) order by id;
select round(n, p) = 0, trunc(n, p) = 0 from ends where id = 1;
select round(n, p) = 6e131071, trunc(n, p) = 5e131071 from ends where id = 6;
select length(round(n, p)::text) from ends where id = 2;
select length(trunc(n, p)::text) from ends where id = 2;
select length(round(n, -2147483647)::text), length(trunc(n, 2147483647)::text) from ends where id = 1;
select length(ceil(n + 1e131071 * 5)::text), length(floor(n)::text) from ends where id = 1;
select id, to_char(f4, 'MI99.99'), to_char(f8, 'MI99.99'), to_char(f4, '999999999.999'),
  to_char(f8, '999999999.999'), to_char(f8, '9.99EEEE') from ends where id <= 5 order by id;
select id, to_char(n, 'MI99.99'), to_char(n, '999999999.999') from ends where id in (4, 5, 7) order by id;
select date_bin('15 minutes', timestamp '2020-02-11 15:44:17', timestamp '1999-01-01');
select date_bin('200000000 days'::interval, timestamp '2024-02-01', timestamp '2024-01-01');
select date_bin('365000 days'::interval, timestamp '4400-01-01 BC', timestamp '4000-01-01 BC');
select date_bin('-1 day'::interval, timestamp '2024-02-01', timestamp '2024-01-01');
select date_bin('1 day'::interval, timestamp '294276-12-31', timestamp '4714-11-24 BC');
select date_bin('1 day'::interval, timestamp 'infinity', timestamp '2024-01-01');
select '\377'::"char"::text, '\101'::"char"::text, length('\377'::"char"::text);
select length(sqrt(repeat('7', 2001)::numeric)::text), left(sqrt(repeat('7', 2001)::numeric)::text, 30);
select ln(repeat('7', 5000)::numeric), ln(repeat('3', 100)::numeric), ln(('0.' || repeat('0', 90) || '7')::numeric);
select log(3, repeat('7', 3000)::numeric), log(repeat('9', 400)::numeric);
select sqrt(1e100), sqrt(2e99), sqrt(123456789012345678901234567890::numeric), sqrt(0.0000001), sqrt(3::numeric);
select a like '%b_%d%', a like 'x_z%', replace(a, 'b', 'cc'), replace(a, 'bc', 'x')
  from (values ('abcde'), ('xyz'), ('bbbb')) v(a) order by 1, 2, 3;
drop table ends;
