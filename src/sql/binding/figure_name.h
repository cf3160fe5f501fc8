// Names of output columns that have none.
#pragma once

#include <string>

#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// The name PostgreSQL gives an unnamed output column.
std::string FigureColumnName(const ::Node* node);

}  // namespace omen::sql
