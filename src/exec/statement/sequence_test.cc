// Sequences: steps, limits, cycles, and that no transaction takes a value back.
#include "exec/statement/sequence.h"

#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class Sequences : public ::testing::Test {
 protected:
  Sequences() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {}

  TestEngine engine_;
  TestSession session_;
};

constexpr QueryCase kSteps[] = {
    {"create sequence s", "CREATE SEQUENCE 0"},
    {"select nextval('s'), nextval('s')", "1|2"},
    {"create sequence five start 5 increment 5", "CREATE SEQUENCE 0"},
    {"select nextval('five'), nextval('five')", "5|10"},
    {"create sequence down increment -2", "CREATE SEQUENCE 0"},
    {"select nextval('down'), nextval('down')", "-1|-3"},
    {"create sequence few minvalue 3 maxvalue 5", "CREATE SEQUENCE 0"},
    {"select nextval('few'), nextval('few'), nextval('few')", "3|4|5"},
    {"select nextval('few')",
     "ERROR 2200H: nextval: reached maximum value of sequence \"few\" (5)"},
    {"select nextval('few')",
     "ERROR 2200H: nextval: reached maximum value of sequence \"few\" (5)"},
    {"create sequence round minvalue 3 maxvalue 8 start 4 increment 3 cycle", "CREATE SEQUENCE 0"},
    {"select nextval('round'), nextval('round'), nextval('round')", "4|7|3"},
    {"create sequence back increment -3 minvalue -5 maxvalue 4 cycle", "CREATE SEQUENCE 0"},
    {"select nextval('back'), nextval('back'), nextval('back'), nextval('back'), nextval('back')",
     "4|1|-2|-5|4"},
    {"create sequence last start 9223372036854775806", "CREATE SEQUENCE 0"},
    {"select nextval('last'), nextval('last')", "9223372036854775806|9223372036854775807"},
    {"select nextval('last')",
     "ERROR 2200H: nextval: reached maximum value of sequence \"last\" (9223372036854775807)"},
    {"create sequence tiny as smallint start 32767", "CREATE SEQUENCE 0"},
    {"select nextval('tiny')", "32767"},
    {"select nextval('tiny')",
     "ERROR 2200H: nextval: reached maximum value of sequence \"tiny\" (32767)"},
    {"create sequence low increment -1 minvalue -2 start -1", "CREATE SEQUENCE 0"},
    {"select nextval('low'), nextval('low')", "-1|-2"},
    {"select nextval('low')",
     "ERROR 2200H: nextval: reached minimum value of sequence \"low\" (-2)"},
};

constexpr QueryCase kSequenceChanges[] = {
    {"create sequence s increment 0", "ERROR 22023: INCREMENT must not be zero"},
    {"create sequence s minvalue 5 maxvalue 4",
     "ERROR 22023: MINVALUE (5) must be less than MAXVALUE (4)"},
    {"create sequence s start 7 maxvalue 5",
     "ERROR 22023: START value (7) cannot be greater than MAXVALUE (5)"},
    {"create sequence s start 1 minvalue 2",
     "ERROR 22023: START value (1) cannot be less than MINVALUE (2)"},
    {"create sequence s as smallint maxvalue 40000",
     "ERROR 22023: MAXVALUE (40000) is out of range for sequence data type smallint"},
    {"create sequence s as text",
     "ERROR 22023: sequence type must be smallint, integer, or bigint"},
    {"create sequence s start 10", "CREATE SEQUENCE 0"},
    {"select nextval('s')", "10"},
    {"alter sequence s restart", "ALTER SEQUENCE 0"},
    {"select nextval('s')", "10"},
    {"alter sequence s restart with 40 increment 2", "ALTER SEQUENCE 0"},
    {"select nextval('s'), nextval('s')", "40|42"},
    {"alter sequence s maxvalue 43", "ALTER SEQUENCE 0"},
    {"select nextval('s')", "ERROR 2200H: nextval: reached maximum value of sequence \"s\" (43)"},
    {"alter sequence s cycle minvalue 20",
     "ERROR 22023: START value (10) cannot be less than "
     "MINVALUE (20)"},
    {"alter sequence s cycle minvalue 10", "ALTER SEQUENCE 0"},
    {"select nextval('s')", "10"},
    {"alter sequence nope restart", "ERROR 42P01: relation \"nope\" does not exist"},
    {"alter sequence if exists nope restart", "ALTER SEQUENCE 0"},
    {"alter sequence s increment -1", "ALTER SEQUENCE 0"},
    {"select nextval('s')", "43"},
};

TEST_F(Sequences, StepAndEnd) { ExpectAnswers(&session_, kSteps); }
TEST_F(Sequences, AreChanged) { ExpectAnswers(&session_, kSequenceChanges); }

TEST_F(Sequences, NoRollbackTakesAValueBack) {
  session_.Run("create sequence s");
  session_.Begin();
  EXPECT_EQ(session_.Run("select nextval('s')"), "1\n");
  session_.Rollback();
  EXPECT_EQ(session_.Run("select nextval('s')"), "2\n");
}

TEST_F(Sequences, AChangeThatIsRolledBackIsNone) {
  session_.Run("create sequence s start 5");
  EXPECT_EQ(session_.Run("select nextval('s')"), "5\n");
  session_.Begin();
  session_.Run("alter sequence s restart increment 100");
  session_.Rollback();
  EXPECT_EQ(session_.Run("select nextval('s')"), "6\n");
}

TEST_F(Sequences, SessionsTakeDifferentValues) {
  session_.Run("create sequence s; create table t (n bigint primary key)");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      TestSession session(&engine_);
      for (int k = 0; k < 25; ++k) {
        EXPECT_EQ(session.Run("insert into t values (nextval('s'))"), "INSERT 1");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(session_.Run("select count(*), min(n), max(n) from t"), "100|1|100\n");
}

}  // namespace
}  // namespace omen::exec::testing
