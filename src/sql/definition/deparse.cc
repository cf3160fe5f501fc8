#include "sql/definition/deparse.h"

#include <algorithm>

#include "sql/deparse/deparser.h"
#include "sql/query/stored_text.h"

namespace omen::sql {
namespace {

std::string StoredViewText(const catalog::View& view) {
  // A semicolon behind a comment would be part of it.
  return view.query_sql + (view.query_sql.find("--") == std::string::npos ? ";" : "\n;");
}

BindContext WritingContext(const BindContext& reader, std::vector<std::string> search_path) {
  BindContext context = reader;
  context.search_path = std::move(search_path);
  context.param_types.clear();
  context.as_written = true;
  return context;
}

bool NamesObject(const Expr& expr) {
  if (expr.kind == ExprKind::kConst) return expr.type.oid == oid::kRegclass;
  return std::ranges::any_of(expr.args, [](const ExprPtr& arg) { return NamesObject(*arg); });
}

// Stored expressions are bound under this path wherever they run.
std::vector<std::string> PathOfExpressions() { return {"public"}; }

std::string BoundText(std::string_view expression_sql, const catalog::Table* table, Type target,
                      const BindContext& context, const BindContext& reader, TextLayout layout) {
  auto expr = BindTableExpr(expression_sql, table, target, context);
  if (!expr.ok()) return std::string(expression_sql);
  Deparser deparser(reader, layout);
  if (!deparser.TableExpression(**expr, table)) return std::string(expression_sql);
  return deparser.TakeText();
}

}  // namespace

std::string ViewText(const catalog::View& view, const BindContext& reader, TextLayout layout) {
  auto query = BindViewQuery(view, WritingContext(reader, view.search_path));
  if (!query.ok()) return StoredViewText(view);
  Deparser deparser(reader, layout);
  if (!deparser.ViewQuery(**query, view)) return StoredViewText(view);
  return deparser.TakeText();
}

std::string StoredExpressionText(std::string_view expression_sql, const catalog::Table* table,
                                 Type target, const BindContext& reader, TextLayout layout) {
  return BoundText(expression_sql, table, target, WritingContext(reader, reader.search_path),
                   reader, layout);
}

std::string SettledDefault(std::string_view expression_sql, Type target,
                           const BindContext& writer) {
  const BindContext context = WritingContext(writer, writer.search_path);
  auto expr = BindTableExpr(expression_sql, nullptr, target, context);
  if (!expr.ok() || !NamesObject(**expr)) return std::string(expression_sql);
  return BoundText(expression_sql, nullptr, target, context, WritingContext(writer, {}), {});
}

std::string DefaultText(const catalog::Column& column, const BindContext& reader,
                        TextLayout layout) {
  return BoundText(column.default_sql, nullptr, column.type,
                   WritingContext(reader, PathOfExpressions()), reader, layout);
}

std::string CheckText(const catalog::CheckConstraint& check, const catalog::Table& table,
                      const BindContext& reader, TextLayout layout) {
  return BoundText(check.expression_sql, &table, Type{oid::kBool, -1},
                   WritingContext(reader, PathOfExpressions()), reader, layout);
}

}  // namespace omen::sql
