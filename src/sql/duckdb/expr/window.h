// Window functions.
#pragma once

#include <string>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints one call over a window. One thread, used once. A refusal for arguments and frames with
/// which DuckDB goes wrong.
class WindowPrinter {
 public:
  WindowPrinter(Printing& printing, const Expr& call)
      : printing_(printing), exprs_(printing), call_(call) {}

  Result<Text> Print();

 private:
  Status Check(const WindowDef& window) const;
  Result<Text> PrintCall(const WindowDef& window, const std::string& over);
  /// lag() and lead().
  Result<Text> PrintNeighbour(const std::string& over);

  Printing& printing_;
  ExprPrinter exprs_;
  const Expr& call_;
};

}  // namespace omen::sql::duckdb
