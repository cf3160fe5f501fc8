// Casts and constants.
#pragma once

#include <string>

#include "sql/deparse/deparse_expr.h"

namespace omen::sql {

/// Prints casts and constants. One thread, made where it is used. Constants that name what there is
/// not fail.
class CastDeparser {
 public:
  explicit CastDeparser(Deparsing& text) : text_(text), exprs_(text) {}

  void Print(const Expr& cast, bool implicit);
  /// `label` <0: without its type; 0: with it where a reader would take another; >0: always.
  void PrintConstant(const Expr& constant, int label);

 private:
  void PrintCoercion(const Expr& cast);
  void ReferenceText(const Expr& constant, std::string* text);

  Deparsing& text_;
  ExprDeparser exprs_;
};

}  // namespace omen::sql
