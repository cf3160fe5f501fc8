// The star of a target list or row.
#pragma once

#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// * or t.*
bool IsStar(const ::Node* node);

}  // namespace omen::sql
