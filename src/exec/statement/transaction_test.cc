// Transactions: views, savepoints over rows and definitions, what may be set when, and what an
// index or a rewrite that is younger than a view means for it.
#include "exec/statement/transaction.h"

#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class Transactions : public ::testing::Test {
 protected:
  Transactions() : engine_(TestEngine::Columns::kWithout), one_(&engine_), two_(&engine_) {
    one_.Run("create table t (id int primary key, v int); insert into t values (1, 10), (2, 20)");
  }

  Transaction& tx() { return *one_.transaction(); }

  TestEngine engine_;
  TestSession one_, two_;
};

TEST_F(Transactions, ReadCommittedSeesEachCommitAndRepeatableReadItsFirstView) {
  for (const auto isolation : {sql::Isolation::kReadCommitted, sql::Isolation::kRepeatableRead}) {
    const bool repeatable = isolation == sql::Isolation::kRepeatableRead;
    one_.Begin(isolation);
    const std::string before = one_.Run("select sum(v) from t");
    two_.Run("update t set v = v + 1 where id = 1");
    const std::string after = one_.Run("select sum(v) from t");
    EXPECT_EQ(before == after, repeatable);
    EXPECT_EQ(one_.Commit(), "COMMIT");
    EXPECT_NE(one_.Run("select sum(v) from t"), before);
  }
}

TEST_F(Transactions, ARepeatableViewIsTakenByTheFirstStatementNotByBegin) {
  one_.Begin(sql::Isolation::kRepeatableRead);
  two_.Run("insert into t values (3, 30)");
  EXPECT_EQ(one_.Run("select count(*) from t"), "3\n");
  two_.Run("insert into t values (4, 40)");
  EXPECT_EQ(one_.Run("select count(*) from t"), "3\n");
  one_.Commit();
}

TEST_F(Transactions, OwnChangesAreSeenAndOthersAreNot) {
  one_.Begin();
  one_.Run("insert into t values (3, 30); delete from t where id = 1");
  EXPECT_EQ(one_.Run("select id from t order by id"), "2\n3\n");
  EXPECT_EQ(two_.Run("select id from t order by id"), "1\n2\n");
  one_.Rollback();
  EXPECT_EQ(one_.Run("select id from t order by id"), "1\n2\n");
}

TEST_F(Transactions, IsolationIsSettledByTheFirstStatement) {
  one_.Begin();
  EXPECT_TRUE(tx().SetIsolation(sql::Isolation::kRepeatableRead).ok());
  EXPECT_TRUE(tx().repeatable());
  EXPECT_FALSE(tx().has_snapshot());
  one_.Run("select 1 from t");
  EXPECT_TRUE(tx().has_snapshot());
  EXPECT_TRUE(tx().SetIsolation(sql::Isolation::kReadCommitted).Is(SqlState{"25001"}));
  EXPECT_TRUE(tx().SetReadOnly(true).ok());
  EXPECT_TRUE(tx().SetReadOnly(false).Is(SqlState{"25001"}));
  one_.Rollback();
}

TEST_F(Transactions, SerializableIsRefused) {
  const auto begun = engine_.database().Begin({sql::Isolation::kSerializable, false});
  EXPECT_TRUE(begun.status().Is(sqlstate::kFeatureNotSupported));
}

TEST_F(Transactions, ASavepointTakesBackRows) {
  one_.Begin();
  one_.Run("insert into t values (3, 30)");
  ASSERT_TRUE(tx().Savepoint("a").ok());
  one_.Run("update t set v = 0; delete from t where id = 2");
  ASSERT_TRUE(tx().Savepoint("b").ok());
  one_.Run("insert into t values (4, 40)");
  ASSERT_TRUE(tx().RollbackTo("b").ok());
  EXPECT_EQ(one_.Run("select * from t order by id"), "1|0\n3|0\n");
  ASSERT_TRUE(tx().RollbackTo("a").ok());
  EXPECT_EQ(one_.Run("select * from t order by id"), "1|10\n2|20\n3|30\n");
  EXPECT_TRUE(tx().RollbackTo("b").Is(sqlstate::kInvalidSavepoint));
  one_.Run("insert into t values (5, 50)");
  ASSERT_TRUE(tx().RollbackTo("a").ok()) << "a savepoint outlives a rollback to it";
  ASSERT_TRUE(tx().Release("a").ok());
  EXPECT_TRUE(tx().RollbackTo("a").Is(sqlstate::kInvalidSavepoint));
  EXPECT_EQ(one_.Commit(), "COMMIT");
  EXPECT_EQ(two_.Run("select id from t order by id"), "1\n2\n3\n");
}

