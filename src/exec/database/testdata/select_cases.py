#!/usr/bin/env python3
"""Writes select_cases.inc: queries with PostgreSQL 15's answers, for every path.

usage: select_cases.py HOST PORT USER  (a server whose database can be written to)
A query that begins with `=` has a total order; the others are compared as multisets.
"""
import pathlib
import subprocess
import sys

SETUP = """
create table dept (id int primary key, name text not null, budget numeric(12,2));
create table emp (id int primary key, name varchar(20), dept_id int, salary numeric(10,2),
                  boss int, hired date, rate float8, active boolean, big bigint, tags text[]);
create index emp_dept on emp (dept_id, salary desc);
create unique index emp_name on emp (name);
create table pair (a int, b text, c int, primary key (a, b));
create table bag (x int, y text);
insert into dept values (1, 'eng', 1000.50), (2, 'ops', 200), (3, 'hr', null), (4, 'empty', 0);
insert into emp values
 (1, 'ann', 1, 120.50, null, '2020-01-15', 1.5, true, 10000000000, '{a,b}'),
 (2, 'bob', 1, 100, 1, '2020-03-01', 2.25, true, null, '{}'),
 (3, 'cid', 2, 80.25, 1, '2021-07-04', null, false, -5, null),
 (4, 'dee', 2, 80.25, 3, '2019-11-30', -0.0, null, 7, '{b,NULL}'),
 (5, 'eve', 3, null, 3, null, 'NaN', true, 0, '{c}'),
 (6, 'fay', null, 55, 2, '2022-02-28', 1e10, false, 42, '{x,y,z}'),
 (7, null, 1, 300, 1, '2020-01-15', 3, true, 1, null);
insert into pair select i / 4, 'k' || (i % 4), i * 10 from generate_series(0, 39) i;
insert into bag values (1, 'a'), (1, 'a'), (2, 'b'), (2, null), (null, 'c'), (null, null), (3, 'a');
"""

