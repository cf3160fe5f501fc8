// How much lies under a storage id: exact when it is little, else from file properties.
#pragma once

#include <mutex>
#include <unordered_map>

#include "rowstore/internal/engine/engine.h"

namespace omen::rowstore {

/// Any thread. Answers are remembered for a moment, since planning asks often.
class Estimates {
 public:
  explicit Estimates(const Engine* engine) : engine_(engine) {}
  uint64_t Rows(catalog::StorageId storage) { return Find(storage).rows; }
  uint64_t Bytes(catalog::StorageId storage) { return Find(storage).bytes; }

 private:
  struct Estimate {
    uint64_t rows = 0;
    uint64_t bytes = 0;
    int64_t taken_ms = 0;
  };
  Estimate Find(catalog::StorageId storage);
  Estimate Take(catalog::StorageId storage) const;

  const Engine* const engine_;
  std::mutex mutex_;
  std::unordered_map<catalog::StorageId, Estimate> known_;
};

}  // namespace omen::rowstore
