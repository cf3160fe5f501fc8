// Compiled statements by text: one cache per session without locks, and one for the process
// behind it, so that a new connection does not parse and plan what others run all day.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "session/portal/compiled.h"

namespace omen::session {

struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

/// Bounded in number and in bytes; the least recently used falls out. One thread.
class PlanCache {
 public:
  PlanCache(size_t capacity, size_t bytes_max) : capacity_(capacity), bytes_max_(bytes_max) {}

  /// The entry of that key, or null.
  CompiledPtr Find(std::string_view key);
  void Put(std::string_view key, CompiledPtr compiled);
  void Clear() {
    entries_.clear();
    bytes_ = 0;
  }
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    CompiledPtr compiled;
    uint64_t used = 0;
  };
  static size_t BytesOf(std::string_view key, const Compiled& compiled);
  void DropOldest();

  const size_t capacity_, bytes_max_;
  size_t bytes_ = 0;
  uint64_t tick_ = 0;
  std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> entries_;
};

/// The process's cache and the names of environments (search path, user, database) that plans
/// depend on. Any thread.
class SharedPlans {
 public:
  SharedPlans();
  /// Equal texts get equal ids, which are never 0.
  uint64_t Environment(const std::string& text);
  CompiledPtr Find(std::string_view key, uint64_t environment);
  void Put(std::string_view key, const CompiledPtr& compiled);
  void Clear();

 private:
  static constexpr size_t kShards = 8;
  static constexpr size_t kShardCapacity = 256;
  static constexpr size_t kShardBytes = 8 << 20;
  static constexpr size_t kEnvironmentsMax = 10'000;
  struct Shard {
    std::mutex mutex;
    PlanCache cache{kShardCapacity, kShardBytes};
  };
  Shard& ShardOf(std::string_view key);

  std::array<Shard, kShards> shards_;
  std::mutex environments_mutex_;
  std::unordered_map<std::string, uint64_t> environments_;
  uint64_t next_environment_ = 1;
};

inline constexpr size_t kCachedTextBytesMax = 16 << 10;

}  // namespace omen::session
