#include <gtest/gtest.h>

#include <thread>

#include "answers/checker.h"
#include "exec/database/test_engine.h"
#include "rowstore/key_codec.h"

namespace omen::exec::testing {
namespace {

class AnswerSampleTest : public ::testing::Test {
 protected:
  AnswerSampleTest() {
    session_.Run(
        "create table t (a int primary key, b int, n numeric, f float8);"
        "insert into t select i, i % 3, i / 2.0, i / 3.0 from generate_series(1, 100) i");
    session_.options.answer_check = 1;
  }

  std::string RunOn(Route route, std::string_view text) {
    session_.options.route = route;
    return session_.Run(text);
  }

  answers::Counts Counts() {
    while (engine_.checker().counts().waiting > 0) std::this_thread::yield();
    return engine_.checker().counts();
  }

  std::string WhySkipped(std::string_view text) {
    const auto before = Counts().skipped;
    session_.Run(text);
    for (const auto& [reason, count] : Counts().skipped) {
      const auto found = before.find(reason);
      if (found == before.end() || found->second < count) return reason;
    }
    return "checked";
  }

  TestEngine engine_;
  TestSession session_{&engine_};
};

TEST_F(AnswerSampleTest, ReadsOnEveryPathAreRunAgain) {
  for (const Route route : {Route::kRow, Route::kColumn, Route::kMixed}) {
    EXPECT_EQ(RunOn(route, "select count(*), sum(b) from t"), "100|100\n");
    RunOn(route, "select b, sum(f), avg(n) from t group by b");
    RunOn(route, "select a, b from t where b = 1");
  }
  const answers::Counts counts = Counts();
  EXPECT_EQ(counts.checked, 9u);
  EXPECT_EQ(counts.equal, 9u);
}

TEST_F(AnswerSampleTest, ReadsWithSeveralRightAnswersAreLeftOut) {
  EXPECT_EQ(WhySkipped("select random() from t"), "a volatile call");
  EXPECT_EQ(WhySkipped("select b from t limit 3"), "rows chosen by an order with ties");
  EXPECT_EQ(WhySkipped("select a from t order by b limit 3"), "rows chosen by an order with ties");
  EXPECT_EQ(WhySkipped("select b from t order by b limit 3"), "checked");
  EXPECT_EQ(WhySkipped("select b from t order by a limit 3"), "checked");
  EXPECT_EQ(WhySkipped("select distinct n from t"), "equal values that are not the same");
  EXPECT_EQ(WhySkipped("select array_agg(a) from t"), "an aggregate that depends on the order");
  EXPECT_EQ(WhySkipped("select array_agg(a order by a) from t"), "checked");
  EXPECT_EQ(WhySkipped("select a from t for update"), "row locks");
  EXPECT_EQ(WhySkipped("select row_number() over (order by b) from t"), "a window over ties");
  EXPECT_EQ(WhySkipped("select a from t where exists (select 1 from t u limit 1)"),
            "rows chosen by an order with ties");
  session_.Begin();
  session_.Run("update t set b = 9 where a = 1");
  EXPECT_EQ(WhySkipped("select sum(b) from t"), "the transaction's own changes");
  session_.Rollback();
}

// Taken out of the rows as an index entry is, so that the columns never hear of it.
TEST_F(AnswerSampleTest, ColumnsThatMissedAChangeAreFound) {
  const auto catalog = engine_.catalog().Current();
  const catalog::Object* found = catalog->FindRelation({"public"}, "t");
  ASSERT_NE(found, nullptr);
  const catalog::StorageId storage = std::get<catalog::Table>(*found).storage_id;
  auto change = engine_.rows().Begin(rowstore::IsolationLevel::kReadCommitted);
  change->BeginStatement();
  std::string prefix;
  rowstore::AppendStoragePrefix(storage, prefix);
  const std::string key(change->Scan({prefix, rowstore::PrefixEnd(prefix)})->key());
  ASSERT_TRUE(change->Delete(storage, key, rowstore::ChangeKind::kNone).ok());
  ASSERT_TRUE(change->Commit().ok());
  EXPECT_EQ(RunOn(Route::kRow, "select count(*) from t where b < 77"), "99\n");
  EXPECT_EQ(Counts().different, 1u);
  const std::vector<answers::Difference> differences = engine_.checker().Differences();
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].template_text, "select count(*) from t where b < ?");
  EXPECT_EQ(differences[0].path, "row");
  EXPECT_EQ(differences[0].other_path, "column");
}

TEST_F(AnswerSampleTest, NothingIsCheckedUnlessAskedFor) {
  session_.options.answer_check = 0;
  session_.Run("select count(*) from t");
  EXPECT_EQ(Counts().checked, 0u);
}

}  // namespace
}  // namespace omen::exec::testing
