#include "session/plan_cache.h"

#include <algorithm>

namespace omen::session {

CompiledPtr PlanCache::Find(std::string_view key) {
  auto it = entries_.find(key);
  if (it == entries_.end()) return nullptr;
  it->second.used = ++tick_;
  return it->second.compiled;
}

void PlanCache::Put(std::string_view key, CompiledPtr compiled) {
  auto it = entries_.find(key);
  if (it == entries_.end()) {
    if (entries_.size() >= capacity_) {
      entries_.erase(std::ranges::min_element(entries_, {},
                                              [](const auto& entry) { return entry.second.used; }));
    }
    it = entries_.emplace(std::string(key), Entry{}).first;
  }
  it->second = {std::move(compiled), ++tick_};
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
