// date_trunc('month', c) = constant and its like as a range of c, which a scan can skip rows by.
#pragma once

#include "duckdb.hpp"

namespace omen::colstore {

/// Replaces such comparisons in the expression. What the text computes by the engine's date_trunc
/// of a bare column has no value before the year 1, after 9999 or infinite: guards see to that
/// (plan_rewrites.h). The engine's own rewrite takes nulls for false, and the unit's end as in it.
void CompareRanges(duckdb::ClientContext& context,
                   duckdb::unique_ptr<duckdb::Expression>* expression);

}  // namespace omen::colstore
