// The structures under comparison, behind one interface of templates: no virtual call is paid by
// one and not by another, except by our own seam, which pays it always. All are written to by the
// same changes, erases of single pairs among them.
#pragma once

#include <absl/container/btree_map.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "index/hybrid_index.h"
#include "index/memory/page_memory.h"
#include "measure.h"

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
    index_ = std::move(index::HybridIndex<Keys>::Make(options, memory_, clock_, &log_).value());
  }
  void Load(const std::vector<Change<Keys>>& pairs) {
    Demand(index_->Load(pairs, 1).ok(), "loading was refused");
  }
  void FindBatch(const Key* keys, size_t n, Found* found) { index_->FindBatch(keys, n, found); }
  Found Find(Key key) { return index_->Find(key); }
  uint64_t Scan(Key from, size_t limit) {
    Sum<Keys> sum;
    index_->Scan(from, limit, sum);
    return sum.sum;
  }
  void Apply(const Change<Keys>* changes, size_t n) {
    Demand(index_->Apply({changes, n}, 0).ok(), "a write was refused");
  }
  void Settle() { index_->WaitForMerges(); }
  index::HybridIndex<Keys>& index() { return *index_; }
  index::PageMemory& memory() { return memory_; }
  /// What was chosen, how often, and why.
  void Decisions(const std::string& name, Measurements& out) const {
    for (const obs::Decision& made : log_.Recent())
      out.Remark(name,
                 std::string(made.chosen) + " instead of " + made.instead_of + ": " + made.reason);
  }

 private:
  index::PageMemory memory_;
  SystemClock clock_;
  obs::DecisionLog log_{4096};
  std::unique_ptr<index::HybridIndex<Keys>> index_;
};

/// absl::btree_multimap as it comes: one thread, no snapshots, one lookup at a time.
template <typename Keys>
class Absl {
 public:
  using Key = typename Keys::Key;
  using Stored = std::conditional_t<Keys::kHeadIsKey, uint64_t, std::string>;
  void Load(const std::vector<Change<Keys>>& pairs) {
    for (const auto& pair : pairs) map_.emplace_hint(map_.end(), Stored(pair.key), pair.payload);
  }
  void FindBatch(const Key* keys, size_t n, Found* found) {
    for (size_t i = 0; i < n; ++i) found[i] = Find(keys[i]);
  }
  Found Find(Key key) {
    const auto at = map_.find(View(key));
    return at == map_.end() ? Found{} : Found{at->second, true};
  }
  uint64_t Scan(Key from, size_t limit) {
    uint64_t sum = 0;
    for (auto at = map_.lower_bound(View(from)); limit-- != 0 && at != map_.end(); ++at)
      sum += Sum<Keys>::Weigh(at->first), payload_sink += at->second;
    return sum;
  }
  void Apply(const Change<Keys>* changes, size_t n) {
    for (size_t i = 0; i < n; ++i) {
      if (changes[i].erase) {
        Erase(changes[i]);
      } else {
        map_.emplace(Stored(changes[i].key), changes[i].payload);
      }
    }
  }
  void Settle() {}

 private:
  static uint64_t View(uint64_t key) { return key; }
  static absl::string_view View(std::string_view key) { return {key.data(), key.size()}; }

  // A multimap knows no order among the payloads of a key: they are looked through.
  void Erase(const Change<Keys>& pair) {
    auto at = map_.lower_bound(View(pair.key));
    while (at != map_.end() && at->first == pair.key && at->second != pair.payload) ++at;
    if (at != map_.end() && at->first == pair.key) map_.erase(at);
  }

  absl::btree_multimap<Stored, uint64_t> map_;
};

/// A sorted array and std::lower_bound.
class Sorted {
 public:
  void Load(const std::vector<Change<index::IntKeys>>& pairs) {
    pairs_.reserve(pairs.size());
    for (const auto& pair : pairs) pairs_.emplace_back(pair.key, pair.payload);
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
