// Prints a bound query as DuckDB SQL that gives PostgreSQL's answer. Only tables of
// our catalogue, allow-listed functions and literals are ever printed; every
// identifier is made here (t1, c2, a3), so no client text passes through.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sql/duckdb/text/table_source.h"
#include "sql/tree/query.h"

namespace omen::sql {

/// Result columns come in the engine's own types; a numeric column may be DECIMAL, whose scale
/// is then the display scale, or the variable-scale BLOB, whatever its PostgreSQL type says.
///
/// `text` may compute in DECIMALs narrower than the worst case: it then raises 22003 before its
/// first row instead of being inexact, and `wide_text` (else empty) gives the answer. Both use
/// the same parameters and row scans.
struct DuckdbQuery {
  std::string text;
  std::string wide_text;
  std::vector<Type> result_types;
  std::vector<Type> param_types;  // of $1..$n as the text uses them
  std::vector<int> param_map;     // text's $k+1 is the statement's parameter param_map[k]
  std::vector<RowScan> row_scans;
  bool asks_session = false;  // calls functions that ask the session that runs it
};

/// `source_of(table)` chooses per table; system relations are always row scans.
/// With `params` (one per parameter, of its type) their values are printed as literals: the text
/// then serves this one run, but is planned with them, and a numeric one compares as DECIMAL.
/// A refusal (base/status.h) with the feature's name for what has no exact form here.
Result<DuckdbQuery> GenerateDuckdb(
    const Query& query, const std::vector<Type>& param_types,
    const std::function<TableSource(const catalog::Table&)>& source_of,
    const Row* params = nullptr);

}  // namespace omen::sql
