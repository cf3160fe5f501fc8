#include "colstore/internal/engine/truncation_ranges.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/planner/expression/bound_cast_expression.hpp"
#include "duckdb/planner/expression/bound_comparison_expression.hpp"
#include "duckdb/planner/expression/bound_conjunction_expression.hpp"
#include "duckdb/planner/expression/bound_constant_expression.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "types/datetime/datetime.h"

namespace omen::colstore {
namespace {

using duckdb::Expression;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::timestamp_t;
using ExpressionHolder = duckdb::unique_ptr<Expression>;

struct Unit {
  std::string_view name;
  DateUnit unit;
  IntervalData length;
};

/// What the generator prints (sql/duckdb/expr/datetime.cc).
constexpr std::array kUnits = {
    Unit{"second", DateUnit::kSecond, {.micros = kMicrosPerSecond}},
    Unit{"minute", DateUnit::kMinute, {.micros = 60 * kMicrosPerSecond}},
    Unit{"hour", DateUnit::kHour, {.micros = 3600 * kMicrosPerSecond}},
    Unit{"day", DateUnit::kDay, {.days = 1}},
    Unit{"week", DateUnit::kWeek, {.days = 7}},
    Unit{"month", DateUnit::kMonth, {.months = 1}},
    Unit{"quarter", DateUnit::kQuarter, {.months = 3}},
    Unit{"year", DateUnit::kYear, {.months = 12}},
};

/// Moments that are cut to `first`: those before `next`.
struct Span {
  timestamp_t first, next;
};

constexpr int64_t kEpoch = kUnixToPgSeconds * kMicrosPerSecond;

/// Of a moment that no value of a column is cut to, one side of it is as good as its unit.
Span SpanAround(const Unit& unit, timestamp_t moment) {
  static const int64_t kFirst = DaysFromCivil({1, 1, 1}) * kMicrosPerDay + kEpoch;
  static const int64_t kEnd = DaysFromCivil({10'000, 1, 1}) * kMicrosPerDay + kEpoch;
  if (moment.value < kFirst || moment.value >= kEnd) return {moment, moment};
  const auto first = TruncateTimestamp(unit.unit, moment.value - kEpoch);
  OMEN_CHECK(first.ok());
  const auto next = AddInterval(*first, unit.length);
  OMEN_CHECK(next.ok());
  return {timestamp_t(*first + kEpoch), timestamp_t(*next + kEpoch)};
}

const Expression& WithoutCast(const Expression& expression, LogicalTypeId to) {
  const bool casts = expression.GetExpressionClass() == ExpressionClass::BOUND_CAST &&
                     expression.return_type.id() == to;
  return casts ? *expression.Cast<duckdb::BoundCastExpression>().child : expression;
}

/// A column cut to a unit.
struct Truncation {
  const Expression* column;
  Unit unit;
};

/// Of days at least it may be cast to a date.
std::optional<Truncation> TruncationOf(const Expression& side) {
  const Expression& moment = WithoutCast(side, LogicalTypeId::DATE);
  const Expression& call = WithoutCast(moment, LogicalTypeId::TIMESTAMP);
  if (call.GetExpressionClass() != ExpressionClass::BOUND_FUNCTION) return std::nullopt;
  const auto& function = call.Cast<duckdb::BoundFunctionExpression>();
  if (function.function.name != "date_trunc" || function.children.size() != 2) return std::nullopt;
  if (&moment != &side && call.return_type.id() != LogicalTypeId::DATE) return std::nullopt;
  const Expression& word = *function.children[0];
  const Expression& column = *function.children[1];
  if (word.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT ||
      column.GetExpressionClass() != ExpressionClass::BOUND_COLUMN_REF ||
      column.return_type.id() != LogicalTypeId::TIMESTAMP) {
    return std::nullopt;
  }
  const std::string name = word.Cast<duckdb::BoundConstantExpression>().value.ToString();
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return Truncation{&column, unit};
  }
  return std::nullopt;
}

std::optional<timestamp_t> MomentOf(duckdb::ClientContext& context, const Expression& expression) {
  duckdb::Value value;
  if (!expression.IsFoldable() ||
      !duckdb::ExpressionExecutor::TryEvaluateScalar(context, expression, value) ||
      value.IsNull() || !value.DefaultTryCastAs(LogicalType::TIMESTAMP)) {
    return std::nullopt;
  }
  return value.GetValue<timestamp_t>();
}

ExpressionHolder Compare(ExpressionType type, const Expression& column, timestamp_t limit) {
  return duckdb::make_uniq<duckdb::BoundComparisonExpression>(
      type, column.Copy(),
      duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value::TIMESTAMP(limit)));
}

ExpressionHolder Before(const Expression& column, timestamp_t limit) {
  return Compare(ExpressionType::COMPARE_LESSTHAN, column, limit);
}

ExpressionHolder From(const Expression& column, timestamp_t limit) {
  return Compare(ExpressionType::COMPARE_GREATERTHANOREQUALTO, column, limit);
}

/// Null where the column is; null itself for another comparison.
ExpressionHolder RangeFor(ExpressionType type, const Expression& column, timestamp_t constant,
                          const Span& span) {
  const bool hit = constant == span.first;
  // Of no moment the constant is the first: a range without any.
  const timestamp_t end = hit ? span.next : span.first;
  switch (type) {
    case ExpressionType::COMPARE_EQUAL:
      return duckdb::make_uniq<duckdb::BoundConjunctionExpression>(
          ExpressionType::CONJUNCTION_AND, From(column, span.first), Before(column, end));
    case ExpressionType::COMPARE_NOTEQUAL:
      return duckdb::make_uniq<duckdb::BoundConjunctionExpression>(
          ExpressionType::CONJUNCTION_OR, Before(column, span.first), From(column, end));
    case ExpressionType::COMPARE_LESSTHAN:
      return Before(column, hit ? span.first : span.next);
    case ExpressionType::COMPARE_GREATERTHANOREQUALTO:
      return From(column, hit ? span.first : span.next);
    case ExpressionType::COMPARE_LESSTHANOREQUALTO:
      return Before(column, span.next);
    case ExpressionType::COMPARE_GREATERTHAN:
      return From(column, span.next);
    default:
      return nullptr;
  }
}

ExpressionHolder RangeInstead(duckdb::ClientContext& context,
                              const duckdb::BoundComparisonExpression& comparison) {
  ExpressionType type = comparison.GetExpressionType();
  const Expression* other = comparison.right.get();
  auto truncation = TruncationOf(*comparison.left);
  if (!truncation) {
    truncation = TruncationOf(*comparison.right);
    other = comparison.left.get();
    type = duckdb::FlipComparisonExpression(type);
  }
  if (!truncation) return nullptr;
  const auto constant = MomentOf(context, *other);
  if (!constant) return nullptr;
  return RangeFor(type, *truncation->column, *constant, SpanAround(truncation->unit, *constant));
}

}  // namespace

void CompareRanges(duckdb::ClientContext& context, ExpressionHolder* expression) {
  duckdb::ExpressionIterator::EnumerateChildren(
      **expression, [&](ExpressionHolder& child) { CompareRanges(context, &child); });
  if ((*expression)->GetExpressionClass() != ExpressionClass::BOUND_COMPARISON) return;
  auto range = RangeInstead(context, (*expression)->Cast<duckdb::BoundComparisonExpression>());
  if (range == nullptr) return;
  range->SetAlias((*expression)->GetAlias());
  *expression = std::move(range);
}

}  // namespace omen::colstore
