#include "session/compile/normalizer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace omen::session {
namespace {

/// "text | type:value, ..." or "no".
std::string Show(std::string_view sql) {
  NormalizedStatement out;
  if (!NormalizeStatement(sql, &out)) return "no";
  std::string shown = out.text + (out.wide ? " |w" : " |");
  for (size_t i = 0; i < out.count; ++i) {
    shown += fmt::format(" {}:{}", out.literals[i].type, out.literals[i].text);
  }
  return shown;
}

TEST(Normalizer, TakesOutLiterals) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"SELECT abalance FROM pgbench_accounts WHERE aid = 12345;",
       "SELECT abalance FROM pgbench_accounts WHERE aid = $1 | 23:12345"},
      {"UPDATE pgbench_accounts SET abalance = abalance + -42 WHERE aid = 7;",
       "UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2 | 23:-42 23:7"},
      {"INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 2, 3, -4, "
       "CURRENT_TIMESTAMP);",
       "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, "
       "CURRENT_TIMESTAMP) | 23:1 23:2 23:3 23:-4"},
      {"delete from t where a='it''s' and b in (1, 'x')",
       "delete from t where a=$1 and b in ($2, $3) | 705:it's 23:1 705:x"},
      {"select *  from\n t where a = 1.5", "select * from t where a = $1 | 1700:1.5"},
      {"select a from t where a = 3000000000", "select a from t where a = $1 | 20:3000000000"},
      {"select a from t where a = -2147483648", "select a from t where a = $1 | 23:-2147483648"},
      {"select a from t where a = 99999999999999999999",
       "select a from t where a = $1 | 1700:99999999999999999999"},
      {"select a from t where a = 5 limit 10", "select a from t where a = $1 limit 10 | 23:5"},
      {"select a from t where a = 5 for update", "select a from t where a = $1 for update | 23:5"},
      {"select a from t where b > 5 and a = 5", "select a from t where b > 5 and a = $1 | 23:5"},
      {"select a - 1 from t", "select a - $1 from t | 23:1"},
      {"select a from t where (a, b) = (1, 2)",
       "select a from t where (a, b) = ($1, $2) | 23:1 23:2"},
      {"update t set a = f(3) + 1", "update t set a = f(3) + $1 | 23:1"},
      {"select \"A\" from \"T\" where \"B\" = 1",
       "select \"A\" from \"T\" where \"B\" = $1 | 23:1"},
      {"select a from t where a <>-5 and b = 1", "select a from t where a <>-5 and b = $1 | 23:1"},
  };
  for (const auto& [sql, expected] : cases) EXPECT_EQ(Show(sql), expected) << sql;
}

/// Where a literal would mean something else as a parameter, it stays.
TEST(Normalizer, TakesTheValuesOutOfWideStatements) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"select a from t where a = 1 order by 1", "select a from t where a = $1 order by 1 |w 23:1"},
      {"select a, count(*) from t where a = 1 group by 1, a + 2 having count(*) = 3",
       "select a, count(*) from t where a = $1 group by 1, a + $2 having count(*) = $3 |w 23:1 "
       "23:2 "
       "23:3"},
      {"select sum(a), f(1, 'x'), g(a = 2) from t where b in (3, f(4))",
       "select sum(a), f(1, 'x'), g(a = 2) from t where b in ($1, f(4)) |w 23:3"},
      {"select a from t join u on t.a = u.a and u.c = 'z' where u.b = 1 limit 5",
       "select a from t join u on t.a = u.a and u.c = $1 where u.b = $2 limit 5 |w 705:z 23:1"},
      {"select distinct 'x', a from t where a = 1 and b like 'y%'",
       "select distinct 'x', a from t where a = $1 and b like 'y%' |w 23:1"},
      {"insert into t values (1) on conflict (a) do update set b = 2",
       "insert into t values ($1) on conflict (a) do update set b = $2 |w 23:1 23:2"},
      {"update t set a = f('x') + 1", "update t set a = f('x') + $1 |w 23:1"},
      {"delete from t using u where t.a = u.a and u.b = 5",
       "delete from t using u where t.a = u.a and u.b = $1 |w 23:5"},
  };
  for (const auto& [sql, expected] : cases) EXPECT_EQ(Show(sql), expected) << sql;
}

