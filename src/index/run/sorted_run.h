// An immutable sorted run: entries side by side with their payloads, and a way to search them.
//
//   entries   (key, payload) interleaved, in order; blocks of kBlock, one cache line for integers
//   guide     the last head of each block: 8 bytes a block, so that the window a model predicts
//             is one or two cache lines, and exactly one block is read after it
//   search    a model over the guide (learned), or a static B-tree over it; and, where only
//             single keys are asked for, a hash of positions beside
//   text      the bytes of string keys, in order
//   ends      of string keys, where the text of each block's last key is: heads that tie are told
//             apart by texts, and one wait for each is enough
#pragma once

#include <atomic>

#include "base/result.h"
#include "index/memory/keys.h"
#include "index/memory/text_arena.h"
#include "index/run/guide_tree.h"
#include "index/run/placed.h"
#include "index/run/position_hash.h"
#include "index/run/run_choice.h"
#include "learn/model.h"
#include "learn/model_search.h"

namespace omen::index {

/// Bytes of one structure, by what they are for.
struct MemoryUse {
  size_t entries = 0;  // keys and payloads, string bytes included
  size_t guide = 0;
  size_t model = 0;
  size_t other = 0;  // trees, hashes, filters
  size_t total() const { return entries + guide + model + other; }
  MemoryUse& operator+=(const MemoryUse& more) {
    entries += more.entries;
    guide += more.guide;
    model += more.model;
    other += more.other;
    return *this;
  }
};

template <typename Keys>
class RunTrialist;

/// Any thread may read. Made by a RunBuilder.
template <typename Keys>
class SortedRun {
 public:
  using Key = typename Keys::Key;
  using Entry = typename Keys::Entry;
  using Probe = typename Keys::Probe;
  static constexpr uint32_t kBlock = 4;
  static constexpr size_t kBatch = 32;
  static constexpr uint32_t kMaxEntries = 0xFFFFFF00u;

  SortedRun(learn::Memory& memory, const typename Keys::Heads& heads)
      : heads_(heads),
        memory_(memory),
        entries_(memory),
        guide_(memory),
        ends_(memory),
        tree_(memory),
        text_(memory) {}

  uint32_t size() const { return size_; }
  const Entry* begin() const { return entries_.data(); }
  const Entry* end() const { return entries_.data() + size_; }
  const Entry& last() const { return entries_[size_ - 1]; }
  RunChoice choice() const;
  const RunTrial& trial() const { return trial_; }
  const learn::Model* model() const { return model_; }
  MemoryUse memory() const;
  /// Of the entries that are there, their texts included.
  size_t entry_bytes() const { return size_ * sizeof(Entry) + text_.used(); }

  Probe ProbeFor(Key key, uint64_t payload = 0) const {
    return Keys::MakeProbe(heads_, key, payload);
  }
  /// Where the first entry not below the probe is.
  uint32_t LowerBound(const Probe& probe) const;

  /// The first entry with the probe's key, or null.
  const Entry* Find(const Probe& probe) const;

  /// The same as LowerBound among the first `count` entries of a run that is still growing.
  uint32_t LowerBoundAmong(const Probe& probe, uint32_t count) const;

  /// For up to kBatch probes, each in its own run: the position of its lower bound.
  static void LowerBoundBatch(const SortedRun* const* runs, const Probe* probes, size_t n,
                              uint32_t* positions);
  /// The first entry with the probe's key, or null. Uses the hash where a run has one.
  static void FindBatch(const SortedRun* const* runs, const Probe* probes, size_t n,
                        const Entry** found);

  /// A hash of all first positions, for the owner to Attach; 53200.
  Result<PositionHash*> MakeHash() const;
  /// From now on single keys are looked up in `hash`; gives what was used before, which readers
  /// may still be using. Null: without one.
  PositionHash* Attach(PositionHash* hash) {
    return hash_.exchange(hash, std::memory_order_acq_rel);
  }

