// WITH: common tables, plain and recursive.
#pragma once

#include <string>

#include "sql/duckdb/text/printing.h"

namespace omen::sql::duckdb {

/// Prints the common tables of a level, and keeps their names in it. One thread, used once. A
/// refusal for those that DuckDB reads otherwise.
class CtePrinter {
 public:
  CtePrinter(Printing& printing, Level& level) : printing_(printing), level_(level) {}

  /// "WITH ... " or empty.
  Result<std::string> Print();

 private:
  Result<std::string> PrintTable(const CommonTable& cte);
  Result<QueryText> PrintRecursive(const CommonTable& cte, CteName* name);

  Printing& printing_;
  Level& level_;
};

}  // namespace omen::sql::duckdb
