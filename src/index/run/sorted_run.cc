#include "index/run/sorted_run.h"

#include <algorithm>
#include <array>
#include <bit>

#include "index/run/run_trial.h"

namespace omen::index {

const char* NameOf(Search search) {
  switch (search) {
    case Search::kLearned:
      return "learned";
    case Search::kTree:
      return "btree";
    case Search::kHash:
      return "hash";
  }
  return "unknown";
}

template <typename Keys>
MemoryUse SortedRun<Keys>::memory() const {
  MemoryUse use;
  use.entries = entries_.bytes() + text_.bytes();
  use.guide = guide_.bytes() + ends_.bytes();
  use.model = model_ == nullptr ? 0 : model_->bytes();
  const PositionHash* hash = hash_.load(std::memory_order_acquire);
  use.other = tree_.bytes() + (hash == nullptr ? 0 : hash->bytes()) + sizeof *this;
  return use;
}

// The first of two small searches: among a model's segments, or in the tree's lowest level.
template <typename Keys>
learn::Window SortedRun<Keys>::Approach(uint64_t head, uint64_t& at_most) const {
  at_most = head;
  if (learned_) return model_->BottomWindow(head);
  // "Less" is "at most the one before", so that both kinds use one search.
  at_most = head - 1;
  learn::Window window = tree_.Approach(head);
  if (head == 0) window.length = 0;
  return window;
}

// The second: where in the guide to look, from what the first one counted.
template <typename Keys>
learn::Window SortedRun<Keys>::GuideWindow(uint64_t head, const learn::Window& approach,
                                           uint32_t count) const {
  const auto blocks = static_cast<uint32_t>(guide_.size());
  if (learned_) {
    const auto place = static_cast<uint32_t>(approach.first - model_->bottom().keys) + count;
    const learn::Prediction in = model_->bottom().Predict(place == 0 ? 0 : place - 1, head);
    return {guide_.data() + in.lo, in.hi - in.lo};
  }
  const auto group = static_cast<uint32_t>(approach.first - tree_.lowest()) + count;
  const uint32_t first = std::min(group * GuideTree::kGroup, blocks);
  return {guide_.data() + first, std::min(GuideTree::kGroup, blocks - first)};
}

// Whether a block's last entry, whose head is the probe's, is below it.
template <typename Keys>
bool SortedRun<Keys>::LastBelow(uint32_t block, const Probe& probe) const {
  if constexpr (!Keys::kHeadIsKey) {
    const int order = Keys::Compare(typename Keys::Rest{ends_[block], 0}.key(), probe.key());
    if (order != 0) return order < 0;
  }
  return Keys::TieLess(LastOfBlock(block).rest, probe);
}

// Equal heads: the first block whose last entry is not below the probe.
template <typename Keys>
uint32_t SortedRun<Keys>::FirstTiedBlock(const Probe& probe, uint32_t block) const {
  const auto blocks = static_cast<uint32_t>(guide_.size());
  const auto below = [&](uint32_t b) { return guide_[b] == probe.head && LastBelow(b, probe); };
  uint32_t step = 1, lo = block, hi = block;
  while (hi < blocks && below(hi)) {
    lo = hi + 1;
    hi = std::min(blocks, hi + step);
    step *= 2;
  }
  while (lo < hi) {
    const uint32_t middle = lo + (hi - lo) / 2;
    if (below(middle)) {
      lo = middle + 1;
    } else {
      hi = middle;
    }
  }
  return lo;
}

// `block` is the first whose last head is not below the probe's.
template <typename Keys>
uint32_t SortedRun<Keys>::InBlocks(const Probe& probe, uint32_t block) const {
  if (block >= guide_.size()) return size_;
  if (!Keys::kHeadIsKey || probe.payload != 0) {
    if (guide_[block] == probe.head) block = FirstTiedBlock(probe, block);
    if (block == guide_.size()) return size_;
  }
  const uint32_t first = block * kBlock;
  const uint32_t in_block = std::min(kBlock, size_ - first);
  const Entry* const entries = &entries_[first];
  uint32_t less = 0;
  for (uint32_t i = 0; i < in_block; ++i) less += entries[i].head < probe.head;
  if (Keys::kHeadIsKey && probe.payload == 0) return first + less;
  while (less < in_block && entries[less].head == probe.head &&
         Keys::TieLess(entries[less].rest, probe))
    ++less;
  return first + less;
}

// A lone lookup cannot hide one wait behind another's: it asks for the whole predicted range of
// entries at once and does without the guide, which would be a wait of its own.
template <typename Keys>
uint32_t SortedRun<Keys>::FirstByModel(uint64_t head) const {
  static_assert(sizeof(IntKeys::Entry) == sizeof(learn::KeyPair));
  return search_->lower_bound(*model_, reinterpret_cast<const learn::KeyPair*>(entries_.data()),
                              size_, kBlock, head);
}

template <typename Keys>
uint32_t SortedRun<Keys>::LowerBound(const Probe& probe) const {
  if (learned_ && Keys::kHeadIsKey) {
    const uint32_t first = FirstByModel(probe.head);
    return probe.payload == 0 ? first : InBlocks(probe, first / kBlock);
  }
  const SortedRun* self = this;
  uint32_t position;
  LowerBoundBatch(&self, &probe, 1, &position);
  return position;
}

template <typename Keys>
uint32_t SortedRun<Keys>::LowerBoundAmong(const Probe& probe, uint32_t count) const {
  const learn::Window window{guide_.data(), count / kBlock};
  uint32_t less, at_most;
  learn::BestWindowSearch().count_less(&window, &probe.head, 1, &less);
  learn::BestWindowSearch().count_at_most(&window, &probe.head, 1, &at_most);
  uint32_t lo = less * kBlock, hi = std::min(count, (at_most + 1) * kBlock);
  while (lo < hi) {
    const uint32_t middle = lo + (hi - lo) / 2;
    const Entry& entry = entries_[middle];
    const bool below =
        entry.head < probe.head || (entry.head == probe.head && Keys::TieLess(entry.rest, probe));
    (below ? lo : hi) = middle + below;
  }
  return lo;
}

template <typename Keys>
const typename Keys::Entry* SortedRun<Keys>::Find(const Probe& probe) const {
  if (hash_.load(std::memory_order_relaxed) != nullptr) return FindAlone(probe);
  const bool by_model = Keys::kHeadIsKey && learned_;
  const uint32_t at = by_model ? FirstByModel(probe.head) : LowerBound(probe);
  if (at == size_) return nullptr;
  const Entry& entry = entries_[at];
  return entry.head == probe.head && Keys::TieSameKey(entry.rest, probe) ? &entry : nullptr;
}

template <typename Keys>
const typename Keys::Entry* SortedRun<Keys>::FindAlone(const Probe& probe) const {
  const SortedRun* self = this;
  const Entry* entry;
  FindBatch(&self, &probe, 1, &entry);
  return entry;
}

/// All probes take each step together, and each step first asks for the memory of the next.
template <typename Keys>
struct SortedRun<Keys>::Steps {
  const SortedRun* const* const runs;
  const Probe* const probes;
  const size_t n;
  learn::Window windows[kBatch];
  uint64_t keys[kBatch];
  uint32_t counts[kBatch];

