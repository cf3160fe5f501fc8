// What the grammar makes of a script: its statements and their tags, or PostgreSQL 15's error.
#include "sql/grammar/parse.h"

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

// As CommandComplete says it, without the number of rows.
constexpr Case kTags[] = {
    {"select 1", "SELECT"},
    {"values (1)", "SELECT"},
    {"table pair", "SELECT"},
    {"with a as (select 1) select * from a", "SELECT"},
    {"insert into nokey values (1)", "INSERT"},
    {"with a as (select 1) insert into nokey select * from a", "INSERT"},
    {"update nokey set k = 1", "UPDATE"},
    {"delete from nokey", "DELETE"},
    {"create table n (a int)", "CREATE TABLE"},
    {"create view n as select 1", "CREATE VIEW"},
    {"create or replace view n as select 1", "CREATE VIEW"},
    {"create index on nokey (k)", "CREATE INDEX"},
    {"create unique index on nokey (k)", "CREATE INDEX"},
    {"create schema n", "CREATE SCHEMA"},
    {"create sequence n", "CREATE SEQUENCE"},
    {"create role n", "CREATE ROLE"},
    {"create user n", "CREATE ROLE"},
    {"alter table nokey add a int", "ALTER TABLE"},
    {"alter table nokey rename to n", "ALTER TABLE"},
    {"alter table nokey rename k to n", "ALTER TABLE"},
    {"alter view tv rename to n", "ALTER VIEW"},
    {"alter index pair_pkey rename to n", "ALTER INDEX"},
    {"alter sequence seq rename to n", "ALTER SEQUENCE"},
    {"alter sequence seq restart", "ALTER SEQUENCE"},
    {"alter role omendb superuser", "ALTER ROLE"},
    {"alter table nokey owner to omendb", "ALTER TABLE"},
    {"alter table nokey set schema public", "ALTER TABLE"},
    {"drop view tv", "DROP VIEW"},
    {"drop sequence seq", "DROP SEQUENCE"},
    {"drop table nokey", "DROP TABLE"},
    {"drop index if exists n", "DROP INDEX"},
    {"drop schema if exists n", "DROP SCHEMA"},
    {"drop role if exists n", "DROP ROLE"},
    {"drop table if exists n", "DROP TABLE"},
    {"truncate nokey", "TRUNCATE TABLE"},
    {"truncate table nokey", "TRUNCATE TABLE"},
    {"comment on table nokey is null", "COMMENT"},
    {"lock table nokey", "LOCK TABLE"},
    {"analyze nokey", "ANALYZE"},
    {"checkpoint", "CHECKPOINT"},
    {"set work_mem = 100", "SET"},
    {"set local work_mem = 100", "SET"},
    {"set time zone 0", "SET"},
    {"reset work_mem", "RESET"},
    {"reset all", "RESET"},
    {"show work_mem", "SHOW"},
    {"savepoint n", "SAVEPOINT"},
    {"explain select 1", "EXPLAIN"},
    {"prepare n as select 1", "PREPARE"},
    {"declare n cursor for select 1", "DECLARE CURSOR"},
    {"discard plans", "DISCARD PLANS"},
    {"start transaction", "START TRANSACTION"},
    {"begin", "BEGIN"},
    {"deallocate all", "DEALLOCATE ALL"},
    {"close all", "CLOSE CURSOR ALL"},
    {"set transaction read only", "SET"},
};

