// When each storage id was last changed: by whose commit, and coarsely in which part of its keys.
// What was computed from rows is good as long as the clock of what it read stands still.
//
// Of a storage id the clock keeps at most kRanges ranges of keys, each with the last commit that
// touched it. A range that is touched often is divided at a key that was touched; when there are
// too many, the two neighbours that have rested longest become one. So ranges are narrow where
// changes fall, and a range's commit may be later than that of its last change, never earlier.
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "rowstore/change.h"

namespace omen::rowstore {

/// Any thread; told by the commit path. Costs a lookup per changed row; bounded per storage id.
/// Nothing is kept over a restart: then everything may have changed at the commit it began with.
class ChangeClock final : public CommitObserver {
 public:
  explicit ChangeClock(CommitId start) : floor_(start) {}
  void OnCommit(const std::shared_ptr<const CommitRecord>& record) override;

  /// The last commit that changed rows of the storage id, or a later one; the one the clock began
  /// with if none has since. It may be about to be published.
  CommitId LastChange(catalog::StorageId storage) const;
  /// The same of keys with lower <= key < upper (empty: no bound); maybe later, never earlier.
  CommitId LastChange(catalog::StorageId storage, std::string_view lower,
                      std::string_view upper) const;
  /// The last change that a view of this commit shows. Nothing where so many have come after the
  /// view that it is forgotten.
  std::optional<CommitId> LastChangeSeenBy(catalog::StorageId storage, CommitId view) const;

  /// Of a storage id that is freed, for which all that are not known may then have changed.
  void Forget(catalog::StorageId storage);

 private:
  static constexpr size_t kRanges = 64, kRecent = 8;
  struct Range {
    std::string lower;
    CommitId last;
    uint32_t touched = 0;  // since it was divided
    std::string sample;    // one of the keys that were touched
  };
  struct Storage {
    std::vector<Range> ranges;               // in order; the first begins at ""
    std::array<CommitId, kRecent> recent{};  // newest first; 0: none
  };

  Storage& StorageOf(catalog::StorageId storage);
  static void Touch(Storage* storage, std::string_view key, CommitId commit);
  static void Divide(Storage* storage, size_t number);
  static void JoinColdest(Storage* storage);

  mutable std::mutex mutex_;
  CommitId floor_;  // of storage ids that are not known, or no more
  std::unordered_map<catalog::StorageId, Storage> storages_;
};

}  // namespace omen::rowstore
