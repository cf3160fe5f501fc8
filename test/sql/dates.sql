set timezone = 'UTC';
create table d (id int primary key, dt date, tm time, ts timestamp, tz timestamptz, iv interval);
insert into d values
  (1, '1992-01-10', '02:48:41', null, '2000-04-15 09:09:27.123456+00', '30 days'),
  (2, '-infinity', '05:22:40.000001', null, '1983-06-22 03:29:20+00', '00:00:00.5'),
  (3, '-infinity', '16:33:22', '2029-07-04 04:04:28.123456', null, '24:00:00'),
  (4, null, '22:57:03', '-infinity', '1972-03-12 15:20:54+00', '24:00:00'),
  (5, '1995-08-09', '23:34:29.123456', '0044-03-15 12:00:00 BC', '2014-08-19 21:32:01+00', '24:00:00'),
  (6, null, '11:10:54', null, '1987-08-17 06:02:58.5+00', '-1 mons +2 days'),
  (7, '-infinity', '02:40:07.123456', 'infinity', '1976-05-16 01:44:16+00', '30 days'),
  (8, '2029-04-11', '10:33:25.123456', '0044-03-15 12:00:00 BC', '1983-05-27 23:08:13.5+00', '00:00:00.5'),
  (9, '2019-12-30', '20:06:43.123456', 'infinity', '2010-04-24 03:39:59+00', '720:00:00'),
  (10, '0044-03-15 BC', '03:39:15', '1974-08-13 15:09:25.000001', '2012-05-11 16:43:11.123456+00', '720:00:00'),
  (11, '2015-12-28', '07:26:31.000001', '2020-02-29 23:59:59.999999', '1970-08-23 19:43:44.5+00', '1 mon'),
  (12, '2020-02-29', '21:33:40.123456', 'infinity', '2006-08-16 07:21:26.123456+00', '1 year 2 mons 3 days 04:05:06.789'),
  (13, null, '04:15:20.123456', '2020-02-29 23:59:59.999999', '2029-04-11 10:11:02.000001+00', '1 year 2 mons 3 days 04:05:06.789'),
  (14, '2003-12-13', null, '1987-02-14 13:33:00.000001', '1977-02-19 07:41:32.000001+00', '00:00:00.5'),
  (15, '2020-02-29', null, '1991-09-08 10:57:31.123456', '1999-01-22 05:03:14.000001+00', '720:00:00'),
  (16, '2019-12-30', '04:28:10.123456', '0044-03-15 12:00:00 BC', '1992-03-28 07:24:33.000001+00', '24:00:00'),
  (17, 'infinity', '13:48:33.000001', '2006-01-13 10:14:22.5', '2029-01-25 14:20:14+00', '-1 mons +2 days'),
  (18, '2014-08-25', '12:28:50.123456', 'infinity', '2026-02-23 16:14:42.5+00', '-1 mons +2 days'),
  (19, '2019-12-30', '19:25:47.000001', '0044-03-15 12:00:00 BC', '2024-06-05 15:56:26+00', '-1 mons +2 days'),
  (20, 'infinity', '18:45:07.000001', '2016-02-12 09:08:40.5', '2020-04-19 19:42:14.000001+00', '00:00:00.5'),
  (21, '2019-12-30', null, '2020-02-29 23:59:59.999999', '2018-11-14 03:56:46+00', '1 mon'),
  (22, '2020-02-29', '10:17:24', '0044-03-15 12:00:00 BC', '2013-05-09 01:46:26.000001+00', '-1 mons +2 days'),
  (23, '2007-10-05', '08:31:31.000001', null, '2013-06-06 18:51:33+00', '30 days'),
  (24, 'infinity', '00:44:15.000001', '0044-03-15 12:00:00 BC', '2013-05-20 15:13:00.5+00', null),
  (25, '0044-03-15 BC', '06:23:41.123456', '2021-03-04 14:04:07.5', '1993-05-02 14:54:59.5+00', '00:00:00.5'),
  (26, 'infinity', '13:01:02.123456', '-infinity', '2023-11-19 15:52:13.000001+00', '1 mon'),
  (27, '-infinity', '08:09:47', '2016-10-24 08:40:27', '2006-06-26 07:32:15.123456+00', '00:00:00.5'),
  (28, '0044-03-15 BC', '12:52:04.000001', '-infinity', null, '30 days'),
  (29, 'infinity', '05:59:58.5', '1981-07-17 01:55:09.5', '1995-10-20 19:57:49+00', '00:00:00.5'),
  (30, '2021-01-03', '06:50:54.000001', '2016-05-23 02:59:50.5', '2018-11-24 15:27:52.000001+00', null),
  (31, '-infinity', '19:37:04.000001', 'infinity', '1974-06-21 17:27:34.123456+00', '24:00:00'),
  (32, '2014-06-09', '21:24:36.123456', '0044-03-15 12:00:00 BC', '1979-12-20 16:19:27+00', '24:00:00'),
  (33, '2019-12-30', '10:53:09.123456', '-infinity', '1995-07-02 08:46:56+00', '1 year 2 mons 3 days 04:05:06.789'),
  (34, '-infinity', '23:48:52.123456', '2020-02-29 23:59:59.999999', '2014-03-08 07:59:54.5+00', '24:00:00'),
  (35, '1981-01-21', '20:19:31.000001', null, '1987-08-10 20:56:03+00', '1 day'),
  (36, '0044-03-15 BC', '12:29:01.123456', '1980-07-22 07:50:40', '2013-12-18 06:44:57.5+00', '1 year 2 mons 3 days 04:05:06.789'),
  (37, '-infinity', '23:19:35.000001', '1991-12-03 03:09:34.123456', '2026-06-25 03:01:01+00', '1 mon'),
  (38, '1986-07-10', '20:00:01.123456', '-infinity', '1990-08-16 19:39:26.123456+00', '-00:30:00'),
  (39, '2020-02-29', '20:02:19.123456', '0044-03-15 12:00:00 BC', '2001-06-01 01:08:17.000001+00', '1 year 2 mons 3 days 04:05:06.789'),
  (40, 'infinity', '23:08:29.000001', '2005-10-01 16:43:35.000001', '2000-02-24 20:53:45.123456+00', '-1 mons +2 days'),
  (41, '2021-01-03', '16:53:42.000001', '0044-03-15 12:00:00 BC', '2007-05-06 06:15:24.000001+00', '00:00:00.5'),
  (42, '2021-01-03', '01:46:24.000001', null, '2008-05-14 08:33:16.123456+00', '00:00:00.5'),
  (43, '10000-01-01', '00:39:46', '1976-03-18 09:18:49.000001', '1971-03-19 15:06:59.123456+00', '24:00:00'),
  (44, '1973-09-13', '05:45:02.000001', '2027-02-10 10:04:53', '2030-07-06 02:49:21.123456+00', null),
  (45, '-infinity', '06:03:01.000001', '2004-03-05 22:54:04.5', '1997-05-05 17:24:34.000001+00', '-1 mons +2 days');

