-- Seven ways to write one, one way to print it.
select '08:00:2b:01:02:03'::macaddr, '08-00-2b-01-02-03'::macaddr, '08002b:010203'::macaddr,
  '08002b-010203'::macaddr, '0800.2b01.0203'::macaddr, '0800-2b01-0203'::macaddr, '08002b010203'::macaddr, ' 8:0:2B:1:2:3 '::macaddr;
select '08:00:2b:01:02'::macaddr;
select '08:00:2b:01:02:03x'::macaddr;
select '108:0:2b:1:2:3'::macaddr;
select ''::macaddr;
create table cards (mac macaddr primary key, host text, before macaddr[] default '{}');
insert into cards values ('ff:ff:ff:ff:ff:ff', 'all', default), ('08:00:2b:01:02:03', 'a', '{08:00:2b:01:02:02,NULL}'),
  ('08:00:2b:01:02:04', 'b', default), ('00:00:00:00:00:00', 'none', '{ff:ff:ff:ff:ff:ff}');
insert into cards values ('0800.2b01.0203', 'again') on conflict (mac) do update set host = excluded.host returning *;
insert into cards values ('08002b010204', 'twice');
select * from cards order by mac;
select host from cards where mac > '08:00:2b:01:02:03' order by mac desc;
select host from cards where mac in ('0:0:0:0:0:0', 'ff-ff-ff-ff-ff-ff') order by host;
select a.host, b.host from cards a join cards b on b.mac = any (a.before) order by 1;
select count(distinct mac), bool_and(mac <= 'ff:ff:ff:ff:ff:ff') from cards;
select mac::text like '08:%', count(*) from cards group by 1 order by 1;
select typname, typlen, typbyval, typalign, typstorage, typcategory, typarray from pg_type where typname in ('macaddr', '_macaddr') order by oid;
drop table cards;
