// Joins of every kind, with keys that are null, doubled or absent, and sides that are empty.
#include <gtest/gtest.h>

#include <random>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kJoinSetup =
    "create table l (id int primary key, k int, v text);"
    "create table r (id int primary key, k int, w text);"
    "create table none (id int primary key, k int);"
    "create index r_k on r (k);"
    "insert into l values (1, 1, 'a'), (2, 2, 'b'), (3, 2, 'c'), (4, null, 'd'), (5, 9, 'e');"
    "insert into r values (1, 1, 'p'), (2, 2, 'q'), (3, 2, 'r'), (4, null, 's'), (5, 7, 't');";

// A null key meets no key, on either side; doubled keys meet each of their like.
constexpr QueryCase kJoinKinds[] = {
    {"select l.id, r.id from l join r on l.k = r.k", "1|1; 2|2; 3|2; 2|3; 3|3"},
    {"select l.id, r.id from l left join r on l.k = r.k", "1|1; 2|2; 3|2; 2|3; 3|3; 5|; 4|"},
    {"select l.id, r.id from l right join r on l.k = r.k", "1|1; 2|2; 3|2; 2|3; 3|3; |5; |4"},
    {"select l.id, r.id from l full join r on l.k = r.k",
     "1|1; 2|2; 3|2; 2|3; 3|3; |5; |4; 5|; 4|"},
    {"select count(*) from l cross join r", "25"},
    {"select l.id, r.id from l join r using (k, id)", "1|1; 2|2; 3|3"},
    {"select k, l.id, r.id from l full join r using (k)",
     "1|1|1; 2|2|2; 2|3|2; 2|2|3; 2|3|3; 7||5; ||4; 9|5|; |4|"},
    {"select * from l natural join r", "1|1|a|p; 2|2|b|q; 3|2|c|r"},
    {"select l.id, r.id from l join r on l.k is not distinct from r.k",
     "1|1; 2|2; 2|3; 3|2; 3|3; 4|4"},
    {"select l.id, r.id from l join r on l.k < r.k", "1|2; 1|3; 1|5; 2|5; 3|5"},
    {"select l.id, r.id from l left join r on l.k > r.k + 4", "1|; 2|; 3|; 4|; 5|1; 5|2; 5|3"},
};

// What stands in ON decides about partners; what stands in WHERE about rows.
constexpr QueryCase kJoinConditions[] = {
    {"select l.id, r.id from l left join r on l.k = r.k and l.v = 'b'", "1|; 2|2; 2|3; 3|; 5|; 4|"},
    {"select l.id, r.id from l left join r on l.k = r.k where l.v = 'b'", "2|2; 2|3"},
    {"select l.id, r.id from l left join r on l.k = r.k and r.w = 'q'", "1|; 2|2; 3|2; 4|; 5|"},
    {"select l.id, r.id from l left join r on l.k = r.k where r.w = 'q'", "2|2; 3|2"},
    {"select l.id, r.id from l left join r on l.k = r.k where r.id is null", "5|; 4|"},
    {"select l.id, r.id from l left join r on false", "1|; 2|; 3|; 4|; 5|"},
    {"select l.id, r.id from l full join r on l.k = r.k and l.id = r.id",
     "1|1; 2|2; 3|3; 4|; 5|; |5; |4"},
    {"select l.id, r.id from l full join r on l.k = r.k where coalesce(l.id, 0) < 3",
     "1|1; 2|2; 2|3; |5; |4"},
    {"select l.id, r.id from l left join r on l.k = r.k and null::bool", "1|; 2|; 3|; 4|; 5|"},
    {"select l.id, x.w from l left join (select k, 'in ' || w as w from r) x on x.k = l.k",
     "1|in p; 2|in q; 3|in q; 2|in r; 3|in r; 5|; 4|"},
    {"select l.id, x.one from l left join (select k, 1 as one from r) x on x.k = l.k "
     "where l.id > 2",
     "3|1; 3|1; 4|; 5|"},
};

constexpr QueryCase kJoinEmptySides[] = {
    {"select l.id, n.id from l join none n on l.k = n.k", "none"},
    {"select l.id, n.id from l left join none n on l.k = n.k", "1|; 2|; 3|; 5|; 4|"},
    {"select l.id, n.id from l right join none n on l.k = n.k", "none"},
    {"select l.id, n.id from none n left join l on l.k = n.k", "none"},
    {"select l.id, n.id from none n full join l on l.k = n.k", "1|; 2|; 3|; 5|; 4|"},
    {"select n.id, m.id from none n full join none m on n.k = m.k", "none"},
    {"select count(*) from l cross join none", "0"},
    {"select l.id from l where exists (select from none)", "none"},
    {"select l.id from l where not exists (select from none n where n.k = l.k)", "1; 2; 3; 4; 5"},
};