  ~SortedRun() {
    Unplace(memory_, model_);
    Unplace(memory_, hash_.load(std::memory_order_relaxed));
  }

 private:
  template <typename>
  friend class RunBuilder;

  struct Steps;
  learn::Window Approach(uint64_t head, uint64_t& at_most) const;
  learn::Window GuideWindow(uint64_t head, const learn::Window& approach, uint32_t count) const;
  uint32_t FirstByModel(uint64_t head) const;
  const Entry* FindAlone(const Probe& probe) const;
  uint32_t InBlocks(const Probe& probe, uint32_t block) const;
  uint32_t FirstTiedBlock(const Probe& probe, uint32_t block) const;
  const Entry& LastOfBlock(uint32_t block) const {
    return entries_[std::min(size_, (block + 1) * kBlock) - 1];
  }
  bool LastBelow(uint32_t block, const Probe& probe) const;
  static void FindHashed(const SortedRun* const* runs, const PositionHash* const* hashes,
                         const Probe* probes, size_t n, const Entry** found);
  static void FindOrdered(const SortedRun* const* runs, const Probe* probes, size_t n,
                          const Entry** found);
  static void FindMixed(const SortedRun* const* runs, const PositionHash* const* hashes,
                        const Probe* probes, size_t n, const Entry** found);
  Status BuildSearch(RunChoice choice);
  Result<learn::Model*> MakeModel(uint32_t epsilon) const;
  void UseModel(learn::Model* model);
  friend class RunTrialist<Keys>;

  const typename Keys::Heads heads_;
  learn::Memory& memory_;
  // What lookups read lies together.
  uint32_t size_ = 0;
  bool learned_ = false;  // the model is used, not the tree
  std::atomic<PositionHash*> hash_{nullptr};
  learn::Model* model_ = nullptr;
  const learn::ModelSearch* search_ = &learn::BestModelSearch();
  learn::Array<Entry> entries_;
  learn::Array<uint64_t> guide_;
  learn::Array<const char*> ends_;
  GuideTree tree_;
  RunTrial trial_;
  TextArena text_;
};

/// Collects entries in order and makes a run of them. One thread.
template <typename Keys>
class RunBuilder {
 public:
  using Run = SortedRun<Keys>;

  explicit RunBuilder(learn::Memory& memory) : memory_(memory) {}
  ~RunBuilder() { Unplace(memory_, run_); }

  /// Room for at most `capacity` entries between the keys `first` and `last`, and for about
  /// `text_bytes` of their texts.
  Status Start(typename Keys::Key first, typename Keys::Key last, size_t capacity,
               size_t text_bytes = 0);
  bool started() const { return run_ != nullptr; }
  bool full() const { return run_->size_ == capacity_; }
  size_t room() const { return started() ? capacity_ - run_->size_ : 0; }
  const Run* run() const { return run_; }
  /// Goes on with a run that was finished and not yet given away.
  void Resume(Run* run) { run_ = run; }
  /// Takes the entries from `size` on back, and whatever an unsuccessful Finish began.
  void Truncate(uint32_t size) {
    run_->size_ = size;
    run_->guide_.Truncate(size / Run::kBlock);
    if (!Keys::kHeadIsKey) run_->ends_.Truncate(size / Run::kBlock);
  }
  Status Add(typename Keys::Key key, uint64_t payload);
  /// The finished run, now the caller's (give back with Unplace); null if nothing was added.
  Result<Run*> Finish(RunChoice choice);
  /// The same, with the search that a trial on the run itself shows to be best.
  Result<Run*> FinishByTrial(uint32_t epsilon, const TrialPlan& plan);

 private:
  Status EndBlock();
  Status CloseGuide();

  learn::Memory& memory_;
  Run* run_ = nullptr;
  size_t capacity_ = 0;
};

extern template class SortedRun<IntKeys>;
extern template class SortedRun<StringKeys>;
extern template class RunBuilder<IntKeys>;
extern template class RunBuilder<StringKeys>;

}  // namespace omen::index
