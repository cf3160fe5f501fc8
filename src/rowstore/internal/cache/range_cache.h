// Ranges of keys that were walked over, in memory: a step there costs a tenth of RocksDB's. Never
// stale: a commit takes out what it changes before any view shows that.
#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "rowstore/internal/cache/cached_range.h"

namespace omen::rowstore {

/// Ranges of storages, disjoint. A range is as a view of its time read it, and nothing in it was
/// committed since; so it is what every later view reads. Added is what a view read since which
/// nothing of the storage was committed. Within its bytes, those stay that were found again
/// (clock). Any thread.
class RangeCache {
 public:
  /// 0 bytes: holds nothing.
  explicit RangeCache(size_t bytes_max) : bytes_max_(bytes_max) {}

  using RangePtr = std::shared_ptr<const CachedRange>;
  /// The range where a walk of the storage goes on at `edge`, upwards with it or downwards below
  /// it, in a view of that sequence number. Null: it is not here.
  RangePtr Find(catalog::StorageId storage, std::string_view edge, bool backward,
                uint64_t sequence);
  /// Whether what a view of that sequence number reads may be added, as far as one can tell.
  bool Takes(catalog::StorageId storage, uint64_t sequence) const;
  void Add(catalog::StorageId storage, RangePtr range, uint64_t sequence);
  /// A commit up to that sequence number, which no view shows yet, changed the key.
  void Change(std::string_view key, uint64_t sequence) noexcept;

  /// Of a storage that is no longer used.
  void Forget(catalog::StorageId storage);

  struct Counts {
    uint64_t found = 0, missed = 0, ranges = 0, bytes = 0;
  };
  Counts counts() const;
  size_t bytes_max() const { return bytes_max_; }

 private:
  struct Held {
    RangePtr range;
    uint64_t since;
    catalog::StorageId storage;
    uint32_t place = 0;  // in the clock
    bool found_again = false;
  };
  /// A key of the storage, or where it ends, with the first bytes behind the storage id, so that
  /// most comparisons read no others.
  struct Edge {
    Edge(catalog::StorageId storage, std::string_view key);
    bool operator<(const Edge& other) const {
      return head != other.head ? head < other.head : bytes < other.bytes;
    }
    uint64_t head;
    std::string_view bytes;
  };
  using Ranges = absl::btree_map<Edge, std::unique_ptr<Held>>;  // by where they begin
  static constexpr size_t kShards = 64, kClocks = 64;
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    std::array<uint64_t, kClocks> last_changes{};
    absl::flat_hash_map<catalog::StorageId, Ranges> storages;
    std::vector<Held*> clock;
    size_t hand = 0;
    uint64_t found = 0, missed = 0;
  };

  Shard& ShardOf(catalog::StorageId storage) const { return shards_[storage % kShards]; }
  static uint64_t& LastChange(Shard* shard, catalog::StorageId storage) {
    return shard->last_changes[storage / kShards % kClocks];
  }
  static Ranges::iterator Around(Ranges* ranges, const Edge& edge, bool backward);
  std::unique_ptr<Held> TakeOut(Shard* shard, Ranges* ranges, Ranges::iterator at);
  void TakeOutBetween(Shard* shard, Ranges* ranges, const Held& between,
                      std::vector<std::unique_ptr<Held>>* out);
  void MakeRoom();
  void Sweep(Shard* shard, std::vector<std::unique_ptr<Held>>* out);

  const size_t bytes_max_;
  std::atomic<size_t> bytes_{0};
  std::atomic<size_t> next_swept_{0};
  mutable std::array<Shard, kShards> shards_;
};

}  // namespace omen::rowstore
