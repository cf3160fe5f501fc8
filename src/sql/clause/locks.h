// FOR UPDATE and its kind.
#pragma once

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// 0A000 where the rows cannot be told from each other.
Status BindLocks(Binding& binding, const ::SelectStmt& select);

}  // namespace omen::sql
