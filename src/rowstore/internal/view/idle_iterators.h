// RocksDB's iterators of one view, kept between uses: to make one costs as much as a short scan.
#pragma once

#include <rocksdb/iterator.h>
#include <rocksdb/options.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace omen::rowstore {

/// An iterator and the bounds that it reads, through its options, at every seek.
struct SeekableIterator {
  explicit SeekableIterator(const rocksdb::ReadOptions& of_view);
  SeekableIterator(const SeekableIterator&) = delete;
  SeekableIterator& operator=(const SeekableIterator&) = delete;

  rocksdb::Slice lower, upper;
  rocksdb::ReadOptions options;
  uint64_t file_changes = 0;  // that there had been when it was made
  std::unique_ptr<rocksdb::Iterator> iterator;
};

/// An iterator reads the files and buffers of its time, which it keeps from being freed; what has
/// been ingested since it does not see. So none that is older than the last change of files is
/// given or kept, and Drop is called after each. Any thread.
class IdleIterators {
 public:
  /// `file_changes`: that there have been; outlives it.
  explicit IdleIterators(const std::atomic<uint64_t>& file_changes) : file_changes_(file_changes) {}

  /// Null when there is none.
  std::unique_ptr<SeekableIterator> Take();
  void Keep(std::unique_ptr<SeekableIterator> iterator);
  void Drop();

 private:
  const std::atomic<uint64_t>& file_changes_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<SeekableIterator>> idle_;
};

}  // namespace omen::rowstore
