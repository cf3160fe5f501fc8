// What keys hold that were looked up, in memory: a look-up here costs a tenth of RocksDB's. Never
// stale: commits change it before any view shows them.
#pragma once

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace omen::rowstore {

/// The newest committed values of some keys. A key's shard knows the last commit, by RocksDB's
/// sequence number, that changed any key of it. So what is here is what every view since that
/// commit reads, and what a view read since then may be added; an older view finds nothing. Within
/// its bytes, those stay that were found again (clock). Any thread.
class RowCache {
 public:
  /// 0 bytes: holds nothing.
  explicit RowCache(size_t bytes_max);
  ~RowCache();
  RowCache(const RowCache&) = delete;
  RowCache& operator=(const RowCache&) = delete;

  /// What `key` holds in a view of that sequence number. False: that is not known here.
  bool Find(std::string_view key, uint64_t sequence, std::string* value);
  /// False where a commit after that view's may have changed the key. The cache knows of every
  /// commit that holds no lock any more.
  bool IsUnchanged(std::string_view key, uint64_t sequence) const;
  /// `key` holds `value` in a view of that sequence number. Room is made, or it is left out.
  void Add(std::string_view key, std::string_view value, uint64_t sequence);
  /// A commit up to that sequence number, which no view shows yet, wrote or removed the key.
  void Put(std::string_view key, std::string_view value, uint64_t sequence) noexcept;
  void Remove(std::string_view key, uint64_t sequence) noexcept;

  struct Counts {
    uint64_t found = 0, missed = 0, entries = 0, bytes = 0;
  };
  Counts counts() const;
  size_t bytes_max() const { return bytes_max_; }

 private:
  struct Key {
    std::string_view bytes;
    uint64_t hash;
  };
  class Entry;
  struct Free {
    void operator()(Entry* entry) const;
  };
  using EntryPtr = std::unique_ptr<Entry, Free>;
  struct Hash {
    using is_transparent = void;
    size_t operator()(const Key& key) const { return key.hash; }
    size_t operator()(const Entry* entry) const;
  };
  struct Same {
    using is_transparent = void;
    bool operator()(const Entry* a, const Entry* b) const { return a == b; }
    bool operator()(const Entry* a, const Key& b) const;
    bool operator()(const Key& a, const Entry* b) const { return (*this)(b, a); }
  };
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    uint64_t last_change = 0;
    absl::flat_hash_set<Entry*, Hash, Same> entries;
    std::vector<EntryPtr> clock;  // the same ones
    size_t hand = 0, bytes = 0;
    uint64_t found = 0, missed = 0;
  };

  static Key KeyOf(std::string_view bytes);
  Shard& ShardOf(const Key& key) const { return shards_[key.hash >> shard_shift_]; }
  /// `value` null: there is none any more.
  void Change(const Key& key, const std::string_view* value, uint64_t sequence) noexcept;
  /// Takes one out, to be freed without the shard's lock.
  static EntryPtr TakeOut(Shard* shard, Entry* entry);
  /// Takes out what was not found since the hand passed, until `bytes` fit.
  void MakeRoom(Shard* shard, size_t bytes, std::vector<EntryPtr>* out) const;

  const size_t bytes_max_;
  int shard_shift_ = 0;
  size_t shard_bytes_max_ = 0;
  std::unique_ptr<Shard[]> shards_;
};

}  // namespace omen::rowstore
