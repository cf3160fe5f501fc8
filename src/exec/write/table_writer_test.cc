// What a table keeps of every write: constraints, unique keys, index entries, defaults.
#include "exec/write/table_writer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kWriteSetup =
    "create table t (id int primary key, a int not null, b text, n int check (n > 0),"
    "constraint apart check (a <> n), constraint whole unique (a, b));"
    "create table loose (a int, b int unique nulls not distinct);"
    "insert into t values (1, 10, 'x', 5), (2, 20, null, null);";

constexpr QueryCase kConstraints[] = {
    {"insert into t values (3, null, 'y', 1)",
     "ERROR 23502: null value in column \"a\" of relation \"t\" violates not-null constraint"},
    {"insert into t values (null, 1, 'y', 2)",
     "ERROR 23502: null value in column \"id\" of relation \"t\" violates not-null constraint"},
    {"insert into t(id) values (3)",
     "ERROR 23502: null value in column \"a\" of relation \"t\" violates not-null constraint"},
    {"update t set a = null where id = 1",
     "ERROR 23502: null value in column \"a\" of relation \"t\" violates not-null constraint"},
    {"insert into t values (3, 30, 'y', 0)",
     "ERROR 23514: new row for relation \"t\" violates check constraint \"t_n_check\""},
    {"insert into t values (3, 30, 'y', null)", "INSERT 1"},
    {"insert into t values (4, 7, 'y', 7)",
     "ERROR 23514: new row for relation \"t\" violates check constraint \"apart\""},
    {"update t set n = a where id = 1",
     "ERROR 23514: new row for relation \"t\" violates check constraint \"apart\""},
    {"update t set n = -n where id = 1",
     "ERROR 23514: new row for relation \"t\" violates check constraint \"t_n_check\""},
    {"insert into t values (1, 99, 'q', 1)",
     "ERROR 23505: duplicate key value violates unique constraint \"t_pkey\""},
    {"insert into t values (4, 10, 'x', 1)",
     "ERROR 23505: duplicate key value violates unique constraint \"whole\""},
    {"insert into t values (4, 20, null, 1), (5, 20, null, 1)", "INSERT 2"},
    {"update t set b = 'x', a = 10 where id = 4",
     "ERROR 23505: duplicate key value violates unique constraint \"whole\""},
    {"update t set id = 1 where id = 4",
     "ERROR 23505: duplicate key value violates unique constraint \"t_pkey\""},
    {"insert into t values (6, 60, 'p', 1), (6, 61, 'p', 1)",
     "ERROR 23505: duplicate key value violates unique constraint \"t_pkey\""},
    {"insert into t values (6, 60, 'p', 1), (7, 60, 'p', 1)",
     "ERROR 23505: duplicate key value violates unique constraint \"whole\""},
    {"select id, a, b, n from t order by id", "1|10|x|5; 2|20||; 3|30|y|; 4|20||1; 5|20||1"},
    {"insert into loose values (1, null)", "INSERT 1"},
    {"insert into loose values (2, null)",
     "ERROR 23505: duplicate key value violates unique constraint \"loose_b_key\""},
    {"insert into loose values (3, 7)", "INSERT 1"},
    {"update loose set b = null where a = 3",
     "ERROR 23505: duplicate key value violates unique constraint \"loose_b_key\""},
    {"select * from loose", "1|; 3|7"},
};

class TableWrites : public ::testing::Test {
 protected:
  TableWrites() : engine_(TestEngine::Columns::kWithout), session_(&engine_), other_(&engine_) {}

  TestEngine engine_;
  TestSession session_, other_;
};

TEST_F(TableWrites, ConstraintsHold) {
  session_.Run(kWriteSetup);
  ExpectAnswers(&session_, kConstraints);
}

TEST_F(TableWrites, AViolationNamesItsPlace) {
  session_.Run(kWriteSetup);
  session_.Begin();
  const auto catalog = session_.transaction()->catalog();
  const auto& found = std::get<catalog::Table>(*catalog->FindRelation({"public"}, "t"));
  session_.Rollback();
  // The writer alone, as INSERT and COPY use it.
  session_.Begin();
  StatementContext context;
  context.transaction = session_.transaction();
  context.transaction->BeginStatement();
  WriteServices services;
  services.rows = &engine_.rows();
  catalog::Table bare = found;
  bare.checks.clear();
  auto plan = TableWritePlan::Make(services, std::make_shared<const catalog::Table>(bare), catalog);
  ASSERT_TRUE(plan.ok());
  TableWriter writer(*plan, &context);
  const Status null = writer.Insert({Value::Int(9), Value(), Value::Text("q"), Value()});
  EXPECT_EQ(null.error().column, "a");
  EXPECT_EQ(null.error().table, "t");
  EXPECT_EQ(null.error().schema, "public");
  EXPECT_EQ(null.error().detail, "Failing row contains (9, null, q, null).");
  const Status taken = writer.Insert({Value::Int(9), Value::Int(10), Value::Text("x"), Value()});
  EXPECT_TRUE(taken.Is(sqlstate::kUniqueViolation));
  EXPECT_EQ(taken.error().constraint, "whole");
  EXPECT_EQ(taken.error().detail, "Key (a, b)=(10, x) already exists.");
  session_.Rollback();
}

