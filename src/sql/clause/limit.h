// LIMIT, OFFSET and FETCH FIRST.
#pragma once

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// 42P10 for bounds that read columns.
Status BindLimit(Binding& binding, const ::SelectStmt& select);

}  // namespace omen::sql
