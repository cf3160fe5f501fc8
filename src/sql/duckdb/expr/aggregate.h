// Aggregates. Sums and averages of exact types are computed from the engine's own sum and count;
// what it cannot do exactly goes to our aggregates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// Prints one call of an aggregate, plain or over a window. One thread, used once. A refusal where
/// DuckDB's choice of values or their order would show.
class AggregatePrinter {
 public:
  AggregatePrinter(Printing& printing, const Expr& call)
      : printing_(printing), exprs_(printing), call_(call) {}

  Result<Text> Print();

 private:
  Status PrintSuffix();
  Result<Text> PrintPlain();
  Status CheckCompared() const;
  Result<std::vector<std::string>> PrintArguments();
  Result<Text> PrintArgument(const Expr& arg);
  Result<std::string> PrintOrder(const std::vector<std::string>& args);
  /// The order in which a DISTINCT aggregate takes its values. Its keys are arguments, so they are
  /// said in the words of those: DuckDB takes no others.
  Result<std::string> PrintDistinctOrder(const std::vector<std::string>& args);
  bool PrintsQueryFor(const Expr& arg) const;
  /// DuckDB evaluates arguments of rows that the filter leaves out; an error there is not ours.
  bool GuardsArgument(const Expr& arg) const;
  Result<Text> PrintSpanExtreme();
  /// Of numerics, and sums and averages that become numeric, if `*handled`.
  Result<Text> PrintNumeric(bool* handled);
  Result<Text> PrintOrderedSet();

  Printing& printing_;
  ExprPrinter exprs_;
  const Expr& call_;
  std::string suffix_;  // FILTER and OVER
};

}  // namespace omen::sql::duckdb