constexpr QueryCase kJoinMany[] = {
    {"select l.id, r.id, m.id from l join r on l.k = r.k join l m on m.k = r.k and m.id <> l.id",
     "2|2|3; 3|2|2; 2|3|3; 3|3|2"},
    {"select l.id, r.id, n.id from l left join (r left join none n on n.k = r.k) on l.k = r.k",
     "1|1|; 2|2|; 2|3|; 3|2|; 3|3|; 5||; 4||"},
    {"select l.id, r.id from (l left join r on l.k = r.k) left join none n on n.k = r.k "
     "where n.id is null and r.id is not null",
     "1|1; 2|3; 2|2; 3|3; 3|2"},
    {"select a.id, b.id, c.id from l a left join l b on b.id = a.id + 1 left join l c "
     "on c.id = b.id + 1",
     "1|2|3; 2|3|4; 3|4|5; 4|5|; 5||"},
    {"select a.id, b.id, c.id from l a full join r b on a.id = b.k full join r c on c.k = b.id",
     "1|1|1; 2|2|2; 2|2|3; ||4; ||5; 3||; 4||; 5||; |5|; |4|; 2|3|"},
    {"select l.id, x.id from l, lateral (select r.id from r where r.k = l.k order by r.id desc "
     "limit 1) x",
     "1|1; 2|3; 3|3"},
    {"select l.id, x.n from l left join lateral (select count(*) as n from r where r.k = l.k) x "
     "on x.n > 0",
     "1|1; 2|2; 3|2; 4|; 5|"},
    {"select l.id, g from l, generate_series(1, l.k) g where l.id < 4", "1|1; 2|1; 2|2; 3|1; 3|2"},
    {"select l.id from l where k in (select k from r where k is not null)", "1; 2; 3"},
    {"select l.id from l where k not in (select k from r)", "none"},
    {"select l.id from l where k not in (select k from r where k is not null)", "5"},
    {"select l.id from l where (k, id) in (select k, id from r)", "1; 2; 3"},
};

TEST(JoinAnswers, OnRows) {
  TestEngine engine(TestEngine::Columns::kWithout);
  TestSession session(&engine);
  EXPECT_EQ(session.Run(kJoinSetup), "INSERT 5");
  ExpectAnswers(&session, kJoinKinds);
  ExpectAnswers(&session, kJoinConditions);
  ExpectAnswers(&session, kJoinEmptySides);
  ExpectAnswers(&session, kJoinMany);
}

TEST(JoinAnswers, OnColumnsAndOnRowsThroughTheirEngine) {
  TestEngine engine;
  TestSession session(&engine);
  EXPECT_EQ(session.Run(kJoinSetup), "INSERT 5");
  for (const Route route : {Route::kColumn, Route::kMixed}) {
    SCOPED_TRACE(PathName(route == Route::kColumn ? Path::kColumn : Path::kMixed));
    session.options.route = route;
    ExpectAnswers(&session, kJoinKinds);
    ExpectAnswers(&session, kJoinConditions);
    ExpectAnswers(&session, kJoinEmptySides);
    ExpectAnswers(&session, kJoinMany);
  }
}

// A hash table, keys looked up one by one and nested loops are three ways to one answer.
TEST(JoinWays, HashIndexAndLoopAgreeOnRandomRows) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  TestEngine engine(TestEngine::Columns::kWithout);
  TestSession session(&engine);
  session.Run(
      "create table a (id int primary key, k int, s text);"
      "create table b (id int primary key, k int, s text);"
      "create table c (id int primary key, k int, s text);"
      "create index c_k on c (k, s)");
  for (const char* table : {"a", "b"}) {
    for (int id = 0; id < 60; ++id) {
      const int k = static_cast<int>(random() % 12), s = static_cast<int>(random() % 5);
      session.Run("insert into " + std::string(table) + " values (" + std::to_string(id) + ", " +
                  (k == 0 ? "null" : std::to_string(k)) + ", " +
                  (s == 0 ? "null" : "'s" + std::to_string(s) + "'") + ")");
    }
  }
  session.Run("insert into c select * from b");
  const std::string hashed = "a.k = x.k and a.s = x.s";
  const std::string looped = "a.k <= x.k and a.k >= x.k and a.s <= x.s and a.s >= x.s";
  for (const char* kind : {"join", "left join", "right join", "full join"}) {
    const auto count = [&](const char* table, const std::string& on) {
      return session.RunSorted("select a.id, x.id from a " + std::string(kind) + " " + table +
                               " x on " + on + " where coalesce(a.id, 1) + coalesce(x.id, 1) > 5");
    };
    const std::string by_hash = count("b", hashed);
    EXPECT_GT(by_hash.size(), 100u);
    EXPECT_EQ(count("c", hashed), by_hash) << kind;
    if (kind == std::string("full join")) continue;
    EXPECT_EQ(count("b", looped), by_hash) << kind;
  }
}

TEST(JoinWays, AFullJoinWithoutAnEqualityIsRefusedAsPostgresqlDoes) {
  TestEngine engine(TestEngine::Columns::kWithout);
  TestSession session(&engine);
  session.Run("create table a (k int); create table b (k int)");
  EXPECT_EQ(session.Run("select * from a full join b on a.k < b.k"),
            "ERROR 0A000: FULL JOIN is only supported with merge-joinable or hash-joinable join "
            "conditions");
}

TEST(JoinWays, ValuesOfUnlikeTypesMeetByValue) {
  TestEngine engine(TestEngine::Columns::kWithout);
  TestSession session(&engine);
  session.Run(
      "create table a (i int, n numeric, f float8, b bigint);"
      "create table z (i int, n numeric, f float8, b bigint);"
      "insert into a values (1, 1.0, 1, 1), (2, 2.50, 2.5, 5000000000), (0, 0, -0.0, 0);"
      "insert into z values (1, 1.000, 1, 1), (3, 2.5, 2.5, 5000000000), (0, 0, 0.0, 0)");
  EXPECT_EQ(session.Run("select count(*) from a join z on a.n = z.n"), "3\n");
  EXPECT_EQ(session.Run("select count(*) from a join z on a.f = z.f"), "3\n");
  EXPECT_EQ(session.Run("select count(*) from a join z on a.i = z.b"), "2\n");
  EXPECT_EQ(session.Run("select count(*) from a join z on a.b = z.n"), "2\n");
  EXPECT_EQ(session.Run("select count(*) from a join z on a.n = z.f"), "3\n");
  EXPECT_EQ(session.Run("insert into a(f) values ('NaN'); insert into z(f) values ('NaN');"
                        "select count(*) from a join z on a.f = z.f"),
            "4\n");
}

}  // namespace
}  // namespace omen::exec::testing
