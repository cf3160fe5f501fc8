// Window functions and their windows.
#pragma once

#include "sql/deparse/deparse_expr.h"

namespace omen::sql {

/// Prints calls over windows, and windows. One thread, made where it is used.
class WindowDeparser {
 public:
  explicit WindowDeparser(Deparsing& text) : text_(text), exprs_(text) {}

  void PrintCall(const Expr& call);
  /// In parentheses.
  void PrintSpec(const WindowDef& window);

 private:
  void PrintFrame(const WindowDef& window);
  void PrintBound(WindowDef::Bound bound, const ExprPtr& offset);

  Deparsing& text_;
  ExprDeparser exprs_;
};

}  // namespace omen::sql
