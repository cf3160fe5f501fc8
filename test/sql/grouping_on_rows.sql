-- Grouping sets where one set is empty, twice the same, or has nothing to group.
create table gs (id int primary key, a int, b text, c numeric);
select grouping(a), a, count(*) from gs group by rollup (a);
select a, count(*), sum(c) from gs group by grouping sets ((a), (), ());
select count(*) from gs group by ();
insert into gs values (1, 1, 'x', 1.5), (2, 1, 'y', 2), (3, null, 'x', null), (4, 2, null, 4.25), (5, null, null, 5);
select a, b, count(*), sum(c), grouping(a), grouping(b), grouping(a, b), grouping(b, a) from gs group by cube (a, b) order by 7, 1, 2;
select a, grouping(a), count(*) from gs group by grouping sets ((a), (a), ()) order by 1, 2, 3;
select grouping(a), a from gs group by a order by 2;
select 1 from gs group by ();
select max(id) from gs group by grouping sets ((), ());
select a, (select count(*) from gs q where q.a is not distinct from gs.a), grouping(a) from gs group by rollup (a) order by 3, 1;
select a + 1, count(*) from gs group by rollup (a + 1) having grouping(a + 1) = 1 or count(*) > 1 order by 1, 2;
select a, sum(c), rank() over (partition by grouping(a) order by sum(c) desc nulls last) from gs group by rollup (a) order by grouping(a), 3, 1;
select distinct grouping(a) from gs group by rollup (a, b) order by 1;
select count(distinct b), string_agg(b, '' order by b), grouping(a) from gs group by rollup (a) order by 3, 1, 2;
