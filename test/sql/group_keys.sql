-- Grouping sets go by the outputs they name: constants, and one expression under two names.
create table i8(q1 int8, q2 int8);
insert into i8 values (123,456),(123,4567890123456789),(4567890123456789,123),(4567890123456789,4567890123456789);
select * from (select 1 as x, q1, sum(q2) from i8 group by grouping sets(1, 2)) s order by 1, 2, 3;
select * from (select 1 as x, q1, sum(q2) from i8 group by grouping sets(1, 2)) ss where x = 1 and q1 = 123;
select * from (select 1 as x, 1 as y, q1, sum(q2) + 1 from i8 group by grouping sets(1, 3)) s order by 1, 2, 3;
select * from (select q1, q1 as z, sum(q2) from i8 group by rollup(1, 2)) s order by 1, 2, 3;
select * from (select q1, q1 as z, sum(q2) from i8 group by q1, rollup(z)) s order by 1, 2, 3;
select * from (select q1+1, q1+1 as z, sum(q2) from i8 group by grouping sets (1,z)) s order by 1, 2, 3;
select * from (select q1+1, q1+1 as z, sum(q2) from i8 group by grouping sets (1,z) having sum(q2) > 5) s order by 1, 2, 3;
select * from (select q1+1, q1+1 as z, grouping(q1+1), sum(q2) from i8 group by grouping sets (1,z)) s order by 1, 2, 3;
select * from (select 'all' as label, q1, count(*) from i8 group by cube(label, q1)) s order by 1, 2, 3;
select * from (select 'all' as label, 'all' as other, count(*) from i8 group by rollup(label, other)) s order by 1, 2, 3;
select * from (select distinct 1 as x, q1 is null as n from i8 group by grouping sets(1, q1)) s order by 1, 2;
select * from (select g as alias1, g as alias2 from generate_series(1,3) g group by alias1, rollup(alias2)) s order by 1, 2;
select * from (select 1 as one, q1 as a, q1 as b from i8 group by grouping sets ((1, 2), (3), ())) s order by 1, 2, 3;
select (select max(i.q2 + case when exists (select 1 from i8 j where j.q1 = o.q1) then 1 else 0 end) from i8 i) from i8 o order by 1;
-- What INSERT casts is such an output still.
create table kept(a numeric, b text);
insert into kept select 1 as x, q1 from i8 group by grouping sets(1,2);
select x + 1 from (select 1 as x, q1 from i8 group by grouping sets(1,2)) s order by 1;
select n from (select 1 as x, q1, row_number() over (order by q1) as n from i8 group by grouping sets(1,2)) s order by 1;
-- HAVING without groups and aggregates is one row of constants: FROM is not read.
select 1 as one from i8 where 1 / (q1 - 123) = 1 having 1 < 2;
select 1 as one from i8 where 1 / (q1 - 123) = 1 having 1 > 2;
select 2 as two from i8 having true;
