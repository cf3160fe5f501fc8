-- routes: auto
-- Columns cannot hold a byte that is no text; rows do.
create table letters (id int primary key, t text, c "char");
insert into letters values (1, 'a', 'a'), (2, '\377', '\377'), (3, 'é', 'é'), (4, '\000', '\000');
select id, c, t::"char", c < 'a', c = '\377', c::text, c::int from letters order by id;
select id, t from letters order by id;
select count(*), max(c::text) from letters where c > 'z';
select array['a'::"char", '\377'::"char"], to_json('\377'::"char"), format('%s', '\303'::"char"), concat('\377'::"char", 'a');
drop table letters;
