// Table locks in PostgreSQL's eight modes, held to the end of the transaction.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "types/type.h"

namespace omen::exec {

enum class LockMode : uint8_t {
  kAccessShare = 1, kRowShare, kRowExclusive, kShareUpdateExclusive, kShare, kShareRowExclusive,
  kExclusive, kAccessExclusive,
};

/// The lock table of the server. DML modes (1-3), which do not conflict with each other, take
/// a sharded counter; the strong modes queue. Deadlocks among relation locks: 40P01. Any thread.
class RelationLocks {
 public:
  /// What one transaction holds. One thread.
  class Holder {
   public:
    explicit Holder(RelationLocks* locks) : locks_(locks) {}
    ~Holder() { ReleaseAll(); }
    /// 55P03 on nowait or timeout (0: none), 57014 when cancelled, 40P01 on a cycle.
    Status Lock(Oid relation, LockMode mode, bool nowait, std::chrono::milliseconds timeout,
                const CancelToken* cancel);
    void ReleaseAll();
    bool Holds(Oid relation, LockMode mode) const;

   private:
    friend class RelationLocks;
    RelationLocks* locks_;
    std::vector<std::pair<Oid, LockMode>> held_;
  };

  RelationLocks();
  ~RelationLocks();

 private:
  struct Shard;
  std::array<std::unique_ptr<Shard>, 16> shards_;
};

}  // namespace omen::exec
