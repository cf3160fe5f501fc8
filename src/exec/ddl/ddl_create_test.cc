// CREATE TABLE, INDEX, VIEW, SEQUENCE and SCHEMA: names that are chosen, what is refused, and
// what a failed statement leaves.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class Creations : public ::testing::Test {
 protected:
  Creations() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {}

  TestEngine engine_;
  TestSession session_;
};

constexpr QueryCase kChosenNames[] = {
    {"create table t (id int primary key, a int unique, b int check (b > 0), c int check (c > 1), "
     "unique (a, b), check (a + b > 0), check (true))",
     "CREATE TABLE 0"},
    {"select conname from pg_constraint c join pg_class r on r.oid = c.conrelid where r.relname = "
     "'t' order by conname",
     "t_a_b_key; t_a_key; t_b_check; t_c_check; t_check; t_check1; t_pkey"},
    {"select indexname from pg_indexes where tablename = 't' order by indexname",
     "t_a_b_key; t_a_key; t_pkey"},
    {"create index on t (a)", "CREATE INDEX 0"},
    {"create index on t (a, b desc)", "CREATE INDEX 0"},
    {"create index on t (a)", "CREATE INDEX 0"},
    {"create unique index named on t (b)", "CREATE INDEX 0"},
    {"alter table t add unique (c), add check (c > a)", "ALTER TABLE 0"},
    {"select indexname from pg_indexes where tablename = 't' order by indexname",
     "named; t_a_b_idx; t_a_b_key; t_a_idx; t_a_idx1; t_a_key; t_c_key; t_pkey"},
    {"select conname from pg_constraint c join pg_class r on r.oid = c.conrelid where r.relname = "
     "'t' order by conname",
     "t_a_b_key; t_a_key; t_b_check; t_c_check; t_c_key; t_check; t_check1; t_check2; t_pkey"},
    {"create table t_a_idx2 (x int)", "CREATE TABLE 0"},
    {"create index on t (a)", "CREATE INDEX 0"},
    {"select indexname from pg_indexes where tablename = 't' order by indexname",
     "named; t_a_b_idx; t_a_b_key; t_a_idx; t_a_idx1; t_a_idx3; t_a_key; t_c_key; t_pkey"},
    {"create table a_table_with_a_name_that_is_nearly_as_long_as_a_name_can_be_ (a_column_of_it "
     "serial primary key, another int unique)",
     "CREATE TABLE 0"},
    {"select relname from pg_class where relname like 'a_table%' order by relname",
     "a_table_with_a_name_that_is_nearly_as_long_a_a_column_of_it_seq; "
     "a_table_with_a_name_that_is_nearly_as_long_as_a_nam_another_key; "
     "a_table_with_a_name_that_is_nearly_as_long_as_a_name_can_b_pkey; "
     "a_table_with_a_name_that_is_nearly_as_long_as_a_name_can_be_"},
    {"create table u (id serial, id_seq int)", "CREATE TABLE 0"},
    {"create table u_id_seq1 (x int)", "CREATE TABLE 0"},
    {"select relname from pg_class where relname like 'u_id%' order by relname",
     "u_id_seq; u_id_seq1"},
};

constexpr QueryCase kRefusedTables[] = {
    {"create table t (a int)", "CREATE TABLE 0"},
    {"create table t (b int)", "ERROR 42P07: relation \"t\" already exists"},
    {"create table if not exists t (b int)", "CREATE TABLE 0"},
    {"create view t as select 1", "ERROR 42P07: relation \"t\" already exists"},
    {"create sequence t", "ERROR 42P07: relation \"t\" already exists"},
    {"create index t on t (a)", "ERROR 42P07: relation \"t\" already exists"},
    {"create table t_i (a int primary key); create table t_i_pkey (a int)",
     "ERROR 42P07: relation \"t_i_pkey\" already exists"},
    {"create table x (a int, a text)", "ERROR 42701: column \"a\" specified more than once"},
    {"create table x (a int primary key, b int primary key)",
     "ERROR 42P16: multiple primary keys for table \"x\" are not allowed"},
    {"create table x (a int, primary key (b))",
     "ERROR 42703: column \"b\" named in key does not exist"},
    {"create table x (a int, unique (a, a))",
     "ERROR 42701: column \"a\" appears twice in unique constraint"},
    {"create table x (a int default 'x')",
     "ERROR 22P02: invalid input syntax for type integer: \"x\""},
    {"create table x (a int default b)",
     "ERROR 0A000: cannot use column reference in DEFAULT expression"},
    {"create table x (a int check (b > 0))", "ERROR 42703: column \"b\" does not exist"},
    {"create table x (a int check ((select 1) > 0))",
     "ERROR 0A000: cannot use subquery in check constraint"},
    {"create table x (a int check (sum(a) > 0))",
     "ERROR 42803: aggregate functions are not allowed in check constraints"},
    {"create table x (a int default 1 default 2)",
     "ERROR 42601: multiple default values specified for column \"a\" of table \"x\""},
    {"create table x (a int null not null)",
     "ERROR 42601: conflicting NULL/NOT NULL declarations for column \"a\" of table \"x\""},
    {"create table x (a nope)", "ERROR 42704: type \"nope\" does not exist"},
    {"create table nope.x (a int)", "ERROR 3F000: schema \"nope\" does not exist"},
    {"create table x (a serial default 3)",
     "ERROR 42601: multiple default values specified for column \"a\" of table \"x\""},
    {"create table x (a text generated always as identity)",
     "ERROR 22023: identity column type must be smallint, integer, or bigint"},
    {"create table x (a int, constraint c check (a > 0), constraint c check (a < 9))",
     "ERROR 42710: check constraint \"c\" already exists"},
    {"create table x (json json primary key)",
     "ERROR 42704: data type json has no default operator class for access method \"btree\""},
    {"create index on nope (a)", "ERROR 42P01: relation \"nope\" does not exist"},
    {"create index on t (b)", "ERROR 42703: column \"b\" does not exist"},
    {"create unique index if not exists t_i_pkey on t (a)", "CREATE INDEX 0"},
    {"select count(*) from pg_class where relname = 'x'", "0"},
};

