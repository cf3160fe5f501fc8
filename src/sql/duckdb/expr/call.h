// Function calls and operators: the engine's own way where the registry says it is exact, else the
// adapter of the server's kernel.
#pragma once

#include <string>
#include <string_view>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints calls. One thread, made where it is used. A refusal for functions that neither DuckDB nor
/// an adapter computes.
class CallPrinter {
 public:
  explicit CallPrinter(Printing& printing) : printing_(printing), exprs_(printing) {}

  Result<Text> Print(const Expr& call);
  Result<Text> PrintAdapter(const Expr& call);

 private:
  Result<Text> PrintComparison(const Expr& call, std::string_view op);
  Result<Text> PrintJoined(const Expr& call, std::string_view joiner);
  Result<Text> PrintTemplate(const Expr& call, std::string_view pattern);

  Printing& printing_;
  ExprPrinter exprs_;
};

}  // namespace omen::sql::duckdb
