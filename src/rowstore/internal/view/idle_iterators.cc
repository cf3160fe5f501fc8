#include "rowstore/internal/view/idle_iterators.h"

namespace omen::rowstore {
namespace {

// As many as short scans run at once on a few cores.
constexpr size_t kIdleMax = 8;

}  // namespace

SeekableIterator::SeekableIterator(const rocksdb::ReadOptions& of_view) : options(of_view) {
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  // Freeing blocks and files is not for the thread that answers a client.
  options.background_purge_on_iterator_cleanup = true;
}

std::unique_ptr<SeekableIterator> IdleIterators::Take() {
  std::unique_ptr<SeekableIterator> taken;
  {
    std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    taken = std::move(idle_.back());
    idle_.pop_back();
  }
  return taken->file_changes == file_changes_.load() ? std::move(taken) : nullptr;
}

void IdleIterators::Keep(std::unique_ptr<SeekableIterator> iterator) {
  if (!iterator->iterator->status().ok()) return;
  std::lock_guard lock(mutex_);
  // Looked at under the lock that Drop takes after the change.
  if (idle_.size() < kIdleMax && iterator->file_changes == file_changes_.load()) {
    idle_.push_back(std::move(iterator));
  }
}

void IdleIterators::Drop() {
  std::vector<std::unique_ptr<SeekableIterator>> dropped;
  std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

}  // namespace omen::rowstore