TEST_F(TableWrites, AFailedStatementLeavesNothing) {
  session_.Run(kWriteSetup);
  EXPECT_EQ(session_.Run("insert into t values (7, 70, 'a', 1), (8, 80, 'b', 0)").substr(0, 11),
            "ERROR 23514");
  EXPECT_EQ(session_.Run("select count(*) from t where a >= 70"), "0\n");
  EXPECT_EQ(session_.Run("insert into t values (7, 70, 'a', 1)"), "INSERT 1");
}

// PostgreSQL, too, checks a unique key row by row: a shift upwards runs into the next row.
TEST_F(TableWrites, KeysThatMoveMeetWhatIsStillThere) {
  session_.Run("create table k (id int primary key); insert into k values (1), (2), (3)");
  EXPECT_EQ(session_.Run("update k set id = id + 1"),
            "ERROR 23505: duplicate key value violates unique constraint \"k_pkey\"");
  EXPECT_EQ(session_.Run("update k set id = id + 10"), "UPDATE 3");
  EXPECT_EQ(session_.Run("update k set id = -id; select id from k order by id"), "-13\n-12\n-11\n");
}

constexpr QueryCase kDefaults[] = {
    {"create table d (id int generated by default as identity, a int default 7, b text default "
     "upper('x'), c int, s serial)",
     "CREATE TABLE 0"},
    {"insert into d default values", "INSERT 1"},
    {"insert into d (a, c) values (default, 1), (8, default)", "INSERT 2"},
    {"insert into d values (100, null, default, 2, 50)", "INSERT 1"},
    {"insert into d (c) select 9", "INSERT 1"},
    {"update d set a = default, b = 'y', c = default where id = 100", "UPDATE 1"},
    {"select * from d order by id", "1|7|X||1; 2|7|X|1|2; 3|8|X||3; 4|7|X|9|4; 100|7|y||50"},
    {"create table always (id int generated always as identity (start 5 increment 5), v int)",
     "CREATE TABLE 0"},
    {"insert into always (v) values (1), (2)", "INSERT 2"},
    {"insert into always values (1, 3)",
     "ERROR 428C9: cannot insert a non-DEFAULT value into column \"id\""},
    {"insert into always overriding system value values (1, 3)", "INSERT 1"},
    {"insert into always overriding user value values (99, 4)", "INSERT 1"},
    {"update always set id = 3", "ERROR 428C9: column \"id\" can only be updated to DEFAULT"},
    {"update always set id = default where v = 1", "UPDATE 1"},
    {"select * from always order by v", "20|1; 10|2; 1|3; 15|4"},
    {"create table bad (a int default 1 / 0)", "CREATE TABLE 0"},
    {"insert into bad values (2)", "INSERT 1"},
    {"insert into bad default values", "ERROR 22012: division by zero"},
};

TEST_F(TableWrites, DefaultsAndIdentities) { ExpectAnswers(&session_, kDefaults); }

TEST_F(TableWrites, ADefaultIsComputedForEachRow) {
  session_.Run("create sequence s; create table t (a int, n bigint default nextval('s'))");
  EXPECT_EQ(session_.Run("insert into t (a) values (1), (2), (3) returning n"), "1\n2\n3\n");
  EXPECT_EQ(session_.Run("update t set n = default where a > 1 returning n"), "4\n5\n");
}

