// What binding gives, against what PostgreSQL 15 gave for the same statements.

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

constexpr Case kWriting[] = {
    {"insert into t (aid) select 'x'", "22P02@27 invalid input syntax for type integer: \"x\""},
    {"insert into t (aid) select true",
     "42804@27 column \"aid\" is of type integer but expression is of type boolean"},
    {"insert into t (aid) select a, b from u",
     "42601@30 INSERT has more expressions than target columns"},
    {"insert into t (aid) select a from u order by 1", ""},
    {"insert into t (aid) select distinct a from u union select 1", ""},
    {"insert into t (aid) with x as (select 1 as q) select q from x", ""},
    {"with x as (select 1 as q) insert into t (aid) select q from x returning aid, "
     "bid + 1",
     "aid integer, ?column? integer"},
    {"insert into t default values", ""},
    {"insert into t (aid, bid) values (1, default), (default, 2)", ""},
    {"insert into t values (1) on conflict do nothing", ""},
    {"insert into t values (1) on conflict (aid) do nothing", ""},
    {"insert into t values (1) on conflict (nosuch) do nothing",
     "42703@37 column \"nosuch\" does not exist"},
    {"insert into t values (1) on conflict on constraint t_pkey do update set bid = "
     "excluded.bid",
     ""},
    {"insert into t values (1) on conflict on constraint nosuch do nothing",
     "42704@-1 constraint \"nosuch\" for table \"t\" does not exist"},
    {"insert into t values (1) on conflict do update set bid = 1",
     "42601@25 ON CONFLICT DO UPDATE requires inference specification or constraint "
     "name"},
    {"insert into t as x values (1) on conflict (aid) do update set bid = x.bid + "
     "excluded.bid where x.bid > 1",
     ""},
    {"insert into t values (1) on conflict (aid) do update set bid = $1, abalance = "
     "default",
     " | $1 integer"},
    {"insert into nosuch values (1)", "42P01@12 relation \"nosuch\" does not exist"},
    {"insert into t values (1) returning nosuch", "42703@35 column \"nosuch\" does not exist"},
    {"insert into t values (1) returning *, aid as x",
     "aid integer, bid integer, abalance integer, filler character(84), x integer"},
    {"insert into t values (aid)", "42703@22 column \"aid\" does not exist"},
    {"insert into t (aid) values ((select max(aid) from t))", ""},
    {"update t set nosuch = 1", "42703@13 column \"nosuch\" of relation \"t\" does not exist"},
    {"update t set aid = 'x'", "22P02@19 invalid input syntax for type integer: \"x\""},
    {"update t set aid = true",
     "42804@19 column \"aid\" is of type integer but expression is of type boolean"},
    {"update t set aid = 1, aid = 2", "42601@-1 multiple assignments to same column \"aid\""},
    {"update t set bid = u.a from u where u.id = t.aid", ""},
    {"update t set (bid, abalance) = (1, 2)", ""},
    {"update t set (bid, abalance) = (select 1, 2)", ""},
    {"update t set (bid, abalance) = (select 1)",
     "42601@31 number of columns does not match number of values"},
    {"update t set (bid, abalance) = row(1, default)", ""},
    {"update t x set bid = x.bid + 1 where x.aid = $1 returning x.*",
     "aid integer, bid integer, abalance integer, filler character(84) | $1 integer"},
    {"update t x set bid = t.bid",
     "42P01@21 invalid reference to FROM-clause entry for table \"t\""},
    {"update t set bid = sum(abalance)", "42803@19 aggregate functions are not allowed in UPDATE"},
    {"update t set bid = default where aid in (select a from u)", ""},
    {"update t set bid = $1, filler = $2, abalance = $3 + 1", " | $1 integer $2 bpchar $3 integer"},
    {"update u set c = $1, d = $2, e = $3, f = $4",
     " | $1 numeric $2 double precision $3 boolean $4 date"},
    {"with x as (select 1 as q) update t set bid = q from x", ""},
    {"delete from t using u where u.id = t.aid returning t.aid", "aid integer"},
    {"delete from t where aid = nosuch", "42703@26 column \"nosuch\" does not exist"},
    {"delete from t x where t.aid = 1",
     "42P01@22 invalid reference to FROM-clause entry for table \"t\""},
    {"delete from nosuch", "42P01@12 relation \"nosuch\" does not exist"},
    {"select * from t where aid = 1 for update of nosuch",
     "42P01@44 relation \"nosuch\" in FOR UPDATE clause not found in FROM clause"},
    {"select count(*) from t for update",
     "0A000@-1 FOR UPDATE is not allowed with aggregate functions"},
    {"select distinct aid from t for update",
     "0A000@-1 FOR UPDATE is not allowed with DISTINCT clause"},
    {"select aid from t group by aid for update",
     "0A000@-1 FOR UPDATE is not allowed with GROUP BY clause"},
    {"select 1 from t join u on nosuch = 1", "42703@26 column \"nosuch\" does not exist"},
    {"select 1 from t join u using (nosuch)",
     "42703@-1 column \"nosuch\" specified in USING clause does not exist in left "
     "table"},
    {"select * from pair p1 join pair p2 using (x) join pair p3 using (y)",
     "42702@-1 common column name \"y\" appears more than once in left table"},
    {"select x from pair p1 join pair p2 on true", "42702@7 column reference \"x\" is ambiguous"},
    {"select * from (select 1)", "42601@14 subquery in FROM must have an alias"},
    {"select * from (values (1))", "42601@14 VALUES in FROM must have an alias"},
    {"select * from (values (1), (1, 2)) v", "42601@28 VALUES lists must all be the same length"},
    {"select * from (select 1 as a) s (x, y)",
     "42P10@-1 table \"s\" has 1 columns available but 2 columns specified"},
    {"select s.a from (select 1 as a) s (x)", "42703@7 column s.a does not exist"},
    {"select * from t x (a, b) where a = 1",
     "a integer, b integer, abalance integer, filler character(84)"},
    {"with x as (select 1), x as (select 2) select 1",
     "42712@22 WITH query name \"x\" specified more than once"},
    {"with x as (select * from x) select * from x", "42P01@25 relation \"x\" does not exist"},
    {"with recursive x as (select * from x) select * from x",
     "42P19@15 recursive query \"x\" does not have the form non-recursive-term "
     "UNION [ALL] recursive-term"},
    {"with recursive x(n) as (select 1 union all select n + 1.5 from x) select * "
     "from x",
     "42804@31 recursive query \"x\" column 1 has type integer in non-recursive "
     "term but type numeric overall"},
    {"with recursive x(n) as (select 1 union all select a.n from x a, x b) select * "
     "from x",
     "42P19@64 recursive reference to query \"x\" must not appear more than once"},
    {"with x(a, b) as (select 1) select * from x",
     "42P10@5 WITH query \"x\" has 1 columns available but 2 columns specified"},
    {"select a.aid from t a left join lateral (select b.aid) c on true",
     "42P01@48 missing FROM-clause entry for table \"b\""},
    {"select * from t, (select t.aid) s",
     "42P01@25 invalid reference to FROM-clause entry for table \"t\""},
    {"select * from t right join lateral (select t.aid) s on true",
     "42P10@43 invalid reference to FROM-clause entry for table \"t\""},
    {"select grouping(aid) from t group by bid",
     "42803@16 arguments to GROUPING must be grouping expressions of the associated "
     "query level"},
    {"select grouping(bid) from t group by bid", "grouping integer"},
    {"select bid from t group by rollup (bid) having grouping(bid) = 0", "bid integer"},
    {"select distinct aid from t order by bid",
     "42P10@36 for SELECT DISTINCT, ORDER BY expressions must appear in select list"},
    {"select distinct on (aid) aid from t order by bid",
     "42P10@20 SELECT DISTINCT ON expressions must match initial ORDER BY expressions"},
    {"select j from v group by j",
     "42883@25 could not identify an equality operator for type json"},
    {"select distinct j from v", "42883@16 could not identify an equality operator for type json"},
    {"select j from v order by j",
     "42883@25 could not identify an ordering operator for type json"},
    {"select j = j from v", "42883@9 operator does not exist: json = json"},
    {"select j from v union select j from v",
     "42883@7 could not identify an equality operator for type json"},
    {"select substring('abc', 1, 'x')", "22P02@27 invalid input syntax for type integer: \"x\""},
    {"select extract(nosuch from f) from u", "extract numeric"},
    {"select interval '1' nosuch", "nosuch interval"},
    {"select date 'x'", "22007@12 invalid input syntax for type date: \"x\""},
    {"select timestamp '2020-01-01 25:00'",
     "22008@17 date/time field value out of range: \"2020-01-01 25:00\""},
    {"select 1 = any (1)", "42809@9 op ANY/ALL (array) requires array on right side"},
    {"select 1 = any (array['x'])", "42883@9 operator does not exist: integer = text"},
    {"select 1 + any (array[1])", "42809@9 op ANY/ALL (array) requires operator to yield boolean"},
    {"select 'a' = any (array[1])", "22P02@7 invalid input syntax for type integer: \"a\""},
    {"select * from tv where twice > 1", "aid integer, twice integer"},
    {"select tv.aid, nosuch from tv", "42703@15 column \"nosuch\" does not exist"},
    {"select public.abs(1)", "42883@7 function public.abs(integer) does not exist"},
    {"select pg_catalog.abs(1), pg_catalog.lower('X')", "abs integer, lower text"},
    {"select nosuch.abs(1)", "3F000@7 schema \"nosuch\" does not exist"},
    {"select 1 operator(pg_catalog.+) 2", "?column? integer"},
    {"select 1 operator(nosuch.+) 2", "3F000@9 schema \"nosuch\" does not exist"},
    {"select 1 @@@ 2", "42883@9 operator does not exist: integer @@@ integer"},
    {"select !1", "42883@7 operator does not exist: ! integer"},
    {"select (1).x",
     "42809@8 column notation .x applied to type integer, which is not a composite "
     "type"},
    {"select aid.x from t", "42P01@7 missing FROM-clause entry for table \"aid\""},
    {"select t.*.x from t", "42601@13 improper use of \"*\" at or near \"from\""},
    {"select current_date(1)", "42601@19 syntax error at or near \"(\""},
    {"select a, count(*) over (partition by count(*)) from u group by a",
     "a integer, count bigint"},
    {"select avg(count(*)) over () from u group by a", "avg numeric"},
    {"select a from u having true",
     "42803@7 column \"u.a\" must appear in the GROUP BY clause or be used in an "
     "aggregate function"},
    {"select a from u having count(*) > 1",
     "42803@7 column \"u.a\" must appear in the GROUP BY clause or be used in an "
     "aggregate function"},
    {"select 1 having true", "?column? integer"},
    {"select u.id, u.b, count(*) from u group by u.id", "id bigint, b text, count bigint"},
    {"select u.id, t.bid, count(*) from u, t group by u.id",
     "42803@13 column \"t.bid\" must appear in the GROUP BY clause or be used in an "
     "aggregate function"},
    {"select (select count(*) from u where u.a = t.bid) from t group by t.bid", "count bigint"},
    {"select (select count(*) from u where u.a = t.aid) from t group by t.bid",
     "42803@43 subquery uses ungrouped column \"t.aid\" from outer query"},
    {"select exists (select 1 from u where u.a = t.aid) from t group by t.aid", "exists boolean"},
};

