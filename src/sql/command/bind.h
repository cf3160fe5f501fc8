// The binder's door: one parsed statement, resolved against a catalogue snapshot.
#pragma once

#include <memory>

#include "sql/command/bind.h"
#include "sql/grammar/parse.h"
#include "sql/query/stored_text.h"
#include "sql/tree/bind_context.h"
#include "sql/tree/statement.h"

namespace omen::sql {

/// Resolves names and types. Errors carry PostgreSQL's SQLSTATE and a byte offset into the
/// script that was parsed (as Expr::location is).
Result<std::shared_ptr<const Statement>> Bind(const ParsedStatement& parsed,
                                              const BindContext& context);

/// The argument of an EXECUTE, which Bind gave, as the value that parameter `number` (from 1) of
/// the prepared statement takes: 42804 where it is not assignable to its type.
Result<ExprPtr> CoerceExecuteArgument(ExprPtr argument, Type target, size_t number,
                                      const BindContext& context);

}  // namespace omen::sql
