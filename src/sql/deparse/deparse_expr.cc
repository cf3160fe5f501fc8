// Expressions: columns, operators, tests, CASE, arrays.

#include "functions/kernel/quoting.h"
#include "sql/deparse/deparser.h"

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
    case ExprKind::kIsNull:
    case ExprKind::kIsNotNull:
    case ExprKind::kIsTrue:
    case ExprKind::kIsFalse:
    case ExprKind::kIsUnknown:
    case ExprKind::kIsNotTrue:
    case ExprKind::kIsNotFalse:
    case ExprKind::kIsNotUnknown:
    case ExprKind::kIsDistinct:
    case ExprKind::kSubquery:
    case ExprKind::kExists:
    case ExprKind::kInSubquery:
    case ExprKind::kArraySubquery:
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

std::string_view TestWords(ExprKind kind) {
  switch (kind) {
    case ExprKind::kIsNull:
      return " IS NULL";
    case ExprKind::kIsNotNull:
      return " IS NOT NULL";
    case ExprKind::kIsTrue:
      return " IS TRUE";
    case ExprKind::kIsFalse:
      return " IS FALSE";
    case ExprKind::kIsUnknown:
      return " IS UNKNOWN";
    case ExprKind::kIsNotTrue:
      return " IS NOT TRUE";
    case ExprKind::kIsNotFalse:
      return " IS NOT FALSE";
    default:
      return " IS NOT UNKNOWN";
  }
}