QUERIES = """
select * from dept
select id, name from emp where id = 3
select id from emp where id = 99
select id from emp where id = null
select id from emp where id in (1, 3, 5, 99, null)
select id from emp where id = any(array[2,4,4,null])
select id from emp where id not in (1, 2)
select id from emp where id not in (1, null)
select id from emp where id between 2 and 4
select id from emp where id > 5 or id < 2
select id from emp where 3 >= id
select id from emp where id > 3000000000
select id from emp where id < 3000000000
select id from emp where id = 3000000000
select id from emp where id <> 3
select id from emp where dept_id = 1 and salary > 100
select id from emp where dept_id = 2 and salary = 80.25
select id from emp where dept_id is null
select id from emp where dept_id = 1 and salary is not null
select id from emp where dept_id in (1,3) and salary < 200
select id from emp where name = 'bob'
select id from emp where name > 'c'
select id from emp where name is null
select id from emp where name like 'a%'
select id from emp where not active
select id from emp where active
select id from emp where active is not true
select id from emp where active is unknown
select id, dept_id, salary from emp where dept_id = 1
select dept_id, salary from emp where dept_id is not null
select a, b, c from pair where a = 3
select a, b, c from pair where a = 3 and b = 'k2'
select a, b, c from pair where a = 3 and b > 'k1'
select a, b, c from pair where a in (1, 2) and b in ('k0', 'k3')
select a, b from pair where a >= 8
=select a, b from pair where a = 5 order by b desc
=select a, b, c from pair order by a desc, b desc limit 5
=select a, b, c from pair order by a, b limit 3 offset 2
=select a, b, c from pair order by a desc, b limit 3
=select id from emp order by id
=select id from emp order by id desc limit 2
=select id, salary from emp where dept_id = 1 order by salary desc
=select id, salary from emp where dept_id = 1 order by salary, id
=select id, salary from emp order by salary, id
=select id, salary from emp order by salary desc, id
=select id, salary from emp order by salary nulls first, id
=select id, salary from emp order by salary desc nulls last, id limit 4
=select id, rate from emp order by rate, id
=select id, name from emp order by name, id
=select name, id from emp order by 2 desc
=select id * 2 as d from emp order by d desc
=select id from emp order by -id limit 3
=select id from emp order by id limit 0
=select id from emp order by id limit null offset 5
select count(*) from emp
select count(*), count(salary), sum(salary), min(salary), max(salary) from emp
select avg(salary), avg(id), sum(id), sum(big) from emp
select sum(rate), min(rate), max(rate) from emp where id < 5
select count(*), sum(id), max(name) from emp where id > 100
select dept_id, count(*), sum(salary) from emp group by dept_id
select dept_id, avg(salary) from emp group by dept_id having count(*) > 1
select active, count(*) from emp group by active
select dept_id % 2 as odd, sum(id) from emp group by dept_id % 2
select dept_id % 2 + 1, count(*) from emp group by dept_id % 2
=select dept_id, count(*) as n from emp group by dept_id order by n desc, dept_id
=select d.name, count(e.id) from dept d left join emp e on e.dept_id = d.id group by d.name order by d.name
=select d.id, d.name, count(e.id) from dept d left join emp e on e.dept_id = d.id group by d.id order by d.id
select count(distinct dept_id), count(distinct active), sum(distinct salary) from emp
select string_agg(name, ',' order by name desc) from emp
select array_agg(id order by salary desc nulls last, id) from emp
select string_agg(distinct y, '-' order by y) from bag
select count(*) filter (where active), sum(salary) filter (where dept_id = 1) from emp
select bool_and(active), bool_or(active), every(id > 0) from emp
select max(id) from emp
select min(id) from emp where id > 2
select max(id) from emp where false
select min(name), max(hired), min(hired) from emp
select max(salary) from emp where dept_id = 1
select count(*) from emp having count(*) > 100
select 1 from emp having true
select distinct dept_id from emp
select distinct x, y from bag
=select distinct dept_id from emp order by dept_id desc
=select distinct on (dept_id) dept_id, id from emp order by dept_id, id desc
=select distinct on (y) y, x from bag order by y nulls first, x nulls last
select e.name, d.name from emp e join dept d on d.id = e.dept_id
select e.name, d.name from emp e, dept d where d.id = e.dept_id and e.salary > 90
select e.name, d.name from emp e left join dept d on d.id = e.dept_id
select e.name, d.name from emp e right join dept d on d.id = e.dept_id
select e.name, d.name from emp e full join dept d on d.id = e.dept_id
select e.name, d.name from emp e left join dept d on d.id = e.dept_id and d.budget > 500
select e.name, d.name from emp e left join dept d on d.id = e.dept_id where d.budget > 500
select e.name, d.name from emp e left join dept d on d.id = e.dept_id where d.id is null
select e.name, b.name from emp e left join emp b on b.id = e.boss
select e.name, b.name, d.name from emp e join emp b on b.id = e.boss join dept d on d.id = b.dept_id
select e.name, b.name, d.name from emp e left join emp b on b.id = e.boss left join dept d on d.id = b.dept_id
select d.name, e.name from dept d cross join emp e where e.id < 3
select count(*) from emp a, emp b, emp c
select a.id, b.id from emp a join emp b on a.id < b.id and a.dept_id = b.dept_id
select a.id, b.id from emp a left join emp b on a.id + 1 = b.id and b.active
select a.x, b.x from bag a join bag b on a.x = b.x
select a.y, b.y from bag a full join bag b on a.y = b.y and a.x < b.x
select * from emp e join dept using (id) where e.id < 3
select id, d.name from emp natural join (select id, 'n' as name from dept) d
select p.a, e.id from pair p join emp e on e.id = p.a and p.b = 'k1'
select d.id, x.n from dept d, lateral (select count(*) as n from emp e where e.dept_id = d.id) x
select d.id, x.id from dept d left join lateral (select e.id from emp e where e.dept_id = d.id order by e.id limit 1) x on true
select d.id, g from dept d, generate_series(1, d.id) g
select * from generate_series(3, 1, -1)
select * from generate_series(1, 3) with ordinality
select generate_series(1, 3), id from dept where id < 3
select id, generate_series(1, id) + 10 from dept
select * from (values (1, 'a'), (2, null)) v(n, t)
=select n + 1, upper(t) from (values (1, 'a'), (2, 'b')) v(n, t) order by 1
select name from emp where dept_id in (select id from dept where budget > 100)
select name from emp where dept_id not in (select id from dept where budget > 500)
select name from emp where dept_id not in (select nullif(id, 3) from dept)
select name from emp where (dept_id, id) in (select id, id from dept)
select name from dept d where exists (select 1 from emp e where e.dept_id = d.id and e.active)
select name from dept d where not exists (select 1 from emp e where e.dept_id = d.id)
select name, (select count(*) from emp e where e.dept_id = d.id) from dept d
select name, (select max(salary) from emp) - salary from emp
select (select name from emp where id = 2)
select (select name from emp where id = 99)
select (select name from emp)
select id from emp where salary > (select avg(salary) from emp)
select id from emp e where salary >= all (select salary from emp x where x.dept_id = e.dept_id and salary is not null)
select id from emp where salary > any (select budget from dept)
select array(select id from dept order by id desc)
select id, array(select e.id from emp e where e.dept_id = d.id order by 1) from dept d
select dept_id from emp group by dept_id having sum(salary) > (select avg(salary) from emp)
select d.name, (select string_agg(e.name, ',' order by e.name) from emp e where e.dept_id = d.id and exists (select 1 from emp b where b.boss = e.id)) from dept d
with x as (select id, name from dept where id < 3) select * from x
with x as (select * from emp), y as (select count(*) as n from x) select x.id, y.n from x, y where x.id < 3
with x as (select id from emp) select a.id, b.id from x a join x b on a.id = b.id + 5
with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select * from t
with recursive t(n) as (select 1 union all select n + 1 from t) select * from t limit 3
with recursive t(n) as (select 1 union select (n * 2) % 7 from t) select n from t
with recursive chain as (select id, boss, 0 as depth from emp where boss is null union all select e.id, e.boss, c.depth + 1 from emp e join chain c on e.boss = c.id) select * from chain
select id from emp where id < 3 union select id from dept
select id from emp where id < 3 union all select id from dept
select x from bag intersect select id from dept
select x from bag intersect all select x from bag where y = 'a'
select x from bag except select 2
select x from bag except all select 1
=select id, 'e' as k from emp where id < 3 union all select id, 'd' from dept order by k desc, id
=(select id from emp order by id desc limit 2) union all (select id from dept order by id limit 1) order by 1
select * from (select dept_id, sum(salary) as s from emp group by dept_id) t where s > 100
select * from (select id, name from emp) t where id = 4
select * from (select id as k, dept_id + 1 as d from emp) t where k > 2 and d = 3
select * from (select distinct dept_id from emp) t where dept_id > 1
select * from (select id from emp order by id limit 3) t where id > 1
select case when salary > 100 then 'high' when salary > 60 then 'mid' else 'low' end, id from emp
select case dept_id when 1 then 'one' when 2 then 'two' end from emp
select coalesce(name, 'none'), nullif(dept_id, 1), greatest(id, dept_id, 3), least(salary, 90) from emp
select id is distinct from dept_id, dept_id is not distinct from null from emp
select id from emp where salary is distinct from 80.25
select tags[1], tags[9], tags[1:1], array_length(tags, 1) from emp
select array[id, dept_id] from emp
select id from emp where 'b' = any(tags)
select id from emp where 'b' <> all(tags)
select id::text || name, salary::int, hired::text, id::float8 / 2 from emp
select name::varchar(2), 12.345::numeric(5,1), '12'::int + 1 from emp where id = 1
select 7 / 2, 7 % 3, -7 / 2, 2 ^ 10, 7.0 / 2, 1 - 3
select sum(salary) / 3, round(avg(salary), 1) from emp
select date '2020-01-31' + 1, date '2020-03-01' - date '2020-02-01', hired + interval '1 month' from emp where id = 1
select extract(year from hired), date_trunc('month', hired) from emp where id < 4
select id from emp where hired >= '2020-01-15' and hired < date '2020-01-15' + 60
select id from emp where hired = '2020-01-15'
select upper(name), length(name), substr(name, 2), name || '!' from emp
select null = null, null and false, null or true, not null
select true and null, false or null
select 1 where 1 = 0
select 1 where null
select count(*) from (select 1 from emp where id < 0) t
select dept_id, grouping(dept_id), sum(id) from emp group by rollup (dept_id)
select id, row_number() over (order by id desc), sum(salary) over (partition by dept_id order by id) from emp
=select id, rank() over (order by salary desc nulls last) from emp order by 2, 1
select 1 / (select count(*) from emp where id > 100)
select sqrt(-1)
select id from emp limit -1
select id::int2 from (select 70000 as id) t
select name::int from emp where id = 1
""".strip().splitlines()


