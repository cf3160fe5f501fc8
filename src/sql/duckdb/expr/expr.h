// Any expression as a closed piece of SQL.
#pragma once

#include <string>
#include <vector>

#include "sql/duckdb/text/printing.h"

namespace omen::sql::duckdb {

/// Prints expressions of the current level, each kind by the printer that knows it. One thread; a
/// reference to the text that it is for. A refusal for what has no exact form in DuckDB.
class ExprPrinter {
 public:
  explicit ExprPrinter(Printing& printing) : printing_(printing) {}

  Result<Text> Print(const Expr& expr);
  Result<std::vector<Text>> PrintAll(const std::vector<ExprPtr>& exprs);
  /// Numerics as their own DuckDB value.
  Result<std::string> PrintPlain(const Expr& expr);
  Result<std::vector<std::string>> PrintAllPlain(const std::vector<ExprPtr>& exprs);
  /// As what is compared: by its type's key.
  Result<Text> PrintCompared(const Expr& expr);
  /// As what is sorted by: numerics by key, too.
  Result<Text> PrintSortable(const Expr& expr);

 private:
  Result<Text> PrintKind(const Expr& expr);
  Result<Text> PrintUngrouped(const Expr& column);
  /// GROUPING(), at a level whose groups were printed.
  Result<Text> PrintGrouping(const Expr& expr);
  Result<Text> PrintColumn(const Expr& column);
  Result<Text> PrintParam(const Expr& param);

  Printing& printing_;
};

}  // namespace omen::sql::duckdb
