// Expressions over nulls: three-valued logic, lists, arrays, CASE and its kin. Each is asked of a
// row and of constants alone, which the binder may fold.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kLogicSetup =
    "create table b (id int primary key, p boolean, q boolean, n int, m int, t text, a int[]);"
    "insert into b values (1, true, true, 1, 1, 'x', '{1,2,3}'), (2, true, false, 1, 2, 'y', "
    "'{}'), (3, true, null, 2, null, null, '{null}'), (4, false, false, null, 2, 'x', null),"
    "(5, false, null, null, null, '', '{1,null}'), (6, null, null, 3, 1, 'X', '{3,2,1}');";

constexpr QueryCase kConnectives[] = {
    {"select id, p and q, p or q, not p from b", "1|t|t|f; 2|f|t|f; 3||t|f; 4|f|f|t; 5|f||t; 6|||"},
    {"select id, p and null, p or null, null and p from b",
     "1||t|; 2||t|; 3||t|; 4|f||f; 5|f||f; 6|||"},
    {"select id, p is true, p is not true, p is false, p is not false, p is unknown from b",
     "1|t|f|f|t|f; 2|t|f|f|t|f; 3|t|f|f|t|f; 4|f|t|t|f|f; 5|f|t|t|f|f; 6|f|t|f|t|t"},
    {"select id, p = q, p <> q, p is distinct from q, p < q from b",
     "1|t|f|f|f; 2|f|t|t|f; 3|||t|; 4|t|f|f|f; 5|||t|; 6|||f|"},
    {"select id, n = m, n <> m, n is distinct from m, n is not distinct from m from b",
     "1|t|f|f|t; 2|f|t|t|f; 3|||t|f; 4|||t|f; 5|||f|t; 6|f|t|t|f"},
    {"select id from b where not (p and q)", "2; 4; 5"},
    {"select id from b where p or q is null", "1; 2; 3; 5; 6"},
    {"select id from b where n = m or n <> m", "1; 2; 6"},
    {"select id from b where null", "none"},
    {"select id from b where n",
     "ERROR 42804: argument of WHERE must be type boolean, not type integer"},
    {"select id from b where not (n > 1 and m > 1)", "1; 2; 6"},
    {"select id from b where n > 1 = (m > 1)", "ERROR 42601: syntax error at or near \"=\""},
    {"select id from b where (n, m) = (1, 2) or (n, m) <> (1, 2)", "1; 2; 3; 6"},
    {"select id, (n, m) < (2, 1), (n, m) is null, (n, m) is not null from b",
     "1|t|f|t; 2|t|f|t; 3||f|f; 4||f|f; 5||t|f; 6|f|f|t"},
};

constexpr QueryCase kMembers[] = {
    {"select id, n in (1, 2), n not in (1, 2) from b", "1|t|f; 2|t|f; 3|t|f; 4||; 5||; 6|f|t"},
    {"select id, n in (1, null), n not in (1, null) from b", "1|t|f; 2|t|f; 3||; 4||; 5||; 6||"},
    {"select id, n in (m, 3), n not in (m, 3) from b", "1|t|f; 2|f|t; 3||; 4||; 5||; 6|t|f"},
    {"select id, t in ('x', 'y'), t in ('X', null) from b", "1|t|; 2|t|; 3||; 4|t|; 5|f|; 6|f|t"},
    {"select id, n between 1 and 2, n not between 2 and 3 from b",
     "1|t|t; 2|t|t; 3|t|f; 4||; 5||; 6|f|f"},
    {"select id, n between m and 2, n between symmetric 2 and m from b",
     "1|t|t; 2|f|f; 3||; 4||; 5||; 6|f|f"},
    {"select id, n = any(array[1, 3]), n = any(array[1, null]), n <> all(array[1, null]) from b",
     "1|t|t|f; 2|t|t|f; 3|f||; 4|||; 5|||; 6|t||"},
    {"select id, 1 = any(a), 1 = all(a), null = any(a) from b",
     "1|t|f|; 2|f|t|f; 3|||; 4|||; 5|t||; 6|t|f|"},
    {"select id, 2 > any(a), 2 > all(a), 2 >= all(a) from b",
     "1|t|f|f; 2|f|t|t; 3|||; 4|||; 5|t||; 6|t|f|f"},
    {"select id, n = any(null::int[]), n <> all('{}'::int[]), n = any('{}'::int[]) from b",
     "1||t|f; 2||t|f; 3||t|f; 4||t|f; 5||t|f; 6||t|f"},
    {"select id, t like any(array['x%', null]), t ilike all(array['%x%', 'x']) from b",
     "1|t|t; 2||f; 3||; 4|t|t; 5||f; 6||t"},
};

