// Definitions as PostgreSQL shows them (pg_get_viewdef, pg_get_expr, pg_get_constraintdef): the
// stored text is bound as written, and the bound tree printed in PostgreSQL's spelling.
#pragma once

#include <string>
#include <string_view>

#include "catalog/schema.h"
#include "sql/deparse/text_layout.h"
#include "sql/tree/bind_context.h"

namespace omen::sql {

/// A view's query with its semicolon. The reader's search path says which names are shown with
/// their schema. The text as it was given, where the tree cannot be printed. Any thread.
std::string ViewText(const catalog::View& view, const BindContext& reader, TextLayout layout = {});

/// An expression, `table`'s columns in it without a prefix; `target` is the type that it is
/// assigned to (oid 0: its own). The text itself, where the tree cannot be printed.
std::string StoredExpressionText(std::string_view expression_sql, const catalog::Table* table,
                                 Type target, const BindContext& reader, TextLayout layout = {});

/// A default as it is to be stored: what it names, like a sequence, is found now, and is named with
/// its schema from then on.
std::string SettledDefault(std::string_view expression_sql, Type target, const BindContext& writer);

/// What a column has after DEFAULT, and a check between its parentheses, as they are stored.
std::string DefaultText(const catalog::Column& column, const BindContext& reader,
                        TextLayout layout = {});
std::string CheckText(const catalog::CheckConstraint& check, const catalog::Table& table,
                      const BindContext& reader, TextLayout layout = {});

}  // namespace omen::sql
