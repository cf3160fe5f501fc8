// INSERT with its sources, ON CONFLICT and RETURNING.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kInsertSetup =
    "create table t (id int primary key, u int unique, v int default 7, w text);"
    "create table src (id int, u int, w text);"
    "create table plain (a int, b text default 'dd', c int);"
    "insert into t values (1, 10, 1, 'one'), (2, 20, 2, 'two'), (3, null, 3, 'three');"
    "insert into src values (2, 21, 'p'), (4, 40, 'q'), (5, null, 'r');";

constexpr QueryCase kInsertSources[] = {
    {"insert into plain values (1)", "INSERT 1"},
    {"insert into plain (c, a) values (3, 2), (default, 4) returning *", "2|dd|3; 4|dd|"},
    {"insert into plain (a) select id from src order by id desc returning a", "5; 4; 2"},
    {"insert into plain default values returning b", "dd"},
    {"insert into plain select * from (values (7, 'x', 8), (9, null, null)) v returning *",
     "7|x|8; 9||"},
    {"insert into plain (a) values ((select max(a) from plain)), (1 + 1) returning a", "9; 2"},
    {"with s as (select id, w from src) insert into plain (a, b) select id, w from s returning a + "
     "1 as next, upper(b)",
     "3|P; 5|Q; 6|R"},
    {"insert into plain (a) select count(*) from plain returning a", "14"},
    {"insert into plain (a, a) values (1, 2)",
     "ERROR 42701: column \"a\" specified more than once"},
    {"insert into plain (nope) values (1)",
     "ERROR 42703: column \"nope\" of relation \"plain\" does not exist"},
    {"insert into plain values (1, 'a', 2, 3)",
     "ERROR 42601: INSERT has more expressions than target columns"},
    {"insert into plain (a, b) values (1)",
     "ERROR 42601: INSERT has more target columns than expressions"},
    {"insert into plain (a) values ('x')",
     "ERROR 22P02: invalid input syntax for type integer: \"x\""},
    {"insert into plain (b) values (12) returning b", "12"},
    {"insert into plain (a) values (3000000000)", "ERROR 22003: integer out of range"},
    {"insert into plain (a) values (2.5), (3.5) returning a", "3; 4"},
    {"insert into plain as p (a) values (77) returning p.a, p.*", "77|77|dd|"},
    {"insert into plain (a) values (1) returning (select count(*) from src), a in (select id from "
     "src)",
     "3|f"},
    {"insert into plain (a) values (1) returning nope",
     "ERROR 42703: column \"nope\" does not exist"},
};

constexpr QueryCase kDoNothing[] = {
    {"insert into t values (1, 99, 9, 'x') on conflict do nothing returning id", "none"},
    {"insert into t values (9, 10, 9, 'x') on conflict do nothing", "INSERT 0"},
    {"insert into t values (9, 10, 9, 'x') on conflict (id) do nothing",
     "ERROR 23505: duplicate key value violates unique constraint \"t_u_key\""},
    {"insert into t values (1, 98, 9, 'x') on conflict (u) do nothing",
     "ERROR 23505: duplicate key value violates unique constraint \"t_pkey\""},
    {"insert into t values (6, null, 9, 'x'), (6, 60, 9, 'y') on conflict do nothing returning id, "
     "w",
     "6|x"},
    {"insert into t (id, u, w) select * from src on conflict (id) do nothing returning id, v",
     "4|7; 5|7"},
    {"insert into t values (1, 1, 1, 'x') on conflict on constraint t_pkey do nothing", "INSERT 0"},
    {"insert into t values (1, 1, 1, 'x') on conflict on constraint nope do nothing",
     "ERROR 42704: constraint \"nope\" for table \"t\" does not exist"},
    {"insert into t values (1, 1, 1, 'x') on conflict (v) do nothing",
     "ERROR 42P10: there is no unique or exclusion constraint matching the ON CONFLICT "
     "specification"},
    {"insert into t values (1, 1, 1, 'x') on conflict (nope) do nothing",
     "ERROR 42703: column \"nope\" does not exist"},
    {"insert into plain values (1, 'a', 1), (1, 'a', 1) on conflict do nothing", "INSERT 2"},
    {"select count(*), sum(u) from t", "6|70"},
};