constexpr Case kTpch[] = {
    {"SELECT l_returnflag, l_linestatus, sum(l_quantity) AS sum_qty, "
     "sum(l_extendedprice) AS sum_base_price, sum(l_extendedprice * (1 - "
     "l_discount)) AS sum_disc_price, sum(l_extendedprice * (1 - l_discount) * (1 + "
     "l_tax)) AS sum_charge, avg(l_quantity) AS avg_qty, avg(l_extendedprice) AS "
     "avg_price, avg(l_discount) AS avg_disc, count(*) AS count_order FROM lineitem "
     "WHERE l_shipdate <= date '1998-12-01' - interval '90' day GROUP BY "
     "l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus",
     "l_returnflag character(1), l_linestatus character(1), sum_qty numeric, "
     "sum_base_price numeric, sum_disc_price numeric, sum_charge numeric, avg_qty "
     "numeric, avg_price numeric, avg_disc numeric, count_order bigint"},
    {"SELECT s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, "
     "s_comment FROM part, supplier, partsupp, nation, region WHERE p_partkey = "
     "ps_partkey AND s_suppkey = ps_suppkey AND p_size = 15 AND p_type LIKE "
     "'%BRASS' AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND "
     "r_name = 'EUROPE' AND ps_supplycost = ( SELECT min(ps_supplycost) FROM "
     "partsupp, supplier, nation, region WHERE p_partkey = ps_partkey AND s_suppkey "
     "= ps_suppkey AND s_nationkey = n_nationkey AND n_regionkey = r_regionkey AND "
     "r_name = 'EUROPE') ORDER BY s_acctbal DESC, n_name, s_name, p_partkey LIMIT 100",
     "s_acctbal numeric(15,2), s_name character(25), n_name character(25), "
     "p_partkey integer, p_mfgr character(25), s_address character varying(40), "
     "s_phone character(15), s_comment character varying(101)"},
    {"SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount)) AS revenue, "
     "o_orderdate, o_shippriority FROM customer, orders, lineitem WHERE "
     "c_mktsegment = 'BUILDING' AND c_custkey = o_custkey AND l_orderkey = "
     "o_orderkey AND o_orderdate < date '1995-03-15' AND l_shipdate > date "
     "'1995-03-15' GROUP BY l_orderkey, o_orderdate, o_shippriority ORDER BY "
     "revenue DESC, o_orderdate LIMIT 10",
     "l_orderkey integer, revenue numeric, o_orderdate date, o_shippriority integer"},
    {"SELECT o_orderpriority, count(*) AS order_count FROM orders WHERE o_orderdate "
     ">= date '1993-07-01' AND o_orderdate < date '1993-07-01' + interval '3' month "
     "AND EXISTS (SELECT * FROM lineitem WHERE l_orderkey = o_orderkey AND "
     "l_commitdate < l_receiptdate) GROUP BY o_orderpriority ORDER BY o_orderpriority",
     "o_orderpriority character(15), order_count bigint"},
    {"SELECT n_name, sum(l_extendedprice * (1 - l_discount)) AS revenue FROM "
     "customer, orders, lineitem, supplier, nation, region WHERE c_custkey = "
     "o_custkey AND l_orderkey = o_orderkey AND l_suppkey = s_suppkey AND "
     "c_nationkey = s_nationkey AND s_nationkey = n_nationkey AND n_regionkey = "
     "r_regionkey AND r_name = 'ASIA' AND o_orderdate >= date '1994-01-01' AND "
     "o_orderdate < date '1994-01-01' + interval '1' year GROUP BY n_name ORDER BY "
     "revenue DESC",
     "n_name character(25), revenue numeric"},
    {"SELECT sum(l_extendedprice * l_discount) AS revenue FROM lineitem WHERE "
     "l_shipdate >= date '1994-01-01' AND l_shipdate < date '1994-01-01' + interval "
     "'1' year AND l_discount BETWEEN 0.06 - 0.01 AND 0.06 + 0.01 AND l_quantity < 24",
     "revenue numeric"},
    {"SELECT supp_nation, cust_nation, l_year, sum(volume) AS revenue FROM (SELECT "
     "n1.n_name AS supp_nation, n2.n_name AS cust_nation, extract(year FROM "
     "l_shipdate) AS l_year, l_extendedprice * (1 - l_discount) AS volume FROM "
     "supplier, lineitem, orders, customer, nation n1, nation n2 WHERE s_suppkey = "
     "l_suppkey AND o_orderkey = l_orderkey AND c_custkey = o_custkey AND "
     "s_nationkey = n1.n_nationkey AND c_nationkey = n2.n_nationkey AND ((n1.n_name "
     "= 'FRANCE' AND n2.n_name = 'GERMANY') OR (n1.n_name = 'GERMANY' AND n2.n_name "
     "= 'FRANCE')) AND l_shipdate BETWEEN date '1995-01-01' AND date '1996-12-31') "
     "AS shipping GROUP BY supp_nation, cust_nation, l_year ORDER BY supp_nation, "
     "cust_nation, l_year",
     "supp_nation character(25), cust_nation character(25), l_year numeric, revenue "
     "numeric"},
    {"SELECT o_year, sum(CASE WHEN nation = 'BRAZIL' THEN volume ELSE 0 END) / "
     "sum(volume) AS mkt_share FROM (SELECT extract(year FROM o_orderdate) AS "
     "o_year, l_extendedprice * (1 - l_discount) AS volume, n2.n_name AS nation "
     "FROM part, supplier, lineitem, orders, customer, nation n1, nation n2, region "
     "WHERE p_partkey = l_partkey AND s_suppkey = l_suppkey AND l_orderkey = "
     "o_orderkey AND o_custkey = c_custkey AND c_nationkey = n1.n_nationkey AND "
     "n1.n_regionkey = r_regionkey AND r_name = 'AMERICA' AND s_nationkey = "
     "n2.n_nationkey AND o_orderdate BETWEEN date '1995-01-01' AND date "
     "'1996-12-31' AND p_type = 'ECONOMY ANODIZED STEEL') AS all_nations GROUP BY "
     "o_year ORDER BY o_year",
     "o_year numeric, mkt_share numeric"},
    {"SELECT nation, o_year, sum(amount) AS sum_profit FROM (SELECT n_name AS "
     "nation, extract(year FROM o_orderdate) AS o_year, l_extendedprice * (1 - "
     "l_discount) - ps_supplycost * l_quantity AS amount FROM part, supplier, "
     "lineitem, partsupp, orders, nation WHERE s_suppkey = l_suppkey AND ps_suppkey "
     "= l_suppkey AND ps_partkey = l_partkey AND p_partkey = l_partkey AND "
     "o_orderkey = l_orderkey AND s_nationkey = n_nationkey AND p_name LIKE "
     "'%green%') AS profit GROUP BY nation, o_year ORDER BY nation, o_year DESC",
     "nation character(25), o_year numeric, sum_profit numeric"},
    {"SELECT c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) AS revenue, "
     "c_acctbal, n_name, c_address, c_phone, c_comment FROM customer, orders, "
     "lineitem, nation WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND "
     "o_orderdate >= date '1993-10-01' AND o_orderdate < date '1993-10-01' + "
     "interval '3' month AND l_returnflag = 'R' AND c_nationkey = n_nationkey GROUP "
     "BY c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment ORDER "
     "BY revenue DESC LIMIT 20",
     "c_custkey integer, c_name character varying(25), revenue numeric, c_acctbal "
     "numeric(15,2), n_name character(25), c_address character varying(40), c_phone "
     "character(15), c_comment character varying(117)"},
    {"SELECT ps_partkey, sum(ps_supplycost * ps_availqty) AS value FROM partsupp, "
     "supplier, nation WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey "
     "AND n_name = 'GERMANY' GROUP BY ps_partkey HAVING sum(ps_supplycost * "
     "ps_availqty) > ( SELECT sum(ps_supplycost * ps_availqty) * 0.0001 FROM "
     "partsupp, supplier, nation WHERE ps_suppkey = s_suppkey AND s_nationkey = "
     "n_nationkey AND n_name = 'GERMANY') ORDER BY value DESC",
     "ps_partkey integer, value numeric"},
    {"SELECT l_shipmode, sum(CASE WHEN o_orderpriority = '1-URGENT' OR "
     "o_orderpriority = '2-HIGH' THEN 1 ELSE 0 END) AS high_line_count, sum(CASE "
     "WHEN o_orderpriority <> '1-URGENT' AND o_orderpriority <> '2-HIGH' THEN 1 "
     "ELSE 0 END) AS low_line_count FROM orders, lineitem WHERE o_orderkey = "
     "l_orderkey AND l_shipmode IN ('MAIL', 'SHIP') AND l_commitdate < "
     "l_receiptdate AND l_shipdate < l_commitdate AND l_receiptdate >= date "
     "'1994-01-01' AND l_receiptdate < date '1994-01-01' + interval '1' year GROUP "
     "BY l_shipmode ORDER BY l_shipmode",
     "l_shipmode character(10), high_line_count bigint, low_line_count bigint"},
    {"SELECT c_count, count(*) AS custdist FROM (SELECT c_custkey, "
     "count(o_orderkey) FROM customer LEFT OUTER JOIN orders ON c_custkey = "
     "o_custkey AND o_comment NOT LIKE '%special%requests%' GROUP BY c_custkey) AS "
     "c_orders (c_custkey, c_count) GROUP BY c_count ORDER BY custdist DESC, "
     "c_count DESC",
     "c_count bigint, custdist bigint"},
    {"SELECT 100.00 * sum(CASE WHEN p_type LIKE 'PROMO%' THEN l_extendedprice * (1 "
     "- l_discount) ELSE 0 END) / sum(l_extendedprice * (1 - l_discount)) AS "
     "promo_revenue FROM lineitem, part WHERE l_partkey = p_partkey AND l_shipdate "
     ">= date '1995-09-01' AND l_shipdate < date '1995-09-01' + interval '1' month",
     "promo_revenue numeric"},
    {"WITH revenue (supplier_no, total_revenue) AS ( SELECT l_suppkey, "
     "sum(l_extendedprice * (1 - l_discount)) FROM lineitem WHERE l_shipdate >= "
     "date '1996-01-01' AND l_shipdate < date '1996-01-01' + interval '3' month "
     "GROUP BY l_suppkey) SELECT s_suppkey, s_name, s_address, s_phone, "
     "total_revenue FROM supplier, revenue WHERE s_suppkey = supplier_no AND "
     "total_revenue = (SELECT max(total_revenue) FROM revenue) ORDER BY s_suppkey",
     "s_suppkey integer, s_name character(25), s_address character varying(40), "
     "s_phone character(15), total_revenue numeric"},
    {"SELECT p_brand, p_type, p_size, count(DISTINCT ps_suppkey) AS supplier_cnt "
     "FROM partsupp, part WHERE p_partkey = ps_partkey AND p_brand <> 'Brand#45' "
     "AND p_type NOT LIKE 'MEDIUM POLISHED%' AND p_size IN (49, 14, 23, 45, 19, 3, "
     "36, 9) AND ps_suppkey NOT IN ( SELECT s_suppkey FROM supplier WHERE s_comment "
     "LIKE '%Customer%Complaints%') GROUP BY p_brand, p_type, p_size ORDER BY "
     "supplier_cnt DESC, p_brand, p_type, p_size",
     "p_brand character(10), p_type character varying(25), p_size integer, "
     "supplier_cnt bigint"},
    {"SELECT sum(l_extendedprice) / 7.0 AS avg_yearly FROM lineitem, part WHERE "
     "p_partkey = l_partkey AND p_brand = 'Brand#23' AND p_container = 'MED BOX' "
     "AND l_quantity < (SELECT 0.2 * avg(l_quantity) FROM lineitem WHERE l_partkey "
     "= p_partkey)",
     "avg_yearly numeric"},
    {"SELECT c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, "
     "sum(l_quantity) FROM customer, orders, lineitem WHERE o_orderkey IN ( SELECT "
     "l_orderkey FROM lineitem GROUP BY l_orderkey HAVING sum(l_quantity) > 300) "
     "AND c_custkey = o_custkey AND o_orderkey = l_orderkey GROUP BY c_name, "
     "c_custkey, o_orderkey, o_orderdate, o_totalprice ORDER BY o_totalprice DESC, "
     "o_orderdate LIMIT 100",
     "c_name character varying(25), c_custkey integer, o_orderkey integer, "
     "o_orderdate date, o_totalprice numeric(15,2), sum numeric"},
    {"SELECT sum(l_extendedprice * (1 - l_discount)) AS revenue FROM lineitem, part "
     "WHERE (p_partkey = l_partkey AND p_brand = 'Brand#12' AND p_container IN ('SM "
     "CASE', 'SM BOX', 'SM PACK', 'SM PKG') AND l_quantity >= 1 AND l_quantity <= 1 "
     "+ 10 AND p_size BETWEEN 1 AND 5 AND l_shipmode IN ('AIR', 'AIR REG') AND "
     "l_shipinstruct = 'DELIVER IN PERSON') OR (p_partkey = l_partkey AND p_brand = "
     "'Brand#23' AND p_container IN ('MED BAG', 'MED BOX', 'MED PKG', 'MED PACK') "
     "AND l_quantity >= 10 AND l_quantity <= 10 + 10 AND p_size BETWEEN 1 AND 10 "
     "AND l_shipmode IN ('AIR', 'AIR REG') AND l_shipinstruct = 'DELIVER IN "
     "PERSON') OR (p_partkey = l_partkey AND p_brand = 'Brand#34' AND p_container "
     "IN ('LG CASE', 'LG BOX', 'LG PACK', 'LG PKG') AND l_quantity >= 20 AND "
     "l_quantity <= 20 + 10 AND p_size BETWEEN 1 AND 15 AND l_shipmode IN ('AIR', "
     "'AIR REG') AND l_shipinstruct = 'DELIVER IN PERSON')",
     "revenue numeric"},
    {"SELECT s_name, s_address FROM supplier, nation WHERE s_suppkey IN ( SELECT "
     "ps_suppkey FROM partsupp WHERE ps_partkey IN (SELECT p_partkey FROM part "
     "WHERE p_name LIKE 'forest%') AND ps_availqty > ( SELECT 0.5 * sum(l_quantity) "
     "FROM lineitem WHERE l_partkey = ps_partkey AND l_suppkey = ps_suppkey AND "
     "l_shipdate >= date '1994-01-01' AND l_shipdate < date '1994-01-01' + interval "
     "'1' year)) AND s_nationkey = n_nationkey AND n_name = 'CANADA' ORDER BY s_name",
     "s_name character(25), s_address character varying(40)"},
    {"SELECT s_name, count(*) AS numwait FROM supplier, lineitem l1, orders, nation "
     "WHERE s_suppkey = l1.l_suppkey AND o_orderkey = l1.l_orderkey AND "
     "o_orderstatus = 'F' AND l1.l_receiptdate > l1.l_commitdate AND EXISTS (SELECT "
     "* FROM lineitem l2 WHERE l2.l_orderkey = l1.l_orderkey AND l2.l_suppkey <> "
     "l1.l_suppkey) AND NOT EXISTS (SELECT * FROM lineitem l3 WHERE l3.l_orderkey = "
     "l1.l_orderkey AND l3.l_suppkey <> l1.l_suppkey AND l3.l_receiptdate > "
     "l3.l_commitdate) AND s_nationkey = n_nationkey AND n_name = 'SAUDI ARABIA' "
     "GROUP BY s_name ORDER BY numwait DESC, s_name LIMIT 100",
     "s_name character(25), numwait bigint"},
    {"SELECT cntrycode, count(*) AS numcust, sum(c_acctbal) AS totacctbal FROM "
     "(SELECT substring(c_phone FROM 1 FOR 2) AS cntrycode, c_acctbal FROM customer "
     "WHERE substring(c_phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', "
     "'17') AND c_acctbal > ( SELECT avg(c_acctbal) FROM customer WHERE c_acctbal > "
     "0.00 AND substring(c_phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', "
     "'18', '17')) AND NOT EXISTS (SELECT * FROM orders WHERE o_custkey = "
     "c_custkey)) AS custsale GROUP BY cntrycode ORDER BY cntrycode",
     "cntrycode text, numcust bigint, totacctbal numeric"},
};

}  // namespace

TEST(BindStatements, Writing) {
  for (const Case& c : kWriting) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(BindStatements, Tpch) {
  for (const Case& c : kTpch) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

}  // namespace omen::sql::testing
