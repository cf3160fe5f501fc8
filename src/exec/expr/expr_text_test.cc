// Expressions as EXPLAIN prints them: close to PostgreSQL, and every part of them there.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class ExprTexts : public ::testing::Test {
 protected:
  ExprTexts() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    session_.Run("create table t (a int, b text, c numeric, d boolean, e int[])");
  }

  std::string FilterOf(const std::string& condition) {
    const std::string plan = session_.Run("explain (costs off) select 1 from t where " + condition);
    const std::string before = "  Filter: ";
    const size_t at = plan.find(before);
    if (at == std::string::npos) return plan;
    return plan.substr(at + before.size(), plan.find('\n', at) - at - before.size());
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(ExprTexts, OfEachKind) {
  const std::pair<const char*, const char*> cases[] = {
      {"a = 1", "(a = 1)"},
      {"a > 1 and b < 'x'", "(a > 1) AND (b < 'x'::text)"},
      {"a > 1 or not (b < 'x' and d)", "((a > 1) OR (NOT ((b < 'x'::text) AND d)))"},
      {"-a < 1.5", "(((- a))::numeric < 1.5)"},
      {"a is null or d is not true", "((a IS NULL) OR (d IS NOT TRUE))"},
      {"d is unknown", "(d IS UNKNOWN)"},
      {"a is distinct from 3", "(a IS DISTINCT FROM 3)"},
      {"a is not distinct from 3", "(a IS NOT DISTINCT FROM 3)"},
      {"a in (1, null)", "(a IN (1, NULL))"},
      {"a not in (1, 2)", "(a NOT IN (1, 2))"},
      {"a = any(e)", "(a = ANY (e))"},
      {"a <> all('{1,2}')", "(a <> ALL ('{1,2}'::integer[]))"},
      {"a between 1 and 2", "(a >= 1) AND (a <= 2)"},
      {"b like 'x%'", "(b ~~ 'x%'::text)"},
      {"case when a > 1 then d else b = 'x' end",
       "CASE WHEN (a > 1) THEN d ELSE (b = 'x'::text) END"},
      {"case a when 1 then d when 2 then not d end",
       "CASE WHEN (a = 1) THEN d WHEN (a = 2) THEN (NOT d) END"},
      {"coalesce(a, 1) = nullif(a, 2)", "(COALESCE(a, 1) = NULLIF(a, 2))"},
      {"greatest(a, 1) > least(a, 2)", "(GREATEST(a, 1) > LEAST(a, 2))"},
      {"a::text = 'x'", "((a)::text = 'x'::text)"},
      {"e[2] = 1", "(e[2] = 1)"},
      {"array[a, 2] = e", "(ARRAY[a, 2] = e)"},
      {"length(b) = 2", "(length(b) = 2)"},
      {"exists (select count(*) from t u where u.a = t.a)", "(SubPlan)"},
      {"a = (select 1)", "(a = (SubPlan))"},
  };
  for (const auto& [condition, text] : cases) EXPECT_EQ(FilterOf(condition), text) << condition;
}

TEST_F(ExprTexts, ALongListIsCutOff) {
  std::string list = "0";
  for (int i = 1; i < 30; ++i) list += ", " + std::to_string(i);
  const std::string text = FilterOf("a in (" + list + ")");
  EXPECT_TRUE(text.ends_with("18, 19, ...))")) << text;
}

TEST_F(ExprTexts, NamesCarryTheirTableWhereThereAreSeveral) {
  const std::string plan =
      session_.Run("explain (costs off) select 1 from t x join t y on x.a = y.a and x.c < y.c");
  EXPECT_NE(plan.find("(x.a = y.a) AND (x.c < y.c)"), std::string::npos) << plan;
}

}  // namespace
}  // namespace omen::exec::testing
