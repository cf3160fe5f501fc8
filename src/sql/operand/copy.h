// Expressions that are kept beside how they were written, or bound once and used twice.
#pragma once

#include <string_view>

#include "sql/typing/state.h"

namespace omen::sql {

/// A copy, counted as expressions made.
ExprPtr CopyExpr(BindState* state, const Expr& expr);
ExprPtr CopyAt(BindState* state, const Expr& expr, int location);
/// The expression, under as_written with how it was written.
ExprPtr KeepWriting(const BindState* state, ExprPtr expr, Wording::Form form,
                    std::string_view name = {});

}  // namespace omen::sql
