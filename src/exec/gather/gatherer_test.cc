// ANALYZE over a whole engine: from columns and from rows, what it says of others' tables, and
// what commits do meanwhile.
#include <gtest/gtest.h>

#include "exec/database/services.h"
#include "exec/database/test_engine.h"

namespace omen::exec {
namespace {

using Columns = testing::TestEngine::Columns;

class GathererTest : public ::testing::TestWithParam<Columns> {
 protected:
  statistics::TableStatisticsPtr Known(const char* table) {
    const catalog::Object* object = engine_.catalog().Current()->FindRelation({"public"}, table);
    return engine_.database().statistics().Of(std::get<catalog::Table>(*object).storage_id);
  }

  /// How often ANALYZE has taken it; jobs may have too.
  uint64_t Commanded(const char* table) {
    const catalog::Object* object = engine_.catalog().Current()->FindRelation({"public"}, table);
    const auto storage = std::get<catalog::Table>(*object).storage_id;
    return engine_.database().statistics().Report(storage)->counters.by_command;
  }

  testing::TestEngine engine_{GetParam()};
  testing::TestSession session_{&engine_};
};

TEST_P(GathererTest, TakesTablesOfEveryKindOfKey) {
  const char* keys[] = {"a int primary key, b text", "a int, b text",
                        "a numeric primary key, b text", "a int, b text, primary key (b, a)"};
  for (const char* columns : keys) {
    ASSERT_EQ(session_.Run(std::string("create table t (") + columns + ")"), "CREATE TABLE 0");
    session_.Run("insert into t select i, 'v' || i % 7 from generate_series(1, 3000) i");
    session_.Run("analyze t");
    const auto known = Known("t");
    ASSERT_NE(known, nullptr) << columns;
    EXPECT_EQ(known->source, GetParam() == Columns::kWith ? statistics::Source::kColumns
                                                          : statistics::Source::kRows);
    EXPECT_EQ(known->rows, 3000);
    EXPECT_EQ(known->column(1)->distinct, 3000);
    EXPECT_EQ(known->column(2)->distinct, 7);
    EXPECT_EQ(known->column(2)->common.size(), 7U);
    // The sample goes on: its keys are those of the rows.
    session_.Run("delete from t where a <= 1000");
    session_.Run("update t set b = 'new' where a > 2000");
    const auto storage = known->storage;
    const auto report = engine_.database().statistics().Report(storage);
    EXPECT_EQ(report->rows, 2000) << columns;
    EXPECT_EQ(report->followed, 2000U) << columns;
    session_.Run("drop table t");
    EXPECT_EQ(engine_.database().statistics().Of(storage), nullptr);
  }
}

TEST_P(GathererTest, TakesValuesOfEveryType) {
  session_.Run(
      "create table t (a bool, b \"char\", c name, d int2, e int8, f float4, g numeric(40, 3), "
      "h numeric, i bytea, j uuid, k time, l interval, m timestamptz, n jsonb, o int[], p "
      "varchar(9), "
      "q char(9), r oid, s text)");
  session_.Run(
      "insert into t select i % 2 = 0, 'x', 'n' || i, i, i, i, i, i / 3.0, '\\x00ff', "
      "'00000000-0000-0000-0000-000000000001', '01:02:03', interval '1 day', now(), '{\"a\": 1}', "
      "array[i, 2], 'v', 'c', i, repeat('long', 1000) from generate_series(1, 200) i");
  session_.Run("insert into t select from generate_series(1, 100)");
  EXPECT_EQ(session_.Run("analyze t"), "ANALYZE 0");
  const auto known = Known("t");
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->rows, 300);
  for (int attnum = 1; attnum <= 19; ++attnum) {
    ASSERT_NE(known->column(attnum), nullptr) << attnum;
    EXPECT_NEAR(known->column(attnum)->null_share, 1.0 / 3, 1e-9) << attnum;
  }
  EXPECT_EQ(known->column(7)->distinct, 200);
  EXPECT_EQ(known->column(12)->distinct, 1);
  EXPECT_EQ(session_.Run("select count(*) from pg_stats where tablename = 't'"), "19\n");
}

TEST_P(GathererTest, SkipsWhatIsNotTheUsers) {
  session_.Run("create role owner login; create role other login; create table t (a int)");
  session_.Run("alter table t owner to owner; insert into t values (1), (2)");
  testing::TestSession other(&engine_);
  other.user = "other";
  EXPECT_EQ(other.Run("analyze t"), "ANALYZE 0");
  ASSERT_EQ(other.notices.size(), 1U);
  EXPECT_EQ(other.notices[0], "skipping \"t\" --- only table or database owner can analyze it");
  EXPECT_EQ(Commanded("t"), 0U);
  other.Run("vacuum");
  EXPECT_TRUE(other.notices.empty());
  other.Run("analyze");
  EXPECT_EQ(other.notices.size(), 1U);
  other.user = "owner";
  other.Run("analyze");
  EXPECT_TRUE(other.notices.empty());
  EXPECT_EQ(Commanded("t"), 1U);
}

TEST_P(GathererTest, WhatIsNotCommittedIsNotTaken) {
  session_.Run("create table t (a int); insert into t values (1), (2)");
  session_.Begin();
  session_.Run("insert into t values (3); create table u (a int)");
  session_.Run("analyze t; analyze u; analyze");
  session_.Rollback();
  ASSERT_NE(Known("t"), nullptr);
  EXPECT_EQ(Known("t")->rows, 2);
  session_.Begin();
  session_.Run("alter table t add b int default 5; truncate t");
  EXPECT_EQ(session_.Run("analyze t"), "ANALYZE 0");
  session_.Rollback();
  EXPECT_EQ(Known("t")->rows, 2);
}

TEST_P(GathererTest, WhatIsBuiltAnewKeepsWhatIsKnownOfIt) {
  session_.Run("create table t (a int, b int, c int)");
  session_.Run("insert into t select i, i % 3, i from generate_series(1, 500) i");
  session_.Run("analyze t");
  session_.Run("alter table t add primary key (a)");
  session_.Run("alter table t alter c type text");
  ASSERT_NE(Known("t"), nullptr);
  EXPECT_EQ(Known("t")->column(2)->common.size(), 3U);
  session_.Run("truncate t");
  EXPECT_EQ(Known("t"), nullptr);
}

TEST_P(GathererTest, OneColumnLeavesTheOthersAsTheyWere) {
  session_.Run("create table t (a int, b int)");
  session_.Run("insert into t select 1, 1 from generate_series(1, 100)");
  session_.Run("analyze t");
  session_.Run("update t set a = 2, b = 2");
  session_.Run("analyze t (a)");
  EXPECT_EQ(Known("t")->column(1)->common[0].value.AsInt(), 2);
  ASSERT_NE(Known("t")->column(2), nullptr);  // of before, or followed
}

INSTANTIATE_TEST_SUITE_P(Stores, GathererTest,
                         ::testing::Values(Columns::kWith, Columns::kWithout));

}  // namespace
}  // namespace omen::exec
