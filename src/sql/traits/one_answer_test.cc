// Which queries have one right answer: any path gives the same rows, in whatever order.
#include "sql/traits/one_answer.h"

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

constexpr const char kTies[] = "rows chosen by an order with ties";
constexpr const char kUnlike[] = "equal values that are not the same";
constexpr const char kWindowTies[] = "a window over ties";
constexpr const char kOrderly[] = "an aggregate that depends on the order";
constexpr const char kNoOrder[] = "an array of rows without order";

// pair's key is (x, y), u's is id; nokey has none.
constexpr Case kLimitCases[] = {
    {"select x from pair", ""},
    {"select x from pair order by z", ""},
    {"select x from pair limit 1", kTies},
    {"select x from pair offset 1", kTies},
    {"select x from pair order by z limit 1", kTies},
    {"select z from pair order by z limit 1", ""},
    {"select x from pair order by x limit 1", ""},
    {"select x, z from pair order by x limit 1", kTies},
    {"select x, z from pair order by x, y limit 1", ""},
    {"select x, z from pair order by y desc, x limit 1", ""},
    {"select x + 1 from pair order by x + 1 limit 1", ""},
    {"select x + 1 from pair order by x limit 1", kTies},
    {"select k, w from nokey order by k limit 1", kTies},
    {"select k, w from nokey order by k, w limit 1", ""},
    {"select x, k from pair, nokey order by x, y limit 1", kTies},
    {"select x, k from pair, nokey order by x, k limit 1", ""},
    {"select count(*) from pair limit 1", ""},
    {"select z, count(*) from pair group by z limit 1", kTies},
    {"select z, count(*) from pair group by z order by z limit 1", kTies},
    {"select z, count(*) from pair group by z order by z, count(*) limit 1", ""},
    {"select distinct on (z) z, x from pair order by z", kTies},
    {"select distinct on (z) z, x from pair order by z, x", ""},
    {"select * from (select x, z from pair limit 1) s", kTies},
    {"select (select z from nokey, pair limit 1)", kTies},
    {"select x from pair where x in (select k from nokey order by w limit 2)", kTies},
    {"select id, b from u order by id fetch first 2 rows with ties", ""},
};

constexpr Case kValueCases[] = {
    {"select distinct c from u", ""},
    {"select distinct nn from v", kUnlike},
    {"select distinct i from v", kUnlike},
    {"select distinct filler from t", kUnlike},
    {"select distinct jb from v", kUnlike},
    {"select distinct vc from v", ""},
    {"select nn, count(*) from v group by nn", kUnlike},
    {"select c, count(*) from u group by c", ""},
    {"select nn from v union select nn from v", kUnlike},
    {"select nn from v union all select nn from v", ""},
    {"select i from v except select i from v", kUnlike},
    {"select max(i) from v", kOrderly},
    {"select max(nn) from v", kOrderly},
    {"select max(c), min(b), max(f) from u", ""},
};

constexpr Case kOrderCases[] = {
    {"select sum(x), avg(x), count(*), bool_or(x > 1) from pair", ""},
    {"select array_agg(x) from pair", kOrderly},
    {"select array_agg(x order by y) from pair", kOrderly},
    {"select array_agg(x order by x) from pair", ""},
    {"select array_agg(distinct x) from pair", ""},
    {"select string_agg(z, ',') from pair", kOrderly},
    {"select string_agg(z, ',' order by z) from pair", ""},
    {"select json_agg(x) from pair", kOrderly},
    {"select jsonb_object_agg(z, x order by z) from pair", kOrderly},
    {"select mode() within group (order by x) from pair", kOrderly},
    {"select percentile_disc(0.5) within group (order by x) from pair", ""},
    {"select percentile_cont(0.5) within group (order by x) from pair", ""},
    {"select array(select x from pair)", kNoOrder},
    {"select array(select x from pair order by x)", ""},
    {"select array(select x from pair order by z)", kNoOrder},
    {"select row_number() over (order by z) from pair", kWindowTies},
    {"select row_number() over (order by x, y) from pair", ""},
    {"select rank() over (order by z), dense_rank() over (order by z) from pair", ""},
    {"select lag(x) over (order by z) from pair", kWindowTies},
    {"select first_value(x) over (partition by z order by x) from pair", kWindowTies},
    {"select first_value(x) over (partition by z order by x, y) from pair", ""},
    {"select sum(x) over (order by z) from pair", ""},
    {"select sum(x) over (order by z rows 1 preceding) from pair", kWindowTies},
    {"select sum(x) over (order by x, y rows 1 preceding) from pair", ""},
    {"select array_agg(x) over (order by z) from pair", kWindowTies},
    {"select x from pair for update", "row locks"},
};

std::string WhyOf(const char* sql) {
  const auto statement = MustBind(sql);
  return std::string(WhyManyAnswers(*std::get<std::unique_ptr<Query>>(statement->body)));
}

}  // namespace

TEST(OneAnswerTest, LimitsChooseAmongTies) {
  for (const Case& c : kLimitCases) EXPECT_EQ(WhyOf(c.sql), c.expected) << c.sql;
}

TEST(OneAnswerTest, EqualIsNotTheSame) {
  for (const Case& c : kValueCases) EXPECT_EQ(WhyOf(c.sql), c.expected) << c.sql;
}

TEST(OneAnswerTest, AggregatesAndWindowsFollowTheOrder) {
  for (const Case& c : kOrderCases) EXPECT_EQ(WhyOf(c.sql), c.expected) << c.sql;
}

TEST(OneAnswerTest, ChanceAndClockAreNamed) {
  EXPECT_NE(WhyOf("select random()"), "");
  EXPECT_NE(WhyOf("select x from pair where random() < 0.5"), "");
  EXPECT_NE(WhyOf("select nextval('seq')"), "");
  EXPECT_EQ(WhyOf("select now()"), "");
}

}  // namespace omen::sql::testing
