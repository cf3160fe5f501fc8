// Whole tables and indexes built at once: what they hold, what a duplicate does, and that the
// transaction's end keeps or drops them.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class StorageFills : public ::testing::Test {
 protected:
  StorageFills() : engine_(TestEngine::Columns::kWithout), session_(&engine_), other_(&engine_) {
    session_.Run(
        "create table t (id int, a int, b text);"
        "insert into t select i, i % 10, 'b' || i % 3 from generate_series(1, 300) i");
  }

  TestEngine engine_;
  TestSession session_, other_;
};

TEST_F(StorageFills, AnIndexBuiltLaterFindsWhatIsThere) {
  EXPECT_EQ(session_.Run("create index t_a on t (a, b desc)"), "CREATE INDEX 0");
  EXPECT_EQ(session_.Run("select count(*), sum(id) from t where a = 4"), "30|4470\n");
  EXPECT_EQ(session_.Run("select b, count(*) from t where a = 4 group by b order by b"),
            "b0|10\nb1|10\nb2|10\n");
  EXPECT_NE(session_.Run("explain select id from t where a = 4").find("t_a"), std::string::npos);
  EXPECT_EQ(session_.Run("alter table t add primary key (id)"), "ALTER TABLE 0");
  EXPECT_EQ(session_.Run("select a, b from t where id = 299"), "9|b2\n");
  EXPECT_EQ(session_.Run("select count(*) from t where a = 4"), "30\n");
}

TEST_F(StorageFills, ADuplicateRefusesTheWholeBuild) {
  EXPECT_EQ(session_.Run("create unique index t_a on t (a)"),
            "ERROR 23505: could not create unique index \"t_a\"");
  EXPECT_EQ(session_.Run("alter table t add primary key (a)"),
            "ERROR 23505: could not create unique index \"t_pkey\"");
  EXPECT_EQ(session_.Run("alter table t add constraint one unique (b, a)"),
            "ERROR 23505: could not create unique index \"one\"");
  EXPECT_EQ(session_.Run("create unique index t_a on t (id, a)"), "CREATE INDEX 0");
}

TEST_F(StorageFills, NullsAreNoDuplicatesUnlessSaid) {
  session_.Run("update t set a = null where id > 10; delete from t where id = 10");
  EXPECT_EQ(session_.Run("create unique index n on t (a) nulls not distinct"),
            "ERROR 23505: could not create unique index \"n\"");
  EXPECT_EQ(session_.Run("create unique index n on t (a)"), "CREATE INDEX 0");
  EXPECT_EQ(session_.Run("select count(*) from t where a is null"), "290\n");
}

TEST_F(StorageFills, ARolledBackBuildLeavesTheOldTable) {
  session_.Begin();
  EXPECT_EQ(session_.Run("alter table t alter a type text using 'x' || a"), "ALTER TABLE 0");
  EXPECT_EQ(session_.Run("create index t_a on t (a)"), "CREATE INDEX 0");
  EXPECT_EQ(session_.Run("select count(*) from t where a = 'x4'"), "30\n");
  session_.Rollback();
  EXPECT_EQ(session_.Run("select count(*) from t where a = 4"), "30\n");
  EXPECT_EQ(session_.Run("create index t_a on t (a)"), "CREATE INDEX 0");
}

TEST_F(StorageFills, ABuildTakesTheTransactionsOwnRows) {
  session_.Begin();
  session_.Run(
      "insert into t values (301, 77, 'own'); delete from t where id <= 290;"
      "update t set a = 78 where id = 300");
  EXPECT_EQ(session_.Run("create index t_a on t (a)"), "CREATE INDEX 0");
  EXPECT_EQ(session_.Run("select id from t where a in (77, 78) order by id"), "300\n301\n");
  session_.Run("insert into t values (302, 77, 'later')");
  EXPECT_EQ(session_.Commit(), "COMMIT");
  EXPECT_EQ(other_.Run("select id from t where a = 77 order by id"), "301\n302\n");
  EXPECT_EQ(other_.Run("select count(*) from t"), "12\n");
}

TEST_F(StorageFills, ATruncatedTableIsNewAndEmpty) {
  session_.Run("create index t_a on t (a)");
  session_.Begin();
  EXPECT_EQ(session_.Run("truncate t"), "TRUNCATE TABLE 0");
  EXPECT_EQ(session_.Run("select count(*) from t where a = 4"), "0\n");
  session_.Run("insert into t values (1, 4, 'x')");
  session_.Rollback();
  EXPECT_EQ(session_.Run("select count(*) from t where a = 4"), "30\n");
  session_.Run("truncate t; insert into t values (1, 4, 'x')");
  EXPECT_EQ(session_.Run("select id, b from t where a = 4"), "1|x\n");
}

TEST_F(StorageFills, ATableMadeOfAQuery) {
  EXPECT_EQ(session_.Run("create table n as select a, count(*) as c, max(b) from t group by a"),
            "CREATE TABLE AS 10");
  EXPECT_EQ(session_.Run("select sum(c), max(max) from n"), "300|b2\n");
  EXPECT_EQ(session_.Run("create table e (x, y) as select id, b from t with no data"),
            "CREATE TABLE AS 0");
  EXPECT_EQ(session_.Run("select count(x), count(y) from e"), "0|0\n");
  EXPECT_EQ(session_.Run("create table n as select 1 as x"),
            "ERROR 42P07: relation \"n\" already exists");
}

TEST_F(StorageFills, RebuildsAreRefusedInAViewThatHasRead) {
  session_.Begin(sql::Isolation::kRepeatableRead);
  session_.Run("select 1 from t limit 1");
  EXPECT_EQ(session_.Run("create index t_a on t (a)"),
            "ERROR 0A000: rebuilding a table after the snapshot of a REPEATABLE READ transaction "
            "is not supported");
  session_.Rollback();
  session_.Begin(sql::Isolation::kRepeatableRead);
  EXPECT_EQ(session_.Run("create index t_a on t (a)"), "CREATE INDEX 0");
  EXPECT_EQ(session_.Commit(), "COMMIT");
}

}  // namespace
}  // namespace omen::exec::testing
