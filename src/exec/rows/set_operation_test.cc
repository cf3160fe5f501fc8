// UNION, INTERSECT and EXCEPT: how often a row comes, and what counts as the same row.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kSetSetup =
    "create table u (x int, y text); create table w (x int, y text); create table e (x int, y "
    "text);"
    "insert into u values (1, 'a'), (1, 'a'), (2, null), (2, null), (null, null), (3, 'c');"
    "insert into w values (1, 'a'), (2, null), (null, null), (null, null), (4, 'd');";

constexpr QueryCase kSets[] = {
    {"select * from u union select * from w", "|; 2|; 4|d; 3|c; 1|a"},
    {"select * from u union all select * from w", "1|a; 1|a; 2|; 2|; |; 3|c; 1|a; 2|; |; |; 4|d"},
    {"select * from u intersect select * from w", "|; 1|a; 2|"},
    {"select * from u intersect all select * from w", "|; 1|a; 2|"},
    {"select * from u except select * from w", "3|c"},
    {"select * from u except all select * from w", "1|a; 2|; 3|c"},
    {"select * from w except all select * from u", "|; 4|d"},
    {"select * from u except select * from u", "none"},
    {"select * from u intersect all select * from u", "|; 1|a; 1|a; 2|; 2|; 3|c"},
};

constexpr QueryCase kEmptyArms[] = {
    {"select * from u union select * from e", "|; 2|; 3|c; 1|a"},
    {"select * from e union all select * from e", "none"},
    {"select * from e except select * from u", "none"},
    {"select * from u except all select * from e", "|; 1|a; 1|a; 2|; 2|; 3|c"},
    {"select * from u intersect select * from e", "none"},
    {"select * from e intersect all select * from u", "none"},
};

constexpr QueryCase kSetShapes[] = {
    {"select 1 union select 2 intersect select 2 order by 1", "1; 2"},
    {"(select 1 union select 2) intersect select 2", "2"},
    {"select 1 except select 2 except select 1", "none"},
    {"select 1 except (select 2 except select 1)", "1"},
    {"select 1 union all (select 1 union select 1)", "1; 1"},
    {"select x from u union select 1.5 order by 1 desc nulls last", "3; 2; 1.5; 1; "},
    {"select x as k from u union all select x from w order by k nulls first limit 4 offset 1",
     "; ; 1; 1"},
    {"(select x from u order by x limit 1) union all (select x from w order by x desc limit 1)",
     "1; "},
    {"select 'a' union select null order by 1", "a; "},
    {"select null union all select null", "; "},
    {"select 1 as one, 2 as two union select 3, 4 order by two desc", "3|4; 1|2"},
    {"select x from u union select y from w",
     "ERROR 42804: UNION types integer and text cannot be matched"},
    {"select x from u union select x, y from w",
     "ERROR 42601: each UNION query must have the same number of columns"},
    {"select x from u union select x from w order by x + 1",
     "ERROR 0A000: invalid UNION/INTERSECT/EXCEPT ORDER BY clause"},
    {"select count(*) from (select x from u union select x from w) q", "5"},
    {"select x from u where x in (select x from w except select 1)", "2; 2"},
    {"values (1), (2) except values (2)", "1"},
    {"select 0.0 union select 0.00 union select -0.0", "0.0"},
    {"select '0'::float8 union select '-0'::float8", "0"},
    {"select 'NaN'::float8 intersect select 'NaN'::float8", "NaN"},
    {"select array[1, null] union select array[1, null]", "{1,NULL}"},
};

class Sets : public ::testing::Test {
 protected:
  Sets() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    EXPECT_EQ(session_.Run(kSetSetup), "INSERT 5");
    session_.options.route = Route::kRow;
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(Sets, CountEqualRows) { ExpectAnswers(&session_, kSets); }
TEST_F(Sets, WithAnEmptyArm) { ExpectAnswers(&session_, kEmptyArms); }
TEST_F(Sets, NestedOrderedAndOfUnlikeTypes) { ExpectAnswers(&session_, kSetShapes); }

// By the standard's counting: n and m times on either side.
TEST_F(Sets, RandomRowsAreCountedAsTheStandardSays) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::map<int, long> left, right;
  session_.Run("create table a (x int); create table b (x int)");
  for (int i = 0; i < 120; ++i) {
    const int x = static_cast<int>(random() % 25);
    const bool first = random() % 2 == 0;
    ++(first ? left : right)[x];
    session_.Run(fmt::format("insert into {} values ({})", first ? "a" : "b",
                             x == 0 ? "null" : std::to_string(x)));
  }
  const auto expect = [&](const std::string& op, const auto& times) {
    std::vector<std::string> lines;
    std::string expected;
    for (int x = 0; x < 25; ++x) {
      for (long n = times(left[x], right[x]); n > 0; --n) {
        lines.push_back(x == 0 ? "" : std::to_string(x));
      }
    }
    std::ranges::sort(lines);
    for (const std::string& line : lines) expected += line + "\n";
    EXPECT_EQ(session_.RunSorted("select x from a " + op + " select x from b"), expected) << op;
  };
  expect("union", [](long n, long m) { return n + m > 0 ? 1L : 0L; });
  expect("union all", [](long n, long m) { return n + m; });
  expect("intersect", [](long n, long m) { return std::min({n, m, 1L}); });
  expect("intersect all", [](long n, long m) { return std::min(n, m); });
  expect("except", [](long n, long m) { return n > 0 && m == 0 ? 1L : 0L; });
  expect("except all", [](long n, long m) { return std::max(n - m, 0L); });
}

}  // namespace
}  // namespace omen::exec::testing
