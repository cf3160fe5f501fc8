// What expressions and queries are made of, copied and compared: expressions that may be absent,
// lists of them, sort keys.
#pragma once

#include <vector>

#include "sql/tree/expr.h"

namespace omen::sql {

/// Null of null.
ExprPtr CloneOptional(const ExprPtr& expr);
std::vector<ExprPtr> CloneAll(const std::vector<ExprPtr>& from);
std::vector<SortKey> CloneKeys(const std::vector<SortKey>& from);

bool SameOptional(const ExprPtr& a, const ExprPtr& b);
bool SameKeys(const std::vector<SortKey>& a, const std::vector<SortKey>& b);

}  // namespace omen::sql
