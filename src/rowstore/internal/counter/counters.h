// Numbers that are never given twice, across crashes too: a block is reserved in a synced
// write before any of it is used; what a crash loses of a block is a gap.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "rowstore/internal/engine/engine.h"

namespace omen::rowstore {

/// One counter. Any thread.
class DurableCounter {
 public:
  DurableCounter(const Engine* engine, std::string key, uint64_t first, uint64_t block)
      : engine_(engine), key_(std::move(key)), block_(block), next_(first) {}
  Result<uint64_t> Next();
  /// Numbers up to this one are not given.
  Status Skip(uint64_t last);

 private:
  Status Reserve();

  const Engine* const engine_;
  const std::string key_;
  const uint64_t block_;
  std::mutex mutex_;
  uint64_t next_;
  uint64_t limit_ = 0;
};

/// The counters of a store. Any thread.
class Counters {
 public:
  explicit Counters(const Engine* engine);
  Result<Oid> NewOid();
  Result<catalog::StorageId> NewStorageId() { return storages_.Next(); }
  Status SkipStorages(catalog::StorageId last) { return storages_.Skip(last); }
  Result<uint64_t> NewRowId(catalog::StorageId storage);
  /// Forgets a freed storage id's row id counter.
  Status Drop(catalog::StorageId storage);

 private:
  const Engine* const engine_;
  DurableCounter oids_;
  DurableCounter storages_;
  std::mutex mutex_;
  std::unordered_map<catalog::StorageId, std::shared_ptr<DurableCounter>> rows_;
};

}  // namespace omen::rowstore
