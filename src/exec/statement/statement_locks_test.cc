// The locks that statements take on tables, and plans that are out of date when they have them.
#include "exec/statement/statement_locks.h"

#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class StatementLocks : public ::testing::Test {
 protected:
  StatementLocks() : engine_(TestEngine::Columns::kWithout), one_(&engine_), two_(&engine_) {
    one_.Run(
        "create table t (id int primary key, v int); create table u (id int);"
        "insert into t values (1, 10)");
    two_.options.lock_timeout_ms = 15;
  }

  /// May another session take the mode on the table now?
  bool Free(const char* table, const char* mode) {
    return two_.Run(std::string("lock table ") + table + " in " + mode + " mode nowait") ==
           "LOCK TABLE 0";
  }

  struct Bound {
    std::shared_ptr<const catalog::Snapshot> catalog;
    std::shared_ptr<const sql::Statement> statement;
  };
  Bound Bind(const char* text) {
    Bound bound;
    auto transaction = engine_.database().Begin({}).value();
    bound.catalog = transaction->catalog();
    sql::BindContext context;
    context.catalog = bound.catalog.get();
    context.search_path = {"public"};
    bound.statement = sql::Bind(sql::Parse(text).value().front(), context).value();
    return bound;
  }

  TestEngine engine_;
  TestSession one_, two_;
};

// Each statement holds PostgreSQL's mode to the end of its transaction: what conflicts waits.
TEST_F(StatementLocks, EachStatementHasItsMode) {
  struct Held {
    const char* statement;
    const char* strongest_free;
    const char* weakest_taken;
  };
  constexpr Held kHeld[] = {
      {"select * from t", "exclusive", "access exclusive"},
      {"select * from t for update", "share row exclusive", "exclusive"},
      {"insert into t values (2, 2)", "row exclusive", "share"},
      {"update t set v = 1", "row exclusive", "share"},
      {"delete from t", "row exclusive", "share"},
      {"create index on t (v)", "row share", "row exclusive"},
      {"alter table t add w int", nullptr, "access share"},
      {"truncate t", nullptr, "access share"},
      {"insert into u select id from t", "exclusive", "access exclusive"},
      {"lock table t in share mode", "share", "row exclusive"},
  };
  for (const Held& one : kHeld) {
    one_.Begin();
    ASSERT_EQ(one_.Run(one.statement).find("ERROR"), std::string::npos) << one.statement;
    if (one.strongest_free != nullptr) {
      EXPECT_TRUE(Free("t", one.strongest_free)) << one.statement;
    }
    EXPECT_FALSE(Free("t", one.weakest_taken)) << one.statement;
    one_.Rollback();
    EXPECT_TRUE(Free("t", "access exclusive")) << one.statement;
  }
}

TEST_F(StatementLocks, ASubquerysTablesAreLockedToo) {
  one_.Begin();
  one_.Run("select 1 where exists (select from t) or 1 in (select id from u)");
  EXPECT_FALSE(Free("t", "access exclusive"));
  EXPECT_FALSE(Free("u", "access exclusive"));
  one_.Rollback();
}

TEST_F(StatementLocks, ALockGoesWithTheSavepointItCameAfter) {
  one_.Begin();
  ASSERT_TRUE(one_.transaction()->Savepoint("s").ok());
  one_.Run("lock table t in access exclusive mode");
  EXPECT_FALSE(Free("t", "access share"));
  ASSERT_TRUE(one_.transaction()->RollbackTo("s").ok());
  EXPECT_TRUE(Free("t", "access exclusive"));
  one_.Rollback();
}

TEST_F(StatementLocks, APlanIsStaleOnceItsTableHasChanged) {
  const Bound bound = Bind("select v from t");
  const auto lock = [&] {
    auto transaction = engine_.database().Begin({}).value();
    return LockStatementTables(*bound.statement, *bound.catalog, transaction.get());
  };
  EXPECT_TRUE(lock().ok());
  one_.Run("create table other (a int); alter table u add b int");
  EXPECT_TRUE(lock().ok()) << "other tables do not matter";
  one_.Run("alter table t add w int");
  EXPECT_TRUE(IsStalePlan(lock()));
  const Bound again = Bind("select v from t");
  one_.Run("drop table t");
  auto transaction = engine_.database().Begin({}).value();
  EXPECT_TRUE(
      IsStalePlan(LockStatementTables(*again.statement, *again.catalog, transaction.get())));
}

TEST_F(StatementLocks, AStatementThatWaitedForAChangeIsPlannedAnew) {
  one_.Begin();
  one_.Run("alter table t add w text default 'new'");
  two_.options.lock_timeout_ms = 0;
  Meanwhile waiting(&two_, "select * from t");
  one_.Commit();
  EXPECT_EQ(waiting.Answer(), "1|10|new");
  one_.Begin();
  one_.Run("drop table t");
  Meanwhile late(&two_, "insert into t values (5, 5, 'x')");
  one_.Commit();
  EXPECT_EQ(late.Answer(), "ERROR 42P01: relation \"t\" does not exist");
}

}  // namespace
}  // namespace omen::exec::testing
