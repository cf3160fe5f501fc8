// A kernel that breaks its invariant, or is refused memory, on each path: its statement ends, and
// everybody else goes on.
#include <gtest/gtest.h>

#include "base/check.h"
#include "base/containment.h"
#include "exec/database/test_engine.h"

namespace omen::exec::testing {
namespace {

class FaultsTest : public ::testing::Test {
 protected:
  FaultsTest() : session_(&engine_), other_(&engine_) {
    session_.Run("create table t(a int primary key, b text); insert into t values (1, 'x')");
    session_.Run("insert into t select i, 'y' from generate_series(2, 100) i");
  }

  /// The statement fails, nothing of it stays, and nothing it locked is locked.
  void ExpectEnds(const std::string& statement, const std::string& state) {
    const std::string answer = session_.Run(statement);
    EXPECT_TRUE(answer.starts_with("FAULT " + state) || answer.starts_with("ERROR " + state))
        << statement << ": " << answer;
    EXPECT_EQ(other_.Run("lock table t in access exclusive mode nowait"), "LOCK TABLE 0");
    EXPECT_EQ(other_.Run("select count(*), min(b), max(b) from t"), "100|x|y\n");
    EXPECT_EQ(session_.Run("update t set b = b where a = 1"), "UPDATE 1");
  }

  TestEngine engine_;
  TestSession session_, other_;
};

TEST_F(FaultsTest, AKernelOnEachPath) {
  for (const auto route : {Route::kRow, Route::kColumn, Route::kMixed}) {
    session_.options.route = route;
    ExpectEnds("select current_setting('test.break' || left(b, 0)) from t", "XX000");
    EXPECT_EQ(session_.Run("select count(*) from t"), "100\n");
    ExpectEnds("select max(current_setting('test.memory' || left(b, 0))) from t", "53200");
    EXPECT_EQ(session_.Run("select sum(a) from t"), "5050\n");
  }
}

TEST_F(FaultsTest, AWriteThatHasBegun) {
  ExpectEnds("insert into t values (200, 'z'), (201, current_setting('test.break'))", "XX000");
  ExpectEnds("update t set b = case when a < 50 then 'n' else current_setting('test.break') end",
             "XX000");
  ExpectEnds("delete from t where b < 'y' or current_setting('test.break') = ''", "XX000");
}

TEST_F(FaultsTest, ASchemaChangeThatHasBuilt) {
  ExpectEnds("create table u as select a, current_setting('test.break') from t", "XX000");
  ExpectEnds("alter table t alter b type text using b || current_setting('test.break')", "XX000");
  ExpectEnds("alter table t add c text default current_setting('test.memory')", "53200");
  EXPECT_EQ(session_.Run("create table u(a int)"), "CREATE TABLE 0");
}

class BreakingObserver final : public rowstore::CommitObserver {
 public:
  void OnCommit(const std::shared_ptr<const rowstore::CommitRecord>&) override {
    OMEN_CHECK(!armed);
  }
  bool armed = false;
};

TEST(FaultsDeathTest, ACommitThatHasBegunStops) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        BreakingObserver observer;
        TestEngine engine(TestEngine::Columns::kWithout);
        engine.rows().AddObserver(&observer);
        TestSession session(&engine);
        session.Run("create table t(a int)");
        observer.armed = true;
        session.Run("insert into t values (1)");
      },
      "FATAL invariant broken: !armed");
}

}  // namespace
}  // namespace omen::exec::testing
