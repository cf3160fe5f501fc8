// Reads on the column engine: how fresh they are, one snapshot for a transaction, and results
// that are left half read.
#include "exec/columns/engine_run.h"

#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

/// A read whose cursor stays open, in a transaction that outlives it.
class HalfRead {
 public:
  HalfRead(TestEngine* engine, Transaction* transaction, const char* query, Route route) {
    const auto catalog = transaction->catalog();
    sql::BindContext bind;
    bind.catalog = catalog.get();
    bind.search_path = {"public"};
    auto statement = sql::Bind(sql::Parse(query).value().front(), bind).value();
    plan_ = engine->database().MakePlan(statement, catalog).value();
    context_.transaction = transaction;
    context_.options.route = route;
    context_.cancel = &cancel_;
    context_.search_path = {"public"};
    context_.user = "omendb";
    Result<std::unique_ptr<Cursor>> cursor = engine->database().Open(plan_, {}, &context_);
    status_ = cursor.status().Clone();
    if (cursor.ok()) cursor_ = std::move(cursor).value();
  }

  const Status& status() const { return status_; }
  const RunReport& report() const { return context_.report; }

  /// The sum of the first column of the next rows, at most so many; -1 at the end.
  int64_t Sum(size_t rows) {
    int64_t sum = 0;
    std::vector<Row> chunk;
    for (size_t read = 0; read < rows; read += chunk.size()) {
      EXPECT_TRUE(cursor_->Next(&chunk, rows - read).ok());
      if (chunk.empty()) return read == 0 ? -1 : sum;
      for (const Row& row : chunk) sum += row[0].AsInt();
    }
    return sum;
  }

 private:
  CancelToken cancel_;
  StatementContext context_;
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<Cursor> cursor_;
  Status status_ = Status::Ok();
};

class EngineRuns : public ::testing::Test {
 protected:
  EngineRuns() : one_(&engine_), two_(&engine_) {
    one_.Run(
        "create table t (id int primary key, v int); create table u (id int primary key);"
        "insert into t select i, i from generate_series(1, 5000) i;"
        "insert into u select * from generate_series(1, 10)");
  }

  std::string On(TestSession* session, Route route, const char* query) {
    session->options.route = route;
    const std::string answer = session->Run(query);
    session->options.route = Route::kAuto;
    return answer;
  }

  TestEngine engine_;
  TestSession one_, two_;
};

TEST_F(EngineRuns, EveryCommitBeforeIsSeen) {
  for (int i = 1; i <= 20; ++i) {
    two_.Run("update t set v = v + 1 where id = 1");
    EXPECT_EQ(On(&one_, Route::kColumn, "select v from t where id = 1"),
              std::to_string(1 + i) + "\n");
    EXPECT_EQ(one_.report.watermark, engine_.rows().last_commit());
  }
}

TEST_F(EngineRuns, FreshnessSaysWhichCommitIsRequired) {
  ColumnServices services;
  services.rows = &engine_.rows();
  services.replica = &engine_.replica();
  StatementContext context;
  context.session_commit = 1;
  const rowstore::CommitId latest = engine_.rows().last_commit();
  EXPECT_EQ(RequiredCommit(services, context), latest);
  context.options.freshness.kind = Freshness::Kind::kSession;
  EXPECT_EQ(RequiredCommit(services, context), 1u);
  context.options.freshness.kind = Freshness::Kind::kBounded;
  context.options.freshness.micros = int64_t{3600} * 1000 * 1000;
  EXPECT_EQ(RequiredCommit(services, context), 1u) << "columns are not an hour behind";
  context.options.freshness.micros = -1;
  EXPECT_EQ(RequiredCommit(services, context), latest);
  services.replica = nullptr;
  EXPECT_EQ(RequiredCommit(services, context), latest);
}

TEST_F(EngineRuns, OwnCommitsAreSeenUnderEveryFreshness) {
  for (const auto kind :
       {Freshness::Kind::kLatest, Freshness::Kind::kSession, Freshness::Kind::kBounded}) {
    one_.options.freshness = {kind, 1000};
    EXPECT_EQ(one_.Run("update t set v = v + 1 where id = 2"), "UPDATE 1");
    const std::string on_rows = On(&one_, Route::kRow, "select v from t where id = 2");
    EXPECT_EQ(On(&one_, Route::kColumn, "select v from t where id = 2"), on_rows);
  }
}