constexpr QueryCase kChoices[] = {
    {"select id, case when p then 'p' when q then 'q' else 'none' end from b",
     "1|p; 2|p; 3|p; 4|none; 5|none; 6|none"},
    {"select id, case when q then 1 end from b", "1|1; 2|; 3|; 4|; 5|; 6|"},
    {"select id, case n when 1 then 'one' when null then 'null' when m then 'm' end from b",
     "1|one; 2|one; 3|; 4|; 5|; 6|"},
    {"select id, case when n > 0 then 10 / n else -1 end from b",
     "1|10; 2|10; 3|5; 4|-1; 5|-1; 6|3"},
    {"select id, case when id < 7 then 1 else 1 / (id - id) end from b",
     "1|1; 2|1; 3|1; 4|1; 5|1; 6|1"},
    {"select id, coalesce(m, n, 0), coalesce(n, 1 / (case when n is null then 1 else 2 end)) from "
     "b",
     "1|1|1; 2|2|1; 3|2|2; 4|2|1; 5|0|1; 6|1|3"},
    {"select id, nullif(n, m), nullif(n, 1), nullif(t, 'x') from b",
     "1|||; 2|1||y; 3|2|2|; 4|||; 5|||; 6|3|3|X"},
    {"select id, greatest(n, m), least(n, m), greatest(n, null, 2) from b",
     "1|1|1|2; 2|2|1|2; 3|2|2|2; 4|2|2|2; 5|||2; 6|3|1|3"},
    {"select id, coalesce(t, 'null') || '.', t || null from b",
     "1|x.|; 2|y.|; 3|null.|; 4|x.|; 5|.|; 6|X.|"},
    {"select case when true then 1 else 2.5 end, case when false then 1 else 2.5 end", "1|2.5"},
    {"select coalesce(null, null), nullif(1, 1), greatest(null, null)", "||"},
    {"select case 1 when 1 then 'a' else 2 end",
     "ERROR 22P02: invalid input syntax for type integer: \"a\""},
};

constexpr QueryCase kArrays[] = {
    {"select id, a[1], a[2], a[0], a[n] from b", "1|1|2||1; 2||||; 3||||; 4||||; 5|1|||; 6|3|2||1"},
    {"select id, a[null], (a || 9)[4] from b", "1||9; 2||; 3||; 4||; 5||; 6||9"},
    {"select id, a[1:2], a[2:], a[:1], a[3:1] from b",
     "1|{1,2}|{2,3}|{1}|{}; 2|{}|{}|{}|{}; 3|{NULL}|{}|{NULL}|{}; 4||||; 5|{1,NULL}|{NULL}|{1}|{}; "
     "6|{3,2}|{2,1}|{3}|{}"},
    {"select id, array_length(a, 1), cardinality(a), a || n from b",
     "1|3|3|{1,2,3,1}; 2||0|{1}; 3|1|1|{NULL,2}; 4|||{NULL}; 5|2|2|{1,NULL,NULL}; 6|3|3|{3,2,1,3}"},
    {"select id, array[n, m], array[n, m] = array[m, n] from b",
     "1|{1,1}|t; 2|{1,2}|f; 3|{2,NULL}|f; 4|{NULL,2}|f; 5|{NULL,NULL}|t; 6|{3,1}|f"},
    {"select id, a = '{1,2,3}', a < '{2}', a @> array[1], a && array[3, 9] from b",
     "1|t|t|t|t; 2|f|t|f|f; 3|f|f|f|f; 4||||; 5|f|t|t|f; 6|f|f|t|t"},
    {"select id, array_position(a, 3), array_remove(a, null) from b",
     "1|3|{1,2,3}; 2||{}; 3||{}; 4||; 5||{1}; 6|1|{3,2,1}"},
    {"select (array['a', 'b'])[2], (array[1, 2, 3])[2:3]", "b|{2,3}"},
    {"select array[1, null]::text[], array[]::int[], '{1,2}'::int[] || '{}'", "{1,NULL}|{}|{1,2}"},
    {"select array[]", "ERROR 42P18: cannot determine type of empty array"},
    {"select array[1, 'x']", "ERROR 22P02: invalid input syntax for type integer: \"x\""},
};