  void Approach() {
    for (size_t i = 0; i < n; ++i) windows[i] = runs[i]->Approach(probes[i].head, keys[i]);
    for (size_t i = 0; i < n; ++i) {
      __builtin_prefetch(windows[i].first);
      __builtin_prefetch(windows[i].first + windows[i].length);
    }
    learn::BestWindowSearch().count_at_most(windows, keys, n, counts);
  }

  void PrefetchLines() {
    for (size_t i = 0; i < n; ++i) {
      const learn::Model* model = runs[i]->model_;
      if (runs[i]->learned_)
        __builtin_prefetch(model->bottom().lines +
                           (windows[i].first - model->bottom().keys + counts[i]));
    }
  }

  // Where models and trees lead to.
  void MixedWindows() {
    Approach();
    PrefetchLines();
    for (size_t i = 0; i < n; ++i) {
      keys[i] = probes[i].head;
      windows[i] = runs[i]->GuideWindow(keys[i], windows[i], counts[i]);
    }
  }

  void LearnedWindows() {
    const learn::Model* models[kBatch];
    for (size_t i = 0; i < n; ++i) {
      models[i] = runs[i]->model_;
      keys[i] = probes[i].head;
      __builtin_prefetch(models[i]);
      __builtin_prefetch(reinterpret_cast<const char*>(models[i]) + 64);
    }
    const learn::ModelSearch& search = learn::BestModelSearch();
    search.approach(models, keys, n, counts);
    search.locate(models, keys, n, counts);
    for (size_t i = 0; i < n; ++i)
      windows[i] = {runs[i]->guide_.data() + counts[i], models[i]->bottom().width};
  }

