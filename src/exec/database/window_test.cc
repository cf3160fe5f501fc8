// What only rows answer as PostgreSQL does, and how a window is held to its statement's limits.
#include <gtest/gtest.h>

#include "exec/database/test_engine.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kSetup =
    "create table w (id int primary key, x text, f float8, n numeric);"
    "insert into w values (1, 'b', 1, 1), (2, 'a', 'NaN', 'NaN'), (3, 'b', 'Infinity', 'Infinity'),"
    "(4, null, '-Infinity', '-Infinity'), (5, 'c', 2.5, 2.5), (6, 'c', 3.5, 3.5)";

class Window : public ::testing::Test {
 protected:
  Window() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    EXPECT_EQ(session_.Run(kSetup), "INSERT 6");
    session_.options.route = Route::kRow;
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(Window, OffsetsThatAreNullOrNoDistance) {
  EXPECT_EQ(session_.Run("select count(*) over (order by id rows null preceding) from w"),
            "ERROR 22004: frame starting offset must not be null");
  EXPECT_EQ(session_.Run("select count(*) over (order by id range between current row "
                         "and null::int following) from w"),
            "ERROR 22004: frame ending offset must not be null");
  EXPECT_EQ(session_.Run("select count(*) over (order by f range 'NaN' preceding) from w"),
            "ERROR 22013: invalid preceding or following size in window function");
  EXPECT_EQ(session_.Run("select count(*) over (order by n range '-0.1' preceding) from w"),
            "ERROR 22013: invalid preceding or following size in window function");
}

TEST_F(Window, InfiniteDistances) {
  const std::string answer = "1|5|4\n2|1|1\n3|5|1\n4|5|5\n5|5|3\n6|5|2\n";
  EXPECT_EQ(session_.Run("select id, count(*) over (order by f range between 'Infinity' preceding "
                         "and 'Infinity' following), count(*) over (order by f range between 0 "
                         "preceding and '1e300' following) from w order by id"),
            "1|5|3\n2|1|1\n3|5|1\n4|5|1\n5|5|2\n6|5|1\n");
  EXPECT_EQ(session_.Run("select id, count(*) over (order by n range between 'Infinity' preceding "
                         "and 'Infinity' following), count(*) over (order by n range between 0 "
                         "preceding and 'Infinity' following) from w order by id"),
            answer);
}

// PostgreSQL puts the row itself in the place of its peers, also where its frame is without it.
TEST_F(Window, ExcludedTiesAtTheHead) {
  EXPECT_EQ(session_.Run("select id, first_value(id) over (order by x rows between 1 following and "
                         "3 following exclude ties), last_value(id) over (order by x rows between "
                         "1 preceding and 1 following exclude ties) from w order by id"),
            "1||1\n2|1|1\n3|5|5\n4||4\n5||5\n6|4|4\n");
}

TEST_F(Window, OneOrderServesWindowsWhoseKeysBeginAlike) {
  const std::string plan = session_.Run(
      "explain (costs off) select sum(id) over (partition by x order by id), count(*) over "
      "(partition by x), rank() over (order by x), rank() over (order by f desc) from w");
  size_t nodes = 0;
  for (size_t at = plan.find("WindowAgg"); at != std::string::npos;
       at = plan.find("WindowAgg", at + 1)) {
    ++nodes;
  }
  EXPECT_EQ(nodes, 2U) << plan;
  EXPECT_NE(plan.find("Sort Key: x, id"), std::string::npos) << plan;
}

TEST_F(Window, RowsAreChargedToTheStatement) {
  session_.options.work_memory_bytes = 1 << 20;
  const std::string answer = session_.Run(
      "select count(*) from (select row_number() over (order by s) from generate_series(1, 100000) "
      "s) q");
  EXPECT_TRUE(answer.starts_with("ERROR 53200")) << answer;
}

}  // namespace
}  // namespace omen::exec::testing
