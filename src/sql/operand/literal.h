// Values that a statement's text gives: constants, parameters, CURRENT_DATE and the like.
#pragma once

#include "sql/grammar/internal/node_names.h"
#include "sql/typing/state.h"

namespace omen::sql {

ExprResult BindConst(BindState* state, const ::A_Const& node);
ExprResult BindParam(BindState* state, const ::ParamRef& node);
/// A function that is written without parentheses.
ExprResult BindValueFunction(BindState* state, const ::SQLValueFunction& node);

}  // namespace omen::sql
