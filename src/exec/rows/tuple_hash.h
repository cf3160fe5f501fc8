// Hash tables over tuples, nulls equal to nulls: DISTINCT, GROUP BY, set operations.
#pragma once

#include <vector>

#include "exec/rows/level.h"

namespace omen::exec {

uint64_t HashTuple(const std::vector<Oid>& types, const Value* tuple);
bool SameTuple(const std::vector<Oid>& types, const Value* a, const Value* b);

/// Distinct tuples, numbered in the order they came. Charged to the statement. One thread.
class TupleSet {
 public:
  TupleSet(const std::vector<Type>& types, MemoryMeter* memory);

  /// The number of the tuple; `fresh` tells whether it was added now.
  Result<size_t> FindOrAdd(const Value* tuple, bool* fresh);
  Result<bool> Insert(const Value* tuple) {
    bool fresh = false;
    OMEN_ASSIGN_OR_RETURN(const size_t number, FindOrAdd(tuple, &fresh));
    (void)number;
    return fresh;
  }
  /// Its number, or SIZE_MAX.
  size_t Find(const Value* tuple);
  Value* operator[](size_t number) { return tuples_[number]; }
  size_t size() const { return tuples_.size(); }
  void Clear();

 private:
  struct Entry {
    uint64_t hash;
    size_t number;  // + 1; 0 is free
  };
  size_t Probe(uint64_t hash, const Value* tuple);
  void Grow();

  std::vector<Oid> types_;
  TupleBuffer tuples_;
  std::vector<Entry> entries_;  // open addressing, a power of two
};

}  // namespace omen::exec
