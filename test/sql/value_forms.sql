-- to_char() over whole vectors: values that repeat, nulls, infinities, pictures that are wrong.
create table moments (id int, ts timestamp, tz timestamptz, span interval, n numeric, i int, b bigint, f float8, r real, few int);
insert into moments select i, case when i % 7 = 0 then null when i % 11 = 0 then 'infinity' else timestamp '1999-12-25 23:59:58.987654' + i * interval '1 day 1 hour 1.000007 seconds' end,
  case when i % 5 = 0 then null else timestamptz '2024-03-30 23:59:59+00' + i * interval '17 minutes' end,
  case when i % 6 = 0 then null else i * interval '1 month -1 day 01:02:03.4' - interval '9 years' end,
  case i % 8 when 0 then null when 1 then 'NaN' when 2 then -i / 7.0 when 3 then 1234567.891 when 4 then 0 else i * 1.005 end,
  (i - 1500) * 77, (i - 1500) * 12345678901, case i % 5 when 0 then null when 1 then 'Infinity' when 2 then -0.004 else (i - 1500) / 3.0 end,
  (i - 1500) / 8.0, i % 3
from generate_series(1, 3000) i;
select id, to_char(ts, 'YYYY-MM-DD HH24:MI:SS.US'), to_char(ts, 'FMDay, DDth FMMonth YYYY'), to_char(ts, 'IYYY-IW-ID'), to_char(ts, 'Mon') from moments order by id limit 15;
select to_char(ts, 'YYYY-MM'), count(*) from moments where id < 200 group by 1 order by 1;
select to_char(ts, 'Day|DY|MONTH|mon|RM|rm|D|DDD|IDDD|WW|W|Q|J|CC|Y,YYY|YYY|YY|Y|AD|b.c.|AM|p.m.|HH12|SSSSS|MS|FF2|"quoted \" text"') from moments order by id limit 4;
set timezone = 'Europe/Berlin';
select id, to_char(tz, 'YYYY-MM-DD HH24:MI:SS TZH:TZM OF'), to_char(tz, 'Dy FMHH12 am') from moments order by id limit 12;
select to_char(tz, 'YYYY-MM-DD HH24'), count(*) from moments where id < 30 group by 1 order by 1;
reset timezone;
select id, to_char(span, 'YYYY MM DD HH24:MI:SS.MS'), to_char(span, 'FMRM Q DDD') from moments order by id limit 12;
select id, to_char(n, 'FM999,999,990.00'), to_char(n, '999D99S'), to_char(n, '0000.000'), to_char(n, 'FMRN'), to_char(n, '9.99EEEE') from moments where id % 8 <> 1 order by id limit 15;
select id, to_char(n, '99999.9'), to_char(n, 'FM9.9') from moments order by id limit 10;
select id, to_char(i, 'FM9999999'), to_char(i, '000000PR'), to_char(i, '9,999,999MI'), to_char(i, '99V99'), to_char(b, 'L99,999,999,999,999') from moments order by id limit 12;
select id, to_char(f, 'FM9999990.00'), to_char(f, '999.999'), to_char(f, '9.9EEEE'), to_char(r, 'S9999.9'), to_char(f, '9999999999999999.99') from moments order by id limit 15;
select to_char(few, '00'), to_char(few, 'FMth9th'), count(*) from moments group by 1, 2 order by 1;
select to_char(ts, ''), to_char(i, '') from moments order by id limit 2;
select to_char(ts, case when few = 0 then 'YYYY' else 'MM' end) from moments order by id limit 4;
select to_char(ts, null) is null, count(*) from moments group by 1;
select to_char(span, 'TZ') from moments where span is null and id < 20;
select to_char(span, 'Day') from moments;
select to_char(i, '9.9.9') from moments;
select to_char(n, '9.9V9') from moments where n is null and id < 20;
select to_char(n, 'RN') from moments where n = 'NaN';
