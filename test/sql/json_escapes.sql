-- What reads a part of json reads all of its strings: surrogates that do not pair, and \u0000.
create table escapes (id int primary key, j json);
insert into escapes values (1, '{"a":"\ud83d\ud83d"}'), (2, '{"a":"\ude04\ud83d"}'), (3, '{"a":"\ud83dX"}'),
  (4, '{"a":"\u0000"}'), (5, '{"\u0000":1,"b":2}'), (6, '["\ud83d","x"]'), (7, '"\u0000"'),
  (8, '{"b":2,"\ud83d":1}'), (9, '{"b":"ok","c":"\\u0000"}'), (10, '{"a":"\ud83d\ude04\u00e9\u0022","\u0061":"\n"}');
select j -> 'a' from escapes where id = 1;
select j ->> 'b' from escapes where id = 2;
select j #> '{b}' from escapes where id = 3;
select j -> 'a' from escapes where id = 4;
select j ->> 'b' from escapes where id = 5;
select j -> 1 from escapes where id = 6;
select j ->> 1 from escapes where id = 6;
select j #>> '{}' from escapes where id = 7;
select j -> 0 from escapes where id = 7;
select json_extract_path_text(j, 'b') from escapes where id = 8;
select id, j ->> 'b', j ->> 'c', j -> 'a', j ->> 'a' from escapes where id > 8 order by id;
select j #> array['a', null] from escapes where id = 1;
select id, json_typeof(j) from escapes order by id;
select json_array_length(j) from escapes where id = 6;
select json_array_elements(j) from escapes where id = 6;
select json_array_elements_text(j) from escapes where id = 6;
select json_array_elements_text(j) from escapes where id = 7;
select json_array_elements_text(j) from escapes where id = 8;
select json_object_keys(j) from escapes where id = 4;
select json_object_keys(j) from escapes where id = 6;
select json_object_keys(j) from escapes where id = 7;
select json_object_keys(j) from escapes where id = 10;
select json_strip_nulls(j) from escapes where id = 3;
select json_strip_nulls(j) from escapes where id = 10;
select j::jsonb from escapes where id = 1;
select id, j::jsonb ->> 'a' from escapes where id = 10;
select json ' {"a" : 1} ' #> '{}', json '[1, [2]] ' #>> '{1}';
-- Of rows with several faults any may be told: here they are of one kind.
delete from escapes where id > 3;
select count(*) from escapes where j ->> 'a' = 'x';
drop table escapes;
