-- Dates and timestamps meet each other, and are moved, from one end of time to the other.
create table times (id int primary key, d date, t timestamp, z timestamptz);
insert into times values (1, '4714-11-24 BC', '4714-11-24 BC', '4714-11-24 00:00:00+00 BC'),
  (2, '2020-10-05', '2020-10-05 12:00', '2020-10-05 12:00+00'), (3, '5874897-12-31', '294246-12-31', '294246-12-31 00:00+00'),
  (4, 'infinity', 'infinity', 'infinity'), (5, '-infinity', '-infinity', '-infinity');
select timestamp 'Jan 1, 4713 BC' + interval '107000000 days', timestamp 'Jan 1, 4713 BC' + interval '109203489 days';
select timestamp 'Jan 1, 4713 BC' + interval '109500000 days';
select timestamp '294276-12-31' - interval '109000000 days', timestamptz '294276-12-31 00:00+00' - interval '109000000 days';
select timestamp '2000-01-01' - interval '107000000 days';
select date '4714-11-24 BC' + interval '107000000 days';
select id, t + interval '107000000 days' from times where id in (1, 4) order by id;
select id, t - interval '107000000 days' from times where id = 3;
set timezone = 'Asia/Kolkata';
select date '4714-11-24 BC' < timestamptz '2020-10-05', timestamp '4714-11-24 BC' < timestamptz '2020-10-05',
  timestamp '4714-11-24 BC' < timestamptz '4714-11-24 00:00+00 BC', timestamptz '2020-10-05' >= date '4714-11-24 BC';
select a.id, b.id, a.d < b.z, a.d = b.z, a.d >= b.z, a.t < b.z, a.t = b.z, a.t >= b.z from times a, times b order by 1, 2;
select a.id, b.id, b.z < a.d, b.z = a.d, b.z >= a.d, b.z < a.t, b.z = a.t, b.z >= a.t from times a, times b order by 1, 2;
select a.id, b.id from times a join times b on a.t = b.z order by 1, 2;
set timezone = 'America/Los_Angeles';
select a.id, b.id, a.d < b.z, a.d > b.z, a.t < b.z, a.t > b.z from times a, times b order by 1, 2;
select d::timestamptz from times where id = 3;
select (timestamp '294276-12-31 23:00')::timestamptz;
set timezone = 'UTC';
select a.id, b.id, a.d < b.t, a.d = b.t, a.d > b.t, b.t >= a.d from times a, times b order by 1, 2;
select id from times where d < timestamp '2020-10-06 12:00' order by id;
select id from times where d > timestamp '2020-10-06 12:00' order by id;
select id from times where d between timestamptz '2000-01-01' and 'infinity' order by id;
select id, d::timestamp from times where id in (1, 2, 4) order by id;
select d::timestamp from times where id = 3;
select date '5874897-12-31' > timestamptz 'infinity', date '5874897-12-31' > timestamp '294276-12-31', date 'infinity' = timestamp 'infinity';
drop table times;
select z, z at time zone 'MSK', timezone('msk', z) from (values (timestamptz '2011-03-26 22:59:59 UTC'), ('2011-03-26 23:00:00 UTC'),
  ('2011-03-27 00:00:00 UTC'), ('2014-10-25 21:59:59 UTC'), ('2014-10-25 22:00:00 UTC'), ('2014-10-25 23:00:00 UTC')) v(z) order by z;
select t, t at time zone 'MSK' from (values (timestamp '2011-03-27 02:30'), ('2011-03-27 03:30'), ('2014-10-26 01:30'), ('2014-10-26 02:30')) v(t) order by t;
select i, to_char(i * interval '1 month', 'rm RM FMRM') from generate_series(-13, 13) i order by i;
select interval '-9223372036854775808 us', interval '9223372036854775807 us', interval '1 month -9223372036854775808 us';
