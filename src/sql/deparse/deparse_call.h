// Calls of functions and aggregates.
#pragma once

#include <initializer_list>
#include <string_view>

#include "sql/deparse/deparse_expr.h"

namespace omen::sql {

/// Prints calls, in SQL's own syntax where they were written so. One thread, made where it is used.
/// What has words that this server does not know fails.
class CallDeparser {
 public:
  explicit CallDeparser(Deparsing& text) : text_(text), exprs_(text) {}

  void PrintFunction(const Expr& call);
  void PrintAggregate(const Expr& call);

 private:
  /// False where the function has no syntax of its own.
  bool PrintSqlSyntax(const Expr& call);
  void PrintTrim(const Expr& call, std::string_view side);
  /// The arguments in order, each but the first after its word.
  void PrintWorded(const Expr& call, std::initializer_list<std::string_view> words);

  Deparsing& text_;
  ExprDeparser exprs_;
};

}  // namespace omen::sql
