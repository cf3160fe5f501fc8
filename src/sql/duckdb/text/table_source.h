// Where the generated text reads a query's tables.
#pragma once

#include <cstdint>
#include <memory>

#include "catalog/schema.h"

namespace omen::sql {

/// How each table of the query is read in the generated text.
enum class TableSource : uint8_t { kColumns, kRows };

/// One row scan the text refers to as omen_rows(index).
struct RowScan {
  std::shared_ptr<const catalog::Table> table;  // null for a system relation
  std::shared_ptr<const catalog::SystemRelation> system;
};

}  // namespace omen::sql
