// Parts of dates and timestamps: DuckDB's own functions between the years 1 and 9999, where
// they mean what PostgreSQL's do; infinities and years before Christ go to the kernel.
#pragma once

#include <string>

#include "sql/duckdb/expr/call.h"
#include "sql/duckdb/expr/expr.h"

namespace omen::sql::duckdb {

/// DuckDB's own way to a part of a moment, between the years 1 and 9999. No pattern: it has none.
struct EngineForm {
  std::string pattern;  // {} is the moment
  std::string type;     // which it is cast to; empty: it needs no cast
  std::string sample;   // a value of the pattern's type, where it may stand for all others
  NumericForm form;
};

/// Prints calls that move or take apart dates and timestamps. One thread, made where it is used; it
/// refuses what the arguments refuse.
class DatetimePrinter {
 public:
  explicit DatetimePrinter(Printing& printing)
      : printing_(printing), exprs_(printing), calls_(printing) {}

  /// `*handled` says whether it is one of those.
  Result<Text> Print(const Expr& call, bool* handled);
  /// The text of a date or timestamp, which `kernel` prints of any.
  Text PrintAsText(Type type, const std::string& arg, const std::string& kernel);

 private:
  Result<Text> PrintShift(const Expr& call);
  /// The session's local time at an instant.
  Result<std::string> PrintLocal(const Expr& instant);
  /// `value` is the form's, of a moment that is `arg`.
  Result<Text> PrintGuarded(const Expr& call, const std::string& value, const EngineForm& own,
                            const std::string& arg);

  Printing& printing_;
  ExprPrinter exprs_;
  CallPrinter calls_;
};

}  // namespace omen::sql::duckdb
