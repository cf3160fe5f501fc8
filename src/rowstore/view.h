// A consistent view of all rows, what may stand beside it, and walks over it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "rowstore/change.h"

namespace omen::rowstore {

/// Something beside the rows that is of the same commit: a hot tier's or a cache's own snapshot.
class ViewCompanion {
 public:
  virtual ~ViewCompanion() = default;
};

/// Makes companions. At runs on the committing thread, after the observers of that commit and
/// before the next: it may neither wait nor fail.
class ViewExtender {
 public:
  virtual ~ViewExtender() = default;
  virtual std::shared_ptr<const ViewCompanion> At(CommitId commit) = 0;
};

/// A consistent view of all rows: a RocksDB snapshot and the last commit in it.
/// Any thread; holding one keeps old row versions alive.
class ReadView {
 public:
  virtual ~ReadView() = default;
  virtual CommitId commit_id() const = 0;
  /// By the number that AddViewExtender gave; null in views from before.
  virtual const ViewCompanion* companion(size_t number) const = 0;
};

/// A key range: lower <= key < upper; an empty upper means no bound.
struct KeyRange {
  std::string lower, upper;
};

/// A forward or backward walk over a key range. One thread.
class Iterator {
 public:
  virtual ~Iterator() = default;
  virtual bool Valid() const = 0;
  virtual void Next() = 0;
  /// To the beginning of another range, as a new one of the same view would be: much cheaper.
  virtual void Reset(const KeyRange& range, bool backward) = 0;
  /// Of the current entry; valid until Next.
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  /// Why Valid() is false, when not for the end.
  virtual Status status() const = 0;
};

}  // namespace omen::rowstore
