-- routes: auto row
-- The columns' engine cannot plan these joins, so no other path can check the rows'.
set omendb.answer_check = 0;
create table d (x int, y int);
insert into d values (0,2),(1,null),(2,4),(3,5),(4,null),(5,null),(6,9);
select x, (select count(*) from d a left join d b on b.x = a.x and b.x > q.x) from d q order by 1;
select x, (select count(*) from d a full join (select x from d where x > q.x) b on a.x = b.x) from d q order by 1;
select x, (select count(b.x) from d a left join (select x from d where x > q.x limit 3) b on b.x = a.x) from d q order by 1;
select x, (select count(*) from d a full join (select x from d where x > q.x limit 2) b on a.x = b.x and a.x > q.x) from d q order by 1;
