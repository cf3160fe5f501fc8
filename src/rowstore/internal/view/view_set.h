// The views of the store. After each group of commits the commit path publishes one new
// view; statements share it, so that taking a view costs no RocksDB call and every view is
// exactly the state after a commit whose observers have run.
#pragma once

#include <rocksdb/snapshot.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "rowstore/internal/engine/engine.h"
#include "rowstore/internal/view/idle_iterators.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// Which generations of views are alive. Outlives them. Any thread.
class LiveViews {
 public:
  void Add(uint64_t generation);
  void Remove(uint64_t generation);
  /// The oldest living generation; UINT64_MAX when there is none.
  uint64_t Oldest() const;

 private:
  mutable std::mutex mutex_;
  std::multiset<uint64_t> generations_;
};

/// A RocksDB snapshot with its commit id. Any thread; what it shows never changes.
class RocksView final : public ReadView {
 public:
  using Companions = std::vector<std::shared_ptr<const ViewCompanion>>;
  RocksView(std::shared_ptr<Engine> engine, std::shared_ptr<LiveViews> live, CommitId commit_id,
            uint64_t generation, Companions companions);
  ~RocksView() override;
  RocksView(const RocksView&) = delete;
  RocksView& operator=(const RocksView&) = delete;

  CommitId commit_id() const override { return commit_id_; }
  const ViewCompanion* companion(size_t number) const override {
    return number < companions_.size() ? companions_[number].get() : nullptr;
  }
  uint64_t generation() const { return generation_; }
  rocksdb::SequenceNumber sequence() const { return snapshot_->GetSequenceNumber(); }
  /// Made once: building ReadOptions for each read costs too much.
  const rocksdb::ReadOptions& read_options() const { return read_options_; }

  /// An iterator over committed rows, at no place; an idle one where there is one.
  std::unique_ptr<SeekableIterator> TakeIterator();
  void KeepIterator(std::unique_ptr<SeekableIterator> iterator);
  void DropIdleIterators() { idle_.Drop(); }

 private:
  const std::shared_ptr<Engine> engine_;
  const std::shared_ptr<LiveViews> live_;
  const CommitId commit_id_;
  const uint64_t generation_;
  const Companions companions_;
  const rocksdb::Snapshot* const snapshot_;
  rocksdb::ReadOptions read_options_;
  IdleIterators idle_;
};

/// Publishes views. Publish is called by the commit path alone, one at a time; the rest from any
/// thread.
class ViewSet {
 public:
  explicit ViewSet(std::shared_ptr<Engine> engine);
  ~ViewSet();
  ViewSet(const ViewSet&) = delete;
  ViewSet& operator=(const ViewSet&) = delete;

  /// Before the first commit.
  size_t AddExtender(ViewExtender* extender) {
    extenders_.push_back(extender);
    return extenders_.size() - 1;
  }
  /// Takes a view of the present as the state after `commit_id`.
  void Publish(CommitId commit_id);
  /// Lets go of the published view. None may be asked for afterwards.
  void Close();

  std::shared_ptr<RocksView> Current() const;
  /// Of the published view: a view of a lower generation has been followed by a commit.
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
  uint64_t OldestGeneration() const { return live_->Oldest(); }

 private:
  /// Of the published view: nobody else's stay idle for long.
  void DropIdleIterators();

  const std::shared_ptr<Engine> engine_;
  const std::shared_ptr<LiveViews> live_ = std::make_shared<LiveViews>();
  std::vector<ViewExtender*> extenders_;
  mutable std::mutex mutex_;
  std::shared_ptr<RocksView> current_;
  std::atomic<uint64_t> generation_{0};
};

}  // namespace omen::rowstore