constexpr Case kSyntaxErrors[] = {
    {"selekt 1", "42601@0 syntax error at or near \"selekt\""},
    {"select 1 1", "42601@9 syntax error at or near \"1\""},
    {"select * form t", "42601@9 syntax error at or near \"form\""},
    {"select from where", "42601@12 syntax error at or near \"where\""},
    {"select 1 from t where group by x", "42601@22 syntax error at or near \"group\""},
    {"select (1", "42601@9 syntax error at end of input"},
    {"select 1)", "42601@8 syntax error at or near \")\""},
    {"select 'a", "42601@7 unterminated quoted string at or near \"'a\""},
    {"select \"a", "42601@7 unterminated quoted identifier at or near \"\"a\""},
    {"select \"\"", "42601@7 zero-length delimited identifier at or near \"\"\"\""},
    {"select $$a", "42601@7 unterminated dollar-quoted string at or near \"$$a\""},
    {"select /* a", "42601@7 unterminated /* comment at or near \"/* a\""},
    {"select a b c", "42601@11 syntax error at or near \"c\""},
    {"select case end", "42601@12 syntax error at or near \"end\""},
    {"select case when 1 end", "42601@19 syntax error at or near \"end\""},
    {"insert t values (1)", "42601@7 syntax error at or near \"t\""},
    {"insert into t (1) values (1)", "42601@15 syntax error at or near \"1\""},
    {"update t x = 1", "42601@11 syntax error at or near \"=\""},
    {"update t set", "42601@12 syntax error at end of input"},
    {"delete t", "42601@7 syntax error at or near \"t\""},
    {"create table", "42601@12 syntax error at end of input"},
    {"create table t", "42601@14 syntax error at end of input"},
    {"create table t (a)", "42601@18 syntax error at end of input"},
    {"create table t (a int,)", "42601@22 syntax error at or near \")\""},
    {"create table t (a int b int)", "42601@22 syntax error at or near \"b\""},
    {"create table select (a int)", "42601@13 syntax error at or near \"select\""},
    {"create view v", "42601@13 syntax error at end of input"},
    {"alter table t", "42601@13 syntax error at end of input"},
    {"drop t", "42601@5 syntax error at or near \"t\""},
    {"select 1 +", "42601@10 syntax error at end of input"},
    {"select 1 + * 2", "42601@11 syntax error at or near \"*\""},
    {"select a. from t", "42P01@7 missing FROM-clause entry for table \"a\""},
    {"select .a from t", "42601@7 syntax error at or near \".\""},
    {"select a[ from t", "42601@10 syntax error at or near \"from\""},
    {"select array[1", "42601@14 syntax error at end of input"},
    {"select 1 limit", "42601@14 syntax error at end of input"},
    {"select 1 order", "42601@14 syntax error at end of input"},
    {"select 1 order by", "42601@17 syntax error at end of input"},
    {"select x from t group", "42601@21 syntax error at end of input"},
    {"select * from t join", "42601@20 syntax error at end of input"},
    {"select * from (select 1", "42601@23 syntax error at end of input"},
    {"select * from t,", "42601@16 syntax error at end of input"},
    {"select 1 union", "42601@14 syntax error at end of input"},
    {"select 1 union from t", "42601@15 syntax error at or near \"from\""},
    {"with a select 1", "42601@7 syntax error at or near \"select\""},
    {"with a as select 1", "42601@10 syntax error at or near \"select\""},
    {"with a as (select 1)", "42601@20 syntax error at end of input"},
    {"select count(*", "42601@14 syntax error at end of input"},
    {"select f(,)", "42601@9 syntax error at or near \",\""},
    {"select 1 between 2", "42601@18 syntax error at end of input"},
    {"select not", "42601@10 syntax error at end of input"},
    {"select cast(1 int)", "42601@14 syntax error at or near \"int\""},
    {"select 1::", "42601@10 syntax error at end of input"},
    {"select interval", "42703@7 column \"interval\" does not exist"},
    {"set a", "42601@5 syntax error at end of input"},
    {"begin work now", "42601@11 syntax error at or near \"now\""},
    {"select 1 where 1 = = 2", "42601@19 syntax error at or near \"=\""},
    {"select @", "42601@8 syntax error at end of input"},
    {"select 'é' frm x y", "42601@16 syntax error at or near \"x\""},
    {"select 1 from tä x y z", "42601@20 syntax error at or near \"y\""},
    {"select U&'\\zzzz'", "42601@10 invalid Unicode escape"},
    {"select U&'\\D800'", "42601@15 invalid Unicode surrogate pair"},
    {"select é é 1", "42601@13 syntax error at or near \"1\""},
    {"select 1.2.3", "42601@10 syntax error at or near \".3\""},
    {"select $1 $2", "42601@10 syntax error at or near \"$2\""},
    {"grant", "42601@5 syntax error at end of input"},
    {"copy t", "42601@6 syntax error at end of input"},
    {"copy t from", "42601@11 syntax error at end of input"},
    {"explain", "42601@7 syntax error at end of input"},
    {"fetch", "42601@5 syntax error at end of input"},
    {"declare c", "42601@9 syntax error at end of input"},
    {"prepare p", "42601@9 syntax error at end of input"},
    {"execute", "42601@7 syntax error at end of input"},
    {"select 1 for", "42601@12 syntax error at end of input"},
    {"select 1 for update of", "42601@22 syntax error at end of input"},
    {"select x from t offset", "42601@22 syntax error at end of input"},
    {"select all distinct 1", "42601@11 syntax error at or near \"distinct\""},
    {"select distinct on x", "42601@19 syntax error at or near \"x\""},
    {"values", "42601@6 syntax error at end of input"},
    {"values 1", "42601@7 syntax error at or near \"1\""},
    {"values (1", "42601@9 syntax error at end of input"},
    {"select a from t order by a using", "42601@32 syntax error at end of input"},
    {"select a as from t", "42601@17 syntax error at or near \"t\""},
    {"select 1 /* a /* b */", "42601@9 unterminated /* comment at or near \"/* a /* b */\""},
};

