#include "external.h"

#ifdef OMEN_BENCH_PGM
#include <pgm/pgm_index_dynamic.hpp>
#endif
#ifdef OMEN_BENCH_ALEX
#include "alex_map.h"
#endif

namespace omen::bench {

namespace {

using Pair = Change<index::IntKeys>;
using Pairs = std::vector<std::pair<uint64_t, uint64_t>>;

/// Batches as libraries take them that know single operations only.
template <typename Library>
class OneAtATime : public Library {
 public:
  void FindBatch(const uint64_t* keys, size_t n, Found* found) {
    for (size_t i = 0; i < n; ++i) found[i] = this->Find(keys[i]);
  }
  void Apply(const Pair* changes, size_t n) {
    for (size_t i = 0; i < n; ++i)
      changes[i].erase ? this->Erase(changes[i]) : this->Insert(changes[i]);
  }
  void Settle() {}
};

// Their lower bounds, ends and sums, walked alike.
template <typename Iterator>
uint64_t SumFrom(Iterator at, Iterator end, size_t limit) {
  uint64_t sum = 0;
  for (; limit-- != 0 && at != end; ++at) {
    const auto& pair = *at;
    sum += pair.first, payload_sink += pair.second;
  }
  return sum;
}

[[maybe_unused]] Pairs Copied(const std::vector<Pair>& changes) {
  Pairs pairs;
  pairs.reserve(changes.size());
  for (const Pair& change : changes) pairs.emplace_back(change.key, change.payload);
  return pairs;
}

#ifdef OMEN_BENCH_PGM
constexpr size_t kEpsilon = 16;

class Pgm {
 public:
  void Load(const std::vector<Pair>& changes) {
    pairs_ = Copied(changes);
    std::vector<uint64_t> keys;
    keys.reserve(pairs_.size());
    for (const auto& pair : pairs_) keys.push_back(pair.first);
    model_ = pgm::PGMIndex<uint64_t, kEpsilon>(keys);
  }
  Found Find(uint64_t key) {
    const auto at = LowerBound(key);
    return at == pairs_.end() || at->first != key ? Found{} : Found{at->second, true};
  }
  uint64_t Scan(uint64_t from, size_t limit) {
    return SumFrom(LowerBound(from), pairs_.cend(), limit);
  }

 private:
  Pairs::const_iterator LowerBound(uint64_t key) const {
    const auto window = model_.search(key);
    return std::lower_bound(pairs_.begin() + static_cast<ptrdiff_t>(window.lo),
                            pairs_.begin() + static_cast<ptrdiff_t>(window.hi), key,
                            [](const auto& pair, uint64_t wanted) { return pair.first < wanted; });
  }
  Pairs pairs_;
  pgm::PGMIndex<uint64_t, kEpsilon> model_;
};

class DynamicPgm {
 public:
  void Load(const std::vector<Pair>& changes) {
    const Pairs pairs = Copied(changes);
    map_ = std::make_unique<Map>(pairs.begin(), pairs.end());
  }
  Found Find(uint64_t key) {
    const auto at = map_->find(key);
    return at == map_->end() ? Found{} : Found{at->second, true};
  }
  uint64_t Scan(uint64_t from, size_t limit) {
    return SumFrom(map_->lower_bound(from), map_->end(), limit);
  }
  void Insert(const Pair& pair) { map_->insert_or_assign(pair.key, pair.payload); }
  void Erase(const Pair& pair) { map_->erase(pair.key); }

 private:
  using Map = pgm::DynamicPGMIndex<uint64_t, uint64_t, pgm::PGMIndex<uint64_t, kEpsilon>>;
  std::unique_ptr<Map> map_;
};
#endif

#ifdef OMEN_BENCH_ALEX
class Alex {
 public:
  void Load(const std::vector<Pair>& changes) {
    const Pairs pairs = Copied(changes);
    map_.Load(pairs.data(), pairs.size());
  }
  Found Find(uint64_t key) {
    Found found;
    found.found = map_.Find(key, found.payload);
    return found;
  }
  uint64_t Scan(uint64_t from, size_t limit) {
    const auto sums = map_.Scan(from, limit);
    payload_sink += sums.second;
    return sums.first;
  }
  void Insert(const Pair& pair) { map_.Insert(pair.key, pair.payload); }
  void Erase(const Pair& pair) { map_.Erase(pair.key, pair.payload); }

 private:
  AlexMap map_;
};
#endif

[[maybe_unused]] bool Distinct(const KeySet<index::IntKeys>& set) {
  std::vector<uint64_t> keys;
  for (const auto* changes : {&set.loaded, &set.writes})
    for (const Pair& change : *changes)
      if (!change.erase) keys.push_back(change.key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) == keys.end();
}

template <typename Library>
[[maybe_unused]] void Read(const std::string& name, const KeySet<index::IntKeys>& set,
                           Comparison<index::IntKeys>& comparison, int rounds, Measurements& out) {
  Library library;
  out.Time(name + "/load", set.loaded.size(), [&] { library.Load(set.loaded); });
  for (int round = 0; round < rounds; ++round) {
    comparison.Points(library, name);
    comparison.Ranges(library, name, false);
  }
}

}  // namespace

void ReadExternals(const KeySet<index::IntKeys>& set, Comparison<index::IntKeys>& comparison,
                   int rounds, Measurements& out) {
#ifdef OMEN_BENCH_PGM
  if (set.loaded.back().key == ~uint64_t{0}) {
    out.Remark("pgm", "not run: it keeps the largest key for itself");
  } else {
    Read<OneAtATime<Pgm>>("pgm", set, comparison, rounds, out);
  }
#endif
#ifdef OMEN_BENCH_ALEX
  Read<OneAtATime<Alex>>("alex", set, comparison, rounds, out);
#endif
}

void MixExternals(const KeySet<index::IntKeys>& set, MixComparison<index::IntKeys>& mix,
                  Measurements& out) {
#ifdef OMEN_BENCH_PGM
  if (Distinct(set)) {
    OneAtATime<DynamicPgm> pgm;
    mix.Run(pgm, "pgm");
  } else {
    out.Remark("pgm", "not run: its map takes a key once");
  }
#endif
#ifdef OMEN_BENCH_ALEX
  OneAtATime<Alex> alex;
  mix.Run(alex, "alex");
#endif
}

}  // namespace omen::bench