TEST_F(Transactions, OfSavepointsWithOneNameTheLastIsMeant) {
  one_.Begin();
  ASSERT_TRUE(tx().Savepoint("s").ok());
  one_.Run("insert into t values (3, 30)");
  ASSERT_TRUE(tx().Savepoint("s").ok());
  one_.Run("insert into t values (4, 40)");
  ASSERT_TRUE(tx().RollbackTo("s").ok());
  EXPECT_EQ(one_.Run("select count(*) from t"), "3\n");
  ASSERT_TRUE(tx().Release("s").ok());
  ASSERT_TRUE(tx().RollbackTo("s").ok());
  EXPECT_EQ(one_.Run("select count(*) from t"), "2\n");
  EXPECT_EQ(tx().Release("x").error().message, "savepoint \"x\" does not exist");
  one_.Rollback();
}

TEST_F(Transactions, ASavepointTakesBackDefinitions) {
  one_.Begin();
  one_.Run("create table made (a int); insert into made values (1)");
  ASSERT_TRUE(tx().Savepoint("a").ok());
  one_.Run(
      "alter table t add w text default 'n'; create index t_v on t (v); drop table made;"
      "create table later (b int); insert into later values (2)");
  EXPECT_EQ(one_.Run("select * from t where v = 10"), "1|10|n\n");
  EXPECT_EQ(one_.Run("select * from made").substr(0, 11), "ERROR 42P01");
  ASSERT_TRUE(tx().RollbackTo("a").ok());
  EXPECT_EQ(one_.Run("select * from t where v = 10"), "1|10\n");
  EXPECT_EQ(one_.Run("select * from made"), "1\n");
  EXPECT_EQ(one_.Run("select * from later").substr(0, 11), "ERROR 42P01");
  one_.Run("create index t_v on t (v); insert into t values (3, 30)");
  EXPECT_EQ(one_.Run("create table later (b int)"), "CREATE TABLE 0");
  EXPECT_EQ(one_.Commit(), "COMMIT");
  EXPECT_EQ(two_.Run("select id from t where v = 30"), "3\n");
  EXPECT_EQ(two_.Run("select count(*) from later"), "0\n");
  EXPECT_EQ(two_.Run("select * from made"), "1\n");
}

TEST_F(Transactions, ASavepointBringsBackReadOnly) {
  one_.Begin();
  ASSERT_TRUE(tx().Savepoint("s").ok());
  ASSERT_TRUE(tx().SetReadOnly(true).ok());
  EXPECT_EQ(one_.Run("delete from t").substr(0, 11), "ERROR 25006");
  ASSERT_TRUE(tx().RollbackTo("s").ok());
  EXPECT_FALSE(tx().options().read_only);
  EXPECT_EQ(one_.Run("delete from t where id = 1"), "DELETE 1");
  one_.Rollback();
}

TEST_F(Transactions, DefinitionsAreOthersAtCommitOnly) {
  one_.Begin();
  one_.Run("create table n (a int); insert into n values (1)");
  EXPECT_TRUE(tx().draft().begun());
  EXPECT_EQ(two_.Run("select * from n").substr(0, 11), "ERROR 42P01");
  one_.Rollback();
  EXPECT_EQ(one_.Run("select * from n").substr(0, 11), "ERROR 42P01");
  one_.Begin();
  one_.Run("create table n (a int)");
  two_.Run("create table other (b int)");
  EXPECT_EQ(one_.Run("select count(*) from other"), "0\n");
  EXPECT_EQ(one_.Commit(), "COMMIT");
  EXPECT_EQ(two_.Run("select count(*) from n, other"), "0\n");
}

