// What rows are sorted or grouped by.
#pragma once

#include <vector>

#include "sql/deparse/deparse_expr.h"

namespace omen::sql {

/// Prints items of ORDER BY, GROUP BY and their like. `by_number`: as positions of outputs. One
/// thread, made where it is used.
class SortDeparser {
 public:
  explicit SortDeparser(Deparsing& text) : text_(text), exprs_(text) {}

  void PrintItem(const Expr& expr, bool by_number = false);
  void PrintKeys(const std::vector<SortKey>& keys, bool by_number = false);

 private:
  Deparsing& text_;
  ExprDeparser exprs_;
};

}  // namespace omen::sql
