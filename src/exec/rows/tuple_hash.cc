#include "exec/rows/tuple_hash.h"

#include "types/io.h"

namespace omen::exec {

uint64_t HashTuple(const std::vector<Oid>& types, const Value* tuple) {
  uint64_t hash = 0x9E3779B97F4A7C15ull;
  for (size_t i = 0; i < types.size(); ++i) {
    const uint64_t part = tuple[i].is_null() ? 0x51ull : HashValue(types[i], tuple[i]);
    hash = (hash ^ part) * 0xff51afd7ed558ccdull;
    hash ^= hash >> 32;
  }
  return hash;
}

bool SameTuple(const std::vector<Oid>& types, const Value* a, const Value* b) {
  for (size_t i = 0; i < types.size(); ++i) {
    if (a[i].is_null() != b[i].is_null()) return false;
    if (!a[i].is_null() && CompareValues(types[i], a[i], b[i]) != 0) return false;
  }
  return true;
}

namespace {

// Of the hash table for a tuple: between a quarter and a half of the entries is used.
constexpr int64_t kTableBytes = 64;

std::vector<Oid> OidsOf(const std::vector<Type>& types) {
  std::vector<Oid> oids;
  for (const Type& type : types) oids.push_back(type.oid);
  return oids;
}

}  // namespace

TupleSet::TupleSet(const std::vector<Type>& types, MemoryMeter* memory)
    : types_(OidsOf(types)), tuples_(types.size(), memory) {}

size_t TupleSet::Probe(uint64_t hash, const Value* tuple) {
  const size_t mask = entries_.size() - 1;
  size_t at = hash & mask;
  while (entries_[at].number != 0) {
    if (entries_[at].hash == hash && SameTuple(types_, tuples_[entries_[at].number - 1], tuple)) {
      break;
    }
    at = (at + 1) & mask;
  }
  return at;
}

void TupleSet::Grow() {
  std::vector<Entry> old = std::move(entries_);
  entries_.assign(old.empty() ? 16 : old.size() * 2, Entry{0, 0});
  const size_t mask = entries_.size() - 1;
  for (const Entry& entry : old) {
    if (entry.number == 0) continue;
    size_t at = entry.hash & mask;
    while (entries_[at].number != 0) at = (at + 1) & mask;
    entries_[at] = entry;
  }
}

Result<size_t> TupleSet::FindOrAdd(const Value* tuple, bool* fresh) {
  if (entries_.size() < 2 * (tuples_.size() + 1)) Grow();
  const uint64_t hash = HashTuple(types_, tuple);
  Entry& entry = entries_[Probe(hash, tuple)];
  *fresh = entry.number == 0;
  if (*fresh) {
    Value* kept = tuples_.Append();
    for (size_t i = 0; i < types_.size(); ++i) kept[i] = tuple[i];
    OMEN_RETURN_IF_ERROR(tuples_.Charge(kept, kTableBytes));
    entry = {hash, tuples_.size()};
  }
  return entry.number - 1;
}

size_t TupleSet::Find(const Value* tuple) {
  if (entries_.empty()) return SIZE_MAX;
  return entries_[Probe(HashTuple(types_, tuple), tuple)].number - 1;
}

void TupleSet::Clear() {
  tuples_.Clear();
  entries_.clear();
}

}  // namespace omen::exec
