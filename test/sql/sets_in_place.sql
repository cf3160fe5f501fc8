-- Where set-returning functions may stand.
select case when true then generate_series(1,3) else 0 end;
select case generate_series(1,3) when 1 then 2 end;
select coalesce(generate_series(1,3), 0);
select case when (select count(*) from generate_series(1,3)) = 3 then 'three' end;
select * from abs(generate_series(1,3));
select * from generate_series(1, generate_series(1,3));
select greatest(generate_series(1,3), 2);
select distinct on (a) a, b, generate_series(1,3) g from (values (3, 2), (3,1), (1,1), (1,4), (5,3), (5,1)) as t(a, b) order by a, b desc, g desc;
select a, generate_series(1,3) g from (values (3),(2),(1)) as t(a) order by a, g limit 4;
select distinct a, generate_series(1,3) g from (values (3),(2),(1),(3)) as t(a) order by a, g limit 4;
