// What a commit changed, as observers and the change log tell it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace omen::rowstore {

/// Numbers commits in order, 1, 2, ... 0 is the empty database.
using CommitId = uint64_t;

enum class ChangeKind : uint8_t {
  kNone = 0,  // an index entry, see CommitRecord::entries
  kInsert = 1,
  kUpdate = 2,
  kDelete = 3,
  kStorage = 4,  // a storage id came to life filled from outside the log (bulk load): copy it
};

/// One row's change. `key` is the full row key; `value` the encoded row (empty for a delete).
/// Views into the CommitRecord that holds them.
struct Change {
  catalog::StorageId storage;
  ChangeKind kind;
  std::string_view key;
  std::string_view value;
};

/// One commit. Immutable.
struct CommitRecord {
  CommitId id = 0;
  uint64_t epoch = 0;
  std::vector<Change> changes;  // in the order they were made; a key may occur twice
  /// Entries of indexes, by key: kInsert or kDelete. Filled where the log is read, and where an
  /// observer wants them: with them a structure over an index knows what a row's old keys were.
  std::vector<Change> entries;
  std::vector<catalog::Mutation> catalog;
  std::shared_ptr<const void> memory;  // keeps what the views point into
  size_t bytes = 0;
};

/// Listens to commits. OnCommit runs on the committing thread, in commit order, after the
/// sync and before the commit is visible or acknowledged. It must not block or fail: whoever has
/// more to do than fits takes records from a CommitFeed, on a thread of its own.
class CommitObserver {
 public:
  virtual ~CommitObserver() = default;
  virtual bool wants_entries() const { return false; }
  virtual void OnCommit(const std::shared_ptr<const CommitRecord>& record) = 0;
};

}  // namespace omen::rowstore
