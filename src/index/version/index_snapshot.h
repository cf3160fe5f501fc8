// A state of an index at one commit.
#pragma once

#include <utility>

#include "index/version/version_read.h"

namespace omen::index {

/// Kept for as long as this object, at the price of what was freed since. Any thread; movable;
/// must not outlive its index.
template <typename Keys>
class IndexSnapshot {
 public:
  using Key = typename Keys::Key;
  /// Takes over one hold on the version.
  IndexSnapshot(Version<Keys>* held, const RowSlots& rows) : version_(held), rows_(&rows) {}
  IndexSnapshot(IndexSnapshot&& other) noexcept
      : version_(std::exchange(other.version_, nullptr)), rows_(other.rows_) {}
  IndexSnapshot& operator=(IndexSnapshot&& other) noexcept {
    std::swap(version_, other.version_);
    std::swap(rows_, other.rows_);
    return *this;
  }
  ~IndexSnapshot() {
    if (version_ != nullptr) version_->holders.fetch_sub(1, std::memory_order_release);
  }

  Found Find(Key key) const { return VersionRead<Keys>::Find(*version_, key); }
  void FindBatch(const Key* keys, size_t count, Found* found) const {
    VersionRead<Keys>::FindBatch(*version_, keys, count, found);
  }
  /// From the pair (key, payload) on, so that a scan can be taken up again.
  void Scan(Key key, uint64_t payload, size_t limit, Visitor<Keys>& visitor) const {
    VersionRead<Keys>::Scan(*version_, key, payload, limit, visitor);
  }
  /// The row of a payload that was found in this snapshot; it stays as long as the snapshot.
  std::span<const std::byte> Row(uint64_t payload) const { return rows_->Row(payload); }

 private:
  Version<Keys>* version_;
  const RowSlots* rows_;
};

}  // namespace omen::index
