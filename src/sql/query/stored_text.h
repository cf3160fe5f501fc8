// Expressions and queries that the catalogue stores as text.
#pragma once

#include <memory>
#include <string_view>

#include "sql/tree/bind_context.h"
#include "sql/tree/query.h"

namespace omen::sql {

/// Binds a stored expression (DEFAULT, CHECK) over a table's columns (relation 0), coerced
/// to `target` unless its oid is 0.
Result<ExprPtr> BindTableExpr(std::string_view expression_sql, const catalog::Table* table,
                              Type target, const BindContext& context);

/// Binds a view's query, whose text is a SELECT and nothing else, under the context's search path.
Result<std::unique_ptr<Query>> BindViewQuery(const catalog::View& view, const BindContext& context);

}  // namespace omen::sql
