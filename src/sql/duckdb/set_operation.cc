// Set operations. A UNION ALL is printed as one flat chain: DuckDB 1.4 loses rows of a streamed
// result where the second arm of a UNION ALL is itself one.
#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "sql/duckdb/printer.h"
#include "sql/duckdb/scopes.h"
#include "types/column_functions.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

namespace {

/// A UNION ALL and nothing else, so that its arms can join those of the one around it.
bool IsBareUnionAll(const Query& query) {
  return query.set_op == SetOp::kUnion && query.set_all && query.ctes.empty() &&
         query.order_by.empty() && query.limit == nullptr && query.offset == nullptr;
}

}  // namespace

bool Printer::StreamsUnion(const Query& query) const {
  if (query.set_op == SetOp::kUnion) return query.set_all && query.order_by.empty();
  if (query.has_aggregates || query.distinct || !query.order_by.empty()) return false;
  if (query.left != nullptr && (StreamsUnion(*query.left) || StreamsUnion(*query.right))) {
    return true;
  }
  return std::ranges::any_of(query.relations,
                             [&](const Relation& relation) { return StreamsUnion(relation); });
}

bool Printer::StreamsUnion(const Relation& relation) const {
  if (relation.subquery != nullptr) return StreamsUnion(*relation.subquery);
  if (relation.kind == RelationKind::kValues) return relation.values.size() > 1;
  if (relation.kind != RelationKind::kCte) return false;
  for (const Level* level = level_; level != nullptr; level = level->outer) {
    for (const CteName& cte : level->ctes) {
      if (cte.table->name == relation.cte_name && StreamsUnion(*cte.table->query)) return true;
    }
  }
  return false;
}

Status Printer::PrintChain(const Query& query, Level& level, std::vector<QueryText>* arms) {
  for (const Query* side : {query.left.get(), query.right.get()}) {
    if (IsBareUnionAll(*side)) {
      Level inner;
      inner.query = side;
      inner.outer = &level;
      inner.blocking = level.blocking;
      Scoped<Level*> scope(level_, &inner);
      OMEN_RETURN_IF_ERROR(PrintChain(*side, inner, arms));
      continue;
    }
    if (!arms->empty() && StreamsUnion(*side)) {
      return Refusal("UNION ALL inside an arm of UNION ALL on columns");
    }
    OMEN_ASSIGN_OR_RETURN(QueryText arm, PrintQuery(*side, &level, level.blocking));
    arms->push_back(std::move(arm));
  }
  return Status::Ok();
}

Result<QueryText> Printer::PrintUnionAll(const Query& query, Level& level) {
  // The second arm of a streaming UNION ALL runs after rows of the first were sent.
  Scoped<bool> forbid(forbid_narrow_, forbid_narrow_ || !level.blocking);
  std::vector<QueryText> arms;
  OMEN_RETURN_IF_ERROR(PrintChain(query, level, &arms));
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
  for (const QueryText& arm : arms) texts.push_back("(" + CoerceArm(arm, out.forms) + ")");
  out.sql = Join(texts, " UNION ALL ");
  return out;
}

Result<QueryText> Printer::PrintArms(const Query& query, Level& level) {
  if (query.set_all && query.set_op == SetOp::kUnion) return PrintUnionAll(query, level);
  OMEN_ASSIGN_OR_RETURN(QueryText left, PrintQuery(*query.left, &level, level.blocking));
  OMEN_ASSIGN_OR_RETURN(QueryText right, PrintQuery(*query.right, &level, level.blocking));
  if (left.forms.size() != right.forms.size()) return PathFault("arms of different width");
  QueryText out;
  for (size_t i = 0; i < left.forms.size(); ++i) {
    out.forms.push_back(CommonForm({left.forms[i], right.forms[i]}));
  }
  std::string arms[2] = {CoerceArm(left, out.forms), CoerceArm(right, out.forms)};
  std::string_view op = query.set_op == SetOp::kUnion       ? "UNION"
                        : query.set_op == SetOp::kIntersect ? "INTERSECT"
                                                            : "EXCEPT";
  if (!HasBlob(out.forms)) {
    out.sql = fmt::format("({}) {}{} ({})", arms[0], op, query.set_all ? " ALL" : "", arms[1]);
    return out;
  }
  if (query.set_all) {
    return Refusal("INTERSECT ALL or EXCEPT ALL of numeric without a fixed scale on columns");
  }
  std::string alias = fmt::format("u{}", ++next_alias_), other = fmt::format("u{}", ++next_alias_);
  std::vector<std::string> keys = Columns(alias, out.forms, true);
  std::string rows = arms[0];
  std::string where;
  if (query.set_op == SetOp::kUnion) {
    rows = fmt::format("({}) UNION ALL ({})", arms[0], arms[1]);
  } else {
    std::vector<std::string> equal, others = Columns(other, out.forms, true);
    for (size_t i = 0; i < keys.size(); ++i) {
      equal.push_back(keys[i] + " IS NOT DISTINCT FROM " + others[i]);
    }
    where = fmt::format(" WHERE {}EXISTS (SELECT 1 FROM {} WHERE {})",
                        query.set_op == SetOp::kExcept ? "NOT " : "",
                        Derived(arms[1], other, out.forms.size()), Join(equal, " AND "));
  }
  out.sql = fmt::format("SELECT DISTINCT ON ({}) {} FROM {}{}", Join(keys, ", "),
                        Join(Columns(alias, out.forms, false), ", "),
                        Derived(rows, alias, out.forms.size()), where);
  return out;
}

std::string Printer::CoerceArm(const QueryText& arm, const std::vector<NumericForm>& forms) {
  std::string alias = fmt::format("a{}", ++next_alias_);
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

}  // namespace omen::sql::duckdb
