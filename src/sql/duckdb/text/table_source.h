// Where the generated text reads a query's tables.
#pragma once

#include <cstdint>
#include <memory>

#include "catalog/schema.h"
#include "sql/tree/query.h"

namespace omen::sql {

/// How each table of the query is read in the generated text.
enum class TableSource : uint8_t { kColumns, kRows };

/// One row scan the text refers to as omen_rows(index).
struct RowScan {
  std::shared_ptr<const catalog::Table> table;  // null for a system relation
  std::shared_ptr<const catalog::SystemRelation> system;
  /// The table alone, under conditions that what is read of it may pass first: comparisons of its
  /// columns with constants and parameters. Null where there are none.
  std::shared_ptr<const Query> filtered;
};

}  // namespace omen::sql
