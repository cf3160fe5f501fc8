// A whole query, at the top or inside another.
#pragma once

#include "sql/duckdb/text/printing.h"

namespace omen::sql::duckdb {

/// What every Printing is given, for the queries inside of others.
const Subqueries& TheSubqueries();

/// Prints queries, each at a level of its own. One thread, made where it is used. A refusal for
/// what has no exact form in DuckDB.
class QueryPrinter {
 public:
  explicit QueryPrinter(Printing& printing) : printing_(printing) {}

  Result<QueryText> PrintTop(const Query& query);
  /// `blocking`: all its rows are taken before the statement sends one.
  Result<QueryText> Print(const Query& query, Level* outer, bool blocking);

 private:
  Printing& printing_;
};

}  // namespace omen::sql::duckdb
