// Constants as DuckDB literals of exactly the type that columns of their type have.
#pragma once

#include <string>

#include "sql/duckdb/text/printing.h"

namespace omen::sql::duckdb {

/// Prints constants of one text. One thread, made where it is used. A refusal for values that
/// DuckDB has no literal of.
class LiteralPrinter {
 public:
  explicit LiteralPrinter(Printing& printing) : printing_(printing) {}

  Result<Text> Print(const Expr& constant);
  Result<Text> PrintNull(Type type);
  /// A numeric in the form of a column of its type.
  Result<std::string> PrintValue(Type type, const Value& value);

 private:
  Result<std::string> PrintArray(Type type, const ArrayData& array);

  Printing& printing_;
};

}  // namespace omen::sql::duckdb
