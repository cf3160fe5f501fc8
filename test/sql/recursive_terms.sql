-- Where a recursive term may refer to its query.
with recursive x(n) as (select 1::bigint union all select count(*) from x) select * from x;
with recursive x(n) as (select 1::numeric union all select sum(n) from x where n < 5) select * from x;
with recursive x(n) as (select 1 union all select n + 1 from x where n < 5 group by n) select * from x order by 1;
with recursive x(n) as (select 1 union all select 2 where exists (select 1 from x)) select * from x;
with recursive x(n) as (select 1 union all select (select max(n) + 1 from x)) select * from x;
with recursive x(n) as (select 1 union all select n + 1 from (select n from x where n < 4) y) select * from x order by 1;
with recursive x(n) as (select 1 union all select x.n + 1 from x left join (values (1), (2)) v(a) on v.a = x.n where x.n < 4) select * from x order by 1;
with recursive x(n) as (select 1 union all select v.a from (values (1), (2)) v(a) left join x on v.a = x.n) select * from x;
with recursive x(n) as (select 1 union all select x.n + 1 from (values (1), (2)) v(a) right join x on v.a = x.n where x.n < 4) select * from x order by 1;
with recursive x(n) as (select 1 union all select x.n + 1 from (values (1), (2)) v(a) full join x on v.a = x.n where x.n < 4) select * from x;
with recursive x(n) as (select 1 union all (select n + 1 from x where n < 3 intersect select 2)) select * from x;
with recursive x(n) as (select 1 union all (select 2 except select n from x)) select * from x;
with recursive x(n) as (select 1 union all select a.n from x a, x b) select * from x;
with recursive x(n) as (select 1 union select (n + 1) % 3 from x) select * from x order by 1;
