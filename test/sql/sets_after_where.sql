create table js (id int primary key, d jsonb, t text);
insert into js values (1, '{"a": 1}', 'a,b'), (2, '5', 'c'), (4, '[1, "two", 3.0, null]', null);
select e from js, jsonb_array_elements(d) e where id = 4;
select id, e from js, lateral jsonb_array_elements(js.d) e where js.id > 3 and e <> 'null' order by 2;
select id, e from js, jsonb_array_elements(d) e where jsonb_typeof(d) = 'array' order by 1, 2;
select id, k from js, jsonb_object_keys(d) k where id = 1;
select id, e.v, e.n from js, jsonb_array_elements(d) with ordinality as e(v, n) where id = 4 order by n;
select id, x from js, unnest(string_to_array(t, ',')) x where id < 3 order by 1, 2;
