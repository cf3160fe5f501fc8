// A sample of a table's rows that follows inserts, updates and deletes, so that it stays as good
// as one taken anew: statistics that are made from it know new values and forget deleted ones.
//
// Whether a row is in the sample is decided once, when it is inserted, by a hash of its key; of
// those that were there before, by whoever took the sample. The commit path asks for a key's hash
// whether it is in, and keeps a copy of the change if so: what a row says is read later, off that
// path. When there are too many, half leave, and from then on half as many come in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "types/value.h"

namespace omen::statistics {

/// What a commit did to a row.
enum class RowChange : uint8_t { kInserted, kUpdated, kDeleted };

/// Of a row's key, the same in every process.
uint64_t KeyHash(std::string_view key);

/// A change of a row that is in the sample: its bytes as the row store has them.
struct NotedChange {
  RowChange kind;
  std::string key, row;
};

struct SampledRow {
  std::string key;
  Row values;  // by attnum - 1
  size_t HeapBytes() const;
};

/// Which rows are in, and what happened to them since it was asked last. Not synchronized.
class SampleMembers {
 public:
  struct Same {
    size_t operator()(uint64_t hash) const { return hash; }
  };
  using Noted = std::unordered_map<uint64_t, NotedChange, Same>;  // one a row

  struct Limits {
    size_t rows = 20'000;           // so many are kept at least, twice as many at most
    size_t noted_bytes = 4u << 20;  // of changes that nobody has read yet
  };

  /// All rows that come are in, until there are too many.
  explicit SampleMembers(const Limits& limits) : limits_(limits) {}
  /// Of a table of which `share` was sampled.
  SampleMembers(const Limits& limits, const std::vector<SampledRow>& rows, double share);

  void Note(RowChange kind, std::string_view key, std::string_view row);
  /// True when changes were lost: the sample is of no use any more.
  bool overflowed() const { return overflowed_; }
  /// Half of the rows leave.
  void Halve();
  /// How many times half of the rows left: whoever keeps the rows lets go of them.
  int halvings() const { return halvings_; }
  bool Has(uint64_t hash) const { return members_.contains(hash); }

  /// The last change of each row.
  Noted TakeNoted();
  size_t noted() const { return noted_.size(); }
  size_t size() const { return members_.size(); }
  size_t HeapBytes() const;

 private:
  const Limits limits_;
  uint64_t threshold_ = UINT64_MAX;  // keys of lower hashes come in
  std::unordered_set<uint64_t, Same> members_;
  Noted noted_;
  size_t noted_bytes_ = 0;
  int halvings_ = 0;
  bool overflowed_ = false;
};

/// The sampled rows themselves. Not synchronized.
class FollowedRows {
 public:
  FollowedRows() = default;
  explicit FollowedRows(std::vector<SampledRow> rows);

  /// A row's new values; erases by Erase.
  void Put(std::string key, Row values);
  void Erase(std::string_view key);
  /// Lets go of those that are members no more.
  void Keep(const SampleMembers& members);
  /// In the order of keys.
  std::vector<const SampledRow*> InOrder() const;

  size_t size() const { return rows_.size(); }
  /// Of each row, one for all; nothing where there is no row.
  std::optional<size_t> columns() const;
  size_t HeapBytes() const { return bytes_; }

 private:
  std::unordered_map<uint64_t, SampledRow> rows_;  // by the key's hash
  size_t bytes_ = 0;
};

}  // namespace omen::statistics