constexpr QueryCase kViews[] = {
    {"create table t (a int, b text)", "CREATE TABLE 0"},
    {"insert into t values (1, 'x'), (2, 'y')", "INSERT 2"},
    {"create view v as select a, b || '!' as c from t", "CREATE VIEW 0"},
    {"select * from v where a = 2", "2|y!"},
    {"create view w (x) as select c from v", "CREATE VIEW 0"},
    {"select x from w order by x", "x!; y!"},
    {"create or replace view v as select a, b || '?' as c, 1 as d from t", "CREATE VIEW 0"},
    {"select x from w order by x", "x?; y?"},
    {"create or replace view v as select b as a, a as c from t",
     "ERROR 42P16: cannot drop columns from view"},
    {"create or replace view v as select a from t", "ERROR 42P16: cannot drop columns from view"},
    {"create or replace view v as select a as z, b as c, 1 as d from t",
     "ERROR 42P16: cannot change name of view column \"a\" to \"z\""},
    {"create or replace view t as select 1", "ERROR 42809: \"t\" is not a view"},
    {"create view dup as select 1 as a, 2 as a",
     "ERROR 42701: column \"a\" specified more than once"},
    {"create view many (a, b) as select 1",
     "ERROR 42601: CREATE VIEW specifies more column names than columns"},
    {"create view unknown as select nope from t", "ERROR 42703: column \"nope\" does not exist"},
    {"create view rec as with recursive r as (select 1 as n union all select n + 1 from r where n "
     "< "
     "3) select sum(n) from r",
     "CREATE VIEW 0"},
    {"select * from rec", "6"},
};

constexpr QueryCase kSchemas[] = {
    {"create schema s", "CREATE SCHEMA 0"},
    {"create schema s", "ERROR 42P06: schema \"s\" already exists"},
    {"create schema if not exists s", "CREATE SCHEMA 0"},
    {"create table s.t (a int primary key)", "CREATE TABLE 0"},
    {"create table t (a int)", "CREATE TABLE 0"},
    {"insert into s.t values (1)", "INSERT 1"},
    {"select (select count(*) from s.t), (select count(*) from t)", "1|0"},
    {"create index i on s.t (a)", "CREATE INDEX 0"},
    {"create index i on t (a)", "CREATE INDEX 0"},
    {"create view s.v as select a from s.t", "CREATE VIEW 0"},
    {"drop schema s", "ERROR 2BP01: cannot drop schema s because other objects depend on it"},
    {"select * from s.v", "1"},
    {"drop table s.t cascade", "DROP TABLE 0"},
    {"select * from s.v", "ERROR 42P01: relation \"s.v\" does not exist"},
    {"drop schema s", "DROP SCHEMA 0"},
    {"create table s.t (a int)", "ERROR 3F000: schema \"s\" does not exist"},
    {"create schema pg_mine", "ERROR 42939: unacceptable schema name \"pg_mine\""},
};

constexpr QueryCase kFailedAsOneStatement[] = {
    {"create table ctas as select 1 / a as x from (values (1), (0)) v(a)",
     "ERROR 22012: division by zero"},
    {"create table ctas (x int)", "CREATE TABLE 0"},
};

TEST_F(Creations, NamesAreChosenAsPostgresqlChooses) { ExpectAnswers(&session_, kChosenNames); }
TEST_F(Creations, WhatCannotBeATable) { ExpectAnswers(&session_, kRefusedTables); }
TEST_F(Creations, Views) { ExpectAnswers(&session_, kViews); }
TEST_F(Creations, Schemas) { ExpectAnswers(&session_, kSchemas); }
TEST_F(Creations, OneThatFailsIsNotThere) { ExpectAnswers(&session_, kFailedAsOneStatement); }

TEST_F(Creations, NoticesSayWhatWasThereAlready) {
  session_.Run("create table t (a int)");
  session_.Run("create table if not exists t (a int)");
  EXPECT_EQ(session_.notices, std::vector<std::string>{"relation \"t\" already exists, skipping"});
  session_.Run("drop table if exists nope");
  EXPECT_EQ(session_.notices, std::vector<std::string>{"table \"nope\" does not exist, skipping"});
}

// A name is locked while it is being given: who comes second waits, and then finds it taken.
TEST_F(Creations, ANameIsGivenOnce) {
  TestSession other(&engine_);
  session_.Begin();
  EXPECT_EQ(session_.Run("create table t (a int)"), "CREATE TABLE 0");
  EXPECT_EQ(other.Run("select * from t"), "ERROR 42P01: relation \"t\" does not exist");
  other.options.lock_timeout_ms = 20;
  EXPECT_EQ(other.Run("create table t (b int)").substr(0, 11), "ERROR 55P03");
  other.options.lock_timeout_ms = 0;
  Meanwhile waiting(&other, "create view t as select 1");
  EXPECT_EQ(session_.Commit(), "COMMIT");
  EXPECT_EQ(waiting.Answer(), "ERROR 42P07: relation \"t\" already exists");
}

}  // namespace
}  // namespace omen::exec::testing
