create table ar (id int primary key, a int[], n numeric[], d numeric(8,2), w numeric);
insert into ar values (1,'{1,2,3,4}','{1.5,2.25}', 1.25, 2.500),(2,'{}','{}', 3, 3.0),(3,null,null,null,null),(4,'{7}','{null}', -1.10, 7.77);
select id, a[2:3], a[:2], a[3:], a[:], a[0:1], a[-1:0], a[2:1], a[null:2], a[1:null], a[-5:-2] from ar order by id;
select id, greatest(d, w), least(d, w), greatest(d, w, null, 3.00), least(w, 2.5), greatest(null::numeric, w), greatest(d, 3.000), least(w, w * 1.0) from ar order by id;
select array(select w from ar order by id), array(select d from ar order by id), array(select d * w from ar order by id desc);
select a[id:2] from ar order by id;
