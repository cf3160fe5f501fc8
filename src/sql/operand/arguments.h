// Arguments as the callee takes them.
#pragma once

#include <string_view>
#include <vector>

#include "sql/typing/resolve.h"

namespace omen::sql {

/// Coerces to the declared types, polymorphic ones resolved; what is taken as any type keeps the
/// blanks of char(n).
Status FitArguments(BindState* state, const Callee& callee, std::vector<Oid> declared,
                    std::vector<ExprPtr>* args);
/// A function of our own choice over these arguments.
ExprResult CallFunction(BindState* state, std::string_view name, std::vector<ExprPtr> args,
                        int location);

}  // namespace omen::sql
