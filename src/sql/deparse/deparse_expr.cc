#include "sql/deparse/deparse_expr.h"

#include "sql/deparse/deparse_call.h"
#include "sql/deparse/deparse_cast.h"
#include "sql/deparse/deparse_query.h"
#include "sql/deparse/deparse_window.h"
#include "sql/deparse/term_shape.h"

namespace omen::sql {
void ExprDeparser::PrintOperand(const Expr& expr, bool implicit, const Expr& parent) {
  const bool enclosed = text_.pretty() && !IsSimpleOperand(expr, parent, true);
  if (enclosed) text_.Add("(");
  Print(expr, implicit);
  if (enclosed) text_.Add(")");
}

void ExprDeparser::PrintAll(const std::vector<ExprPtr>& exprs, bool implicit) {
  std::string_view separator;
  for (const ExprPtr& expr : exprs) {
    text_.Add(separator);
    Print(*expr, implicit);
    separator = ", ";
  }
}

void ExprDeparser::PrintVariable(const Expr& expr) {
  const TextScope* scope = text_.names().ScopeOf(expr);
  if (scope == nullptr) return text_.Fail();
  if (text_.names().prefixes_columns()) {
    text_.AddName(scope->relations[static_cast<size_t>(expr.rel)]);
    text_.Add(".");
  }
  text_.AddName(text_.names().ShownColumn(expr));
}

bool ExprDeparser::PrintReworded(const Expr& expr, bool implicit) {
  switch (expr.written->form) {
    case Wording::Form::kValueFunction:
      text_.Add(expr.written->name);
      return true;
    case Wording::Form::kJoinColumn:
      text_.AddName(expr.written->relation);
      text_.Add(".");
      [[fallthrough]];
    case Wording::Form::kMergedColumn:
      text_.AddName(expr.written->name);
      return true;
    case Wording::Form::kCollate:
      text_.Open();
      PrintOperand(*expr.args[0], implicit, expr);
      text_.Add(" COLLATE ");
      text_.AddName(expr.written->name);
      text_.Close();
      return true;
    default:
      return false;
  }
}

void ExprDeparser::Print(const Expr& expr, bool implicit) {
  if (text_.failed() || (expr.written && PrintReworded(expr, implicit))) return;
  if (const ValueTest* test = TestOf(expr.kind)) return PrintTest(expr, *test);
  if (const auto word = CallWordOf(expr.kind); !word.empty()) return PrintCall(word, expr.args);
  if (expr.subquery) return PrintSubquery(expr);
  switch (expr.kind) {
    case ExprKind::kConst:
      return CastDeparser(text_).PrintConstant(expr, 0);
    case ExprKind::kColumn:
      return PrintVariable(expr);
    case ExprKind::kFunction:
      return expr.op != nullptr ? PrintOperator(expr) : CallDeparser(text_).PrintFunction(expr);
    case ExprKind::kCast:
      return CastDeparser(text_).Print(expr, implicit);
    case ExprKind::kAnd:
      return PrintConnective(expr, " AND ");
    case ExprKind::kOr:
      return PrintConnective(expr, " OR ");
    case ExprKind::kNot:
    case ExprKind::kIsNotDistinct:
      return PrintNegation(expr);
    case ExprKind::kIsDistinct:
      text_.Open();
      PrintDistinct(expr);
      return text_.Close();
    case ExprKind::kCase:
      return PrintCase(expr);
    case ExprKind::kArray:
      return PrintArray(expr);
    case ExprKind::kSubscript:
    case ExprKind::kSlice:
      return PrintSubscript(expr);
    case ExprKind::kAny:
      return PrintOverArray(expr, "ANY");
    case ExprKind::kAll:
      return PrintOverArray(expr, "ALL");
    case ExprKind::kAggregate:
      return CallDeparser(text_).PrintAggregate(expr);
    case ExprKind::kWindow:
      return WindowDeparser(text_).PrintCall(expr);
    default:
      return text_.Fail();
  }
}

void ExprDeparser::PrintCall(std::string_view name, const std::vector<ExprPtr>& args) {
  text_.Add(name);
  text_.Add("(");
  PrintAll(args, true);
  text_.Add(")");
}

void ExprDeparser::PrintOperator(const Expr& expr) {
  text_.Open();
  if (expr.args.size() == 2) {
    PrintOperand(*expr.args[0], true, expr);
    text_.Add(" ");
  }
  text_.Add(expr.op->name);
  text_.Add(" ");
  PrintOperand(*expr.args.back(), true, expr);
  text_.Close();
}

void ExprDeparser::PrintConnective(const Expr& expr, std::string_view word) {
  text_.Open();
  std::string_view separator;
  for (const ExprPtr& arg : expr.args) {
    text_.Add(separator);
    PrintOperand(*arg, false, expr);
    separator = word;
  }
  text_.Close();
}

void ExprDeparser::PrintNegation(const Expr& expr) {
  text_.Open();
  text_.Add("NOT ");
  if (expr.kind == ExprKind::kNot) {
    PrintOperand(*expr.args[0], false, expr);
  } else {
    text_.Open();
    PrintDistinct(expr);
    text_.Close();
  }
  text_.Close();
}

void ExprDeparser::PrintTest(const Expr& expr, const ValueTest& test) {
  const bool of_any_type = expr.kind == ExprKind::kIsNull || expr.kind == ExprKind::kIsNotNull;
  text_.Open();
  PrintOperand(*expr.args[0], of_any_type, expr);
  text_.Add(" ");
  text_.Add(test.words);
  text_.Close();
}

void ExprDeparser::PrintDistinct(const Expr& expr) {
  PrintOperand(*expr.args[0], true, expr);
  text_.Add(" IS DISTINCT FROM ");
  PrintOperand(*expr.args[1], true, expr);
}

void ExprDeparser::PrintOverArray(const Expr& expr, std::string_view quantifier) {
  text_.Open();
  PrintOperand(*expr.args[0], true, expr);
  text_.Add(" ");
  text_.Add(expr.op->name);
  text_.Add(" ");
  text_.Add(quantifier);
  text_.Add(" (");
  PrintOperand(*expr.args[1], true, expr);
  // Without a cast this would be read as ANY over the subquery's rows.
  if (expr.args[1]->kind == ExprKind::kSubquery) {
    text_.Add("::");
    text_.Add(FormatType(expr.args[1]->type));
  }
  text_.Add(")");
  text_.Close();
}

void ExprDeparser::PrintCase(const Expr& expr) {
  const bool simple = expr.written && expr.written->form == Wording::Form::kSimpleCase;
  const size_t branches = expr.args.size() / 2;
  text_.Line("CASE", 0, 4, 0);
  for (size_t i = 0; i < branches; ++i) {
    const Expr& condition = *expr.args[2 * i];
    if (simple && (condition.kind != ExprKind::kFunction || condition.args.size() != 2)) {
      return text_.Fail();
    }
    if (simple && i == 0) {
      text_.Add(" ");
      Print(WithoutImplicitCasts(*condition.args[0]), true);
    }
    text_.Line("WHEN ", 0, 0, 0);
    Print(simple ? *condition.args[1] : condition, false);
    text_.Add(" THEN ");
    Print(*expr.args[2 * i + 1], true);
  }
  text_.Line("ELSE ", 0, 0, 0);
  if (expr.has_else) {
    Print(*expr.args.back(), true);
  } else {
    text_.Add("NULL::");
    text_.Add(FormatType({expr.type.oid, -1}));
  }
  text_.Line("END", -4, 0, 0);
}

void ExprDeparser::PrintArray(const Expr& expr) {
  text_.Add("ARRAY[");
  PrintAll(expr.args, true);
  text_.Add("]");
  if (!expr.args.empty()) return;
  text_.Add("::");
  text_.Add(FormatType({expr.type.oid, -1}));
}

void ExprDeparser::PrintSubscript(const Expr& expr) {
  const bool enclosed = !IsVariable(*expr.args[0]);
  if (enclosed) text_.Add("(");
  Print(*expr.args[0], false);
  text_.Add(enclosed ? ")[" : "[");
  for (size_t i = 1; i < expr.args.size(); ++i) {
    if (i > 1) text_.Add(":");
    // A bound that was left out.
    if (expr.args[i]->type.oid != oid::kVoid) Print(*expr.args[i], false);
  }
  text_.Add("]");
}

void ExprDeparser::PrintSubquery(const Expr& expr) {
  text_.Add(expr.kind == ExprKind::kArraySubquery ? "ARRAY(" : "(");
  const bool compared = expr.kind == ExprKind::kInSubquery;
  if (compared) {
    const bool row = expr.args.size() > 1;
    if (row) text_.Add("(");
    PrintAll(expr.args, true);
    text_.Add(row ? ") " : " ");
    const bool in = expr.quantifier == Quantifier::kAny && expr.op->name == "=";
    text_.Add(in ? "IN" : expr.op->name);
    if (!in && expr.quantifier != Quantifier::kOne) {
      text_.Add(expr.quantifier == Quantifier::kAny ? " ANY" : " ALL");
    }
    text_.Add(" (");
  } else if (expr.kind == ExprKind::kExists) {
    text_.Add("EXISTS (");
  }
  QueryDeparser(text_).Print(*expr.subquery, nullptr, false);
  text_.Add(compared || expr.kind == ExprKind::kExists ? "))" : ")");
}

}  // namespace omen::sql
