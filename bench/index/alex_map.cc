#include "alex_map.h"

#include <alex_multimap.h>

namespace omen::bench {

struct AlexMap::Map : alex::AlexMultimap<uint64_t, uint64_t> {};

AlexMap::AlexMap() : map_(std::make_unique<Map>()) {}
AlexMap::~AlexMap() = default;

void AlexMap::Load(const std::pair<uint64_t, uint64_t>* sorted, size_t count) {
  map_->bulk_load(sorted, static_cast<int>(count));
}

bool AlexMap::Find(uint64_t key, uint64_t& payload) {
  auto at = map_->find(key);
  if (at == map_->end()) return false;
  payload = at.payload();
  return true;
}

std::pair<uint64_t, uint64_t> AlexMap::Scan(uint64_t key, size_t limit) {
  std::pair<uint64_t, uint64_t> sums{0, 0};
  const auto end = map_->end();
  for (auto at = map_->lower_bound(key); limit-- != 0 && at != end; ++at) {
    sums.first += at.key();
    sums.second += at.payload();
  }
  return sums;
}

void AlexMap::Insert(uint64_t key, uint64_t payload) { map_->insert(key, payload); }

void AlexMap::Erase(uint64_t key, uint64_t payload) {
  auto at = map_->lower_bound(key);
  while (at != map_->end() && at.key() == key && at.payload() != payload) ++at;
  if (at != map_->end() && at.key() == key) map_->erase(at);
}

}  // namespace omen::bench
