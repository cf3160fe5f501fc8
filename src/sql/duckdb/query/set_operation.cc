#include "sql/duckdb/query/set_operation.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "sql/duckdb/expr/order.h"
#include "sql/duckdb/query/cte.h"
#include "sql/duckdb/query/output.h"
#include "sql/duckdb/query/query.h"
#include "sql/duckdb/text/numeric.h"
#include "sql/duckdb/text/streamed_union.h"

namespace omen::sql::duckdb {

namespace {

/// A UNION ALL and nothing else, so that its arms can join those of the one around it.
bool IsBareUnionAll(const Query& query) {
  return query.set_op == SetOp::kUnion && query.set_all && query.ctes.empty() &&
         query.order_by.empty() && query.limit == nullptr && query.offset == nullptr;
}

}  // namespace

std::string CoerceArm(Printing& printing, const QueryText& arm,
                      const std::vector<NumericForm>& forms) {
  std::string alias = printing.NewAlias('a');
  std::vector<std::string> items = Columns(alias, arm.forms, false);
  bool changed = false;
  for (size_t i = 0; i < forms.size(); ++i) {
    if (!forms[i].is_blob() || arm.forms[i].is_blob()) continue;
    items[i] = Coerce({items[i], arm.forms[i]}, forms[i]);
    changed = true;
  }
  if (!changed) return arm.sql;
  return fmt::format("SELECT {} FROM {}", Join(items, ", "), Derived(arm.sql, alias, forms.size()));
}

Result<QueryText> SetOperationPrinter::Print() {
  if (query_.with_ties) return Refusal("WITH TIES over a set operation on columns");
  level_.blocking = level_.blocking || !query_.order_by.empty();
  OMEN_ASSIGN_OR_RETURN(std::string ctes, CtePrinter(printing_, level_).Print());
  OMEN_ASSIGN_OR_RETURN(QueryText arms, PrintArms());
  bool plain = query_.order_by.empty() && query_.limit == nullptr && query_.offset == nullptr;
  for (size_t i = 0; i < query_.targets.size(); ++i) {
    const Expr& expr = *query_.targets[i].expr;
    plain = plain && expr.kind == ExprKind::kColumn && expr.column == static_cast<int>(i) &&
            !query_.targets[i].junk;
  }
  if (plain && query_.targets.size() == arms.forms.size()) {
    arms.sql = ctes + arms.sql;
    return arms;
  }
  std::string alias = printing_.NewAlias('s');
  std::vector<std::string> columns = Columns(alias, arms.forms, false);
  for (size_t i = 0; i < columns.size(); ++i) level_.result.push_back({columns[i], arms.forms[i]});
  OutputPrinter output(printing_, query_);
  std::vector<std::string> items;
  OMEN_ASSIGN_OR_RETURN(QueryText out, output.PrintTargets(&items));
  OMEN_ASSIGN_OR_RETURN(std::string order, OrderPrinter(printing_).Print(query_.order_by));
  OMEN_ASSIGN_OR_RETURN(std::string limit, output.PrintLimit());
  out.sql = fmt::format("{}SELECT {} FROM {}{}{}", ctes, Join(items, ", "),
                        Derived(arms.sql, alias, arms.forms.size()), order, limit);
  return out;
}

Result<QueryText> SetOperationPrinter::PrintArms() {
  if (query_.set_all && query_.set_op == SetOp::kUnion) return PrintUnionAll();
  OMEN_ASSIGN_OR_RETURN(QueryText left,
                        QueryPrinter(printing_).Print(*query_.left, &level_, level_.blocking));
  OMEN_ASSIGN_OR_RETURN(QueryText right,
                        QueryPrinter(printing_).Print(*query_.right, &level_, level_.blocking));
  if (left.forms.size() != right.forms.size()) return PathFault("arms of different width");
  QueryText out;
  for (size_t i = 0; i < left.forms.size(); ++i) {
    out.forms.push_back(CommonForm({left.forms[i], right.forms[i]}));
  }
  std::string arms[2] = {CoerceArm(printing_, left, out.forms),
                         CoerceArm(printing_, right, out.forms)};
  std::string_view op = query_.set_op == SetOp::kUnion       ? "UNION"
                        : query_.set_op == SetOp::kIntersect ? "INTERSECT"
                                                             : "EXCEPT";
  if (!HasBlob(out.forms)) {
    out.sql = fmt::format("({}) {}{} ({})", arms[0], op, query_.set_all ? " ALL" : "", arms[1]);
    return out;
  }
  if (query_.set_all) {
    return Refusal("INTERSECT ALL or EXCEPT ALL of numeric without a fixed scale on columns");
  }
  out.sql = PrintByKey(arms[0], arms[1], out.forms);
  return out;
}

std::string SetOperationPrinter::PrintByKey(const std::string& left, const std::string& right,
                                            const std::vector<NumericForm>& forms) {
  std::string alias = printing_.NewAlias('u'), other = printing_.NewAlias('u');
  std::vector<std::string> keys = Columns(alias, forms, true);
  std::string rows = left;
  std::string where;
  if (query_.set_op == SetOp::kUnion) {
    rows = fmt::format("({}) UNION ALL ({})", left, right);
  } else {
    std::vector<std::string> equal, others = Columns(other, forms, true);
    for (size_t i = 0; i < keys.size(); ++i) {
      equal.push_back(keys[i] + " IS NOT DISTINCT FROM " + others[i]);
    }
    where = fmt::format(" WHERE {}EXISTS (SELECT 1 FROM {} WHERE {})",
                        query_.set_op == SetOp::kExcept ? "NOT " : "",
                        Derived(right, other, forms.size()), Join(equal, " AND "));
  }
  return fmt::format("SELECT DISTINCT ON ({}) {} FROM {}{}", Join(keys, ", "),
                     Join(Columns(alias, forms, false), ", "), Derived(rows, alias, forms.size()),
                     where);
}

Result<QueryText> SetOperationPrinter::PrintUnionAll() {
  // The second arm of a streaming UNION ALL runs after rows of the first were sent.
  Scoped<bool> forbid = printing_.ForbidOverflow(!level_.blocking);
  std::vector<QueryText> arms;
  OMEN_RETURN_IF_ERROR(PrintChain(query_, level_, &arms));
  QueryText out;
  for (size_t column = 0; column < arms[0].forms.size(); ++column) {
    std::vector<NumericForm> forms;
    for (const QueryText& arm : arms) {
      if (arm.forms.size() != arms[0].forms.size()) return PathFault("arms of unlike width");
      forms.push_back(arm.forms[column]);
    }
    out.forms.push_back(CommonForm(forms));
  }
  std::vector<std::string> texts;
  for (const QueryText& arm : arms)
    texts.push_back("(" + CoerceArm(printing_, arm, out.forms) + ")");
  out.sql = Join(texts, " UNION ALL ");
  return out;
}

Status SetOperationPrinter::PrintChain(const Query& query, Level& level,
                                       std::vector<QueryText>* arms) {
  for (const Query* side : {query.left.get(), query.right.get()}) {
    if (IsBareUnionAll(*side)) {
      Level inner;
      inner.query = side;
      inner.outer = &level;
      inner.blocking = level.blocking;
      Scoped<Level*> scope = printing_.Enter(&inner);
      OMEN_RETURN_IF_ERROR(PrintChain(*side, inner, arms));
      continue;
    }
    if (!arms->empty() && StreamsUnion(*side, &level)) {
      return Refusal("UNION ALL inside an arm of UNION ALL on columns");
    }
    OMEN_ASSIGN_OR_RETURN(QueryText arm,
                          QueryPrinter(printing_).Print(*side, &level, level.blocking));
    arms->push_back(std::move(arm));
  }
  return Status::Ok();
}

}  // namespace omen::sql::duckdb
