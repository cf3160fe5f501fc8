// What a call of an adapter is bound to: the signature literal in front of its arguments,
// and the surroundings of the statement.
#pragma once

#include <vector>

#include "colstore/internal/statement_state.h"
#include "duckdb.hpp"
#include "types/column_functions.h"

namespace omen::colstore {

/// Takes the signature off the arguments (and off the bound function's parameters) and checks it
/// against them. Throws to the engine when the generator printed something that cannot be.
column_functions::Signature TakeSignature(
    duckdb::ClientContext& context, duckdb::SimpleFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments);

/// The value of a literal argument; throws to the engine when it is not one.
duckdb::Value LiteralArgument(duckdb::ClientContext& context, const duckdb::Expression& argument);

bool SameContext(const functions::CallContext& a, const functions::CallContext& b);

}  // namespace omen::colstore
