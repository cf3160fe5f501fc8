#include "sql/duckdb/query/query.h"

#include <fmt/format.h>

#include "base/blame.h"
#include "sql/duckdb/query/select.h"
#include "sql/duckdb/query/set_operation.h"
#include "sql/duckdb/text/keys.h"
#include "types/column_functions.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

namespace {

/// Does it keep rows by their place, so that a condition on what it answers says nothing about
/// what it reads?
bool KeepsByPlace(const Query& query) {
  return query.limit != nullptr || query.offset != nullptr || !query.distinct_on.empty();
}

/// DuckDB's joins and top-N lists send what they have found down to the scans as filters, by way
/// of plain columns and through LIMIT and DISTINCT ON, too, which then keep other rows. These
/// columns are no plain ones.
std::string Shielded(const QueryText& text, const std::string& alias) {
  std::vector<std::string> items;
  for (const std::string& column : Columns(alias, text.forms, /*by_key=*/false)) {
    items.push_back(Call(names::kApart, {column}));
  }
  return fmt::format("SELECT {} FROM {}", Join(items, ", "),
                     Derived(text.sql, alias, text.forms.size()));
}

Status CheckSupported(const Query& query) {
  if (query.kind != QueryKind::kSelect) return Refusal("data-changing statements on columns");
  if (!query.locks.empty()) return Refusal("row locks on columns");
  bool distinct =
      (query.distinct && query.distinct_on.empty()) ||
      (query.set_op != SetOp::kNone && !(query.set_all && query.set_op == SetOp::kUnion));
  for (const TargetEntry& target : query.targets) {
    const Type type = target.expr->type;
    if (distinct && (NeedsKey(type) || HasNoKey(type))) {
      return Refusal(fmt::format("distinct values of {} on columns", FormatType(type)));
    }
  }
  return Status::Ok();
}

class PrintedAsQueries final : public Subqueries {
 public:
  Result<QueryText> Print(Printing& printing, const Query& query) const override {
    return QueryPrinter(printing).Print(query, printing.level(), /*blocking=*/true);
  }
};

}  // namespace

const Subqueries& TheSubqueries() {
  static constexpr PrintedAsQueries kSubqueries;
  return kSubqueries;
}

Result<QueryText> QueryPrinter::PrintTop(const Query& query) {
  OMEN_ASSIGN_OR_RETURN(QueryText text, Print(query, nullptr, /*blocking=*/false));
  if (text.forms.empty()) return Refusal("a SELECT without columns on columns");
  return text;
}

Result<QueryText> QueryPrinter::Print(const Query& query, Level* outer, bool blocking) {
  OMEN_RETURN_IF_ERROR(CheckSupported(query));
  Level level;
  level.query = &query;
  level.outer = outer;
  level.blocking = blocking;
  Scoped<Level*> scope = printing_.Enter(&level);
  const bool simple = query.set_op == SetOp::kNone;
  OMEN_ASSIGN_OR_RETURN(QueryText text, simple ? SelectPrinter(printing_, level).Print()
                                               : SetOperationPrinter(printing_, level).Print());
  if (outer != nullptr && !text.forms.empty() && KeepsByPlace(query)) {
    text.sql = Shielded(text, printing_.NewAlias('l'));
  }
  return text;
}

}  // namespace omen::sql::duckdb