constexpr QueryCase kErrorsInTime[] = {
    {"select id from b where n = 1 and 1 / (m - 1) > 0", "ERROR 22012: division by zero"},
    {"select id, 10 / (n - 1) from b where n > 1", "3|10; 6|5"},
    {"select sum(10 / n) from b", "28"},
    {"select t::int from b where id = 1",
     "ERROR 22P02: invalid input syntax for type integer: \"x\""},
    {"select 2147483647 + n from b where id = 1", "ERROR 22003: integer out of range"},
    {"select n::smallint + 32767::smallint from b where id = 1",
     "ERROR 22003: smallint out of range"},
    {"select (n * 100000)::smallint from b where id = 1", "ERROR 22003: smallint out of range"},
    {"select n + t from b", "ERROR 42883: operator does not exist: integer + text"},
    {"select p + 1 from b", "ERROR 42883: operator does not exist: boolean + integer"},
    {"select nope(n) from b", "ERROR 42883: function nope(integer) does not exist"},
    {"select case when n = 1 then t else n end from b",
     "ERROR 42804: CASE types integer and text cannot be matched"},
};

class Logic : public ::testing::Test {
 protected:
  Logic() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    EXPECT_EQ(session_.Run(kLogicSetup), "INSERT 6");
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(Logic, Connectives) { ExpectAnswers(&session_, kConnectives); }
TEST_F(Logic, ListsAndQuantifiers) { ExpectAnswers(&session_, kMembers); }
TEST_F(Logic, CaseAndItsKin) { ExpectAnswers(&session_, kChoices); }
TEST_F(Logic, Arrays) { ExpectAnswers(&session_, kArrays); }
TEST_F(Logic, ErrorsWhereTheyAreMet) { ExpectAnswers(&session_, kErrorsInTime); }

// AND and OR over constants, columns and parameters: Kleene's tables.
TEST_F(Logic, TheTablesOfThreeValues) {
  const char* const kValues[] = {"true", "false", "null::boolean"};
  const auto shown = [](int value) { return value == 0 ? "t" : value == 1 ? "f" : ""; };
  session_.Run(
      "create table v (id int, x boolean); insert into v values (0, true), (1, false), "
      "(2, null)");
  for (int a = 0; a < 3; ++a) {
    for (int b = 0; b < 3; ++b) {
      const int both = a == 1 || b == 1 ? 1 : a == 2 || b == 2 ? 2 : 0;
      const int either = a == 0 || b == 0 ? 0 : a == 2 || b == 2 ? 2 : 1;
      const std::string answer = fmt::format("{}|{}\n", shown(both), shown(either));
      EXPECT_EQ(session_.Run(fmt::format("select {} and {}, {} or {}", kValues[a], kValues[b],
                                         kValues[a], kValues[b])),
                answer);
      EXPECT_EQ(session_.Run(fmt::format("select v.x and w.x, v.x or w.x from v, v w where v.id = "
                                         "{} and w.id = {}",
                                         a, b)),
                answer);
      const auto param = [](int value) { return value == 2 ? Value() : Value::Bool(value == 0); };
      EXPECT_EQ(session_.Run("select $1::boolean and $2::boolean, $1 or $2", {param(a), param(b)}),
                answer);
    }
  }
}

TEST_F(Logic, ALongListFindsWhatAShortOneFinds) {
  std::string list = "-1";
  for (int i = 2; i < 400; i += 2) list += ", " + std::to_string(i);
  session_.Run("create table n (i int); insert into n select * from generate_series(1, 400)");
  EXPECT_EQ(session_.Run("select count(*), sum(i) from n where i in (" + list + ")"),
            "199|39800\n");
  EXPECT_EQ(session_.Run("select count(*) from n where i not in (" + list + ")"), "201\n");
  EXPECT_EQ(session_.Run("select count(*) from n where i not in (null, " + list + ")"), "0\n");
  EXPECT_EQ(session_.Run("select count(*) from n where (i in (null, " + list + ")) is null"),
            "201\n");
}

}  // namespace
}  // namespace omen::exec::testing
