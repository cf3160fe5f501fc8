// The versions of an index from the oldest that somebody may read to the current one.
#pragma once

#include <atomic>
#include <mutex>

#include "index/memory/epoch.h"
#include "index/version/version.h"

namespace omen::index {

/// Readers: any thread, under an EpochGuard on epochs(). Hold and Release: any thread. The rest:
/// one writer at a time.
template <typename Keys>
class VersionChain {
 public:
  /// `rows` outlives the chain.
  VersionChain(learn::Memory& memory, uint32_t remember, RowSlots& rows)
      : memory_(memory), rows_(rows), remember_(remember), remembered_(memory) {}
  /// Frees everything, the current version's runs and deltas included. Nobody may read any more.
  ~VersionChain();

  /// The first, empty version; 53200.
  Status Start();
  EpochDomain& epochs() const { return epochs_; }
  Version<Keys>* current() const { return current_.load(std::memory_order_acquire); }

  /// A version like the current one, to be changed and published; null when memory is refused.
  Version<Keys>* Successor();
  void Discard(Version<Keys>* unpublished) { Unplace(memory_, unpublished); }
  /// Room for `count` pieces of garbage of the current version.
  [[nodiscard]] bool ReserveGarbage(size_t count);
  /// Cannot fail: `piece` needs room reserved. For what the successor no longer uses.
  void AddGarbage(Garbage piece, size_t bytes = 0);
  /// Forgets commits, the oldest first, until what the others keep from being freed is at most
  /// `bytes`. The newest commit is never forgotten.
  void ForgetBeyond(size_t bytes);
  void Publish(Version<Keys>* next);
  /// Frees what no reader can reach any more; looks for it only now and then, or at once.
  void Reclaim(bool at_once = false);

  /// Keeps the version of a commit from being freed; null if it is not remembered.
  Version<Keys>* Hold(uint64_t commit_id) const;

  static void FreeRun(void* memory, void* run);
  static void FreeRunSet(void* memory, void* set);
  static void FreeDelta(void* memory, void* delta);
  static void FreeHash(void* memory, void* hash);

 private:
  // A barrier interrupts every reader for microseconds: a few megabytes of garbage are cheaper.
  static constexpr uint32_t kVersions = 1024;
  static constexpr size_t kBytes = 4096 * sizeof(TreeNode<Keys>);
  void Remember(Version<Keys>* next);
  void ForgetFirst();
  bool Reachable(const Version<Keys>& version) const;
  void FreeOldest();

  learn::Memory& memory_;
  RowSlots& rows_;
  const uint32_t remember_;
  mutable EpochDomain epochs_;
  std::atomic<Version<Keys>*> current_{nullptr};
  Version<Keys>* oldest_ = nullptr;
  // Versions, and bytes of nodes and rows, retired since the epoch was moved.
  uint32_t versions_since_ = 0;
  size_t bytes_since_ = 0;
  mutable std::mutex remembered_mutex_;
  learn::Array<Version<Keys>*> remembered_;  // oldest first
};

extern template class VersionChain<IntKeys>;
extern template class VersionChain<StringKeys>;

}  // namespace omen::index