constexpr QueryCase kDoUpdate[] = {
    {"insert into t values (1, 11, 5, 'x') on conflict (id) do update set v = t.v + excluded.v, w "
     "= excluded.w returning *",
     "1|10|6|x"},
    {"insert into t (id, u) values (2, 22) on conflict (id) do update set v = excluded.v returning "
     "*",
     "2|20|7|two"},
    {"insert into t values (8, 20, 5, 'y') on conflict (u) do update set id = excluded.id "
     "returning *",
     "8|20|7|two"},
    {"insert into t values (8, 21, 5, 'z') on conflict (id) do update set w = 'kept' where t.v > "
     "100 returning *",
     "none"},
    {"insert into t values (8, 21, 5, 'z') on conflict (id) do update set w = excluded.w || t.w "
     "where t.v < 100 returning w",
     "ztwo"},
    {"insert into t values (3, 33, 5, 'n') on conflict (id) do update set v = default, (u, w) = "
     "(excluded.u, 'pair') returning *",
     "3|33|7|pair"},
    {"insert into t values (50, 50, 0, 'a'), (50, 51, 0, 'b') on conflict (id) do update set w = "
     "excluded.w",
     "ERROR 21000: ON CONFLICT DO UPDATE command cannot affect row a second time"},
    {"insert into t values (1, 20, 0, 'a') on conflict (id) do update set u = excluded.u",
     "ERROR 23505: duplicate key value violates unique constraint \"t_u_key\""},
    {"insert into t values (60, 10, 0, 'a') on conflict (id) do update set v = 0",
     "ERROR 23505: duplicate key value violates unique constraint \"t_u_key\""},
    {"insert into t values (1, 0, 0, 'a') on conflict (id) do update set v = (select max(id) from "
     "src) + excluded.u returning v",
     "5"},
    {"insert into t as me values (1, 0, 0, 'a') on conflict (id) do update set v = me.v + 1 "
     "returning me.v",
     "6"},
    {"insert into t values (1, 0, 0, 'a') on conflict do update set v = 1",
     "ERROR 42601: ON CONFLICT DO UPDATE requires inference specification or constraint name"},
    {"insert into t values (1, 0, 0, 'a') on conflict (id) do update set v = nope.v",
     "ERROR 42P01: missing FROM-clause entry for table \"nope\""},
    {"insert into t values (1, 0, 0, 'a') on conflict (id) do update set id = null",
     "ERROR 23502: null value in column \"id\" of relation \"t\" violates not-null constraint"},
    {"insert into t (id, u, w) select id, u, w from src on conflict (id) do update set w = 'again'",
     "INSERT 3"},
    {"insert into t (id, w) values (100, 'first') on conflict (u) do update set w = 'no' returning "
     "u, w",
     "|first"},
    {"select * from t order by id",
     "1|10|6|x; 2|21|7|p; 3|33|7|pair; 4|40|7|q; 5||7|r; 8|20|7|ztwo; 100||7|first"},
};

class Inserts : public ::testing::Test {
 protected:
  Inserts() : engine_(TestEngine::Columns::kWithout), session_(&engine_), other_(&engine_) {
    EXPECT_EQ(session_.Run(kInsertSetup), "INSERT 3");
  }

  TestEngine engine_;
  TestSession session_, other_;
};

TEST_F(Inserts, FromEverySource) { ExpectAnswers(&session_, kInsertSources); }
TEST_F(Inserts, ThatGiveWay) { ExpectAnswers(&session_, kDoNothing); }
TEST_F(Inserts, ThatUpdate) { ExpectAnswers(&session_, kDoUpdate); }

TEST_F(Inserts, AConflictWaitsForTheOtherTransaction) {
  for (const bool commits : {true, false}) {
    session_.Run("delete from t where id > 3");
    session_.Begin();
    session_.Run("insert into t values (4, 40, 1, 'mine')");
    Meanwhile waiting(&other_,
                      "insert into t values (4, 41, 5, 'his') on conflict (id) do update "
                      "set v = t.v + excluded.v returning u, v, w");
    if (commits) session_.Commit();
    if (!commits) session_.Rollback();
    EXPECT_EQ(waiting.Answer(), commits ? "40|6|mine" : "41|5|his");
  }
}

TEST_F(Inserts, AConflictTriesAgainWhereTheRowWentAway) {
  session_.Begin();
  session_.Run("delete from t where id = 1");
  Meanwhile waiting(&other_,
                    "insert into t values (1, 10, 5, 'new') on conflict (u) do update set "
                    "w = 'old' returning w");
  session_.Commit();
  EXPECT_EQ(waiting.Answer(), "new");
}

TEST_F(Inserts, RepeatableReadFailsOnARowItDoesNotSee) {
  session_.Begin(sql::Isolation::kRepeatableRead);
  session_.Run("select 1 from t");
  other_.Run("insert into t values (4, 40, 1, 'x')");
  const char* serialization = "ERROR 40001: could not serialize access due to concurrent update";
  EXPECT_EQ(session_.Run("insert into t values (4, 0, 0, 'y') on conflict (id) do nothing"),
            serialization);
  session_.Rollback();
  EXPECT_EQ(session_.Run("insert into t values (4, 0, 0, 'y') on conflict (id) do nothing"),
            "INSERT 0");
}

TEST_F(Inserts, ReadOnlyTransactionsWriteNothing) {
  session_.Begin();
  ASSERT_TRUE(session_.transaction()->SetReadOnly(true).ok());
  for (const char* change : {"insert into t values (9)", "update t set v = 1", "delete from t"}) {
    const std::string answer = session_.Run(change);
    EXPECT_EQ(answer, "ERROR 25006: cannot execute " +
                          std::string(change[0] == 'i'   ? "INSERT"
                                      : change[0] == 'u' ? "UPDATE"
                                                         : "DELETE") +
                          " in a read-only transaction");
  }
  EXPECT_EQ(session_.Run("select count(*) from t"), "3\n");
  session_.Rollback();
}

TEST_F(Inserts, WhatIsKeptIsChargedToTheStatement) {
  session_.options.work_memory_bytes = 1 << 20;
  EXPECT_EQ(session_
                .Run("insert into plain select i, repeat('x', 100), i from generate_series(1, "
                     "50000) i returning a")
                .substr(0, 11),
            "ERROR 53200");
  EXPECT_EQ(session_.Run("select count(*) from plain"), "0\n");
}

}  // namespace
}  // namespace omen::exec::testing