select id, dt, tm, ts, tz, iv from d order by id;
select id, extract(year from dt), extract(month from dt), extract(day from dt), extract(quarter from dt), extract(week from dt), extract(dow from dt), extract(isodow from dt), extract(doy from dt), extract(isoyear from dt), extract(epoch from dt) from d order by id;
select id, extract(century from dt), extract(decade from dt), extract(millennium from dt), extract(julian from dt) from d order by id;
select id, extract(year from ts), extract(hour from ts), extract(minute from ts), extract(second from ts), extract(epoch from ts), extract(milliseconds from ts), extract(microseconds from ts), extract(dow from ts), extract(week from ts) from d order by id;
select id, date_part('year', dt), date_part('second', ts), date_part('epoch', ts) from d order by id;
select extract(year from dt) y, count(*) from d group by 1 order by 1;
select extract(year from dt) y, count(*), sum(id) from d where dt > '1990-01-01' and dt < '2030-01-01' group by 1 order by 1;
select id, date_trunc('month', ts), date_trunc('year', ts), date_trunc('day', ts), date_trunc('hour', ts), date_trunc('week', ts), date_trunc('quarter', ts), date_trunc('second', ts), date_trunc('decade', ts), date_trunc('century', ts), date_trunc('milliseconds', ts) from d order by id;
select date_trunc('month', ts) m, count(*) from d group by 1 order by 1;
select id, date_trunc('month', dt), date_trunc('day', tz) from d order by id;
select id, dt + 1, dt - 1, dt + interval '1 month', dt - interval '1 day 2 hours', dt + time '10:00' from d order by id;
select id, dt - date '2020-01-01' from d where dt not in ('infinity','-infinity') order by id;
select dt - date '2020-01-01' from d where dt = 'infinity';
select id, ts - timestamp '2020-01-01 12:00:00' from d where ts not in ('infinity','-infinity') order by id;
select id, ts + iv, ts - iv from d order by id;
select id, ts + interval '1 year 2 months 3 days 04:05:06' from d order by id;
select id, iv + interval '1 day', iv * 2, iv / 3, -iv, iv * 1.5 from d order by id;
select id, iv = interval '1 month', iv > interval '29 days' from d order by id;
select max(iv), min(iv), sum(iv), avg(iv) from d;
select max(dt), min(dt), max(ts), min(ts), max(tm), min(tz) from d;
select id from d where dt < timestamp '2000-01-01' order by id;
select id from d where dt <= timestamp '2000-01-01 12:00' order by id;
select id from d where ts >= date '2000-01-01' order by id;
select id from d where dt between '1980-01-01' and '1999-12-31' order by id;
select id from d where dt in ('2020-02-29', '2019-12-30') order by id;
select id from d where dt = '2020-02-29'::timestamp order by id;
select id, dt::text, ts::text, tm::text, iv::text, tz::text from d order by id;
select id, dt::timestamp, ts::date, ts::time, dt::timestamptz, tz::timestamp, tz::date from d order by id;
select ts::timestamp(0), ts::timestamp(3), tm::time(2) from d order by id;
select age(ts, timestamp '2000-01-01') from d where ts > '1990-01-01' and ts < '2040-01-01';
select to_char(dt, 'YYYY-MM-DD Mon Day'), to_char(ts, 'HH24:MI:SS.US') from d where id < 20 order by id;
select to_date('2020-05-06','YYYY-MM-DD'), to_timestamp(0), make_date(2020,2,3), date '2020-01-01' + 5;
select id from d order by dt desc, ts, id;
select isfinite(dt), isfinite(ts) from d order by id;
select tm + interval '1 hour', tm - interval '30 min', tm - time '01:00' from d order by id;
select id, dt > '2000-01-01', ts < '2000-01-01', tz > '2000-01-01 00:00:00+00' from d order by id;
select (dt, ts) = (dt, ts) from d order by id;
select date '2020-03-31' - interval '1 month', timestamp '2020-01-31' + interval '1 month', date '2020-01-31' + 31;