// A transaction's own definitions stand over what is published now, not over what was when it
// made the first: else it would write where nobody looks.
TEST_F(Transactions, WithDefinitionsOfTheirOwnFollowThoseOfOthers) {
  one_.Begin();
  one_.Run("create table own (a int)");
  two_.Run("truncate t; insert into t values (7, 70)");
  EXPECT_EQ(one_.Run("select * from t"), "7|70\n");
  EXPECT_EQ(one_.Run("insert into t values (8, 80)"), "INSERT 1");
  EXPECT_EQ(one_.Run("update t set v = v + 1"), "UPDATE 2");
  EXPECT_EQ(one_.Run("insert into own values (1)"), "INSERT 1");
  EXPECT_EQ(one_.Commit(), "COMMIT");
  EXPECT_EQ(two_.Run("select * from t order by id"), "7|71\n8|81\n");
  EXPECT_EQ(two_.Run("select * from own"), "1\n");

  one_.Begin();
  one_.Run("create table more (a int)");
  two_.Run("alter table t drop v, add w text default 'n'; create unique index t_w on t (id, w)");
  EXPECT_EQ(one_.Run("insert into t values (9, 'x')"), "INSERT 1");
  EXPECT_EQ(one_.Run("alter table more add b int"), "ALTER TABLE 0");
  EXPECT_EQ(one_.Commit(), "COMMIT");
  EXPECT_EQ(two_.Run("select * from t where id = 9 and w = 'x'"), "9|x\n");
  EXPECT_EQ(two_.Run("insert into t values (9, 'x')").substr(0, 11), "ERROR 23505");
  EXPECT_EQ(two_.Run("select a, b from more"), "");
}

TEST_F(Transactions, KnowWhatTheyHaveChanged) {
  const auto storage = [&](const char* name) {
    const auto catalog = one_.transaction()->catalog();
    return std::get<catalog::Table>(*catalog->FindRelation({"public"}, name)).storage_id;
  };
  two_.Run("create table u (a int)");
  one_.Begin();
  one_.Run("select * from t");
  EXPECT_FALSE(tx().HasChanged(storage("t")));
  EXPECT_FALSE(tx().has_writes());
  one_.Run("update t set v = 1 where id = 1");
  EXPECT_TRUE(tx().HasChanged(storage("t")));
  EXPECT_FALSE(tx().HasChanged(storage("u")));
  EXPECT_TRUE(tx().has_writes());
  one_.Run("alter table u add b int");
  EXPECT_TRUE(tx().HasChanged(storage("u")));
  one_.Rollback();
}

// What is built from the present has no old versions: such an index is not read under an older
// view, and such a table cannot be.
TEST_F(Transactions, AnIndexYoungerThanTheViewIsNotRead) {
  two_.Run("insert into t select i, i * 1000 from generate_series(100, 1000) i");
  one_.Begin(sql::Isolation::kRepeatableRead);
  EXPECT_EQ(one_.Run("select id from t where v = 20"), "2\n");
  two_.Run("update t set v = 99 where id = 2; create index t_v on t (v)");
  EXPECT_EQ(one_.Run("select id from t where v = 20"), "2\n");
  EXPECT_EQ(one_.Run("select id from t where v = 99"), "");
  EXPECT_TRUE(tx().HidesIndexes());
  EXPECT_EQ(one_.Run("explain (costs off) select id from t where v = 20").find("t_v"),
            std::string::npos);
  EXPECT_NE(two_.Run("explain (costs off) select id from t where v = 20").find("t_v"),
            std::string::npos);
  one_.Run("insert into t values (7, 70)");
  EXPECT_EQ(one_.Run("select id from t where v = 70"), "7\n");
  EXPECT_EQ(one_.Commit(), "COMMIT");
  EXPECT_EQ(two_.Run("select id from t where v = 70"), "7\n") << "it is written, though not read";
}

TEST_F(Transactions, ATableRewrittenAfterTheViewIsASerializationFailure) {
  for (const char* rewrite :
       {"truncate t; insert into t values (1, 1)", "alter table t alter v type bigint using v + 0",
        "drop table t; create table t (id int primary key, v int)"}) {
    two_.Run(
        "drop table t; create table t (id int primary key, v int);"
        "insert into t values (1, 10)");
    one_.Begin(sql::Isolation::kRepeatableRead);
    one_.Run("select 1");
    one_.Run("create table own (a int)");
    two_.Run(rewrite);
    EXPECT_EQ(one_.Run("select * from t"),
              "ERROR 40001: could not serialize access due to concurrent update")
        << rewrite;
    one_.Rollback();
  }
}

TEST_F(Transactions, ACommitThatBreaksNothingHasANumber) {
  auto transaction = engine_.database().Begin({}).value();
  const auto first = CommitNow(transaction.get());
  ASSERT_TRUE(first.ok());
  one_.Run("insert into t values (3, 30)");
  EXPECT_GT(engine_.rows().last_commit(), *first);
}

}  // namespace
}  // namespace omen::exec::testing
