#include "sql/deparse/term_shape.h"

#include <string_view>

#include "sql/tree/expr_kind.h"

namespace omen::sql {
namespace {

/// What PostgreSQL's tree has for an expression, as far as parentheses go.
enum class TermShape : uint8_t { kWord, kRelabel, kOperator, kTest, kConnective, kOther };

// A cast that a function does: PostgreSQL has one for every length.
bool IsFunctionCast(const Expr& cast) {
  return cast.cast_method == functions::CastMethod::kFunction || cast.type.typmod >= 0;
}

TermShape ShapeOfCast(const Expr& cast) {
  if (cast.written && cast.written->form == Wording::Form::kCollate) return TermShape::kOther;
  return IsFunctionCast(cast) ? TermShape::kWord : TermShape::kRelabel;
}

TermShape ShapeOf(const Expr& expr) {
  if (IsVariable(expr)) return TermShape::kWord;
  if (expr.written && expr.written->form == Wording::Form::kValueFunction) return TermShape::kWord;
  if (TestOf(expr.kind) != nullptr || expr.subquery) return TermShape::kTest;
  switch (expr.kind) {
    case ExprKind::kCast:
      return ShapeOfCast(expr);
    case ExprKind::kFunction:
      return expr.op != nullptr ? TermShape::kOperator : TermShape::kWord;
    case ExprKind::kAnd:
    case ExprKind::kOr:
    case ExprKind::kNot:
    case ExprKind::kIsNotDistinct:
      return TermShape::kConnective;
    case ExprKind::kIsDistinct:
      return TermShape::kTest;
    case ExprKind::kAny:
    case ExprKind::kAll:
      return TermShape::kOther;
    default:
      return TermShape::kWord;
  }
}

// The operator's character where there is one alone, between two operands.
char ArithmeticSign(const Expr& expr) {
  const bool binary = ShapeOf(expr) == TermShape::kOperator && expr.args.size() == 2;
  if (!binary || expr.op->name.size() != 1) return 0;
  return std::string_view("+-*/%").find(expr.op->name[0]) == std::string_view::npos
             ? 0
             : expr.op->name[0];
}

// Within + - * / % alone, precedence is trusted.
bool IsBoundTighter(const Expr& expr, const Expr& parent) {
  const char sign = ArithmeticSign(expr), outer = ArithmeticSign(parent);
  if (sign == 0 || outer == 0) return false;
  const bool adds = sign == '+' || sign == '-', outer_adds = outer == '+' || outer == '-';
  if (adds != outer_adds) return outer_adds;
  return &expr == parent.args[0].get();
}

// AND within AND or OR, OR within OR; nothing but tests within NOT.
bool IsLooseConnective(const Expr& expr, const Expr& parent) {
  if (parent.kind != ExprKind::kAnd && parent.kind != ExprKind::kOr) return false;
  return expr.kind != ExprKind::kOr || parent.kind == ExprKind::kOr;
}

}  // namespace

bool IsVariable(const Expr& expr) {
  if (!expr.written) return expr.kind == ExprKind::kColumn;
  return expr.written->form == Wording::Form::kMergedColumn ||
         expr.written->form == Wording::Form::kJoinColumn;
}

bool IsSimpleOperand(const Expr& expr, const Expr& parent, bool pretty) {
  const TermShape outer = ShapeOf(parent);
  switch (ShapeOf(expr)) {
    case TermShape::kWord:
      return true;
    case TermShape::kRelabel:
      return IsSimpleOperand(*expr.args[0], expr, pretty);
    case TermShape::kOperator:
      if (outer == TermShape::kOperator) return pretty && IsBoundTighter(expr, parent);
      return outer == TermShape::kConnective;
    case TermShape::kTest:
      return outer == TermShape::kConnective;
    case TermShape::kConnective:
      return pretty && IsLooseConnective(expr, parent);
    case TermShape::kOther:
      return false;
  }
  return false;
}

}  // namespace omen::sql
