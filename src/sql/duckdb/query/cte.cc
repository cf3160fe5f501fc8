#include "sql/duckdb/query/cte.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "sql/duckdb/query/query.h"
#include "sql/duckdb/query/set_operation.h"
#include "sql/tree/expr_walk.h"

namespace omen::sql::duckdb {

namespace {

/// Does FROM, at any depth, read the common table?
bool ReadsCte(const Query& query, const std::string& name) {
  if (query.left != nullptr && (ReadsCte(*query.left, name) || ReadsCte(*query.right, name))) {
    return true;
  }
  return std::ranges::any_of(query.relations, [&](const Relation& relation) {
    if (relation.kind == RelationKind::kCte) return relation.cte_name == name;
    return relation.subquery != nullptr && ReadsCte(*relation.subquery, name);
  });
}

int64_t CountReads(const Query& query, const std::string& name) {
  int64_t count = 0;
  WalkQueries(query, [&](const Query& level) {
    count += std::ranges::count_if(level.relations, [&](const Relation& relation) {
      return relation.kind == RelationKind::kCte && relation.cte_name == name;
    });
  });
  return count;
}

}  // namespace

Result<std::string> CtePrinter::Print() {
  if (level_.query->ctes.empty()) return std::string();
  std::vector<std::string> items;
  bool recursive = false;
  for (const CommonTable& cte : level_.query->ctes) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintTable(cte));
    items.push_back(std::move(sql));
    recursive = recursive || cte.recursive;
  }
  return (recursive ? "WITH RECURSIVE " : "WITH ") + Join(items, ", ") + " ";
}

Result<std::string> CtePrinter::PrintTable(const CommonTable& cte) {
  // DuckDB joins several reads of it, or one in a deeper query, without regard to the outer row.
  if (ReadsQueriesAround(*cte.query, 1)) return Refusal("WITH that uses outer columns on columns");
  CteName name{&cte, printing_.NewAlias('w'), {}};
  bool loops =
      cte.recursive && cte.query->set_op == SetOp::kUnion && ReadsCte(*cte.query->right, cte.name);
  QueryText text;
  if (loops) {
    OMEN_ASSIGN_OR_RETURN(text, PrintRecursive(cte, &name));
  } else {
    OMEN_ASSIGN_OR_RETURN(text,
                          QueryPrinter(printing_).Print(*cte.query, &level_, level_.blocking));
    name.forms = text.forms;
    level_.ctes.push_back(name);
  }
  // Inlined in several places the plan is copied, which our functions do not survive.
  const bool once = CountReads(*level_.query, cte.name) <= 1;
  const bool inlined = loops || (once && !cte.materialized.value_or(false));
  const std::string_view materialized = inlined ? "" : "MATERIALIZED ";
  return fmt::format("{}({}) AS {}({})", name.alias, ColumnList(name.forms.size()), materialized,
                     text.sql);
}

Result<QueryText> CtePrinter::PrintRecursive(const CommonTable& cte, CteName* name) {
  const Query& query = *cte.query;
  if (!query.order_by.empty() || query.limit != nullptr || query.offset != nullptr ||
      !query.ctes.empty()) {
    return Refusal("ORDER BY, LIMIT or WITH in a recursive query on columns");
  }
  Level unioned;
  unioned.query = &query;
  unioned.outer = &level_;
  unioned.blocking = level_.blocking;
  Scoped<Level*> scope = printing_.Enter(&unioned);
  OMEN_ASSIGN_OR_RETURN(QueryText base,
                        QueryPrinter(printing_).Print(*query.left, &unioned, level_.blocking));
  QueryText out;
  for (const NumericForm& form : base.forms) {
    // The scale may grow from round to round.
    bool numeric = form.kind != NumericForm::Kind::kNone;
    if (numeric && !query.set_all) return Refusal("recursive UNION of numeric on columns");
    out.forms.push_back(numeric ? NumericForm::Blob() : form);
  }
  name->forms = out.forms;
  level_.ctes.push_back(*name);
  OMEN_ASSIGN_OR_RETURN(QueryText step,
                        QueryPrinter(printing_).Print(*query.right, &unioned, level_.blocking));
  if (step.forms.size() != out.forms.size()) return PathFault("arms of different width");
  const std::string round = CoerceArm(printing_, step, out.forms);
  const std::string start = CoerceArm(printing_, base, out.forms);
  out.sql = fmt::format("({}) UNION {}({})", start, query.set_all ? "ALL " : "", round);
  return out;
}

}  // namespace omen::sql::duckdb