// Every index says the same as the rows, whatever was written in which order.
TEST_F(TableWrites, IndexesFollowRandomChanges) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto below = [&](int limit) { return static_cast<int>(random() % limit); };
  session_.Run(
      "create table r (id int primary key, a int, b text, c int unique);"
      "create index r_a on r (a, b); create index r_b on r (b desc)");
  const auto value = [&] { return below(6) == 0 ? "null" : std::to_string(below(8)); };
  int done = 0;
  for (int i = 0; i < 250; ++i) {
    if (i % 25 == 0) session_.Begin();
    const int id = below(40);
    std::string change;
    switch (below(5)) {
      case 0:
      case 1:
        change = fmt::format("insert into r values ({}, {}, {}::text, {}) on conflict do nothing",
                             id, value(), value(), below(60));
        break;
      case 2:
        change =
            fmt::format("update r set a = {}, b = {}::text where id = {}", value(), value(), id);
        break;
      case 3:
        change = fmt::format(
            "update r set id = id + 40 - 80 * (id / 40), c = c + {} where id = {} and not exists "
            "(select from r o where o.id = {})",
            1000 * below(2), id, id + 40);
        break;
      default:
        change = fmt::format("delete from r where id = {}", id);
    }
    const std::string answer = session_.Run(change);
    done += answer.ends_with(" 1");
    if (answer.starts_with("ERROR")) {  // ends the transaction, as for a client
      EXPECT_EQ(answer.substr(0, 11), "ERROR 23505");
      session_.Rollback();
      session_.Begin();
    }
    if (i % 25 == 24 && below(4) == 0) {
      session_.Rollback();
    } else if (i % 25 == 24) {
      EXPECT_EQ(session_.Commit(), "COMMIT");
    }
  }
  EXPECT_GT(done, 50);
  const std::string all = session_.RunSorted("select id, a, b, c from r");
  EXPECT_EQ(session_.RunSorted("select id, a, b, c from r where a is null or a >= 0"), all);
  std::string by_a, by_b, by_c;
  for (int v = -1; v < 8; ++v) {
    const std::string is = v < 0 ? " is null" : fmt::format(" = {}", v);
    by_a += session_.Run("select id, a, b, c from r where a" + is);
    by_b += session_.Run("select id, a, b, c from r where b" + (v < 0 ? is : is + "::text"));
  }
  for (const std::string& line : AnswerLines(all, "\n")) {
    if (line.empty()) continue;
    by_c += session_.Run("select id, a, b, c from r where c = " + line.substr(line.rfind('|') + 1));
  }
  const auto sorted = [](const std::string& text) {
    std::vector<std::string> lines = AnswerLines(text, "\n");
    std::ranges::sort(lines);
    return lines;
  };
  EXPECT_EQ(sorted(by_a), sorted(all));
  EXPECT_EQ(sorted(by_b), sorted(all));
  EXPECT_EQ(sorted(by_c), sorted(all));
}

// Two transactions want one key: the second waits, and then what counts is whether the first
// stayed.
TEST_F(TableWrites, AKeyThatAnotherTransactionTookIsWaitedFor) {
  session_.Run("create table k (id int primary key, v int unique)");
  session_.Begin();
  session_.Run("insert into k values (1, 10)");
  other_.options.lock_timeout_ms = 20;
  EXPECT_EQ(other_.Run("insert into k values (1, 11)"),
            "ERROR 55P03: canceling statement due to lock timeout");
  EXPECT_EQ(other_.Run("insert into k values (2, 10)"),
            "ERROR 55P03: canceling statement due to lock timeout");
  EXPECT_EQ(other_.Run("insert into k values (2, 20)"), "INSERT 1");
  session_.Rollback();
  EXPECT_EQ(other_.Run("insert into k values (1, 10)"), "INSERT 1");
  EXPECT_EQ(session_.Run("insert into k values (3, 10)"),
            "ERROR 23505: duplicate key value violates unique constraint \"k_v_key\"");
}

// Its entry's key stays, and must lead to the row's new one.
TEST_F(TableWrites, ARowThatMovesTakesItsUniqueEntriesAlong) {
  session_.Run(
      "create table k (id int primary key, u int unique, w text); create index k_w on k (w)");
  session_.Run("insert into k values (1, 10, 'x'), (2, 20, 'x')");
  EXPECT_EQ(session_.Run("update k set id = 9 where id = 1"), "UPDATE 1");
  EXPECT_EQ(session_.Run("select id, w from k where u = 10"), "9|x\n");
  EXPECT_EQ(session_.Run("select id from k where w = 'x' order by id"), "2\n9\n");
  EXPECT_EQ(session_.Run("insert into k values (1, 10, 'y')").substr(0, 11), "ERROR 23505");
  EXPECT_EQ(session_.Run("insert into k values (1, 10, 'y') on conflict (u) do update set w = 'z' "
                         "returning id"),
            "9\n");
  EXPECT_EQ(session_.Run("delete from k where u = 10"), "DELETE 1");
  EXPECT_EQ(session_.Run("insert into k values (1, 10, 'y')"), "INSERT 1");
}

TEST_F(TableWrites, AKeyFreedInTheTransactionMayBeTakenAgain) {
  session_.Run("create table k (id int primary key, v int unique); insert into k values (1, 10)");
  session_.Begin();
  EXPECT_EQ(session_.Run("delete from k where id = 1"), "DELETE 1");
  EXPECT_EQ(session_.Run("insert into k values (1, 10)"), "INSERT 1");
  EXPECT_EQ(session_.Run("update k set v = 11 where id = 1"), "UPDATE 1");
  EXPECT_EQ(session_.Run("insert into k values (2, 10)"), "INSERT 1");
  EXPECT_EQ(session_.Commit(), "COMMIT");
  EXPECT_EQ(session_.Run("select id, v from k order by v"), "2|10\n1|11\n");
}

}  // namespace
}  // namespace omen::exec::testing
