-- Functions of texts over whole vectors: few values that repeat, nulls, texts beyond ASCII.
create table texts (id int, few text, many text);
insert into texts select i, (array['Red', 'GRÜN', 'blau-Äther', '', null, 'x=1&y=22'])[1 + i % 6],
  case when i % 7 = 0 then null
       else 'https://' || case when i % 3 = 0 then 'www.' else '' end || 'host' || i % 11 || '.example/Straße/'
         || i || case when i % 5 = 0 then '?q=ä' || i else '' end end
from generate_series(1, 6000) i;
select few, lower(few), upper(few), initcap(few), count(*) from texts group by 1, 2, 3, 4 order by 1;
select lower(many), upper(many), initcap(many) from texts order by id limit 8;
select regexp_replace(many, '^https?://(?:www\.)?([^/]+)/.*$', '\1') as host, count(*) from texts group by host order by 1;
select regexp_replace(many, '([a-z])([0-9]+)', '<\2\1>', 'g') from texts order by id limit 5;
select regexp_replace(few, '[a-z]', '*', 'gi'), count(*) from texts group by 1 order by 1;
select substring(many from 'host([0-9]+)') as n, count(*) from texts group by 1 order by 1;
select substring(many from '[?]q=.*$') as q from texts where id < 20 order by id;
select count(*) filter (where many ~ 'host1\.|ä'), count(*) filter (where many !~ 'host1\.'),
  count(*) filter (where many ~* 'STRASSE|straße'), count(*) filter (where few !~* 'r.d') from texts;
select split_part(many, '/', 3), split_part(many, '/', -1), split_part(few, '', 1) from texts order by id limit 6;
select replace(few, 'e', '€'), count(*) from texts group by 1 order by 1;
select replace(many, few, '#') from texts order by id limit 6;
select regexp_replace(few, few, 'all') from texts where few = 'Red' or few is null order by id limit 3;
-- What is wrong with the pattern is told of the first text that is not null.
select few ~ '(' from texts where few is null and id < 0;
select regexp_replace(few, '(', '') from texts where few is null and id < 20;
select count(*) from (select few ~ '(' as x from texts where few is not null) t where x;
select split_part(few, ',', 0) from texts where few is null and id < 10;
select split_part(few, ',', 0) from texts;
select regexp_replace(few, 'a', 'b', 'z') from texts;
-- How a match is shared out among its groups.
select t, regexp_replace(t, '(a|ab)(c|bcd)(d*)', '[\1|\2|\3]'), regexp_replace(t, '(a*)(a*)(b?)', '[\1|\2|\3]'),
  regexp_replace(t, '(a*?)(a*)(b?)', '[\1|\2|\3]'), regexp_replace(t, '^(.*?)(b+)(.*)$', '[\1|\2|\3]'),
  regexp_replace(t, '^(.*)(b+)(.*)$', '[\1|\2|\3]'), regexp_replace(t, '((a|b)+)(c?)', '[\1|\2|\3]', 'g'),
  regexp_replace(t, '\m(\w+?)(\d*)\M', '[\1|\2]', 'g'), regexp_replace(t, '(?:x|(y))?(a(b)?)?', '[\1|\2|\3]')
from (values ('abcd'), ('aaab'), ('abab bb1'), ('xabc'), ('yab22 c'), (''), ('bbb'), ('äab')) v(t) order by t;
select few, reverse(few), count(*), min(reverse(many)), max(reverse(many)) from texts group by few order by few;
drop table texts;
