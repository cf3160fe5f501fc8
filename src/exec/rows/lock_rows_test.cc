// FOR UPDATE and its weaker kin: who waits, who does not, and which version comes back.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class RowLocking : public ::testing::Test {
 protected:
  RowLocking() : engine_(TestEngine::Columns::kWithout), one_(&engine_), two_(&engine_) {
    one_.Run(
        "create table t (id int primary key, v int); create index t_v on t (v);"
        "create table u (id int primary key, t int);"
        "insert into t values (1, 10), (2, 20), (3, 30);"
        "insert into u values (1, 1), (2, 1), (3, 3)");
  }

  TestEngine engine_;
  TestSession one_, two_;
};

constexpr const char* kTaken = "ERROR 55P03: could not obtain lock on row in relation \"t\"";

TEST_F(RowLocking, NowaitFailsOnALockedRowAlone) {
  one_.Begin();
  EXPECT_EQ(one_.Run("select v from t where id = 2 for update"), "20\n");
  EXPECT_EQ(two_.Run("select v from t where id = 2 for update nowait"), kTaken);
  EXPECT_EQ(two_.Run("select v from t where v = 20 for update nowait"), kTaken);
  EXPECT_EQ(two_.Run("select v from t order by id for update nowait"), kTaken);
  EXPECT_EQ(two_.Run("select v from t where id = 1 for update nowait"), "10\n");
  EXPECT_EQ(two_.Run("select v from t where id = 2"), "20\n");
  one_.Commit();
  EXPECT_EQ(two_.Run("select v from t where id = 2 for update nowait"), "20\n");
}

TEST_F(RowLocking, SkipLockedLeavesLockedRowsOut) {
  one_.Begin();
  EXPECT_EQ(one_.Run("select id from t where id <= 2 order by id limit 1 for update"), "1\n");
  two_.Begin();
  EXPECT_EQ(two_.Run("select id from t order by id limit 1 for update skip locked"), "2\n");
  EXPECT_EQ(one_.Run("select id from t order by id for update skip locked"), "1\n3\n");
  EXPECT_EQ(two_.Run("select id from t where id = 1 for update skip locked"), "");
  two_.Rollback();
  EXPECT_EQ(one_.Run("select id from t where id = 2 for update skip locked"), "2\n");
  one_.Rollback();
}

TEST_F(RowLocking, WhatALimitCutsIsNotLocked) {
  one_.Begin();
  EXPECT_EQ(one_.Run("select id from t order by id limit 1 offset 1 for update"), "2\n");
  // PostgreSQL locks what OFFSET passes over, too.
  EXPECT_EQ(two_.Run("select id from t order by id for update skip locked"), "3\n");
  one_.Commit();
}

TEST_F(RowLocking, OfNamesTheTablesThatAreLocked) {
  one_.Begin();
  EXPECT_EQ(one_.Run("select t.id from t join u on u.t = t.id where u.id = 2 for update of u"),
            "1\n");
  EXPECT_EQ(two_.Run("select id from t where id = 1 for update nowait"), "1\n");
  EXPECT_EQ(two_.Run("select id from u order by id for update skip locked"), "1\n3\n");
  one_.Commit();
  EXPECT_EQ(one_.Run("select 1 from t for update of x"),
            "ERROR 42P01: relation \"x\" in FOR UPDATE clause not found in FROM clause");
}

// Its condition is the join's, which could not be checked again. WHERE may make it inner.
TEST_F(RowLocking, TheNullableSideOfAnOuterJoinIsRefused) {
  constexpr QueryCase kOuter[] = {
      {"select u.id from u left join t on t.id = u.t for update of t",
       "ERROR 0A000: FOR UPDATE cannot be applied to the nullable side of an outer join"},
      {"select u.id from t right join u on t.id = u.t for share",
       "ERROR 0A000: FOR SHARE cannot be applied to the nullable side of an outer join"},
      {"select u.id from u full join t on t.id = u.t for key share of u",
       "ERROR 0A000: FOR KEY SHARE cannot be applied to the nullable side of an outer join"},
      {"select u.id from u left join t on t.id = 9 order by 1 for update of u", "1; 2; 3"},
      {"select u.id from u left join t on t.id = u.t where t.v = 30 for update of t", "3"},
  };
  ExpectAnswers(&one_, kOuter);
}