const Expr& BelowImplicitCasts(const Expr& expr) {
  const Expr* below = &expr;
  while (below->kind == ExprKind::kCast && !below->explicit_cast && !below->written) {
    below = below->args[0].get();
  }
  return *below;
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

void Deparser::Operand(const Expr& expr, bool implicit, const Expr& parent) {
  const bool enclosed = layout_.pretty && !IsSimpleOperand(expr, parent, true);
  if (enclosed) Add("(");
  Expression(expr, implicit);
  if (enclosed) Add(")");
}

void Deparser::Expressions(const std::vector<ExprPtr>& exprs, bool implicit) {
  std::string_view separator;
  for (const ExprPtr& expr : exprs) {
    Add(separator);
    Expression(*expr, implicit);
    separator = ", ";
  }
}

void Deparser::AddName(std::string_view name) { Add(functions::QuoteIdentifier(name)); }

void Deparser::AddNames(const std::vector<std::string>& names) {
  for (size_t i = 0; i < names.size(); ++i) {
    Add(i == 0 ? "(" : ", ");
    AddName(names[i]);
  }
  if (!names.empty()) Add(")");
}

const TextScope* Deparser::ScopeOf(const Expr& column) const {
  const auto level = static_cast<size_t>(column.levels_up);
  if (column.rel < 0 || level >= scopes_.size()) return nullptr;
  const TextScope* scope = &scopes_[scopes_.size() - 1 - level];
  const auto relation = static_cast<size_t>(column.rel);
  if (relation >= scope->columns.size()) return nullptr;
  return static_cast<size_t>(column.column) < scope->columns[relation].size() ? scope : nullptr;
}

std::string Deparser::ShownColumn(const Expr& variable) const {
  if (variable.written) return variable.written->name;
  const TextScope* scope = ScopeOf(variable);
  if (scope == nullptr) return std::string();
  return scope->columns[static_cast<size_t>(variable.rel)][static_cast<size_t>(variable.column)];
}

void Deparser::Variable(const Expr& expr) {
  const TextScope* scope = ScopeOf(expr);
  if (scope == nullptr) return Fail();
  if (prefixed_) {
    AddName(scope->relations[static_cast<size_t>(expr.rel)]);
    Add(".");
  }
  AddName(ShownColumn(expr));
}

bool Deparser::Reworded(const Expr& expr, bool implicit) {
  switch (expr.written->form) {
    case Wording::Form::kValueFunction:
      Add(expr.written->name);
      return true;
    case Wording::Form::kJoinColumn:
      AddName(expr.written->relation);
      Add(".");
      [[fallthrough]];
    case Wording::Form::kMergedColumn:
      AddName(expr.written->name);
      return true;
    case Wording::Form::kCollate:
      Open();
      Operand(*expr.args[0], implicit, expr);
      Add(" COLLATE ");
      AddName(expr.written->name);
      Close();
      return true;
    default:
      return false;
  }
}

void Deparser::Expression(const Expr& expr, bool implicit) {
  if (failed_ || (expr.written && Reworded(expr, implicit))) return;
  switch (expr.kind) {
    case ExprKind::kConst:
      return Constant(expr, 0);
    case ExprKind::kColumn:
      return Variable(expr);
    case ExprKind::kFunction:
      return expr.op != nullptr ? Operator(expr) : Function(expr);
    case ExprKind::kCast:
      return Cast(expr, implicit);
    case ExprKind::kAnd:
      return Connective(expr, " AND ");
    case ExprKind::kOr:
      return Connective(expr, " OR ");
    case ExprKind::kNot:
    case ExprKind::kIsNotDistinct:
      return Negation(expr);
    case ExprKind::kIsNull:
    case ExprKind::kIsNotNull:
      return Test(expr, true);
    case ExprKind::kIsTrue:
    case ExprKind::kIsFalse:
    case ExprKind::kIsUnknown:
    case ExprKind::kIsNotTrue:
    case ExprKind::kIsNotFalse:
    case ExprKind::kIsNotUnknown:
      return Test(expr, false);
    case ExprKind::kIsDistinct:
      Open();
      Distinct(expr);
      return Close();
    case ExprKind::kCase:
      return Case(expr);
    case ExprKind::kCoalesce:
      return Call("COALESCE", expr.args);
    case ExprKind::kGreatest:
      return Call("GREATEST", expr.args);
    case ExprKind::kLeast:
      return Call("LEAST", expr.args);
    case ExprKind::kNullIf:
      return Call("NULLIF", expr.args);
    case ExprKind::kRow:
      return Call("ROW", expr.args);
    case ExprKind::kGrouping:
      return Call("GROUPING", expr.args);
    case ExprKind::kArray:
      return ArrayLiteral(expr);
    case ExprKind::kSubscript:
    case ExprKind::kSlice:
      return Subscript(expr);
    case ExprKind::kAny:
      return OverArray(expr, "ANY");
    case ExprKind::kAll:
      return OverArray(expr, "ALL");
    case ExprKind::kSubquery:
    case ExprKind::kExists:
    case ExprKind::kInSubquery:
    case ExprKind::kArraySubquery:
      return Subquery(expr);
    case ExprKind::kAggregate:
      return Aggregate(expr);
    case ExprKind::kWindow:
      return WindowCall(expr);
    default:
      return Fail();
  }
}

void Deparser::Call(std::string_view name, const std::vector<ExprPtr>& args) {
  Add(name);
  Add("(");
  Expressions(args, true);
  Add(")");
}

void Deparser::Operator(const Expr& expr) {
  Open();
  if (expr.args.size() == 2) {
    Operand(*expr.args[0], true, expr);
    Add(" ");
  }
  Add(expr.op->name);
  Add(" ");
  Operand(*expr.args.back(), true, expr);
  Close();
}

void Deparser::Connective(const Expr& expr, std::string_view word) {
  Open();
  std::string_view separator;
  for (const ExprPtr& arg : expr.args) {
    Add(separator);
    Operand(*arg, false, expr);
    separator = word;
  }
  Close();
}

void Deparser::Negation(const Expr& expr) {
  Open();
  Add("NOT ");
  if (expr.kind == ExprKind::kNot) {
    Operand(*expr.args[0], false, expr);
  } else {
    Open();
    Distinct(expr);
    Close();
  }
  Close();
}

void Deparser::Test(const Expr& expr, bool implicit) {
  Open();
  Operand(*expr.args[0], implicit, expr);
  Add(TestWords(expr.kind));
  Close();
}

void Deparser::Distinct(const Expr& expr) {
  Operand(*expr.args[0], true, expr);
  Add(" IS DISTINCT FROM ");
  Operand(*expr.args[1], true, expr);
}

void Deparser::OverArray(const Expr& expr, std::string_view quantifier) {
  Open();
  Operand(*expr.args[0], true, expr);
  Add(" ");
  Add(expr.op->name);
  Add(" ");
  Add(quantifier);
  Add(" (");
  Operand(*expr.args[1], true, expr);
  // Without a cast this would be read as ANY over the subquery's rows.
  if (expr.args[1]->kind == ExprKind::kSubquery) {
    Add("::");
    Add(FormatType(expr.args[1]->type));
  }
  Add(")");
  Close();
}

void Deparser::Case(const Expr& expr) {
  const bool simple = expr.written && expr.written->form == Wording::Form::kSimpleCase;
  const size_t branches = expr.args.size() / 2;
  Line("CASE", 0, 4, 0);
  for (size_t i = 0; i < branches; ++i) {
    const Expr& condition = *expr.args[2 * i];
    if (simple && (condition.kind != ExprKind::kFunction || condition.args.size() != 2)) {
      return Fail();
    }
    if (simple && i == 0) {
      Add(" ");
      Expression(BelowImplicitCasts(*condition.args[0]), true);
    }
    Line("WHEN ", 0, 0, 0);
    Expression(simple ? *condition.args[1] : condition, false);
    Add(" THEN ");
    Expression(*expr.args[2 * i + 1], true);
  }
  Line("ELSE ", 0, 0, 0);
  if (expr.has_else) {
    Expression(*expr.args.back(), true);
  } else {
    Add("NULL::");
    Add(FormatType({expr.type.oid, -1}));
  }
  Line("END", -4, 0, 0);
}

void Deparser::ArrayLiteral(const Expr& expr) {
  Add("ARRAY[");
  Expressions(expr.args, true);
  Add("]");
  if (!expr.args.empty()) return;
  Add("::");
  Add(FormatType({expr.type.oid, -1}));
}

void Deparser::Subscript(const Expr& expr) {
  const bool enclosed = !IsVariable(*expr.args[0]);
  if (enclosed) Add("(");
  Expression(*expr.args[0], false);
  Add(enclosed ? ")[" : "[");
  for (size_t i = 1; i < expr.args.size(); ++i) {
    if (i > 1) Add(":");
    // A bound that was left out.
    if (expr.args[i]->type.oid != oid::kVoid) Expression(*expr.args[i], false);
  }
  Add("]");
}

}  // namespace omen::sql
