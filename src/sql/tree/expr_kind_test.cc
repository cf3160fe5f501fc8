#include "sql/tree/expr_kind.h"

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"

namespace omen::sql::testing {
namespace {

const Expr& FirstTarget(const Statement& statement) {
  return *std::get<std::unique_ptr<Query>>(statement.body)->targets[0].expr;
}

TEST(ExprKind, TestsAnswerAsTheirWordsSay) {
  const Value null, yes = Value::Bool(true), no = Value::Bool(false);
  for (const char* words : {"IS NULL", "IS NOT NULL", "IS TRUE", "IS NOT TRUE", "IS FALSE",
                            "IS NOT FALSE", "IS UNKNOWN", "IS NOT UNKNOWN"}) {
    const auto statement = MustBind(std::string("select abalance > 1 ") + words + " from t");
    const ValueTest* test = TestOf(FirstTarget(*statement).kind);
    ASSERT_NE(test, nullptr) << words;
    EXPECT_EQ(test->words, words);
    const std::string_view of = test->words.substr(test->words.rfind(' ') + 1);
    const bool negated = test->words.starts_with("IS NOT");
    EXPECT_EQ(test->Holds(null), (of == "NULL" || of == "UNKNOWN") != negated) << words;
    EXPECT_EQ(test->Holds(yes), (of == "TRUE") != negated) << words;
    EXPECT_EQ(test->Holds(no), (of == "FALSE") != negated) << words;
  }
  EXPECT_EQ(TestOf(ExprKind::kNot), nullptr);
}

TEST(ExprKind, CallsThatAreNoFunctionsHaveWords) {
  for (const auto& [sql, word] : {std::pair{"select coalesce(aid, 1) from t", "COALESCE"},
                                  {"select greatest(aid, 1) from t", "GREATEST"},
                                  {"select least(aid, 1) from t", "LEAST"},
                                  {"select nullif(aid, 1) from t", "NULLIF"}}) {
    EXPECT_EQ(CallWordOf(FirstTarget(*MustBind(sql)).kind), word);
  }
  EXPECT_EQ(CallWordOf(ExprKind::kFunction), "");
}

}  // namespace
}  // namespace omen::sql::testing