  void Guide() {
    bool learned = true;
    for (size_t i = 0; i < n; ++i) learned &= runs[i]->learned_;
    learned ? LearnedWindows() : MixedWindows();
    for (size_t i = 0; i < n; ++i) {
      for (uint32_t at = 0; at <= windows[i].length; at += 8)
        __builtin_prefetch(windows[i].first + at);
    }
    learn::BestWindowSearch().count_less(windows, keys, n, counts);
  }

  void Blocks() {
    for (size_t i = 0; i < n; ++i) {
      counts[i] += static_cast<uint32_t>(windows[i].first - runs[i]->guide_.data());
      const auto* block =
          reinterpret_cast<const char*>(runs[i]->entries_.data() + size_t{counts[i]} * kBlock);
      __builtin_prefetch(block);
      if (sizeof(Entry) * kBlock > 64) __builtin_prefetch(block + sizeof(Entry) * kBlock - 1);
    }
    if (Keys::kHeadIsKey) return;
    Ties();
    for (size_t i = 0; i < n; ++i) {
      const SortedRun& run = *runs[i];
      const size_t first = size_t{counts[i]} * kBlock;
      for (size_t at = first; at < std::min<size_t>(first + kBlock, run.size_); ++at)
        if (run.entries_[at].head == probes[i].head) Touch(run.entries_[at].rest);
    }
  }

  // One halving of the `tied` blocks from counts[i] on.
  void Halve(size_t i, uint32_t* tied) {
    const uint32_t half = tied[i] / 2;
    const bool below = runs[i]->LastBelow(counts[i] + half, probes[i]);
    counts[i] += below ? half + 1 : 0;
    tied[i] = below ? tied[i] - half - 1 : half;
  }

  void HalveInStep(uint32_t* tied) {
    for (bool more = true; more;) {
      for (size_t i = 0; i < n; ++i)
        if (tied[i] != 0) __builtin_prefetch(&runs[i]->ends_[counts[i] + tied[i] / 2]);
      for (size_t i = 0; i < n; ++i)
        if (tied[i] != 0) TouchText(runs[i]->ends_[counts[i] + tied[i] / 2]);
      more = false;
      for (size_t i = 0; i < n; ++i) {
        if (tied[i] != 0) Halve(i, tied);
        more |= tied[i] != 0;
      }
    }
  }

  // With nobody else's waits to overlap, a lookup makes its own: it fetches the strings at many
  // cuts at once and goes on between the two that hold it.
  void CutAlone(size_t i, uint32_t& tied) {
    constexpr uint32_t kCuts = 15;
    while (tied != 0) {
      const uint32_t cuts = std::min(tied, kCuts);
      const auto cut = [&](uint32_t at) {
        return static_cast<uint32_t>(uint64_t{at + 1} * tied / (cuts + 1));
      };
      for (uint32_t at = 0; at < cuts; ++at)
        __builtin_prefetch(&runs[i]->ends_[counts[i] + cut(at)]);
      for (uint32_t at = 0; at < cuts; ++at) TouchText(runs[i]->ends_[counts[i] + cut(at)]);
      uint32_t lo = 0, hi = cuts;
      while (lo < hi) {
        const uint32_t middle = (lo + hi) / 2;
        const bool below = runs[i]->LastBelow(counts[i] + cut(middle), probes[i]);
        (below ? lo : hi) = middle + below;
      }
      const uint32_t end = lo == cuts ? tied : cut(lo), begin = lo == 0 ? 0 : cut(lo - 1) + 1;
      counts[i] += begin;
      tied = end - begin;
    }
  }

