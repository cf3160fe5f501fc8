#include "sql/tree/expr_kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace omen::sql {
namespace {

using Of = ValueTest::Of;

constexpr std::array kTests = {
    ValueTest{ExprKind::kIsNull, Of::kNull, false, "IS NULL"},
    ValueTest{ExprKind::kIsNotNull, Of::kNull, true, "IS NOT NULL"},
    ValueTest{ExprKind::kIsTrue, Of::kTrue, false, "IS TRUE"},
    ValueTest{ExprKind::kIsFalse, Of::kFalse, false, "IS FALSE"},
    ValueTest{ExprKind::kIsUnknown, Of::kNull, false, "IS UNKNOWN"},
    ValueTest{ExprKind::kIsNotTrue, Of::kTrue, true, "IS NOT TRUE"},
    ValueTest{ExprKind::kIsNotFalse, Of::kFalse, true, "IS NOT FALSE"},
    ValueTest{ExprKind::kIsNotUnknown, Of::kNull, true, "IS NOT UNKNOWN"},
};

constexpr std::pair<ExprKind, std::string_view> kCallWords[] = {
    {ExprKind::kCoalesce, "COALESCE"}, {ExprKind::kGreatest, "GREATEST"},
    {ExprKind::kLeast, "LEAST"},       {ExprKind::kNullIf, "NULLIF"},
    {ExprKind::kRow, "ROW"},           {ExprKind::kGrouping, "GROUPING"},
};

}  // namespace

const ValueTest* TestOf(ExprKind kind) {
  const auto* found = std::ranges::find(kTests, kind, &ValueTest::kind);
  return found == kTests.end() ? nullptr : found;
}

std::string_view CallWordOf(ExprKind kind) {
  for (const auto& [of, word] : kCallWords) {
    if (of == kind) return word;
  }
  return {};
}

const Expr& WithoutImplicitCasts(const Expr& expr) {
  const Expr* inner = &expr;
  while (inner->kind == ExprKind::kCast && !inner->explicit_cast && !inner->written) {
    inner = inner->args[0].get();
  }
  return *inner;
}

}  // namespace omen::sql
