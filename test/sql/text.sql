create table s (id int primary key, t text, v varchar(10), c char(6), u uuid, by bytea, j json, jb jsonb);
insert into s values
  (1, '  pad', 'back/slash', 'a', '00000000-0000-0000-0000-000000000008', null, null, null),
  (2, 'it''s', '-5', 'z z', '00000000-0000-0000-0000-000000000001', null, null, null),
  (3, 'it''s', '日本語', 'ab', '00000000-0000-0000-0000-000000000003', null, null, null),
  (4, '100', null, 'é', '00000000-0000-0000-0000-000000000009', null, null, null),
  (5, '  pad', '  pad', '', '00000000-0000-0000-0000-000000000003', null, null, null),
  (6, '-5', 'x', 'z z', '00000000-0000-0000-0000-000000000009', null, null, null),
  (7, null, 'back/slash', null, null, null, null, null),
  (8, '  pad', 'Special re', '', '00000000-0000-0000-0000-000000000005', null, null, null),
  (9, 'a%b', 'x', 'abcdef', '00000000-0000-0000-0000-000000000002', null, null, null),
  (10, 'back/slash', 'abc', 'ab', '00000000-0000-0000-0000-000000000003', null, null, null),
  (11, 'a_b', 'x', '', '00000000-0000-0000-0000-000000000000', null, null, null),
  (12, '-5', 'abc', 'abcdef', null, null, null, null),
  (13, 'a_b', 'a_b', 'ab', '00000000-0000-0000-0000-000000000006', null, null, null),
  (14, 'a_b', 'héllo', 'z z', '00000000-0000-0000-0000-000000000008', null, null, null),
  (15, 'héllo', 'héllo', 'é', '00000000-0000-0000-0000-000000000001', null, null, null),
  (16, 'a%b', '1.5', 'a', '00000000-0000-0000-0000-000000000006', null, null, null),
  (17, 'a_b', null, null, '00000000-0000-0000-0000-000000000000', null, null, null),
  (18, 'x', 'back/slash', 'z z', '00000000-0000-0000-0000-000000000003', null, null, null),
  (19, '1.5', 'x', 'ab', '00000000-0000-0000-0000-000000000002', null, null, null),
  (20, '  pad', '100', 'a', '00000000-0000-0000-0000-000000000001', null, null, null),
  (21, '100', 'a_b', 'é', '00000000-0000-0000-0000-000000000009', null, null, null),
  (22, '100', '1.5', 'z z', '00000000-0000-0000-0000-000000000003', null, null, null),
  (23, '日本語', 'abc', null, '00000000-0000-0000-0000-000000000005', null, null, null),
  (24, 'zz top', null, 'é', '00000000-0000-0000-0000-000000000004', null, null, null),
  (25, 'ABC', '1.5', 'abc', '00000000-0000-0000-0000-000000000008', null, null, null),
  (26, '', '1.5', 'ab', '00000000-0000-0000-0000-000000000008', null, null, null),
  (27, '-5', 'héllo', 'ab', '00000000-0000-0000-0000-000000000000', null, null, null),
  (28, '100', 'a_b', 'z z', '00000000-0000-0000-0000-000000000009', null, null, null),
  (29, 'abc', '日本語', 'é', '00000000-0000-0000-0000-000000000009', null, null, null),
  (30, 'abc', '  pad', 'abc', null, null, null, null),
  (31, '  pad', 'abc', 'a', '00000000-0000-0000-0000-000000000000', null, null, null),
  (32, '', 'it''s', 'z z', '00000000-0000-0000-0000-000000000007', null, null, null),
  (33, 'foo bar baz', 'Special re', 'ab', '00000000-0000-0000-0000-000000000001', null, null, null),
  (34, 'abc', 'a%b', '', '00000000-0000-0000-0000-000000000002', null, null, null),
  (35, 'Special requests', 'a%b', null, '00000000-0000-0000-0000-000000000000', null, null, null),
  (36, 'pad  ', 'back/slash', 'z z', '00000000-0000-0000-0000-000000000001', null, null, null),
  (37, 'a_b', '日本語', 'é', '00000000-0000-0000-0000-000000000006', null, null, null),
  (38, 'x', '1.5', '', '00000000-0000-0000-0000-000000000001', null, null, null),
  (39, 'a_b', 'x', '', '00000000-0000-0000-0000-000000000001', null, null, null),
  (40, '1.5', 'Special re', 'a', '00000000-0000-0000-0000-000000000000', null, null, null),
  (41, 'x', 'pad  ', 'z z', '00000000-0000-0000-0000-000000000005', null, null, null),
  (42, '日本語', '  pad', null, '00000000-0000-0000-0000-000000000003', null, null, null),
  (43, null, null, 'é', '00000000-0000-0000-0000-000000000007', null, null, null),
  (44, 'a_b', 'abc', 'a', '00000000-0000-0000-0000-000000000006', null, null, null),
  (45, null, '1.5', 'z z', '00000000-0000-0000-0000-000000000007', null, null, null);

