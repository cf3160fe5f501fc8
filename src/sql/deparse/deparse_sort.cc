#include "sql/deparse/deparse_sort.h"

#include <string>
#include <string_view>

#include "sql/deparse/deparse_cast.h"
#include "sql/deparse/term_shape.h"

namespace omen::sql {
namespace {

// A call, or a cast that a function does: what ORDER BY and GROUP BY need parentheses around.
bool IsCallLike(const Expr& expr) {
  if (expr.written && expr.written->form != Wording::Form::kSqlSyntax) return false;
  if (expr.kind == ExprKind::kCast) {
    return expr.cast_method == functions::CastMethod::kFunction || expr.type.typmod >= 0;
  }
  return (expr.kind == ExprKind::kFunction && expr.op == nullptr) ||
         expr.kind == ExprKind::kAggregate || expr.kind == ExprKind::kWindow;
}

}  // namespace

void SortDeparser::PrintItem(const Expr& expr, bool by_number) {
  if (by_number) return text_.Add(std::to_string(expr.column + 1));
  if (expr.kind == ExprKind::kConst) return CastDeparser(text_).PrintConstant(expr, 1);
  const bool enclosed = !IsVariable(expr) && (text_.pretty() || IsCallLike(expr));
  if (enclosed) text_.Add("(");
  exprs_.Print(expr, true);
  if (enclosed) text_.Add(")");
}

void SortDeparser::PrintKeys(const std::vector<SortKey>& keys, bool by_number) {
  std::string_view separator;
  for (const SortKey& key : keys) {
    text_.Add(separator);
    PrintItem(*key.expr, by_number);
    if (key.descending) text_.Add(" DESC");
    if (key.nulls_first != key.descending)
      text_.Add(key.nulls_first ? " NULLS FIRST" : " NULLS LAST");
    separator = ", ";
  }
}

}  // namespace omen::sql
