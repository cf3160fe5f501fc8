// ALEX behind plain functions, because its headers need C++17 and ours C++20.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace omen::bench {

class AlexMap {
 public:
  AlexMap();
  ~AlexMap();
  void Load(const std::pair<uint64_t, uint64_t>* sorted, size_t count);
  bool Find(uint64_t key, uint64_t& payload);
  /// The sums of the keys and of the payloads of at most `limit` pairs from `key` on.
  std::pair<uint64_t, uint64_t> Scan(uint64_t key, size_t limit);
  void Insert(uint64_t key, uint64_t payload);
  void Erase(uint64_t key, uint64_t payload);

 private:
  struct Map;
  std::unique_ptr<Map> map_;
};

}  // namespace omen::bench
