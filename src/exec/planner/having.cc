#include "exec/planner/having.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "exec/expr/evaluate.h"
#include "sql/tree/expr_walk.h"
#include "statistics/groups.h"
#include "statistics/image.h"

namespace omen::exec {

using functions::Meaning;
using sql::Expr;
using sql::ExprKind;

namespace {

/// Of a condition of which nothing is known: PostgreSQL's default for functions.
constexpr double kAnyShare = 1.0 / 3;

bool IsCall(const Expr& expr) {
  return expr.kind == ExprKind::kAggregate && expr.filter == nullptr && !expr.distinct &&
         expr.args.size() <= 1;
}

}  // namespace

HavingEstimate::HavingEstimate(Estimates* estimates, std::span<const Expr* const> keys, double rows,
                               double groups)
    : estimates_(*estimates), groups_(std::max(1.0, groups)) {
  const statistics::ColumnStatistics* column =
      keys.size() == 1 ? estimates_.StatisticsOf(*keys[0]) : nullptr;
  double rest_rows = rows;
  if (column != nullptr) {
    for (const statistics::CommonValue& value : column->common) {
      if (static_cast<double>(common_.size()) + 1 > groups_) break;
      common_.push_back(value.share * rows);
      rest_rows -= common_.back();
    }
  }
  rest_ = groups_ - static_cast<double>(common_.size());
  if (rest_ > 0) rest_size_ = std::max(1.0, rest_rows / rest_);
}

template <typename Of>
double HavingEstimate::OverGroups(const Of& of) const {
  double sum = rest_ > 0 ? rest_ * of(rest_size_) : 0;
  for (const double size : common_) sum += of(std::max(1.0, size));
  return std::clamp(sum / groups_, 0.0, 1.0);
}

double HavingEstimate::Counted(const Expr& call, double size) {
  const auto* column = call.args.empty() ? nullptr : estimates_.StatisticsOf(*call.args[0]);
  return column == nullptr ? size : size * (1 - column->null_share);
}

std::optional<HavingEstimate::Bound> HavingEstimate::BoundOf(const Expr& expr) const {
  const Value* value = estimates_.ValueOf(expr);
  if (value == nullptr || value->is_null() || !statistics::HasImage(expr.type.oid)) return {};
  return Bound{value, expr.type.oid, statistics::ImageOf(expr.type.oid, *value)};
}

double HavingEstimate::CountAbove(const Expr& call, double bound) {
  return OverGroups([&](double size) { return statistics::SizeAbove(Counted(call, size), bound); });
}

// A maximum is above where a row is, a minimum where none is below.
double HavingEstimate::ExtremeAbove(const Expr& call, const Bound& bound, bool inclusive) {
  using statistics::RangeEnd;
  const auto* column = estimates_.StatisticsOf(*call.args[0]);
  if (column == nullptr || !statistics::AreComparable(column->type.oid, bound.type)) {
    return kAnyShare;
  }
  const bool most = call.aggregate->meaning == Meaning::kMax;
  const RangeEnd end = RangeEnd::At(bound.value, most == inclusive);
  const double share = most ? statistics::RangeShare(column, end, RangeEnd::None())
                            : statistics::RangeShare(column, RangeEnd::None(), end);
  const double with = OverGroups([&](double size) { return statistics::WithOneOf(size, share); });
  return most ? with : 1 - with;
}

double HavingEstimate::Above(const Expr& call, const Bound& bound, bool inclusive) {
  const Meaning meaning = call.aggregate->meaning;
  if (meaning == Meaning::kCount) {
    return CountAbove(call, inclusive ? std::ceil(bound.number) - 1 : bound.number);
  }
  const auto* column = call.args.empty() ? nullptr : estimates_.StatisticsOf(*call.args[0]);
  if (column == nullptr) return kAnyShare;
  if (call.aggregate->IsExtreme()) return ExtremeAbove(call, bound, inclusive);
  const auto moments = statistics::MomentsOf(*column);
  if (!moments || (meaning != Meaning::kSum && meaning != Meaning::kAvg)) return kAnyShare;
  const auto above = meaning == Meaning::kSum ? statistics::SumAbove : statistics::AverageAbove;
  return OverGroups(
      [&](double size) { return above(Counted(call, size), *moments, bound.number); });
}

double HavingEstimate::Equal(const Expr& call, const Bound& bound) {
  if (call.aggregate->meaning != Meaning::kCount) return statistics::kDefaultEqual;
  if (bound.number != std::floor(bound.number)) return 0;
  return std::max(0.0, CountAbove(call, bound.number - 1) - CountAbove(call, bound.number));
}

double HavingEstimate::Comparison(const Expr& expr) {
  CompareOp op;
  if (expr.args.size() != 2 || !ComparisonOf(expr.op, &op)) return kAnyShare;
  const bool mirrored = !IsCall(*expr.args[0]);
  const Expr& call = *expr.args[mirrored ? 1 : 0];
  if (mirrored) op = Mirrored(op);
  const std::optional<Bound> bound =
      IsCall(call) ? BoundOf(*expr.args[mirrored ? 0 : 1]) : std::nullopt;
  switch (op) {
    case CompareOp::kEq:
      return bound ? Equal(call, *bound) : statistics::kDefaultEqual;
    case CompareOp::kNe:
      return 1 - (bound ? Equal(call, *bound) : statistics::kDefaultEqual);
    case CompareOp::kGt:
    case CompareOp::kGe:
      return bound ? Above(call, *bound, op == CompareOp::kGe) : kAnyShare;
    default:
      return bound ? 1 - Above(call, *bound, op == CompareOp::kLt) : kAnyShare;
  }
}

double HavingEstimate::Share(const Expr& condition) {
  double share = 1;
  switch (condition.kind) {
    case ExprKind::kAnd:
      for (const sql::ExprPtr& arg : condition.args) share *= Share(*arg);
      return share;
    case ExprKind::kOr:
      for (const sql::ExprPtr& arg : condition.args) share *= 1 - Share(*arg);
      return 1 - share;
    case ExprKind::kNot:
      return 1 - Share(*condition.args[0]);
    case ExprKind::kConst:
      return !condition.value.is_null() && condition.value.AsBool() ? 1 : 0;
    case ExprKind::kFunction:
      return Comparison(condition);
    default:
      return kAnyShare;
  }
}

}  // namespace omen::exec
