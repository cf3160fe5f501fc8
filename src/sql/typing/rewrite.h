// Changes to bound queries: casting what they return, moving them a level deeper,
// replacing expressions in them.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "sql/typing/state.h"

namespace omen::sql {

/// Calls `visit` on every expression node, innermost first, of this level (depth 0) and of
/// the queries inside it. `visit` may replace the node.
using NodeVisit = std::function<void(ExprPtr&, int depth)>;
void VisitNodes(Query* query, const NodeVisit& visit, int depth = 0);
void VisitNodes(ExprPtr& expr, const NodeVisit& visit, int depth = 0);

/// The query with outputs of these types, cast implicitly; wrapped in another where a cast
/// in place could change what DISTINCT or a set operation does.
Result<std::unique_ptr<Query>> CoerceOutputs(BindState* state, std::unique_ptr<Query> query,
                                             const std::vector<Type>& types,
                                             std::string_view construct);

/// Puts a query one level deeper, as the only relation of a new one that returns its columns.
std::unique_ptr<Query> WrapQuery(std::unique_ptr<Query> query);

}  // namespace omen::sql