  // How many blocks from counts[i] on have the probe's head as their last one is found by leaps.
  static constexpr std::array<uint32_t, 5> kLeaps{15, 255, 4095, 65535, 1048575};

  void FetchLeaps() {
    for (size_t i = 0; i < n; ++i) {
      const auto left = static_cast<uint32_t>(runs[i]->guide_.size()) - counts[i];
      for (uint32_t leap : kLeaps)
        if (leap < left) __builtin_prefetch(runs[i]->guide_.data() + counts[i] + leap);
    }
  }

  void LeapOverTies() {
    FetchLeaps();
    for (size_t i = 0; i < n; ++i) {
      keys[i] = probes[i].head;
      const auto left = static_cast<uint32_t>(runs[i]->guide_.size()) - counts[i];
      const uint64_t* guide = runs[i]->guide_.data() + counts[i];
      uint32_t from = 0, to = left;
      for (uint32_t leap : kLeaps) {
        if (leap < left && guide[leap] <= keys[i]) {
          from = leap;
        } else {
          to = std::min(left, leap);
          break;
        }
      }
      windows[i] = {guide + from, to - from};
    }
  }

  // Among blocks whose last heads tie with the probe's: all probes halve their ranges in step, so
  // that the strings to compare are on their way together.
  void Ties() {
    LeapOverTies();
    uint32_t tied[kBatch];
    learn::BestWindowSearch().count_at_most(windows, keys, n, tied);
    for (size_t i = 0; i < n; ++i)
      tied[i] += static_cast<uint32_t>(windows[i].first - runs[i]->guide_.data()) - counts[i];
    if (n >= 4) HalveInStep(tied);
    for (size_t i = 0; n < 4 && i < n; ++i) CutAlone(i, tied[i]);
    for (size_t i = 0; i < n; ++i) {
      if (counts[i] >= runs[i]->guide_.size()) continue;
      const auto* block =
          reinterpret_cast<const char*>(runs[i]->entries_.data() + size_t{counts[i]} * kBlock);
      __builtin_prefetch(block);
      __builtin_prefetch(block + sizeof(Entry) * kBlock - 1);
    }
  }

