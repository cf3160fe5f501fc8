create table ctt (id int primary key, b text, n numeric);
insert into ctt values (1, 'a,b', 1.5), (2, 'c', 2.25), (3, null, null);
with w as (select to_char(id, '99') || initcap(b) as b, id from ctt) select * from unnest(string_to_array((select b from w order by id limit 1), ',')) with ordinality;
with w as (select to_char(id, '99') || initcap(b) as b, id from ctt) select * from (select * from unnest(string_to_array((select b from w order by id limit 1), ',')) with ordinality) q order by 2 limit 3;
with w as (select to_char(id, '99') || initcap(b) as b, id * 1.5 as n, id from ctt) select greatest((select n from w order by id limit 1), id * 2.25) from ctt order by id limit 3;
with w as (select to_char(id, '99') || initcap(b) as b, id * 1.5 as n, id from ctt) select nullif((select n from w order by id limit 1), id * 1.5), coalesce((select n from w order by id limit 1), id) from ctt order by id limit 3;
with w as (select round(n, 1) as n, initcap(b) as b, id from ctt) select ctt.id, ctt.id between (select n from w order by id limit 1) and 7, (select n from w order by id desc limit 1 offset 1) + 1.00 from ctt order by 1 limit 2;
with w as (select id, sum(n) over (order by id) as s, string_agg(b, '+') over (order by id) as t from ctt) select least((select s from w order by id limit 1), n), greatest((select t from w order by id limit 1), b) from ctt order by id limit 3;
with w as (select format('%s-%s', id, b) as t, id from ctt) select a.t, b.t from w a join w b on a.id = b.id order by 1 limit 2;
