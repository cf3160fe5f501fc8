// The queries inside expressions, as the printers of those ask for them.
#pragma once

#include "base/result.h"
#include "sql/duckdb/text/text.h"
#include "sql/tree/query.h"

namespace omen::sql::duckdb {

class Printing;

/// Prints queries for what is printed inside of another. Any thread; there is one, of the room of
/// queries, and it has no state. It refuses what QueryPrinter does.
class Subqueries {
 public:
  /// Within the current level, all its rows taken before the statement sends one.
  virtual Result<QueryText> Print(Printing& printing, const Query& query) const = 0;

 protected:
  ~Subqueries() = default;
};

}  // namespace omen::sql::duckdb
