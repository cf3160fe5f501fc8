// Expressions that stand in no query.
#pragma once

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// Binds over one table's columns as relation 0 (CHECK, USING), or over none (DEFAULT).
ExprResult BindOverTable(BindState* state, const ::Node* node, const catalog::Table* table,
                         Clause clause);

}  // namespace omen::sql
