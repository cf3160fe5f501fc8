#include "session/compile/literal_rows.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace omen::session {
namespace {

/// "text | types | values as text, row by row" or "no".
std::string ShowRows(std::string_view sql) {
  LiteralRows rows;
  if (!rows.Read(sql)) return "no";
  std::string shown = rows.text() + " |";
  std::vector<Type> types;
  for (const Oid type : rows.types()) {
    shown += fmt::format(" {}", type);
    types.push_back({type == oid::kUnknown ? oid::kText : type, -1});
  }
  std::vector<Value> values;
  if (!rows.Values(types, {}, 0, &values)) return shown + " | refused";
  for (size_t i = 0; i < values.size(); ++i) {
    shown += i % types.size() == 0 ? " | " : ", ";
    shown += values[i].is_null() ? "null" : ToText(types[i % types.size()], values[i]);
  }
  return shown;
}

TEST(LiteralRows, AreReadFromOneStatement) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"insert into t values (1, 'a'), (2, 'b')",
       "insert into t values ($1, $2) | 23 705 | 1, a | 2, b"},
      {"INSERT INTO s.\"T\" (a, \"B\")\nVALUES (1,'it''s'),\n (-2,''''),(3,'');",
       "INSERT INTO s.\"T\" (a, \"B\")\nVALUES ($1, $2) | 23 705 | 1, it's | -2, ' | 3, "},
      {"insert into t values (null, NULL), (5, 'x'), (Null, null)",
       "insert into t values ($1, $2) | 23 705 | null, null | 5, x | null, null"},
      {"insert into t values (null), (null)", "insert into t values ($1) | 705 | null | null"},
      {"insert into t values (1), (3000000000)", "insert into t values ($1) | 20 | 1 | 3000000000"},
      {"insert into t values (1), (2.50), (-3)",
       "insert into t values ($1) | 1700 | 1 | 2.50 | -3"},
      {"insert into t values (99999999999999999999), (1)",
       "insert into t values ($1) | 1700 | 99999999999999999999 | 1"},
      {"insert into t values (-2147483648), (2147483647)",
       "insert into t values ($1) | 23 | -2147483648 | 2147483647"},
      {"insert into t values ('a\\b'), ('c')", "insert into t values ($1) | 705 | a\\b | c"},
      {"insert into t values ('a'), ('\xff')", "insert into t values ($1) | 705 | refused"},
  };
  for (const auto& [sql, shown] : cases) EXPECT_EQ(ShowRows(sql), shown) << sql;
}

TEST(LiteralRows, AreNotGuessed) {
  for (std::string_view sql : {
           "",
           "insert",
           "insert into t",
           "insert into t values",
           "insert into t values (1)",
           "insert into t values (1),",
           "insert into t values (1), (2",
           "insert into t values (1), ()",
           "insert into t values (), ()",
           "insert into t values (1), (2, 3)",
           "insert into t values (1, 2), (3)",
           "insert into t values (1), (2) returning *",
           "insert into t values (1), (2) on conflict do nothing",
           "insert into t values (1), (2); select 1",
           "insert into t values (1), (2);;",
           "insert into t values (1), ('2')",
           "insert into t values ('1'), (2)",
           "insert into t values (1), (default)",
           "insert into t values (1), (true)",
           "insert into t values (1), (1 + 1)",
           "insert into t values (1), (- 1)",
           "insert into t values (1), (--1\n)",
           "insert into t values (1), (+1)",
           "insert into t values (1), (1e3)",
           "insert into t values (1), (.5)",
           "insert into t values (1), (0x1f)",
           "insert into t values (1), (1_0)",
           "insert into t values (1), (1::bigint)",
           "insert into t values (1), ((1))",
           "insert into t values (1), (f(1))",
           "insert into t values (1), (a)",
           "insert into t values ('a'), (E'a')",
           "insert into t values ('a'), (B'1')",
           "insert into t values ('a'), (X'1')",
           "insert into t values ('a'), (N'1')",
           "insert into t values ('a'), (U&'a')",
           "insert into t values ('a'), ($$a$$)",
           "insert into t values ('a'), ('a'\n'b')",
           "insert into t values ('a'), ('a",
           "insert into t values ('a'), (date '2024-01-01')",
           "insert into t values (1), /* two */ (2)",
           "insert into t values (1), (2) -- two",
           "insert into t as u values (1), (2)",
           "insert into t overriding system value values (1), (2)",
           "insert into t (a.b) values (1), (2)",
           "insert into t default values",
           "insert into t select 1",
           "with w as (select 1) insert into t values (1), (2)",
           "values (1), (2)",
           "select * from t where (a) in (values (1), (2))",
       }) {
    EXPECT_EQ(ShowRows(sql), "no") << sql;
  }
}

}  // namespace
}  // namespace omen::session