TEST_F(EngineRuns, ATransactionThatHasChangedATableReadsItFromRows) {
  one_.Begin();
  one_.Run("update t set v = 0 where id <= 2");
  EXPECT_EQ(On(&one_, Route::kColumn, "select sum(v) from t"),
            "ERROR 0A000: this statement cannot run on the column path: this transaction has "
            "changed a table that it reads");
  EXPECT_EQ(On(&one_, Route::kColumn, "select count(*) from u"), "10\n");
  EXPECT_EQ(On(&one_, Route::kMixed, "select sum(v) from t"), "12502497\n");
  EXPECT_EQ(On(&one_, Route::kAuto, "select sum(v), count(u.id) from t left join u using (id)"),
            "12502497|10\n");
  one_.Rollback();
  EXPECT_EQ(On(&one_, Route::kColumn, "select sum(v) from t"), "12502500\n");
}

TEST_F(EngineRuns, ARepeatableReadHasOneSnapshotOnEveryPath) {
  one_.Begin(sql::Isolation::kRepeatableRead);
  EXPECT_EQ(On(&one_, Route::kColumn, "select sum(v) from t"), "12502500\n");
  ASSERT_NE(one_.transaction()->pin(), nullptr);
  two_.Run("update t set v = v + 1; delete from u where id = 1");
  for (const Route route : {Route::kRow, Route::kColumn, Route::kMixed, Route::kAuto}) {
    EXPECT_EQ(On(&one_, route, "select sum(v) from t"), "12502500\n");
    EXPECT_EQ(On(&one_, route, "select count(*) from u"), "10\n");
  }
  one_.Commit();
  EXPECT_EQ(On(&one_, Route::kColumn, "select sum(v) from t"), "12507500\n");
}

TEST_F(EngineRuns, AViewThatRowsTookIsNotToBeHadOnColumns) {
  one_.Begin(sql::Isolation::kRepeatableRead);
  EXPECT_EQ(On(&one_, Route::kRow, "select count(*) from u"), "10\n");
  two_.Run("update t set v = v + 1");
  EXPECT_EQ(On(&one_, Route::kColumn, "select sum(v) from t"),
            "ERROR 0A000: this statement cannot run on the column path: columns have no pin on "
            "this transaction's snapshot");
  EXPECT_EQ(On(&one_, Route::kMixed, "select sum(v) from t"), "12502500\n");
  EXPECT_EQ(On(&one_, Route::kAuto, "select sum(v) from t"), "12502500\n");
  one_.Rollback();
}

// A pin has one connection, which has one open result: the one before is moved aside.
TEST_F(EngineRuns, ResultsLeftHalfReadGoOnWhereTheyWere) {
  one_.Begin(sql::Isolation::kRepeatableRead);
  Transaction* transaction = one_.transaction();
  HalfRead first(&engine_, transaction, "select id from t order by id", Route::kColumn);
  ASSERT_TRUE(first.status().ok());
  EXPECT_EQ(first.Sum(3), 6);
  HalfRead second(&engine_, transaction, "select -id from t order by id", Route::kColumn);
  EXPECT_EQ(second.Sum(2), -3);
  EXPECT_EQ(first.Sum(2), 9);
  EXPECT_EQ(On(&one_, Route::kColumn, "select count(*) from u"), "10\n");
  EXPECT_EQ(second.Sum(1), -3);
  EXPECT_EQ(first.Sum(10000), 12502500 - 15);
  EXPECT_EQ(first.Sum(1), -1);
  EXPECT_EQ(second.Sum(10000), -12502500 + 6);
}

TEST_F(EngineRuns, AResultLeftHalfReadIsNotChangedByOthers) {
  one_.Begin();
  for (const Route route : {Route::kRow, Route::kColumn, Route::kMixed}) {
    HalfRead read(&engine_, one_.transaction(), "select v from t order by id", route);
    ASSERT_TRUE(read.status().ok());
    const int64_t head = read.Sum(10);
    two_.Run("update t set v = v + 1");
    EXPECT_EQ(read.Sum(10000) + head, 12502500 + 5000 * (static_cast<int>(route) - 1));
  }
  one_.Rollback();
}

TEST_F(EngineRuns, ASumThatIsTooWideForItsFastFormIsDoneAgain) {
  one_.Run(
      "create table big (n numeric); insert into big select 99999999999999999999999999 from "
      "generate_series(1, 3000)");
  EXPECT_EQ(On(&one_, Route::kColumn, "select sum(n) from big"),
            "299999999999999999999999997000\n");
  EXPECT_EQ(On(&one_, Route::kColumn, "select sum(n * n) from big"),
            On(&one_, Route::kRow, "select sum(n * n) from big"));
}

}  // namespace
}  // namespace omen::exec::testing
