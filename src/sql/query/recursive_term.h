// Where the recursive term of WITH RECURSIVE may refer to its own query.
#pragma once

#include <string>

#include "base/status.h"
#include "sql/tree/query.h"

namespace omen::sql {

/// 42P19 where PostgreSQL refuses it: in a subquery of an expression, on the null-extended side of
/// an outer join, in INTERSECT ALL and EXCEPT, beside aggregates.
/// `depth`: levels between the term and the query that has `name` in its WITH.
Status CheckRecursiveTerm(const Query& term, const std::string& name, int depth);

}  // namespace omen::sql
