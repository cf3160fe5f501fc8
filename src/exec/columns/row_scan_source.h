// Rows fed into the column engine's plans: tables of the row store in key ranges, and
// computed relations.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "colstore/colstore.h"
#include "exec/system/system_relations.h"
#include "rowstore/rowstore.h"

namespace omen::exec {

/// Ranges of a table's row keys, in their order, disjoint.
struct ScannedKeys {
  std::vector<rowstore::KeyRange> ranges;
  double rows;  // in them, estimated
};

/// How the rows of one table are reached: a view, or the transaction itself where it has
/// changed the table.
struct RowScanInput {
  rowstore::RowStore* store;
  std::shared_ptr<rowstore::ReadView> view;
  rowstore::Transaction* own = nullptr;         // merges own writes; outlives the source's cursors
  double rows = 0;                              // estimate
  std::vector<rowstore::KeyRange> ranges = {};  // to read; cut where there is one
};

/// Of a table that is read whole.
std::vector<rowstore::KeyRange> AllKeysOf(const catalog::Table& table);

/// Rows of a table, by attnum, in several ranges of about equal width. Call on the
/// session's thread; the parts may then be read by the engine's.
Result<std::shared_ptr<colstore::ScanSource>> MakeRowScan(
    std::shared_ptr<const catalog::Table> table, const RowScanInput& input);

/// A system relation, computed now.
Result<std::shared_ptr<colstore::ScanSource>> MakeSystemScan(
    const catalog::SystemRelation& relation, const SystemContext& context);

}  // namespace omen::exec
