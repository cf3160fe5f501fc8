-- routes: auto row mixed
-- Keys that scans read of a table that the transaction has changed.
create table k (a int, b text, c numeric, d date, primary key (a, b));
insert into k select i / 5, 'b' || i % 5, i / 4.0, date '2020-01-01' + i from generate_series(0, 499) i;
begin;
insert into k values (3, 'zz', 1000, null), (200, 'b1', 1, null);
delete from k where a = 9;
update k set c = 0 where a = 4;
select count(*), sum(c) from k where a in (3, 4, 9, 200);
select count(*), sum(c) from k where a between 3 and 9 and b > 'b3';
select count(*), sum(c) from k where a > 97;
select x.b, y.c from k x join k y on y.a = x.a + 1 and y.b = x.b where x.a = 3 and y.a >= 4 order by 1;
select b, c from k where a = 3 and exists (select 1 from k y where y.a = 4 and y.b = k.b and y.c = 0) order by 1;
rollback;
select count(*), sum(c) from k where a in (3, 4, 9, 200);
