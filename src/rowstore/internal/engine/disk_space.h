// Refuses commits a little before the disk is full: RocksDB goes on more surely after a
// write that was never tried than after one that failed in the middle, and flushes and
// deletes need room too.
#pragma once

#include <cstdint>
#include <string>

namespace omen::rowstore {

/// One thread at a time (the commit leader).
class DiskSpace {
 public:
  explicit DiskSpace(std::string path) : path_(std::move(path)) {}
  /// Whether `bytes` more may be written. `frees` lets through what gives space back (DROP).
  bool Allows(uint64_t bytes, bool frees);

 private:
  void Refresh();

  const std::string path_;
  uint64_t available_ = 0;
  uint64_t reserve_ = 0;
  uint64_t written_since_ = 0;
  int64_t refreshed_at_ms_ = INT64_MIN / 2;
};

}  // namespace omen::rowstore
