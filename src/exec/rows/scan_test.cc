// Scans by key, range and secondary index, in both directions: what a key finds is what a look
// at every row would find.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kScanSetup =
    "create table k (a int, b text, c int, d numeric, primary key (a, b));"
    "create index k_c on k (c desc, b);"
    "create unique index k_d on k (d);"
    "insert into k values (1, 'x', 10, 1.5), (1, 'y', 20, null), (2, 'x', null, 2.50),"
    "(2, 'y', 10, null), (3, '', 20, -7), (3, 'x', 30, 0), (-4, 'z', null, 1e10);";

constexpr QueryCase kKeyScans[] = {
    {"select a, b from k where a = 1 and b = 'y'", "1|y"},
    {"select a, b from k where a = 1", "1|x; 1|y"},
    {"select a, b from k where a = 3 and b = ''", "3|"},
    {"select a, b from k where b = 'x'", "1|x; 2|x; 3|x"},
    {"select a, b from k where a > 1 and a <= 3", "2|x; 2|y; 3|; 3|x"},
    {"select a, b from k where a >= 2 and a < 2", "none"},
    {"select a, b from k where a > 3 and a < 1", "none"},
    {"select a, b from k where a = 1 and b > 'x'", "1|y"},
    {"select a, b from k where a = 1 and b >= 'x' and b < 'y'", "1|x"},
    {"select a, b from k where a in (3, 1, 1, null) and b = 'x'", "1|x; 3|x"},
    {"select a, b from k where a = any(array[2, -4, null]) order by a, b", "-4|z; 2|x; 2|y"},
    {"select a, b from k where a = null", "none"},
    {"select a, b from k where a = 1 and a = 2", "none"},
    {"select a, b from k where (a, b) > (2, 'x')", "2|y; 3|; 3|x"},
    {"select a, b from k where a between -10 and 1", "1|x; 1|y; -4|z"},
    {"select a, b from k where not a > 1", "1|x; 1|y; -4|z"},
    {"select a, b from k where a > 2.5", "3|; 3|x"},
    {"select a, b from k where a = 1.0", "1|x; 1|y"},
    {"select a, b from k where a < 10000000000", "1|x; 1|y; 2|x; 2|y; 3|; 3|x; -4|z"},
    {"select a, b from k where a = 10000000000", "none"},
};

constexpr QueryCase kIndexScans[] = {
    {"select a, b from k where c = 10", "1|x; 2|y"},
    {"select a, b from k where c is null", "2|x; -4|z"},
    {"select a, b from k where c is not null", "1|x; 1|y; 2|y; 3|; 3|x"},
    {"select a, b from k where c > 10", "1|y; 3|; 3|x"},
    {"select a, b from k where c < 20", "1|x; 2|y"},
    {"select a, b from k where c = 10 and b = 'y'", "2|y"},
    {"select a, b from k where c = 20 and b < 'y'", "3|"},
    {"select c, b from k where c in (10, 30)", "10|x; 10|y; 30|x"},
    {"select a, b from k where d = 2.5", "2|x"},
    {"select a, b from k where d is null", "1|y; 2|y"},
    {"select d from k where d >= 0 and d < 2.5", "1.5; 0"},
    {"select d from k where d < 0", "-7"},
    {"select d from k where d > 100000", "10000000000"},
};

constexpr QueryCase kOrderedScans[] = {
    {"select a, b from k order by a, b", "-4|z; 1|x; 1|y; 2|x; 2|y; 3|; 3|x"},
    {"select a, b from k order by a desc, b desc", "3|x; 3|; 2|y; 2|x; 1|y; 1|x; -4|z"},
    {"select a, b from k order by a desc, b", "3|; 3|x; 2|x; 2|y; 1|x; 1|y; -4|z"},
    {"select a, b from k where a < 3 order by a desc, b desc limit 2", "2|y; 2|x"},
    {"select a, b from k where a = 1 order by b desc", "1|y; 1|x"},
    {"select c, b from k order by c desc, b", "|x; |z; 30|x; 20|; 20|y; 10|x; 10|y"},
    {"select c, b, a from k order by c, b desc, a",
     "10|y|2; 10|x|1; 20|y|1; 20||3; 30|x|3; |z|-4; |x|2"},
    {"select c, b, a from k order by c nulls first, b desc, a desc limit 3", "|z|-4; |x|2; 10|y|2"},
    {"select c, b from k where c is not null order by c desc, b limit 2", "30|x; 20|"},
    {"select d from k order by d", "-7; 0; 1.5; 2.50; 10000000000; ; "},
    {"select d from k order by d desc nulls last limit 2", "10000000000; 2.50"},
    {"select d from k order by d offset 2 limit 2", "1.5; 2.50"},
    {"select min(c), max(c) from k", "10|30"},
    {"select min(a) from k", "-4"},
    {"select max(d) from k", "10000000000"},
    {"select max(a) from k where a < 3", "2"},
    {"select min(d) from k where d > 1e11", ""},
};

