// How EXISTS and IN are planned: which joins they become, and which they do not.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kSemiSetup =
    "create table big (id int primary key, k int, m int, t text);"
    "create index big_k on big (k);"
    "create table part (id int primary key, big int, qty int);"
    "create index part_big on part (big);"
    "create table few (id int primary key, v int);"
    "insert into big select i, i % 500, i % 7, 't' || i from generate_series(1, 20000) i;"
    "insert into part select i, i * 2, i % 50 from generate_series(1, 6000) i;"
    "insert into few select i * 100, i from generate_series(1, 10) i;"
    "analyze;";

class SemiJoins : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    engine_ = std::make_unique<TestEngine>(TestEngine::Columns::kWithout);
    TestSession session(engine_.get());
    EXPECT_EQ(session.Run(kSemiSetup), "ANALYZE 0");
  }
  static void TearDownTestSuite() { engine_.reset(); }

  SemiJoins() : session_(engine_.get()) { session_.options.route = Route::kRow; }

  void ExpectPlans(std::span<const QueryCase> cases) {
    for (const QueryCase& one : cases) {
      EXPECT_EQ(PlanOf(&session_, one.query), one.answer) << one.query;
    }
  }

  static std::unique_ptr<TestEngine> engine_;
  TestSession session_;
};

std::unique_ptr<TestEngine> SemiJoins::engine_;

TEST_F(SemiJoins, HashTheInnerSideForManyRows) {
  constexpr QueryCase kCases[] = {
      {"select * from big where exists (select 1 from part where part.big = big.id)",
       "Hash Semi Join / Hash Cond: (part.big = big.id) / Seq Scan on big / Seq Scan on part"},
      {"select * from big where not exists (select 1 from part where part.big = big.id)",
       "Hash Anti Join / Hash Cond: (part.big = big.id) / Seq Scan on big / Seq Scan on part"},
      {"select * from big where id in (select big from part where qty > 10)",
       "Hash Semi Join / Hash Cond: (big.id = part.big) / Seq Scan on big / Seq Scan on part / "
       "Filter: (part.qty > 10)"},
      {"select * from big where exists (select 1 from part where part.big = big.id and qty < m)",
       "Hash Semi Join / Hash Cond: (part.big = big.id) AND (part.qty < big.m) / Seq Scan on big / "
       "Seq Scan on part"},
  };
  ExpectPlans(kCases);
}

TEST_F(SemiJoins, LookPartnersUpForFewRows) {
  constexpr QueryCase kCases[] = {
      {"select * from big where id = 7 and exists (select 1 from part where part.big = big.id)",
       "Nested Loop Semi Join / Index Scan using big_pkey on big / Index Cond: (big.id = 7) / "
       "Index Only Scan using part_big on part / Index Cond: (part.big = big.id)"},
      {"select * from few where not exists (select 1 from part where part.big = few.id and qty > "
       "3)",
       "Nested Loop Anti Join / Seq Scan on few / Index Scan using part_big on part / "
       "Index Cond: (part.big = few.id) / Filter: (part.qty > 3)"},
      {"select * from big where exists (select 1 from part where part.big = big.id) limit 3",
       "Limit / Nested Loop Semi Join / Seq Scan on big / Index Only Scan using part_big on part / "
       "Index Cond: (part.big = big.id)"},
      {"select * from few f where exists (select 1 from part p join big b on b.id = p.id "
       "where p.big = f.id)",
       "Nested Loop Semi Join / Seq Scan on few f / Nested Loop / Index Only Scan using part_big "
       "on "
       "part p / Index Cond: (p.big = f.id) / Index Scan using big_pkey on big b / "
       "Index Cond: (b.id = p.id)"},
  };
  ExpectPlans(kCases);
}

TEST_F(SemiJoins, BeginWithTheKeysWhereTheyFindTheRows) {
  constexpr QueryCase kCases[] = {
      {"select * from big where id in (select id from few)",
       "Nested Loop / HashAggregate / Group Key: few.id / Seq Scan on few / Index Scan using "
       "big_pkey on big / Index Cond: (big.id = few.id)"},
      {"select * from big where id in (select max(id) from few group by v)",
       "Nested Loop / HashAggregate / Group Key: ANY_subquery.max / Subquery Scan on "
       "ANY_subquery / HashAggregate / Group Key: v / Seq Scan on few / Index Scan using big_pkey "
       "on big / Index Cond: (big.id = ANY_subquery.max)"},
      {"delete from big where id in (select id from few)",
       "Delete on big / Nested Loop / HashAggregate / Group Key: few.id / Seq Scan on few / "
       "Index Scan using big_pkey on big / Index Cond: (big.id = few.id)"},
  };
  ExpectPlans(kCases);
}

TEST_F(SemiJoins, JoinWithinTheInnerSide) {
  EXPECT_EQ(PlanOf(&session_,
                   "select * from big where exists (select 1 from part where part.big = big.id and "
                   "not exists (select 1 from few where few.v = part.qty))"),
            "Hash Semi Join / Hash Cond: (part.big = big.id) / Seq Scan on big / "
            "Hash Anti Join / Hash Cond: (few.v = part.qty) / Seq Scan on part / Seq Scan on few");
}

