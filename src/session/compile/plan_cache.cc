#include "session/compile/plan_cache.h"

#include <algorithm>

namespace omen::session {

CompiledPtr PlanCache::Find(std::string_view key) {
  auto it = entries_.find(key);
  if (it == entries_.end()) return nullptr;
  it->second.used = ++tick_;
  return it->second.compiled;
}

size_t PlanCache::BytesOf(std::string_view key, const Compiled& compiled) {
  return sizeof(Entry) + key.size() + static_cast<size_t>(compiled.memory.bytes());
}

void PlanCache::DropOldest() {
  const auto oldest =
      std::ranges::min_element(entries_, {}, [](const auto& entry) { return entry.second.used; });
  bytes_ -= BytesOf(oldest->first, *oldest->second.compiled);
  entries_.erase(oldest);
}

void PlanCache::Put(std::string_view key, CompiledPtr compiled) {
  const size_t bytes = BytesOf(key, *compiled);
  if (bytes > bytes_max_) return;
  if (auto it = entries_.find(key); it != entries_.end()) {
    bytes_ += bytes - BytesOf(key, *it->second.compiled);
    it->second = {std::move(compiled), ++tick_};
  } else {
    if (entries_.size() >= capacity_) DropOldest();
    entries_.emplace(std::string(key), Entry{std::move(compiled), ++tick_});
    bytes_ += bytes;
  }
  while (bytes_ > bytes_max_) DropOldest();
}

SharedPlans::SharedPlans() = default;

uint64_t SharedPlans::Environment(const std::string& text) {
  std::lock_guard lock(environments_mutex_);
  auto it = environments_.find(text);
  if (it != environments_.end()) return it->second;
  uint64_t id = next_environment_++;
  if (environments_.size() < kEnvironmentsMax) environments_.emplace(text, id);
  return id;
}

SharedPlans::Shard& SharedPlans::ShardOf(std::string_view key) {
  return shards_[TextHash()(key) / 64 % kShards];
}

CompiledPtr SharedPlans::Find(std::string_view key, uint64_t environment) {
  Shard& shard = ShardOf(key);
  std::lock_guard lock(shard.mutex);
  CompiledPtr found = shard.cache.Find(key);
  return found != nullptr && found->environment == environment ? found : nullptr;
}

void SharedPlans::Put(std::string_view key, const CompiledPtr& compiled) {
  Shard& shard = ShardOf(key);
  std::lock_guard lock(shard.mutex);
  shard.cache.Put(key, compiled);
}

void SharedPlans::Clear() {
  for (Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    shard.cache.Clear();
  }
}

}  // namespace omen::session
