// Any expression, by its kind.
#pragma once

#include <string_view>
#include <vector>

#include "sql/deparse/deparsing.h"
#include "sql/tree/expr_kind.h"
#include "sql/tree/query.h"

namespace omen::sql {

/// Prints terms, each kind by the part that knows it; none needs parentheses around it. `implicit`:
/// casts that were not written are shown, too, if they are the outermost. One thread; a reference
/// to the text that it is for.
class ExprDeparser {
 public:
  explicit ExprDeparser(Deparsing& text) : text_(text) {}

  void Print(const Expr& expr, bool implicit);
  void PrintAll(const std::vector<ExprPtr>& exprs, bool implicit);
  /// In pretty layout with the parentheses that `parent` needs around it.
  void PrintOperand(const Expr& expr, bool implicit, const Expr& parent);

 private:
  bool PrintReworded(const Expr& expr, bool implicit);
  void PrintVariable(const Expr& expr);
  void PrintCall(std::string_view name, const std::vector<ExprPtr>& args);
  void PrintOperator(const Expr& expr);
  void PrintConnective(const Expr& expr, std::string_view word);
  void PrintNegation(const Expr& expr);
  void PrintTest(const Expr& expr, const ValueTest& test);
  void PrintDistinct(const Expr& expr);
  void PrintOverArray(const Expr& expr, std::string_view quantifier);
  void PrintCase(const Expr& expr);
  void PrintArray(const Expr& expr);
  void PrintSubscript(const Expr& expr);
  void PrintSubquery(const Expr& expr);

  Deparsing& text_;
};

}  // namespace omen::sql