/// The statements' own texts with their places in the script: "0:select 1|10:select 2".
std::string Pieces(std::string_view script) {
  auto parsed = Parse(script);
  if (!parsed.ok()) return parsed.status().error().message;
  std::string text;
  for (const ParsedStatement& statement : *parsed) {
    if (!text.empty()) text += "|";
    text += std::to_string(statement.offset()) + ":" + std::string(statement.text());
  }
  return text;
}

constexpr Case kScripts[] = {
    {"", ""},
    {";", ""},
    {" ; ; ", ""},
    {"-- nothing", ""},
    {"select 1", "0:select 1"},
    {"  select 1 ; ", "2:select 1"},
    {"select 1; select 2", "0:select 1|10:select 2"},
    {"select 1;\n\nselect ';';", "0:select 1|11:select ';'"},
    {"select 1 /* ; */; select $$;$$", "0:select 1 /* ; */|18:select $$;$$"},
    {"begin; select 1; commit", "0:begin|7:select 1|17:commit"},
    {"select '\xC3\xA9'; select 2", "0:select '\xC3\xA9'|13:select 2"},
    {"select 1; selec 2", "syntax error at or near \"selec\""},
};

}  // namespace

TEST(ParseTest, TagsAreKnownBeforeBinding) {
  for (const Case& c : kTags) {
    auto parsed = Parse(c.sql);
    ASSERT_TRUE(parsed.ok()) << c.sql;
    ASSERT_EQ(parsed->size(), 1u) << c.sql;
    EXPECT_EQ((*parsed)[0].tag(), c.expected) << c.sql;
  }
}

TEST(ParseTest, SyntaxErrors) {
  for (const Case& c : kSyntaxErrors) EXPECT_EQ(Describe(c.sql), c.expected) << c.sql;
}

TEST(ParseTest, ScriptsAreCutAtTheirSemicolons) {
  for (const Case& c : kScripts) EXPECT_EQ(Pieces(c.sql), c.expected) << c.sql;
}

TEST(ParseTest, OnlyTheEndOfATransactionIsTakenByAFailedOne) {
  for (const char* sql : {"commit", "end", "rollback", "abort", "rollback to a"}) {
    EXPECT_TRUE((*Parse(sql))[0].is_transaction_exit()) << sql;
  }
  for (const char* sql : {"begin", "savepoint a", "release a", "select 1", "set a = 1"}) {
    EXPECT_FALSE((*Parse(sql))[0].is_transaction_exit()) << sql;
  }
}

TEST(ParseTest, TextThatIsNoUtf8IsRefused) {
  EXPECT_EQ(Describe("select '\xFF'").substr(0, 5), "22021");
  EXPECT_EQ(Describe("select '\xC3'").substr(0, 5), "22021");
  EXPECT_EQ(Describe(std::string_view("select '\0'", 11)).substr(0, 5), "22021");
}

}  // namespace omen::sql::testing
