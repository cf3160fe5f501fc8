// When each table was changed last: what was planned by the statistics of its columns holds until
// then.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "catalog/schema.h"

namespace omen::colstore {

/// Any thread.
class TableVersions {
 public:
  /// The last number given.
  uint64_t Now() const {
    std::lock_guard lock(mutex_);
    return last_;
  }
  /// Of its last change, or later.
  uint64_t Of(catalog::StorageId storage) const {
    std::lock_guard lock(mutex_);
    const auto found = versions_.find(storage);
    return found == versions_.end() ? forgotten_ : found->second;
  }
  /// Both before a change, of which the engine's statistics tell at once, and when its transaction
  /// has ended: a plan of the time between knows some of it.
  void Note(catalog::StorageId storage) {
    std::lock_guard lock(mutex_);
    if (versions_.size() == kKnownMax) {
      versions_.clear();
      forgotten_ = ++last_;
    }
    versions_[storage] = ++last_;
  }

 private:
  static constexpr size_t kKnownMax = 1 << 16;

  mutable std::mutex mutex_;
  uint64_t last_ = 0;
  uint64_t forgotten_ = 0;  // no earlier than the last change of any that is not known
  std::unordered_map<catalog::StorageId, uint64_t> versions_;
};

}  // namespace omen::colstore
