-- Names that need quotes, in what pg_indexes and pg_get_indexdef() show and in what is made of it.
create table "Order" (id int primary key, "Two Words" int, "select" text, plain int, unique ("select", plain));
create index "By Two" on "Order" ("Two Words" desc nulls last, plain);
create unique index by_plain on "Order" (plain) nulls not distinct;
select indexname, replace(indexdef, current_schema(), 's') from pg_indexes where tablename = 'Order' order by indexname collate "C";
select d from (select replace(pg_get_indexdef(indexrelid), current_schema(), 's') as d from pg_index where indrelid = '"Order"'::regclass) x order by d collate "C";
select d from (select pg_get_indexdef(indexrelid, 1, true) as d from pg_index where indrelid = '"Order"'::regclass) x order by d collate "C";
select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = '"Order"'::regclass order by conname collate "C";
create table "all" (k serial primary key, "user" int default 5);
alter table "all" alter "user" type text;
insert into "all" default values;
select k, "user" from "all";
drop table "all";
drop table "Order";
