#include "sql/duckdb/duckdb_sql.h"

#include "base/blame.h"
#include "sql/duckdb/query/query.h"
#include "sql/duckdb/text/printing.h"
#include "sql/typing/rewrite.h"

namespace omen::sql {

namespace {

using SourceOf = std::function<TableSource(const catalog::Table&)>;

std::unique_ptr<Query> WithLiterals(const Query& query, const Row& params) {
  std::unique_ptr<Query> copy = CloneQuery(query);
  VisitNodes(copy.get(), [&](ExprPtr& node, int) {
    if (node->kind != ExprKind::kParam) return;
    size_t index = static_cast<size_t>(node->param_index);
    if (index < params.size()) node = MakeConst(node->type, params[index], node->location);
  });
  return copy;
}

Result<DuckdbQuery> Generate(const Query& query, const std::vector<Type>& param_types,
                             const SourceOf& source_of) {
  duckdb::Printing printing(param_types, source_of, /*wide=*/false, duckdb::TheSubqueries());
  OMEN_ASSIGN_OR_RETURN(duckdb::QueryText text, duckdb::QueryPrinter(printing).PrintTop(query));
  DuckdbQuery out;
  out.text = std::move(text.sql);
  for (const OutputColumn& column : query.Outputs()) out.result_types.push_back(column.type);
  out.param_map = printing.TakeParamMap();
  for (int param : out.param_map) {
    out.param_types.push_back(param_types[static_cast<size_t>(param)]);
  }
  out.row_scans = printing.TakeRowScans();
  out.asks_session = printing.asks_session();
  if (!printing.may_overflow()) return out;
  duckdb::Printing wide(param_types, source_of, /*wide=*/true, duckdb::TheSubqueries());
  OMEN_ASSIGN_OR_RETURN(duckdb::QueryText wide_text, duckdb::QueryPrinter(wide).PrintTop(query));
  out.wide_text = std::move(wide_text.sql);
  if (wide.TakeParamMap() != out.param_map) return PathFault("wide text renumbers parameters");
  return out;
}

}  // namespace

Result<DuckdbQuery> GenerateDuckdb(const Query& query, const std::vector<Type>& param_types,
                                   const SourceOf& source_of, const Row* params) {
  if (params == nullptr || params->empty()) return Generate(query, param_types, source_of);
  return Generate(*WithLiterals(query, *params), param_types, source_of);
}

}  // namespace omen::sql
