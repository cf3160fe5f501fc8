#include "exec/columns/key_ranges.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rowstore/key_codec.h"

namespace omen::exec {
namespace {

/// Of prefixes that several columns' values make together.
constexpr size_t kPrefixesMax = 100'000;

const colstore::ColumnBound* BoundOf(int attnum, std::span<const colstore::ColumnBound> bounds) {
  const auto found = std::ranges::find(bounds, attnum - 1, &colstore::ColumnBound::column);
  return found == bounds.end() ? nullptr : &*found;
}

/// The beginnings of keys, column by column.
class Prefixes {
 public:
  explicit Prefixes(const catalog::Table& table) : table_(table), prefixes_(1) {
    rowstore::AppendStoragePrefix(table.storage_id, prefixes_[0]);
  }

  /// Each with each of the values behind it; false where that would be too many.
  bool Extend(const catalog::IndexColumn& column, const std::vector<Value>& values) {
    if (values.size() * prefixes_.size() > kPrefixesMax) return false;
    std::vector<std::string> endings;
    for (const Value& value : values) endings.push_back(EncodingOf(column, value));
    std::ranges::sort(endings);
    const auto repeated = std::ranges::unique(endings);
    endings.erase(repeated.begin(), repeated.end());
    std::vector<std::string> extended;
    for (const std::string& prefix : prefixes_) {
      for (const std::string& ending : endings) extended.push_back(prefix + ending);
    }
    prefixes_ = std::move(extended);
    return true;
  }

  KeyRanges Ranges() const {
    KeyRanges ranges;
    for (const std::string& prefix : prefixes_) {
      ranges.push_back({prefix, rowstore::PrefixEnd(prefix)});
    }
    return ranges;
  }

  /// Those from `bound.low` to `bound.high`.
  KeyRanges Ranges(const catalog::IndexColumn& column, const colstore::ColumnBound& bound) const {
    const Value& first = column.descending ? bound.high : bound.low;
    const Value& last = column.descending ? bound.low : bound.high;
    KeyRanges ranges;
    for (const std::string& prefix : prefixes_) {
      rowstore::KeyRange range{prefix, rowstore::PrefixEnd(prefix)};
      if (!first.is_null()) range.lower = prefix + EncodingOf(column, first);
      if (!last.is_null()) range.upper = rowstore::PrefixEnd(prefix + EncodingOf(column, last));
      if (range.lower < range.upper) ranges.push_back(std::move(range));
    }
    return ranges;
  }

 private:
  std::string EncodingOf(const catalog::IndexColumn& column, const Value& value) const {
    std::string bytes;
    rowstore::AppendKeyColumn(table_.column(column.attnum).type.oid, value, column.descending,
                              column.nulls_first, bytes);
    return bytes;
  }

  const catalog::Table& table_;
  std::vector<std::string> prefixes_;  // sorted
};

bool EndsBefore(const rowstore::KeyRange& one, const rowstore::KeyRange& other) {
  if (one.upper.empty()) return false;
  return other.upper.empty() || one.upper < other.upper;
}

}  // namespace

KeyRanges AllKeysOf(const catalog::Table& table) {
  return {rowstore::StorageRange(table.storage_id)};
}

std::optional<KeyRanges> KeysWithin(const catalog::Table& table,
                                    std::span<const colstore::ColumnBound> bounds) {
  const catalog::Index* key = table.primary_key();
  if (key == nullptr) return std::nullopt;
  Prefixes prefixes(table);
  bool any = false;
  for (const catalog::IndexColumn& column : key->columns) {
    const colstore::ColumnBound* bound = BoundOf(column.attnum, bounds);
    if (bound == nullptr) break;
    if (!bound->values.empty() && prefixes.Extend(column, bound->values)) {
      any = true;
      continue;
    }
    if (bound->low.is_null() && bound->high.is_null()) break;
    return prefixes.Ranges(column, *bound);
  }
  if (!any) return std::nullopt;
  return prefixes.Ranges();
}

KeyRanges InBoth(const KeyRanges& one, const KeyRanges& other) {
  KeyRanges both;
  auto a = one.begin(), b = other.begin();
  while (a != one.end() && b != other.end()) {
    rowstore::KeyRange range{std::max(a->lower, b->lower),
                             EndsBefore(*a, *b) ? a->upper : b->upper};
    const bool any = range.upper.empty() || range.lower < range.upper;
    if (any) both.push_back(std::move(range));
    EndsBefore(*a, *b) ? ++a : ++b;
  }
  return both;
}

}  // namespace omen::exec
