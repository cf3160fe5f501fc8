// A run of commits seen as one: for each key only what was before and what is after.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "replica/internal/table_set.h"
#include "rowstore/commit_feed.h"

namespace omen::replica {

using rowstore::RecordPtr;

/// One key over a window. Views into the window's records.
struct RowChange {
  bool existed;  // a row of this key may be in the columns: delete it first
  bool exists;   // and there is one afterwards: `value`
  std::string_view value;
};

using StorageChanges = std::unordered_map<std::string_view, RowChange>;

/// Coalesced commits. Keeps their records alive. One thread.
class Window {
 public:
  explicit Window(TableSet before) : tables_(std::move(before)) {}

  void Add(const RecordPtr& record);

  bool empty() const { return records_.empty(); }
  rowstore::CommitId last() const { return records_.back()->id; }
  size_t commits() const { return records_.size(); }
  size_t bytes() const { return bytes_; }
  /// The tables as of the last commit.
  const TableSet& tables() const { return tables_; }
  const std::map<catalog::StorageId, StorageChanges>& changes() const { return changes_; }
  /// Storage ids that were filled from outside the log.
  const std::set<catalog::StorageId>& filled() const { return filled_; }

 private:
  void Add(const rowstore::Change& change);

  TableSet tables_;
  std::vector<RecordPtr> records_;
  std::map<catalog::StorageId, StorageChanges> changes_;
  std::set<catalog::StorageId> filled_;
  size_t bytes_ = 0;
};

}  // namespace omen::replica
