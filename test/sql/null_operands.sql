create table k (id int primary key, t text, a int[], b bool);
insert into k values (1, 'x', '{1}', true), (2, null, null, false), (3, 'y', '{}', null);
select id, case when false then 'z' end || t, t || nullif('a', 'a'), a || case when false then array[1] end, case when id < 0 then t end || 'q' from k order by id;
select id % 2, id, count(*) from k group by rollup (id % 2, id) order by 1, 2, 3;
select coalesce(t, 'n'), t, count(*) from k group by cube (coalesce(t, 'n'), t) order by 1, 2, 3;
