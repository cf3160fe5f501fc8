// Which relations DuckDB streams out of a UNION ALL, where it goes wrong with some things over
// them.
#pragma once

#include "sql/duckdb/text/level.h"

namespace omen::sql::duckdb {

/// Of a query that is read at `level`.
bool StreamsUnion(const Query& query, const Level* level);
/// May rows of a UNION ALL inside come out without anything that takes them all first? `level` is
/// where the relation is read.
bool StreamsUnion(const Relation& relation, const Level* level);

}  // namespace omen::sql::duckdb
