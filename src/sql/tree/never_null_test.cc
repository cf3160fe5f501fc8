// What is proven of columns: as tables declare them and as WHERE leaves them.
#include "sql/tree/never_null.h"

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

bool NeverNull(const std::string& sql) {
  const auto statement = MustBind(sql);
  return ReturnsNoNulls(*std::get<std::unique_ptr<Query>>(statement->body));
}

TEST(NeverNull, WhatCannotBeNull) {
  for (const char* sql :
       {"select aid from t", "select aid::bigint, 5 from t", "select count(*), count(w) from nokey",
        "select k from nokey where k is not null", "select k from nokey where k > 3 and w = 'a'",
        "select o_custkey from orders left join customer on c_custkey = o_custkey",
        "select c_custkey from orders left join customer on c_custkey = o_custkey where c_custkey "
        "> 1",
        "select c_custkey from customer right join orders on true where c_custkey = o_custkey",
        "select o_custkey, count(*) from orders group by o_custkey",
        "select distinct aid from t order by aid limit 3",
        "select aid from t union select x from pair",
        "select a.aid from t a join t b on a.aid = b.bid"}) {
    EXPECT_TRUE(NeverNull(sql)) << sql;
  }
}

TEST(NeverNull, WhatMayBeNull) {
  for (const char* sql :
       {"select bid from t", "select aid, bid from t", "select null::int", "select sum(aid) from t",
        "select max(aid) from t", "select k from nokey where k is not null or w = 'a'",
        "select k from nokey where k is null", "select k from nokey where k is distinct from 3",
        "select c_custkey from orders left join customer on c_custkey = o_custkey",
        "select o_orderkey from orders right join customer on c_custkey = o_custkey",
        "select o_orderkey from orders full join customer on c_custkey = o_custkey",
        "select b.aid from t a left join (t b join pair on x = b.aid) on a.aid = b.aid",
        "select o_custkey, count(*) from orders group by rollup (o_custkey)",
        "select aid from t union all select k from nokey", "select (select 1 where false)",
        "select nullif(aid, 1) from t", "select case when aid > 1 then 1 end from t",
        "select s.aid from (select null::int as aid) s",
        "select k from nokey where k = any ('{1}')"}) {
    EXPECT_FALSE(NeverNull(sql)) << sql;
  }
}

}  // namespace
}  // namespace omen::sql::testing