class Scans : public ::testing::Test {
 protected:
  Scans() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    EXPECT_EQ(session_.Run(kScanSetup), "INSERT 7");
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(Scans, ByThePrimaryKey) { ExpectAnswers(&session_, kKeyScans); }
TEST_F(Scans, ByOtherIndexes) { ExpectAnswers(&session_, kIndexScans); }
TEST_F(Scans, InOrder) { ExpectAnswers(&session_, kOrderedScans); }

// An iterator that steps back must not leave its range at either end.
TEST_F(Scans, NeighbouringTablesAreNotRead) {
  session_.Run(
      "create table before (a int primary key); create table after (a int primary key);"
      "insert into before values (1), (2); insert into after values (1), (2);"
      "create table mid (a int primary key)");
  for (const char* query : {"select a from mid", "select a from mid order by a desc",
                            "select max(a) from mid where a is not null"}) {
    EXPECT_EQ(OneLine(session_.Run(query)).find_first_of("12"), std::string::npos) << query;
  }
  session_.Run("insert into mid values (7)");
  EXPECT_EQ(session_.Run("select a from mid where a <= 7 order by a desc"), "7\n");
  EXPECT_EQ(session_.Run("select a from mid where a > 7"), "");
}

TEST_F(Scans, OwnWritesAreSeenInTheirPlaces) {
  session_.Begin();
  session_.Run("insert into k values (2, 'w', 15, 9)");
  session_.Run("delete from k where a = 1 and b = 'x'");
  session_.Run("update k set c = 25 where a = 3 and b = ''");
  EXPECT_EQ(session_.Run("select a, b from k where a in (1, 2) order by a desc, b desc"),
            "2|y\n2|x\n2|w\n1|y\n");
  EXPECT_EQ(session_.Run("select c from k where c between 12 and 28 order by c"), "15\n20\n25\n");
  EXPECT_EQ(session_.Run("select max(d), min(d) from k"), "10000000000|-7\n");
  session_.Rollback();
  EXPECT_EQ(session_.Run("select count(*) from k where c = 25 or d = 9"), "0\n");
}

// Rows are looked up together, more each time, fewer where they are wide; own writes one by one.
TEST_F(Scans, ManyRowsBehindAnIndexComeInItsOrder) {
  session_.Run(
      "create table w (id int primary key, grp int, at int, t text);"
      "create index w_grp on w (grp, at); create unique index w_at on w (at);"
      "insert into w select i, i % 3, 1000 - i, repeat('x', case when i % 50 = 7 then 200000 else "
      "5 "
      "end) from generate_series(1, 300) i");
  const auto check = [&](int deleted) {
    std::string expected;
    for (int i = 300; i > 0; --i) {
      if (i % 3 != 1 || i == deleted) continue;
      expected += fmt::format("{}|{}|{}\n", i, 1000 - i, i % 50 == 7 ? 200'000 : 5);
    }
    EXPECT_EQ(session_.Run("select id, at, length(t) from w where grp = 1 order by at"), expected);
    EXPECT_EQ(session_.Run("select id, length(t) from w where at in (993, 5, 999, 2000, 900, 850) "
                           "order by at"),
              deleted == 100 ? "150|5\n7|200000\n1|5\n" : "150|5\n100|5\n7|200000\n1|5\n");
    EXPECT_EQ(session_.Run("select id from w where grp = 1 order by at limit 3"),
              "298\n295\n292\n");
    EXPECT_EQ(session_.Run("select sum((select length(t) from w b where b.at = a.at)) from w a "
                           "where a.grp = 1"),
              fmt::format("{}\n", (deleted == 100 ? 97 : 98) * 5 + 2 * 200'000));
  };
  check(0);
  session_.Begin();
  session_.Run("delete from w where at = 900");
  check(100);
  session_.Rollback();
  check(0);
}

TEST_F(Scans, KeysOfEveryTypeKeepTheirOrder) {
  constexpr std::pair<const char*, const char*> kTypes[] = {
      {"smallint", "'-32768'|'-1'|'0'|'255'|'256'|'32767'"},
      {"bigint", "'-9223372036854775808'|'-4294967296'|'-1'|'0'|'1'|'9223372036854775807'"},
      {"numeric", "'-1e30'|'-12.5'|'-12.4'|'0'|'0.0001'|'0.01'|'9.99'|'10'|'1e30'|'NaN'"},
      {"float8", "'-Infinity'|'-1e300'|'-1'|'0'|'1e-300'|'2'|'Infinity'|'NaN'"},
      {"text", "''|'A'|'Z'|'a'|'ab'|'b'|'é'|'日本'"},
      {"bytea", "''|'\\x00'|'\\x0001'|'\\x01'|'\\xff'|'\\xff00'"},
      {"date", "'-infinity'|'0044-03-15 BC'|'1999-12-31'|'2000-01-01'|'infinity'"},
      {"timestamp", "'-infinity'|'1969-12-31 23:59:59.999999'|'1970-01-01'|'infinity'"},
      {"boolean", "'f'|'t'"},
      {"uuid", "'00000000-0000-0000-0000-000000000001'|'7fffffff-0000-0000-0000-000000000000'"},
  };
  for (const auto& [type, values] : kTypes) {
    SCOPED_TRACE(type);
    const std::vector<std::string> ascending = AnswerLines(values, "|");
    session_.Run("drop table if exists o");
    session_.Run(fmt::format("create table o (x {} primary key, n int)", type));
    for (size_t i = ascending.size(); i > 0; --i) {
      EXPECT_EQ(session_.Run(fmt::format("insert into o values ({}, {})", ascending[i - 1], i - 1)),
                "INSERT 1");
    }
    std::string up, down;
    for (size_t i = 0; i < ascending.size(); ++i) {
      up += std::to_string(i) + "\n";
      down = std::to_string(i) + "\n" + down;
      EXPECT_EQ(session_.Run("select n from o where x = " + ascending[i]), fmt::format("{}\n", i));
      EXPECT_EQ(session_.Run("select count(*) from o where x < " + ascending[i]),
                fmt::format("{}\n", i));
    }
    EXPECT_EQ(session_.Run("select n from o order by x"), up);
    EXPECT_EQ(session_.Run("select n from o order by x desc"), down);
  }
}

// The same rows with indexes and without any: each condition finds the same.
TEST_F(Scans, IndexesAndFullReadsAgreeOnRandomConditions) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto below = [&](int limit) { return static_cast<int>(random() % limit); };
  session_.Run(
      "create table many (id int primary key, x int, y text, z int);"
      "create index many_x on many (x, y desc); create index many_y on many (y);"
      "create index many_z on many (z desc, x); create table bare (id int, x int, y text,"
      "z int)");
  for (int id = 0; id < 150; ++id) {
    const auto value = [&] { return below(8) == 0 ? "null" : std::to_string(below(10)); };
    session_.Run(fmt::format("insert into many values ({}, {}, {}::text, {})", id, value(), value(),
                             value()));
  }
  session_.Run("insert into bare select * from many");
  const auto condition = [&]() -> std::string {
    const char* columns[] = {"id", "x", "y", "z"};
    const std::string column = columns[below(4)];
    const std::string value = column == "y" ? fmt::format("'{}'", below(10))
                                            : std::to_string(below(column == "id" ? 150 : 10));
    const std::string other = column == "y" ? "'4'" : "4";
    switch (below(7)) {
      case 0:
        return column + " = " + value;
      case 1:
        return column + " > " + value;
      case 2:
        return column + " <= " + value;
      case 3:
        return column + " in (" + value + ", " + other + ", null)";
      case 4:
        return column + " is null";
      case 5:
        return column + " between " + other + " and " + value;
      default:
        return column + " is not null";
    }
  };
  for (int i = 0; i < 150; ++i) {
    std::string where = condition();
    for (int more = below(3); more > 0; --more) where += " and " + condition();
    const char* orders[] = {"", " order by x, y desc, id", " order by z, id", " order by id desc",
                            " order by x desc nulls last, y nulls first, id limit 9"};
    const int order = below(5);
    const auto answer = [&](const std::string& table) {
      const std::string query = "select id, x, y, z from " + table + " where " + where;
      return order == 0 ? session_.RunSorted(query) : session_.Run(query + orders[order]);
    };
    EXPECT_EQ(answer("many"), answer("bare")) << where << orders[order];
  }
}

}  // namespace
}  // namespace omen::exec::testing
