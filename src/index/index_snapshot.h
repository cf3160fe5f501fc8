// A state of an index at one commit.
#pragma once

#include <utility>

#include "index/version_read.h"

namespace omen::index {

/// Kept for as long as this object, at the price of what was freed since. Any thread; movable;
/// must not outlive its index.
template <typename Keys>
class IndexSnapshot {
 public:
  using Key = typename Keys::Key;
  /// Takes over one hold on the version.
  explicit IndexSnapshot(Version<Keys>* held) : version_(held) {}
  IndexSnapshot(IndexSnapshot&& other) noexcept
      : version_(std::exchange(other.version_, nullptr)) {}
  IndexSnapshot& operator=(IndexSnapshot&& other) noexcept {
    std::swap(version_, other.version_);
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

 private:
  Version<Keys>* version_;
};

}  // namespace omen::index
