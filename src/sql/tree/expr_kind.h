// What is known of kinds of expressions, whoever computes or prints them.
#pragma once

#include <string_view>

#include "sql/tree/expr.h"

namespace omen::sql {

/// x IS [NOT] NULL, TRUE, FALSE or UNKNOWN: asks one value, and never answers null.
struct ValueTest {
  enum class Of : uint8_t { kNull, kTrue, kFalse };
  ExprKind kind;
  Of of;  // unknown is null
  bool negated;
  std::string_view words;

  bool Holds(const Value& value) const {
    const bool is =
        of == Of::kNull ? value.is_null() : !value.is_null() && value.AsBool() == (of == Of::kTrue);
    return is != negated;
  }
};

/// Null where the kind is no such test.
const ValueTest* TestOf(ExprKind kind);

/// The word of what is written as a call without being a function: COALESCE, ROW. Else empty.
std::string_view CallWordOf(ExprKind kind);

/// Below the casts that were not written.
const Expr& WithoutImplicitCasts(const Expr& expr);

}  // namespace omen::sql