TEST_F(RowLocking, WhereThereAreNoRowsOfOneTable) {
  const std::pair<const char*, const char*> cases[] = {
      {"select count(*) from t for update", "FOR UPDATE is not allowed with aggregate functions"},
      {"select v from t group by v for update", "FOR UPDATE is not allowed with GROUP BY clause"},
      {"select distinct v from t for share", "FOR SHARE is not allowed with DISTINCT clause"},
      {"select 1 from t having true for update", "FOR UPDATE is not allowed with HAVING clause"},
      {"select rank() over () from t for update",
       "FOR UPDATE is not allowed with window functions"},
      {"select v from t union select v from t for update",
       "FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT"},
      {"select generate_series(1, v) from t for update",
       "FOR UPDATE is not allowed with set-returning functions in the target list"},
  };
  for (const auto& [query, message] : cases) {
    EXPECT_EQ(one_.Run(query), std::string("ERROR 0A000: ") + message) << query;
  }
}

// In READ COMMITTED the newest version comes back, and only where it still qualifies.
TEST_F(RowLocking, AWaitReadsTheRowAgain) {
  for (const auto& [change, answer] : {std::pair{"update t set v = 11 where id = 1", "1|11"},
                                       {"update t set v = 99 where id = 1", "none"},
                                       {"delete from t where id = 1", "none"}}) {
    one_.Run("delete from t where id = 1; insert into t values (1, 10)");
    one_.Begin();
    one_.Run(change);
    Meanwhile waiter(&two_, "select id, v from t where id = 1 and v < 50 for update");
    one_.Commit();
    EXPECT_EQ(waiter.Answer(), answer) << change;
  }
}

TEST_F(RowLocking, ARollbackGivesTheOldVersion) {
  one_.Begin();
  one_.Run("update t set v = 99 where id = 1");
  Meanwhile waiter(&two_, "select v from t where id = 1 for update");
  one_.Rollback();
  EXPECT_EQ(waiter.Answer(), "10");
}

TEST_F(RowLocking, RepeatableReadFailsOnARowChangedSinceItsView) {
  one_.Begin(sql::Isolation::kRepeatableRead);
  EXPECT_EQ(one_.Run("select count(*) from t"), "3\n");
  two_.Run("update t set v = 21 where id = 2");
  EXPECT_EQ(one_.Run("select v from t where id = 1 for update"), "10\n");
  EXPECT_EQ(one_.Run("select v from t where id = 2"), "20\n");
  EXPECT_EQ(one_.Run("select v from t where id = 2 for update"),
            "ERROR 40001: could not serialize access due to concurrent update");
  one_.Rollback();
}

TEST_F(RowLocking, ALockTimeoutEndsAWait) {
  one_.Begin();
  one_.Run("select 1 from t where id = 1 for update");
  two_.options.lock_timeout_ms = 20;
  EXPECT_EQ(two_.Run("select 1 from t where id = 1 for update"),
            "ERROR 55P03: canceling statement due to lock timeout");
  one_.Rollback();
}

TEST_F(RowLocking, ALockThatARolledBackSavepointTookIsFree) {
  one_.Begin();
  one_.Run("select 1 from t where id = 1 for update");
  ASSERT_TRUE(one_.transaction()->Savepoint("s").ok());
  one_.Run("select 1 from t where id = 2 for update");
  EXPECT_EQ(two_.Run("select id from t order by id for update skip locked"), "3\n");
  ASSERT_TRUE(one_.transaction()->RollbackTo("s").ok());
  EXPECT_EQ(two_.Run("select id from t order by id for update skip locked"), "2\n3\n");
  one_.Rollback();
}

TEST_F(RowLocking, OwnChangesAreLockedAlready) {
  one_.Begin();
  one_.Run(
      "insert into t values (4, 40); update t set v = 31 where id = 3; delete from t where id "
      "= 1");
  EXPECT_EQ(one_.Run("select id, v from t order by id for update"), "2|20\n3|31\n4|40\n");
  EXPECT_EQ(two_.Run("select id from t order by id for update skip locked"), "");
  one_.Rollback();
}

}  // namespace
}  // namespace omen::exec::testing
