// Who may change what: owners their own things, superusers all, everyone reads and writes rows.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class Privileges : public ::testing::Test {
 protected:
  Privileges() : engine_(TestEngine::Columns::kWithout), admin_(&engine_), ann_(&engine_) {
    admin_.Run(
        "create role ann login; create role bob login;"
        "create table t (id int primary key, a int); create index t_a on t (a);"
        "create view v as select 1 as x; create sequence s; create schema sch");
    ann_.user = "ann";
  }

  TestEngine engine_;
  TestSession admin_, ann_;
};

TEST_F(Privileges, OthersChangeNoDefinition) {
  constexpr QueryCase kDenied[] = {
      {"alter table t add b int", "ERROR 42501: must be owner of table t"},
      {"alter table t rename to z", "ERROR 42501: must be owner of table t"},
      {"create index on t (id)", "ERROR 42501: must be owner of table t"},
      {"drop table t", "ERROR 42501: must be owner of table t"},
      {"drop index t_a", "ERROR 42501: must be owner of index t_a"},
      {"truncate t", "ERROR 42501: permission denied for table t"},
      {"drop view v", "ERROR 42501: must be owner of view v"},
      {"create or replace view v as select 2 as x", "ERROR 42501: must be owner of view v"},
      {"alter sequence s restart", "ERROR 42501: must be owner of sequence s"},
      {"drop sequence s", "ERROR 42501: must be owner of sequence s"},
      {"drop schema sch", "ERROR 42501: must be owner of schema sch"},
      {"comment on table t is 'x'", "ERROR 42501: must be owner of table t"},
      {"comment on column t.a is 'x'", "ERROR 42501: must be owner of relation t"},
      {"create role eve", "ERROR 42501: permission denied to create role"},
      {"create role eve superuser", "ERROR 42501: must be superuser to create superusers"},
      {"drop role bob", "ERROR 42501: permission denied to drop role"},
      {"alter role bob password 'x'", "ERROR 42501: permission denied"},
      {"alter role ann superuser",
       "ERROR 42501: must be superuser to alter superuser roles or change superuser attribute"},
      {"create schema authorization bob", "ERROR 42501: must be member of role \"bob\""},
  };
  for (const QueryCase& one : kDenied) {
    const std::string answer = ann_.Run(one.query);
    EXPECT_EQ(answer.substr(0, 11), "ERROR 42501") << one.query << ": " << answer;
    if (std::string_view(one.query).find("column") == std::string_view::npos) {
      EXPECT_EQ(answer, one.answer) << one.query;
    }
  }
  EXPECT_EQ(admin_.Run("select count(*) from pg_class where relname in ('t', 't_a', 'v', 's')"),
            "4\n");
}

TEST_F(Privileges, EveryoneReadsAndWritesRows) {
  EXPECT_EQ(ann_.Run("insert into t values (1, 2)"), "INSERT 1");
  EXPECT_EQ(ann_.Run("update t set a = 3"), "UPDATE 1");
  EXPECT_EQ(ann_.Run("select a from t, v"), "3\n");
  EXPECT_EQ(ann_.Run("select nextval('s')"), "1\n");
  EXPECT_EQ(ann_.Run("delete from t"), "DELETE 1");
}

TEST_F(Privileges, AnOwnerChangesItsOwn) {
  constexpr QueryCase kOwn[] = {
      {"create table mine (a int)", "CREATE TABLE 0"},
      {"alter table mine add b int", "ALTER TABLE 0"},
      {"create index on mine (a)", "CREATE INDEX 0"},
      {"truncate mine", "TRUNCATE TABLE 0"},
      {"alter table mine owner to bob", "ERROR 42501: must be member of role \"bob\""},
      {"create schema own", "CREATE SCHEMA 0"},
      {"drop schema own", "DROP SCHEMA 0"},
      {"drop table mine", "DROP TABLE 0"},
  };
  ExpectAnswers(&ann_, kOwn);
}

TEST_F(Privileges, ANewOwnerIsTheOnlyOneBesideSuperusers) {
  EXPECT_EQ(admin_.Run("alter table t owner to ann"), "ALTER TABLE 0");
  EXPECT_EQ(ann_.Run("alter table t add b int"), "ALTER TABLE 0");
  EXPECT_EQ(ann_.Run("drop index t_a"), "DROP INDEX 0");
  TestSession bob(&engine_);
  bob.user = "bob";
  EXPECT_EQ(bob.Run("drop table t"), "ERROR 42501: must be owner of table t");
  EXPECT_EQ(admin_.Run("alter table t drop b"), "ALTER TABLE 0");
  EXPECT_EQ(admin_.Run("drop role ann").substr(0, 11), "ERROR 2BP01");
  EXPECT_EQ(ann_.Run("drop table t"), "DROP TABLE 0");
  EXPECT_EQ(admin_.Run("drop role ann"), "DROP ROLE 0");
  EXPECT_EQ(admin_.Run("drop role ann"), "ERROR 42704: role \"ann\" does not exist");
  EXPECT_EQ(admin_.Run("drop role if exists ann"), "DROP ROLE 0");
  EXPECT_EQ(admin_.Run("create role bob"), "ERROR 42710: role \"bob\" already exists");
}

TEST_F(Privileges, ASchemasOwnerDropsWhatIsInIt) {
  admin_.Run("create schema anns authorization ann; create table anns.t (a int)");
  EXPECT_EQ(ann_.Run("alter table anns.t add b int"), "ERROR 42501: must be owner of table t");
  EXPECT_EQ(ann_.Run("drop table anns.t"), "DROP TABLE 0");
  EXPECT_EQ(ann_.Run("drop schema anns"), "DROP SCHEMA 0");
}

}  // namespace
}  // namespace omen::exec::testing
