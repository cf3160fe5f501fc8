// The engine as a whole: the history of what ran, plans that many sessions open, memory.
#include "exec/database/database.h"

#include <gtest/gtest.h>

#include "exec/database/test_cases.h"
#include "exec/statement/statement_locks.h"

namespace omen::exec::testing {
namespace {

class DatabaseRuns : public ::testing::Test {
 protected:
  DatabaseRuns() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    session_.Run(
        "create table t (id int primary key, v text);"
        "insert into t values (1, 'secret'), (2, 'b'), (3, 'c')");
  }

  obs::QueryRecord Last() {
    const auto recent = engine_.history().Recent();
    return recent.empty() ? obs::QueryRecord() : recent.back();
  }

  struct Made {
    std::shared_ptr<const sql::Statement> statement;
    std::shared_ptr<const Plan> plan;
  };
  Made Make(const char* text) {
    const auto catalog = engine_.catalog().Current();
    sql::BindContext context;
    context.catalog = catalog.get();
    context.search_path = {"public"};
    Made made;
    made.statement = sql::Bind(sql::Parse(text).value().front(), context).value();
    made.plan = engine_.database().MakePlan(made.statement, catalog).value();
    return made;
  }

  /// The first column of all rows, or the error.
  std::string RunPlan(const std::shared_ptr<const Plan>& plan, Row params) {
    auto transaction = engine_.database().Begin({}).value();
    StatementContext context;
    CancelToken cancel;
    context.transaction = transaction.get();
    context.cancel = &cancel;
    auto cursor = engine_.database().Open(plan, std::move(params), &context);
    if (!cursor.ok()) return IsStalePlan(cursor.status()) ? "stale" : cursor.status().ToString();
    std::string answer;
    std::vector<Row> rows;
    do {
      if (!(*cursor)->Next(&rows, 10).ok()) return "failed";
      for (const Row& row : rows) answer += std::string(row[0].AsBytes()) + ";";
    } while (!rows.empty());
    return answer;
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(DatabaseRuns, TheHistorySaysHowEachStatementRan) {
  session_.Run("select v from t where v = 'secret' or id = 2");
  obs::QueryRecord last = Last();
  EXPECT_EQ(last.template_text, "select v from t where v = ? or id = ?");
  EXPECT_EQ(last.tag, "SELECT");
  EXPECT_EQ(last.path, "row");
  EXPECT_EQ(last.rows, 2u);
  EXPECT_EQ(last.user, "omendb");
  EXPECT_EQ(last.sqlstate, "");
  EXPECT_EQ(last.snapshot_commit, engine_.rows().last_commit());
  session_.Run("update t set v = 'x' where id > 1");
  last = Last();
  EXPECT_EQ(last.tag, "UPDATE");
  EXPECT_EQ(last.rows, 2u);
  session_.Run("create table u (a int)");
  EXPECT_EQ(Last().path, "utility");
}

TEST_F(DatabaseRuns, WhatTheRowStoreKeepsInMemoryIsShown) {
  session_.options.route = Route::kRow;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(session_.Run("select v from t where id = 2"), "b\n");
    EXPECT_EQ(session_.Run("select count(*) from t where id > 1"), "2\n");
  }
  EXPECT_EQ(session_.Run("select name, entries, found, bytes > 0, bytes <= bytes_max "
                         "from omendb.caches where name <> 'blocks' order by name"),
            "ranges|1|1|t|t\nrows|1|1|t|t\n");
  EXPECT_EQ(session_.Run("select entries, bytes_max > 0 from omendb.caches where name = 'blocks'"),
            "|t\n");
}

TEST_F(DatabaseRuns, TheHistoryKeepsFailuresAndNoValues) {
  session_.Run("select 1 / (id - id) from t where v = 'secret'");
  const obs::QueryRecord last = Last();
  EXPECT_EQ(last.sqlstate, "22012");
  EXPECT_EQ(last.template_text, "select ? / (id - id) from t where v = ?");
  session_.Run("select v from t where v = $1", {Value::Text("secret")});
  for (const obs::QueryRecord& record : engine_.history().Recent()) {
    EXPECT_EQ(record.template_text.find("secret"), std::string::npos);
    EXPECT_EQ(record.reason.find("secret"), std::string::npos);
  }
}

TEST_F(DatabaseRuns, TheHistoryIsInOrder) {
  for (int i = 0; i < 20; ++i) session_.Run("select " + std::to_string(i));
  const auto recent = engine_.history().Recent();
  for (size_t i = 1; i < recent.size(); ++i) EXPECT_GT(recent[i].id, recent[i - 1].id);
}

TEST_F(DatabaseRuns, APlanIsOpenedWithOtherParametersEachTime) {
  const Made made = Make("select v from t where id = $1 or v = $2 order by id");
  EXPECT_EQ(RunPlan(made.plan, {Value::Int(2), Value::Text("c")}), "b;c;");
  EXPECT_EQ(RunPlan(made.plan, {Value::Int(1), Value()}), "secret;");
  EXPECT_EQ(RunPlan(made.plan, {Value(), Value()}), "");
}

TEST_F(DatabaseRuns, APlanIsSharedByThreads) {
  const Made made = Make("select v from t where id = $1");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 50; ++k) {
        const int id = (i + k) % 3 + 1;
        EXPECT_EQ(RunPlan(made.plan, {Value::Int(id)}), id == 1   ? "secret;"
                                                        : id == 2 ? "b;"
                                                                  : "c;");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(DatabaseRuns, APlanIsStaleWhenItsTableIsAnother) {
  const Made made = Make("select v from t where id = $1");
  session_.Run("create table other (a int)");
  EXPECT_EQ(RunPlan(made.plan, {Value::Int(2)}), "b;");
  session_.Run("alter table t add w int");
  EXPECT_EQ(RunPlan(made.plan, {Value::Int(2)}), "stale");
}

TEST_F(DatabaseRuns, ATruncatedTableMakesPlansStaleToo) {
  const Made made = Make("select v from t where id = $1");
  session_.Run("truncate t; insert into t values (2, 'new')");
  EXPECT_EQ(RunPlan(made.plan, {Value::Int(2)}), "stale");
  EXPECT_EQ(RunPlan(Make("select v from t where id = $1").plan, {Value::Int(2)}), "new;");
}

TEST_F(DatabaseRuns, ACancelledReadEnds) {
  auto transaction = engine_.database().Begin({}).value();
  StatementContext context;
  CancelToken cancel;
  context.transaction = transaction.get();
  context.cancel = &cancel;
  const Made made = Make("select a::text from generate_series(1, 100000000) a");
  auto cursor = engine_.database().Open(made.plan, {}, &context).value();
  std::vector<Row> rows;
  ASSERT_TRUE(cursor->Next(&rows, 10).ok());
  EXPECT_EQ(rows.size(), 10u);
  cancel.Cancel(CancelToken::Reason::kUser);
  Status status = Status::Ok();
  for (int i = 0; i < 100000 && status.ok(); ++i) status = cursor->Next(&rows, 100);
  EXPECT_TRUE(status.Is(sqlstate::kQueryCanceled));
}

}  // namespace
}  // namespace omen::exec::testing
