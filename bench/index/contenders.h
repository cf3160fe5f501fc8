// The structures under comparison, behind one interface of templates: no virtual call is paid by
// one and not by another, except by our own seam, which pays it always.
#pragma once

#include <absl/container/btree_map.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "index/hybrid_index.h"
#include "index/page_memory.h"

namespace omen::bench {

using index::Change;
using index::Form;
using index::Found;
using index::HybridOptions;

/// Where payloads go, so that no structure gets away with not reading them.
inline uint64_t payload_sink = 0;

/// Sums the keys that a scan visits. Not the payloads: structures may order those of one key
/// differently, and a scan may end among them.
template <typename Keys>
struct Sum final : index::Visitor<Keys> {
  uint64_t sum = 0;
  size_t count = 0;
  bool Visit(const typename Keys::Entry* entries, size_t n) override {
    for (size_t i = 0; i < n; ++i) {
      sum += Weigh(entries[i].key());
      payload_sink += entries[i].payload();
    }
    count += n;
    return true;
  }
  static uint64_t Weigh(uint64_t key) { return key; }
  static uint64_t Weigh(std::string_view key) {
    return key.size() + static_cast<unsigned char>(key.back());
  }
};

/// Our index in one of its forms.
template <typename Keys>
class Ours {
 public:
  using Key = typename Keys::Key;
  Ours(Form form, HybridOptions options) {
    options.form = form;
    index_ = std::move(index::HybridIndex<Keys>::Make(options, memory_, clock_).value());
  }
  bool Load(const std::vector<Change<Keys>>& pairs) { return index_->Load(pairs, 1).ok(); }
  void FindBatch(const Key* keys, size_t n, Found* found) { index_->FindBatch(keys, n, found); }
  Found Find(Key key) { return index_->Find(key); }
  uint64_t Scan(Key from, size_t limit) {
    Sum<Keys> sum;
    index_->Scan(from, limit, sum);
    return sum.sum;
  }
  bool Apply(const Change<Keys>* changes, size_t n) { return index_->Apply({changes, n}, 0).ok(); }
  void Settle() { index_->WaitForMerges(); }
  index::HybridIndex<Keys>& index() { return *index_; }
  index::PageMemory& memory() { return memory_; }

 private:
  index::PageMemory memory_;
  SystemClock clock_;
  std::unique_ptr<index::HybridIndex<Keys>> index_;
};

/// absl::btree_multimap as it comes: one thread, no snapshots, one lookup at a time.
template <typename Keys>
class Absl {
 public:
  using Key = typename Keys::Key;
  using Stored = std::conditional_t<Keys::kHeadIsKey, uint64_t, std::string>;
  bool Load(const std::vector<Change<Keys>>& pairs) {
    for (const auto& pair : pairs) map_.emplace_hint(map_.end(), Stored(pair.key), pair.payload);
    return true;
  }
  void FindBatch(const Key* keys, size_t n, Found* found) {
    for (size_t i = 0; i < n; ++i) found[i] = Find(keys[i]);
  }
  Found Find(Key key) {
    const auto at = map_.find(key);
    return at == map_.end() ? Found{} : Found{at->second, true};
  }
  uint64_t Scan(Key from, size_t limit) {
    uint64_t sum = 0;
    for (auto at = map_.lower_bound(from); limit-- != 0 && at != map_.end(); ++at)
      sum += Sum<Keys>::Weigh(at->first), payload_sink += at->second;
    return sum;
  }
  bool Apply(const Change<Keys>* changes, size_t n) {
    for (size_t i = 0; i < n; ++i) map_.emplace(Stored(changes[i].key), changes[i].payload);
    return true;
  }
  void Settle() {}

 private:
  absl::btree_multimap<Stored, uint64_t, std::less<>> map_;
};

/// A sorted array and std::lower_bound.
class Sorted {
 public:
  bool Load(const std::vector<Change<index::IntKeys>>& pairs) {
    for (const auto& pair : pairs) pairs_.emplace_back(pair.key, pair.payload);
    return true;
  }
  void FindBatch(const uint64_t* keys, size_t n, Found* found) {
    for (size_t i = 0; i < n; ++i) found[i] = Find(keys[i]);
  }
  Found Find(uint64_t key) {
    const auto at = std::lower_bound(pairs_.begin(), pairs_.end(), std::pair(key, uint64_t{0}));
    return at == pairs_.end() || at->first != key ? Found{} : Found{at->second, true};
  }
  uint64_t Scan(uint64_t from, size_t limit) {
    auto at = std::lower_bound(pairs_.begin(), pairs_.end(), std::pair(from, uint64_t{0}));
    uint64_t sum = 0;
    for (; limit-- != 0 && at != pairs_.end(); ++at) sum += at->first, payload_sink += at->second;
    return sum;
  }

 private:
  std::vector<std::pair<uint64_t, uint64_t>> pairs_;
};

}  // namespace omen::bench
