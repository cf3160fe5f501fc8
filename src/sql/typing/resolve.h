// Choosing an operator or function among the overloads of a name, by PostgreSQL's rules
// (parse_oper.c, parse_func.c).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "functions/registry.h"
#include "sql/typing/state.h"

namespace omen::sql {

/// The operator for these operand types (`left` 0: prefix). Null when none fits.
/// 42725 when several do.
Result<const functions::Operator*> FindOperator(std::string_view name, Oid left, Oid right);
/// FindOperator, but 42883 at `location` when there is none.
Result<const functions::Operator*> NeedOperator(std::string_view name, Oid left, Oid right,
                                                int location);

/// What a call of a name resolved to: exactly one of function, aggregate, window or cast.
struct Callee {
  const functions::Function* function = nullptr;
  const functions::Aggregate* aggregate = nullptr;
  const functions::WindowFunction* window = nullptr;
  Oid cast_to = 0;            // the name is a type's and the call is a cast
  std::vector<Oid> declared;  // one per argument, variadic ones repeated
  Oid result = 0;             // as declared
};

/// 42883 when nothing fits, 42725 when several do; `shown` is its name in them, where it is
/// another.
Result<Callee> FindCallee(std::string_view name, std::span<const Oid> args, int location,
                          std::string_view shown = {});

}  // namespace omen::sql
