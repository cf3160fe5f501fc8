-- Joins whose sides have no room in a statement's memory are looked up, row for row.
create table jl (id int primary key, k int, m int, t text);
create index on jl (k);
create table js (id int primary key, big int, qty int);
create index on js (big);
insert into jl select i, i % 500, i % 7, 'text of row ' || i from generate_series(1, 12000) i;
insert into js select i, i * 2, i % 50 from generate_series(1, 5000) i;
analyze jl, js;
set omendb.statement_memory = '192kB';
select count(*), sum(b.m), min(b.t) from js p join jl b on b.id = p.big;
select count(*), count(b.t), max(b.t) from js p left join jl b on b.id = p.big + 4000;
select count(*) from jl where exists (select 1 from js where js.big = jl.id and qty < m);
select count(*) from jl where not exists (select 1 from js where js.big = jl.id and qty < m);
select count(*) from jl where id in (select big from js where qty > 10);
select count(*) from jl where id not in (select id from js where qty > 10);
select count(*) from jl a join jl b on b.k = a.k and b.id = a.id + 500 where a.m = 3;
reset omendb.statement_memory;
select count(*), sum(b.m), min(b.t) from js p join jl b on b.id = p.big;
