// Functions and operators of numerics.
#pragma once

#include <vector>

#include "sql/duckdb/text/printing.h"

namespace omen::sql::duckdb {

/// Are all of the call's arguments numeric, or is one rounded?
bool TakesNumerics(const Expr& call);
/// Such a call over its printed arguments. `*handled` says whether it is one that is known here.
Text PrintNumericCall(Printing& printing, const Expr& call, std::vector<Text> args, bool* handled);

}  // namespace omen::sql::duckdb