  static void Touch(const IntKeys::Rest&) {}
  static void Touch(const StringKeys::Rest& rest) { TouchText(rest.text); }
  static void TouchText(const char* text) {
    __builtin_prefetch(text);
    __builtin_prefetch(text + 48);  // where strings that share a long beginning differ
  }
};

template <typename Keys>
void SortedRun<Keys>::LowerBoundBatch(const SortedRun* const* runs, const Probe* probes, size_t n,
                                      uint32_t* positions) {
  OMEN_CHECK(n <= kBatch);
  Steps steps{runs, probes, n};
  steps.Guide();
  steps.Blocks();
  for (size_t i = 0; i < n; ++i) positions[i] = runs[i]->InBlocks(probes[i], steps.counts[i]);
}

template <typename Keys>
void SortedRun<Keys>::FindHashed(const SortedRun* const* runs, const PositionHash* const* tables,
                                 const Probe* probes, size_t n, const Entry** found) {
  uint64_t hashes[kBatch];
  const PositionHash::Bucket* buckets[kBatch];
  uint32_t matches[kBatch];
  for (size_t i = 0; i < n; ++i) {
    hashes[i] = Keys::Hash(probes[i].key());
    buckets[i] = tables[i]->Home(hashes[i]);
    __builtin_prefetch(buckets[i]);
  }
  for (size_t i = 0; i < n; ++i) {
    matches[i] = PositionHash::Matches(*buckets[i], hashes[i]);
    if (matches[i] != 0)
      __builtin_prefetch(&runs[i]->entries_[buckets[i]->positions[std::countr_zero(matches[i])]]);
  }
  for (size_t i = 0; i < n; ++i) {
    found[i] = nullptr;
    const PositionHash::Bucket* bucket = buckets[i];
    for (uint32_t match = matches[i];;) {
      for (; match != 0 && found[i] == nullptr; match &= match - 1) {
        const Entry& entry = runs[i]->entries_[bucket->positions[std::countr_zero(match)]];
        if (entry.head == probes[i].head && Keys::TieSameKey(entry.rest, probes[i]))
          found[i] = &entry;
      }
      if (found[i] != nullptr || !bucket->spilled) break;
      bucket = tables[i]->Next(bucket);
      match = PositionHash::Matches(*bucket, hashes[i]);
    }
  }
}

template <typename Keys>
void SortedRun<Keys>::FindBatch(const SortedRun* const* runs, const Probe* probes, size_t n,
                                const Entry** found) {
  const PositionHash* tables[kBatch];
  size_t hashed = 0;
  for (size_t i = 0; i < n; ++i) {
    tables[i] = runs[i]->hash_.load(std::memory_order_acquire);
    hashed += tables[i] != nullptr;
  }
  if (hashed == n) return FindHashed(runs, tables, probes, n, found);
  if (hashed != 0) return FindMixed(runs, tables, probes, n, found);
  FindOrdered(runs, probes, n, found);
}

template <typename Keys>
void SortedRun<Keys>::FindOrdered(const SortedRun* const* runs, const Probe* probes, size_t n,
                                  const Entry** found) {
  uint32_t positions[kBatch];
  LowerBoundBatch(runs, probes, n, positions);
  for (size_t i = 0; i < n; ++i) {
    const Entry* entry = runs[i]->begin() + positions[i];
    const bool same = entry != runs[i]->end() && entry->head == probes[i].head &&
                      Keys::TieSameKey(entry->rest, probes[i]);
    found[i] = same ? entry : nullptr;
  }
}

// While hashes are being built, and after a merge, some runs have one: each half goes its way.
template <typename Keys>
void SortedRun<Keys>::FindMixed(const SortedRun* const* runs, const PositionHash* const* tables,
                                const Probe* probes, size_t n, const Entry** found) {
  const SortedRun* of[kBatch];
  const PositionHash* table[kBatch];
  Probe probe[kBatch];
  const Entry* entries[kBatch];
  size_t from[kBatch];
  for (bool with_hash : {false, true}) {
    size_t count = 0;
    for (size_t i = 0; i < n; ++i) {
      if ((tables[i] != nullptr) != with_hash) continue;
      of[count] = runs[i];
      table[count] = tables[i];
      probe[count] = probes[i];
      from[count++] = i;
    }
    with_hash ? FindHashed(of, table, probe, count, entries)
              : FindOrdered(of, probe, count, entries);
    for (size_t i = 0; i < count; ++i) found[from[i]] = entries[i];
  }
}

template <typename Keys>
RunChoice SortedRun<Keys>::choice() const {
  RunChoice choice{learned_ ? Search::kLearned : Search::kTree,
                   model_ == nullptr ? 0 : model_->epsilon()};
  if (hash_.load(std::memory_order_acquire) != nullptr) choice.search = Search::kHash;
  return choice;
}

template <typename Keys>
Result<learn::Model*> SortedRun<Keys>::MakeModel(uint32_t epsilon) const {
  OMEN_ASSIGN_OR_RETURN(auto made,
                        learn::Model::Build({guide_.data(), guide_.size()}, epsilon, memory_));
  auto* model = Place<learn::Model>(memory_, std::move(made));
  if (model == nullptr) return learn::OutOfMemory();
  return model;
}

template <typename Keys>
void SortedRun<Keys>::UseModel(learn::Model* model) {
  Unplace(memory_, std::exchange(model_, model));
  learned_ = model != nullptr;
  if (!learned_) return;
  trial_.segments = model->segments();
  trial_.model_bytes = model->bytes();
}

template <typename Keys>
Status SortedRun<Keys>::BuildSearch(RunChoice choice) {
  if (choice.search == Search::kLearned) {
    OMEN_ASSIGN_OR_RETURN(learn::Model* const model, MakeModel(choice.epsilon));
    UseModel(model);
    return Status::Ok();
  }
  // A hash answers only for single keys; ranges and merges still need an order.
  OMEN_RETURN_IF_ERROR(tree_.Build({guide_.data(), guide_.size()}));
  if (choice.search != Search::kHash) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(PositionHash* const hash, MakeHash());
  Unplace(memory_, Attach(hash));  // a tail that is finished for the second time has one
  return Status::Ok();
}

template <typename Keys>
Result<PositionHash*> SortedRun<Keys>::MakeHash() const {
  auto* hash = Place<PositionHash>(memory_, memory_);
  if (hash == nullptr || !hash->Reserve(size_).ok()) {
    Unplace(memory_, hash);
    return learn::OutOfMemory();
  }
  for (uint32_t i = 0; i < size_; ++i) {
    const bool again = i != 0 && Keys::Compare(entries_[i].key(), entries_[i - 1].key()) == 0;
    if (!again) hash->Add(Keys::Hash(entries_[i].key()), i);
  }
  return hash;
}

template <typename Keys>
Status RunBuilder<Keys>::Start(typename Keys::Key first, typename Keys::Key last, size_t capacity,
                               size_t text_bytes) {
  capacity_ = std::min<size_t>(capacity, Run::kMaxEntries);
  run_ = Place<Run>(memory_, memory_, Keys::Heads::Shared(first, last));
  if (run_ == nullptr) return learn::OutOfMemory();
  const size_t blocks = (capacity_ + Run::kBlock - 1) / Run::kBlock;
  if (run_->entries_.Resize(blocks * Run::kBlock) && run_->guide_.Reserve(blocks) &&
      (Keys::kHeadIsKey || (run_->ends_.Reserve(blocks) && run_->text_.Reserve(text_bytes))))
    return Status::Ok();
  Unplace(memory_, std::exchange(run_, nullptr));
  return learn::OutOfMemory();
}

template <typename Keys>
Status RunBuilder<Keys>::Add(typename Keys::Key key, uint64_t payload) {
  OMEN_CHECK(!full());
  typename Keys::Rest rest;
  if (!Keys::MakeRest(run_->text_, key, payload, rest)) return learn::OutOfMemory();
  const uint64_t head = run_->heads_.Of(key);
  run_->entries_[run_->size_++] = {head, rest};
  return run_->size_ % Run::kBlock != 0 ? Status::Ok() : EndBlock();
}

template <typename Keys>
Status RunBuilder<Keys>::EndBlock() {
  const auto& last = run_->last();
  if constexpr (!Keys::kHeadIsKey)
    if (!run_->ends_.Append(last.rest.text)) return learn::OutOfMemory();
  return run_->guide_.Append(last.head) ? Status::Ok() : learn::OutOfMemory();
}

template <typename Keys>
Status RunBuilder<Keys>::CloseGuide() {
  if (run_->guide_.size() * Run::kBlock >= run_->size_) return Status::Ok();
  return EndBlock();
}

template <typename Keys>
Result<SortedRun<Keys>*> RunBuilder<Keys>::Finish(RunChoice choice) {
  if (run_ == nullptr || run_->size_ == 0) return static_cast<Run*>(nullptr);
  OMEN_RETURN_IF_ERROR(CloseGuide());
  OMEN_RETURN_IF_ERROR(run_->BuildSearch(choice));
  return std::exchange(run_, nullptr);
}

template <typename Keys>
Result<SortedRun<Keys>*> RunBuilder<Keys>::FinishByTrial(uint32_t epsilon, const TrialPlan& plan) {
  if (run_ == nullptr || run_->size_ == 0) return static_cast<Run*>(nullptr);
  OMEN_RETURN_IF_ERROR(CloseGuide());
  OMEN_RETURN_IF_ERROR(RunTrialist<Keys>(*run_, plan).Choose(epsilon));
  return std::exchange(run_, nullptr);
}

template class SortedRun<IntKeys>;
template class SortedRun<StringKeys>;
template class RunBuilder<IntKeys>;
template class RunBuilder<StringKeys>;

}  // namespace omen::index
