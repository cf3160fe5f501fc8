// Which slots of an index's rows its commits take, and which they set free.
//
// Inserted slots are marked before a commit's changes are made, erased ones as they are made, on
// the list of the version that is current then: the last that needs them. A refused commit takes
// both back. Merges move pairs and never touch a slot.
#pragma once

#include <span>

#include "index/version/index.h"
#include "index/version/version_chain.h"

namespace omen::index {

/// One writer at a time.
template <typename Keys>
class PairRows {
 public:
  /// Both outlive this.
  PairRows(RowSlots& slots, VersionChain<Keys>& chain) : slots_(slots), chain_(chain) {}

  /// Makes the stored slots of all inserted pairs live, or none of them: 22023. Nothing where
  /// the index has no rows.
  Status Insert(std::span<const Change<Keys>> changes);
  void Uninsert(std::span<const Change<Keys>> changes);
  /// Takes back the slots of a commit that was refused after Insert.
  void TakeBack(std::span<const Change<Keys>> changes);
  /// Makes the changes in `next`'s active delta, and erases the slots of erased pairs.
  Status Apply(Version<Keys>& next, std::span<const Change<Keys>> changes, bool tombstones);
  /// A slot with a copy of the row.
  Result<uint64_t> Store(std::span<const std::byte> row);
  /// The same for all rows of a commit, as changes of pairs for which `pairs` has room.
  Status StoreAll(std::span<const RowChange<Keys>> changes, learn::Array<Change<Keys>>& pairs);

 private:
  Status Erase(Version<Keys>& next, const Change<Keys>& erase, bool tombstones);

  RowSlots& slots_;
  VersionChain<Keys>& chain_;
};

extern template class PairRows<IntKeys>;
extern template class PairRows<StringKeys>;

}  // namespace omen::index
