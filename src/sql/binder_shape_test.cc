// What the shape of bound queries must be where names and types do not show it.

#include <gtest/gtest.h>

#include "sql/binder_fixture.h"

namespace omen::sql::testing {
namespace {

const Query& QueryOf(const std::shared_ptr<const Statement>& statement) {
  return *std::get<std::unique_ptr<Query>>(statement->body);
}

TEST(BindShape, OnlyWithTiesHasTies) {
  for (const char* sql : {"select aid from t limit 3", "select aid from t offset 1",
                          "select aid from t", "select aid from t fetch first 3 rows only"}) {
    auto statement = MustBind(sql);
    EXPECT_FALSE(QueryOf(statement).with_ties) << sql;
  }
  auto ties = MustBind("select aid from t order by aid fetch first 3 rows with ties");
  EXPECT_TRUE(QueryOf(ties).with_ties);
  auto all = MustBind("select aid from t limit all");
  EXPECT_EQ(QueryOf(all).limit, nullptr);
}

}  // namespace
}  // namespace omen::sql::testing
