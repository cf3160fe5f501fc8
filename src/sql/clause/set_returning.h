// Set-returning functions among the outputs.
#pragma once

#include "sql/tree/query.h"

namespace omen::sql {

/// SELECT f(...) with f returning a set becomes FROM ..., LATERAL f(...). 0A000 for several.
Status ExpandSets(Query* query);

}  // namespace omen::sql
