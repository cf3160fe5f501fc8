// Tables are counted as they change, whatever changes them.
#include <gtest/gtest.h>

#include "exec/database/services.h"
#include "exec/database/test_engine.h"

namespace omen::exec {
namespace {

class RowCounts : public ::testing::Test {
 protected:
  /// Of the store, against what is there.
  void Expect(const char* table, int64_t rows) {
    const catalog::Object* object = engine_.catalog().Current()->FindRelation({"public"}, table);
    ASSERT_NE(object, nullptr);
    const auto& storage = std::get<catalog::Table>(*object).storage_id;
    EXPECT_EQ(engine_.database().statistics().Rows(storage), static_cast<double>(rows));
    EXPECT_EQ(session_.Run(std::string("select count(*) from ") + table), std::to_string(rows) + "\n");
  }

  testing::TestEngine engine_{testing::TestEngine::Columns::kWithout};
  testing::TestSession session_{&engine_};
};

TEST_F(RowCounts, FollowStatements) {
  session_.Run("create table t (a int primary key, b text)");
  Expect("t", 0);
  session_.Run("insert into t select i, 'x' from generate_series(1, 100) i");
  Expect("t", 100);
  session_.Run("update t set b = 'y' where a <= 10");
  session_.Run("update t set a = a + 1000 where a <= 5");
  Expect("t", 100);
  session_.Run("delete from t where a > 50");
  Expect("t", 45);
  session_.Run("insert into t values (50, 'z'), (51, 'z') on conflict (a) do update set b = 'w'");
  Expect("t", 46);
}

TEST_F(RowCounts, FollowTransactions) {
  session_.Run("create table t (a int)");
  session_.Begin();
  session_.Run("insert into t values (1), (2), (3)");
  session_.Run("delete from t where a = 2");
  session_.Commit();
  Expect("t", 2);
  session_.Begin();
  session_.Run("insert into t values (4), (5)");
  session_.Rollback();
  Expect("t", 2);
}

TEST_F(RowCounts, FollowWholeTables) {
  session_.Run("create table t (a int primary key)");
  session_.Run("insert into t select generate_series(1, 10)");
  session_.Run("truncate t");
  Expect("t", 0);
  session_.Run("insert into t values (1)");
  Expect("t", 1);
  session_.Run("create table u as select i as a from generate_series(1, 70) i");
  Expect("u", 70);
  session_.Run("alter table u alter a type text");
  Expect("u", 70);
  session_.Run("alter table u add b int default 7");
  session_.Run("delete from u where a = '3'");
  Expect("u", 69);
}

}  // namespace
}  // namespace omen::exec
