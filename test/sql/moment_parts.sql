-- Parts of moments and of spans, and their texts, over whole vectors.
create table times (id int, d date, ts timestamp, tz timestamptz, span interval, t time);
insert into times select i, case i % 50 when 0 then null when 1 then 'infinity' when 2 then date '0044-03-15 BC' when 3 then date '12021-01-01' else date '1895-01-01' + i * 53 end,
  case i % 50 when 0 then null when 1 then '-infinity' when 2 then timestamp '0044-03-15 12:00 BC' when 3 then timestamp '10000-01-01' else timestamp '1899-12-31 23:59:59.123456' + i * interval '31 days 7 hours 0.25 seconds' end,
  case i % 50 when 0 then null when 1 then 'infinity' else timestamptz '1960-01-01 00:00:00+00' + i * interval '5 days 3 hours 1.5 seconds' end,
  case when i % 50 = 0 then null else i * interval '1 month 3 days -7 hours 1.25 seconds' - interval '400 days' end,
  case when i % 50 = 0 then null else time '00:00' + i * interval '17.017 seconds' end
from generate_series(1, 3000) i;
set timezone = 'Europe/Berlin';
select id, extract(milliseconds from ts), extract(microseconds from ts), extract(decade from ts), extract(century from ts), extract(millennium from ts), extract(epoch from ts), extract(julian from ts) from times order by id limit 60;
select id, extract(decade from d), extract(century from d), extract(millennium from d), extract(epoch from d), date_part('epoch', d), date_part('decade', d), date_part('hour', d) from times order by id limit 60;
select id, extract(epoch from tz), date_part('epoch', tz), extract(hour from tz), extract(day from tz), extract(timezone from tz), date_trunc('day', tz), date_trunc('hour', tz), date_trunc('month', tz) from times order by id limit 60;
select id, extract(epoch from span), date_part('epoch', span), extract(day from span), extract(hour from span), extract(month from span), extract(year from span), extract(second from span) from times order by id limit 55;
select id, extract(epoch from t), extract(hour from t), date_part('second', t) from times order by id limit 52;
select id, date_part('second', ts), date_part('milliseconds', ts), date_part('second', span / 7), date_part('milliseconds', t), date_part('epoch', span / 7) from times where id % 50 > 3 order by id limit 60;
select sum(extract(milliseconds from ts)), sum(extract(epoch from span)), sum(extract(epoch from t)), sum(extract(day from span)) from times where id % 50 > 3;
select sum(extract(epoch from ts - timestamp '2000-01-01')), sum(extract(epoch from d)), sum(extract(epoch from tz)), sum(extract(century from d)) from times where id % 50 > 3;
select extract(century from ts) as c, extract(decade from ts) as e, count(*) from times where id % 50 > 3 group by 1, 2 order by 1, 2 limit 30;
select id, d::text, ts::text, tz::text, d::text || '!' from times order by id limit 60;
select min(d::text), max(d::text), min(ts::text), max(ts::text), count(distinct ts::text) from times;
select id, ts::text from times where id between 500 and 520 order by id;
select ('0900-02-01'::date + id)::text, ('0900-02-01 00:00:00.5'::timestamp + id * interval '0.1 second')::text from times where id < 12 order by id;
select length(d::text), count(*) from times group by 1 order by 1;
select extract(hour from d) from times;
select extract(fortnight from span) from times;
select extract(timezone from ts) from times where id % 50 > 3;
select date_trunc('fortnight', tz) from times where id = 5;