TEST(Normalizer, LeavesAloneWhatCouldChangeMeaning) {
  for (std::string_view sql : {
           "",
           ";",
           "select 1",
           "select a from t",
           "select a from t where a = 1; select 2",
           "select a from t where a = 1::bigint",
           "select a from t where a = cast(1 as int)",
           "select a from t where a = '2020-01-01'::date",
           "select a from t where a = date '2020-01-01'",
           "select a from t where a = interval '1' day",
           "select a from t where a = (select 1)",
           "select a from t where a = 1 union select 2",
           "with x as (select 1) select a from t where a = 1",
           "select case when a = 1 then 2 end from t",
           "select a from t where a = E'x'",
           "select a from t where a = 'x' collate \"C\"",
           "select a from t where a = 'a'\n'b'",
           "select a from t where a = 1 -- comment",
           "select a from t where a = 1 /* comment */",
           "select a from t where a = $1",
           "select a from t where a = 12abc",
           "select a from t where a = 1e5",
           "select a from t where a = b[1]",
           "select a from t where a = 'open",
           "select a from t where (a = 1",
           "select a from t where a = 1)",
           "select a from t where a @> 1",
           "select a from t where a = 'x' || 'y'",
           "insert into t values (1), (2)",
           "insert into t select 1 from u where a = 2",
           "update t set a = 1 returning -2147483648",
           "explain select a from t where a = 1",
           "select a from t where a =+ 1",
           "select a from t where \xc3\xa9 = 1",
           "values (1)",
       }) {
    EXPECT_EQ(Show(sql), "no") << sql;
  }
}

TEST(Normalizer, HasLimits) {
  EXPECT_EQ(Show("select a from t where a = '" + std::string(kNormalizedBytesMax, 'x') + "'"),
            "no");
  std::string list = "select a from t where a in (0";
  for (size_t i = 1; i <= kNormalizedLiteralsMax; ++i) list += ",1";
  EXPECT_EQ(Show(list + ")"), "no");
}

TEST(Normalizer, ReusesItsOutput) {
  NormalizedStatement out;
  ASSERT_TRUE(NormalizeStatement("select a from t where a = 1 and b = 2", &out));
  ASSERT_TRUE(NormalizeStatement("select a from t where a = 'z'", &out));
  EXPECT_EQ(out.text, "select a from t where a = $1");
  EXPECT_EQ(out.count, 1u);
  EXPECT_EQ(out.literals[0].text, "z");
}

/// Putting the literals back gives the statement again, whatever the bytes.
TEST(Normalizer, LosesNothing) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string_view pieces[] = {
      "select", "insert", "into", "update", "delete",   "values", "in",         "where", "and",
      "set",    "a",      "t",    "from",   "(",        ")",      ",",          "=",     "+",
      "-",      "<",      "5",    "1.5",    "'x'",      "''''",   ".",          ";",     "*",
      "limit",  "\"q\"",  "$1",   "'o''k'", "/",        "not",    "5000000000", "join",  "on",
      "order",  "group",  "by",   "having", "conflict", "do",     "f ("};
  int accepted = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string sql = round % 2 == 0 ? "select a from t where a =" : "update t set a =";
    for (size_t i = random() % 10; i > 0; --i) {
      sql += ' ';
      sql += pieces[random() % std::size(pieces)];
    }
    NormalizedStatement out;
    if (!NormalizeStatement(sql, &out)) continue;
    ++accepted;
    std::string back = out.text;
    for (size_t i = out.count; i > 0; --i) {
      size_t at = back.find(fmt::format("${}", i));
      ASSERT_NE(at, std::string::npos) << sql;
      const Literal& literal = out.literals[i - 1];
      std::string text = literal.text;
      if (literal.type == oid::kUnknown) {
        for (size_t q = text.find('\''); q != std::string::npos; q = text.find('\'', q + 2)) {
          text.insert(q, 1, '\'');
        }
        text = "'" + text + "'";
      } else if (text.starts_with('-')) {
        text.insert(1, 1, ' ');
      }
      back.replace(at, fmt::format("${}", i).size(), text);
    }
    std::string without_end = sql.substr(0, sql.find(';'));
    while (without_end.ends_with(' ')) without_end.pop_back();
    while (back.ends_with(' ')) back.pop_back();
    ASSERT_EQ(back, without_end);
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace omen::session
