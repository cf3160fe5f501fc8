// Rows fed into the column engine's plans: tables of the row store in key ranges, cut further by
// what joins tell of their keys, and computed relations.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "colstore/colstore.h"
#include "exec/columns/key_ranges.h"
#include "exec/columns/row_filter.h"
#include "exec/system/system_relations.h"
#include "rowstore/rowstore.h"

namespace omen::exec {

/// What is read of a table, where that is not the whole.
struct ScannedKeys {
  KeyRanges ranges;
  double read = 0;                          // rows in them, estimated
  double rows = 0;                          // of those, that are handed over
  std::shared_ptr<const RowFilter> filter;  // null: all
  std::string condition_text, filter_text;  // for EXPLAIN
};

/// How the rows of one table are reached: a view, or the transaction itself where it has
/// changed the table.
struct RowScanInput {
  rowstore::RowStore* store;
  std::shared_ptr<rowstore::ReadView> view;
  rowstore::Transaction* own = nullptr;  // merges own writes; outlives the source's cursors
  double table_rows = 0;                 // estimate
  ScannedKeys keys = {};
};

/// Rows of a table, by attnum, in several parts of about equal width. Call on the session's thread;
/// the parts may then be read by the engine's.
Result<std::shared_ptr<colstore::ScanSource>> MakeRowScan(
    std::shared_ptr<const catalog::Table> table, RowScanInput input);

/// A system relation, computed now.
Result<std::shared_ptr<colstore::ScanSource>> MakeSystemScan(
    const catalog::SystemRelation& relation, const SystemContext& context);

}  // namespace omen::exec