// Where neither side can be null, NOT IN asks for no partner.
TEST_F(SemiJoins, NotInWithoutNulls) {
  constexpr QueryCase kCases[] = {
      {"select * from big where id not in (select id from part)",
       "Hash Anti Join / Hash Cond: (big.id = part.id) / Seq Scan on big / Seq Scan on part"},
      {"select * from big where k > 3 and k not in (select qty from part where qty is not null)",
       "Hash Anti Join / Hash Cond: (big.k = part.qty) / Seq Scan on big / Filter: (big.k > 3) / "
       "Seq Scan on part / Filter: (part.qty IS NOT NULL)"},
      {"select * from few where not id in (select big from part where big > 0 and qty < v)",
       "Nested Loop Anti Join / Seq Scan on few / Index Scan using part_big on part / "
       "Index Cond: (few.id = part.big) / Filter: (part.big > 0) AND (part.qty < few.v)"},
      {"select * from big where id not in (select count(*) from part group by qty)",
       "Hash Anti Join / Hash Cond: (big.id = ANY_subquery.count) / Seq Scan on big / "
       "Subquery Scan on ANY_subquery / HashAggregate / Group Key: qty / Seq Scan on part"},
  };
  ExpectPlans(kCases);
}

// A scan's filter that asks a subquery is still that.
TEST_F(SemiJoins, LeaveTheRest) {
  for (const char* condition :
       {"exists (select 1 from part where part.big = big.id) or m = 3",
        "id not in (select big from part)", "k not in (select id from part)",
        "id not in (select p.id from few left join part p on p.id = few.v)",
        "id not in (select max(id) from part)", "id not in (select nullif(id, 3) from part)",
        "not (id in (select id from part) and m = 3)", "exists (select 1 from part)",
        "5 in (select big from part)",
        "exists (select 1 from part where part.big = big.id and qty > random())",
        "exists (select count(*) from part where part.big = big.id)",
        "exists (select 1 from part where part.big = big.id limit 0)",
        "id in (select p.big from part p where p.qty = big.m order by p.id limit 1)",
        "id <> all (select big from part)", "id > any (select big from part)"}) {
    const std::string plan = PlanOf(&session_, std::string("select * from big where ") + condition);
    EXPECT_EQ(plan.find("Join"), std::string::npos) << condition << ": " << plan;
    EXPECT_FALSE(plan.starts_with("ERROR")) << condition << ": " << plan;
  }
}

TEST_F(SemiJoins, ExpectAsManyRowsAsThereAre) {
  for (const char* condition : {"exists (select 1 from part where part.big = big.id)",
                                "not exists (select 1 from part where part.big = big.id)",
                                "exists (select 1 from part where part.big = big.id and qty < 10)",
                                "id in (select big from part)", "k in (select v from few)"}) {
    const std::string where = std::string(" from big where ") + condition;
    const std::string plan = session_.Run("explain select *" + where);
    const double expected = std::atof(plan.c_str() + plan.find(" rows=") + 6);
    const double rows = std::atof(session_.Run("select count(*)" + where).c_str());
    EXPECT_LE(std::max(rows, expected) / std::max(1.0, std::min(rows, expected)), 2.5)
        << condition << ": " << rows << " rows, expected " << expected;
  }
}

// Each level below another would double what is planned, were all of it compared.
TEST_F(SemiJoins, ManyLevelsArePlannedInTime) {
  std::string query = "select 1 from few f0";
  std::string end;
  for (int i = 1; i <= 14; ++i) {
    const std::string name = "f" + std::to_string(i), outer = "f" + std::to_string(i - 1);
    query += " where exists (select 1 from few " + name;
    end = " and " + name + ".v = " + outer + ".v)" + end;
    if (i < 14) continue;
    query += " where true";
  }
  EXPECT_EQ(session_.Run("select count(*) from (" + query + end + ") q"), "10\n");
}

/// What would have no room in a statement's memory is looked up, slow as that may be.
TEST_F(SemiJoins, HashTablesFitTheMemory) {
  constexpr const char* kInner = "select count(*) from part p join big b on b.id = p.big";
  constexpr const char* kLeft = "select count(b.t) from part p left join big b on b.id = p.big";
  constexpr const char* kSemi =
      "select count(*) from big where exists (select 1 from part where part.big = big.id and qty < "
      "m)";
  const auto plan_of = [&](const char* query, int64_t memory) {
    session_.options.work_memory_bytes = memory;
    return PlanOf(&session_, query);
  };
  for (const char* query : {kInner, kLeft, kSemi}) {
    const std::string roomy = plan_of(query, 64 << 20), narrow = plan_of(query, 128 << 10);
    EXPECT_NE(roomy.find("Hash"), std::string::npos) << roomy;
    EXPECT_EQ(narrow.find("Hash"), std::string::npos) << narrow;
    EXPECT_NE(narrow.find("Index Scan using"), std::string::npos) << narrow;
    EXPECT_EQ(session_.Run(query),
              (session_.options.work_memory_bytes = 64 << 20, session_.Run(query)));
    EXPECT_EQ(plan_of(query, 64 << 20), roomy) << "each session has its own";
  }
  // A key that has room is kept, whatever the rows are.
  EXPECT_NE(plan_of("select * from big where m in (select qty from part)", 128 << 10).find("Hash"),
            std::string::npos);
}

}  // namespace
}  // namespace omen::exec::testing
