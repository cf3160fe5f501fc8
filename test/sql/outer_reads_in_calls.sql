-- Columns of the query around, read in FILTER and ORDER BY of an aggregate alone.
create table oa (id int primary key, g int, h int);
insert into oa select i, i % 3, (i * 7) % 5 from generate_series(1, 9) i;
select x.id, (with w as (select count(*) filter (where y.id > x.id) as c from oa y) select c from w) from oa x order by 1;
select x.id, (with w as (select y.g, count(*) filter (where y.h > x.h) as c from oa y group by y.g) select sum(a.c * b.c) from w a join w b on a.g = b.g) from oa x order by 1;
select x.id, (with w as (select array_agg(y.id order by abs(y.id - x.id), y.id) as c from oa y) select c from w) from oa x order by 1;
select x.id from oa x where exists (select 1 from oa y where y.g = x.g having count(*) filter (where y.h > x.h) > 1) order by 1;
select x.id from oa x where 2 <= (select count(*) filter (where y.h <> x.h) from oa y where y.g = x.g) order by 1;
select x.id, case when x.g = 0 then (select string_agg(y.id::text, ',' order by (y.id + x.id) % 4, y.id) from oa y where y.g = x.g) end from oa x order by 1;
select x.id, coalesce(x.g, (select sum(y.h) filter (where 10 / y.id > x.h) from oa y)) from oa x order by 1;
