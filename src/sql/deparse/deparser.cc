#include "sql/deparse/deparser.h"

#include "sql/deparse/deparse_expr.h"
#include "sql/deparse/deparse_query.h"

namespace omen::sql {

bool Deparser::ViewQuery(const Query& query, const catalog::View& view) {
  if (query.Outputs().size() != view.columns.size()) return false;
  text_.names().PrefixColumns();
  QueryDeparser(text_).Print(query, &view.columns, true);
  text_.Add(";");
  return !text_.failed();
}

bool Deparser::TableExpression(const Expr& expr, const catalog::Table* table) {
  text_.names().EnterTable(table);
  ExprDeparser(text_).Print(expr, false);
  return !text_.failed();
}

}  // namespace omen::sql