select id, t, v, c, u from s order by id;
select id, length(t), length(v), length(c), upper(t), lower(t), t || v, v || c, t || 5, c || '|' from s order by id;
select id, substring(t from 1 for 2), substring(t from 2), substring(t, 0, 3), substr(t, -1, 3), left(t, 2), right(t, 2), left(t,-1), position('b' in t), strpos(t,'a') from s order by id;
select id from s where t like 'a%' order by id;
select id from s where t like '%a\%b' order by id;
select id from s where t like 'a_b' order by id;
select id from s where t not like '%o%' order by id;
select id from s where t ilike 'ABC' order by id;
select id from s where c like 'ab%' order by id;
select id from s where c like 'ab    ' order by id;
select id from s where c like 'ab' order by id;
select id from s where t like v order by id;
select id from s where t like 'x#%' escape '#' order by id;
select id from s where t ~ '^[a-z]+$' order by id;
select id from s where t ~* 'ABC' order by id;
select id from s where c = 'ab' order by id;
select id from s where c = 'ab   ' order by id;
select id from s where c < v order by id;
select id from s where v = t order by id;
select id, c::text || 'x', c::varchar(3), v::char(3), t::varchar(2), t::char(4) || '|' , 'abc'::char(5) || '|' from s order by id;
select t, count(*) from s group by t order by t;
select c, count(*) from s group by c order by c;
select min(t), max(t), min(c), max(v) from s;
select id from s order by t desc, id;
select id from s order by c, v desc nulls last, id;
select distinct t from s order by t;
select u, count(*) from s group by u order by u;
select id from s where u = '00000000-0000-0000-0000-000000000003' order by id;
select id, trim(t), ltrim(t), rtrim(t), btrim(t, 'ax'), lpad(t, 6, '*'), rpad(t, 6), replace(t,'a','b'), reverse(t), repeat(t,2), initcap(t), concat(t,v,1), concat_ws('-',t,v), md5(t), ascii(t), split_part(t,' ',2), translate(t,'abc','xyz') from s order by id;
select id, t::int from s where t in ('100','-5') order by id;
select t::int from s where t = 'abc';
select t::numeric(5,1) from s where t = '1.5';
select t::bool from s where t='x';
select id, t > 'b', t < v, t between 'a' and 'b' from s order by id;
select id, coalesce(t, v, 'none'), nullif(t, ''), greatest(t, v), least(t, v) from s order by id;
select string_agg(t, ', ' order by t, id) from s;
select string_agg(distinct t, ',' order by t) from s;
select string_agg(t, v order by id) from s;
select count(*) from s where t in ('abc','ABC','zz top') and v not in ('x');
select case when t like 'a%' then 'A' when t is null then 'N' else 'O' end k, count(*) from s group by 1 order by 1;
select 'a' < 'B', 'a' = 'A', 'é' > 'z';
select md5(''), length('日本語'), char_length('ab'), octet_length('é'), upper('é');
