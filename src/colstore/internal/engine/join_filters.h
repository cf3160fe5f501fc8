// What a join tells the scans of rows (omen_rows) below it, as the engine does with its own tables,
// once it has read its other side: the least and the greatest of its keys, and each of them where
// they are few.
#pragma once

#include <memory>
#include <vector>

#include "colstore/colstore.h"
#include "duckdb.hpp"

namespace omen::colstore {

/// Has every plan made so. Once, before the engine runs any.
void InstallJoinFilters(duckdb::DatabaseInstance& database);

/// For the statement that the connection runs next, which reads these.
void TellKeys(duckdb::ClientContext& context,
              const std::vector<std::shared_ptr<ScanSource>>& sources);

}  // namespace omen::colstore
