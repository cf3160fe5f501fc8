// What stands behind OVER: a window's partitions, order and frame.
#pragma once

#include <string>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints one window's definition. One thread, used once. DuckDB sorts once for windows that it
/// takes for alike, and finds a frame's ends from those of the row before: where that goes wrong,
/// the definition is written so that it cannot, or is refused.
class OverPrinter {
 public:
  OverPrinter(Printing& printing, const WindowDef& window)
      : printing_(printing), exprs_(printing), window_(window) {}

  Result<std::string> Print();

 private:
  Result<std::string> PrintPartition();
  Result<std::string> PrintFrame();
  Result<std::string> PrintBound(WindowDef::Bound kind, const ExprPtr& offset, bool start);
  Status CheckRange();
  bool ReadsStreamedUnion() const;

  Printing& printing_;
  ExprPrinter exprs_;
  const WindowDef& window_;
};

}  // namespace omen::sql::duckdb
