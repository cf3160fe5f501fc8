-- A type that is a file of its own and a row of the table: everything follows from those.
create table places (id int primary key, at pg_lsn, seen pg_lsn[]);
insert into places values (1, '0/16AE7F7', '{0/1,0/2}'), (2, 'FFFFFFFF/FFFFFFFF', null), (3, 'a/0', '{}'),
  (4, null, '{A/0,NULL}'), (5, '80000000/1', '{80000000/1}'), (6, 'A/0', null);
select * from places order by at, id;
select at, count(*) from places group by at order by at desc nulls last;
select id from places where at > '9/FFFFFFFF' order by id;
select id from places where at = 'A/0' and at <> '0/0' order by id;
select a.id, b.id from places a join places b on a.at <= b.at and b.at < '90000000/0' order by 1, 2;
select id, '80000000/1' = any (seen) from places order by id;
create index on places (at);
select id from places where at between '0/0' and 'A/0' order by id;
update places set at = '1/1' where at = '80000000/1';
delete from places where at >= 'FFFFFFFF/0';
select id, at::text || '!', pg_typeof(at), at is null from places order by id;
select 'A/B'::text::pg_lsn, cast('0/0' as pg_lsn), '{1/2,3/4}'::pg_lsn[];
select ' 1/2'::pg_lsn;
select '1/'::pg_lsn;
select '123456789/1'::pg_lsn;
select '0x1/1'::pg_lsn;
select 'A/0'::pg_lsn + 'A/0'::pg_lsn;
select typname, typlen, typbyval, typalign, typstorage, typcategory, typarray from pg_type where typname in ('pg_lsn', '_pg_lsn') order by oid;
select oid, proname from pg_proc where oid between 3231 and 3236 order by oid;
select typname, typalign from pg_type where oid < 4000 and typname in ('bool', 'char', 'name', 'int2', 'int4', 'uuid', '_uuid', 'interval', '_interval', '_int8', '_text', 'numeric', 'record') order by typname;
drop table places;
