// The seam of the index tier: ordered maps from (key, payload) pairs in memory.
//
// All structures answer alike; they differ in what they cost. Keys are 64-bit numbers in order
// (learn/ordered_key.h maps int64 and double) or byte strings. A key may have many payloads; a
// pair is there once. A payload is 64 bits: a value, or the number of a row slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "index/memory/keys.h"
#include "index/run/sorted_run.h"

namespace omen::index {

struct Found {
  uint64_t payload = 0;  // the smallest of the key's payloads
  bool found = false;
};

template <typename Keys>
struct Change {
  typename Keys::Key key;
  uint64_t payload;
  bool erase = false;
};

/// As the payload of an erase where payloads number rows: whatever rows are under the key.
inline constexpr uint64_t kEveryRow = ~uint64_t{0};

/// A change of an index that owns its rows.
template <typename Keys>
struct RowChange {
  enum class Kind : uint8_t {
    kInsert,   // one more row under the key
    kReplace,  // erases, then inserts
    kErase,
  };
  Kind kind;
  typename Keys::Key key;
  std::span<const std::byte> row;  // what is inserted
  uint64_t erased = kEveryRow;     // or the payload of the one row that goes
};

/// Takes a scan's entries in order, some at a time, valid during the call. False stops the scan.
template <typename Keys>
class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual bool Visit(const typename Keys::Entry* entries, size_t count) = 0;
};

/// What was asked of an index since it was made, and what it consists of now.
struct IndexStatistics {
  uint64_t entries = 0;  // pairs; pairs both in runs and in a delta are counted twice
  uint64_t delta_entries = 0;
  uint64_t runs = 0, learned_runs = 0, tree_runs = 0, hash_runs = 0;
  uint64_t points = 0, batched_points = 0, ranges = 0, inserts = 0, erases = 0;
  uint64_t merges = 0, merged_entries = 0, merge_nanos = 0;
  // Slots for rows: waiting for their pair, in a pair, erased but readable still, empty.
  uint64_t stored_rows = 0, live_rows = 0, erased_rows = 0, free_rows = 0;
  uint64_t refused_merges = 0;  // given up for want of memory; the delta stayed
};

/// Reads: any thread, never blocked by writers or merges. Writes: one at a time, serialised
/// inside. 53200 leaves everything as it was.
template <typename Keys>
class Index {
 public:
  using Key = typename Keys::Key;
  virtual ~Index() = default;

  virtual Found Find(Key key) const = 0;
  /// Much faster per key than Find: lookups wait for memory together.
  virtual void FindBatch(const Key* keys, size_t count, Found* found) const = 0;
  /// The first pair not below (key, payload) goes to the visitor, if there is one.
  virtual void LowerBound(Key key, Visitor<Keys>& visitor) const { Scan(key, 1, visitor); }
  /// At most `limit` pairs from `key` on.
  virtual void Scan(Key key, size_t limit, Visitor<Keys>& visitor) const = 0;

  virtual Status Insert(Key key, uint64_t payload) = 0;
  virtual Status Erase(Key key, uint64_t payload) = 0;

  virtual MemoryUse memory() const = 0;
  virtual IndexStatistics statistics() const = 0;
};

}  // namespace omen::index