def answer(psql, query):
    done = subprocess.run(psql + ["-c", query], capture_output=True, text=True)
    if done.returncode == 0:
        return done.stdout
    state = [line for line in done.stderr.splitlines() if "ERROR:" in line][0]
    return "ERROR " + state.split("ERROR:")[1].strip() + "\n"


def main():
    host, port, user = sys.argv[1:4]
    psql = ["psql", "-h", host, "-p", port, "-U", user, "-XAtq", "-v", "VERBOSITY=verbose"]
    subprocess.run(psql + ["-c", "drop database if exists omen_select", "-c",
                           "create database omen_select"], check=True)
    psql += ["-d", "omen_select"]
    subprocess.run(psql + ["-c", SETUP], check=True, stdout=subprocess.DEVNULL)
    out = ["// Made by select_cases.py; do not edit."]
    out.append('constexpr const char* kSelectSetup = R"~(' + SETUP.strip() + ')~";')
    out.append("constexpr SelectCase kSelectCases[] = {")
    for line in QUERIES:
        ordered = line.startswith("=")
        query = line.lstrip("=")
        expected = answer(psql, query)
        out.append('    {%s, R"~(%s)~",\n     R"~(%s)~"},' %
                   ("true" if ordered else "false", query, expected))
    out.append("};\n")
    pathlib.Path(__file__).with_suffix(".inc").write_text("\n".join(out))
    subprocess.run(psql[:-2] + ["-c", "drop database omen_select"], check=True)


if __name__ == "__main__":
    main()
