// What statistics of a table's data are taken from, in the engine's text: one pass that counts,
// and a sample of rows.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "catalog/schema.h"

namespace omen::sql {

/// Positions in the one row of the pass; -1: not asked for.
struct CountedColumn {
  int not_null = -1;
  int distinct = -1;  // approximately
  int least = -1, greatest = -1;
  int width = -1;  // bytes, or elements, on average
};

struct CountsText {
  std::string text;  // its first column counts the rows
  std::vector<Type> types;
  std::vector<CountedColumn> columns;  // by attnum - 1
};
/// Of the columns alone that are named, or of all; the rows are counted in any case.
CountsText CountColumns(const catalog::Table& table, std::span<const int> attnums);

/// A value that is wider is cut to its beginning; where values have no order (json, arrays) any one
/// stands for those that are not null.
inline constexpr int kSampledBytesMax = 1024, kCutCharacters = 64;

struct SampleText {
  std::string text;
  std::vector<Type> types;
  std::vector<int> attnums;  // of the results; 0: the hidden key, last
};
/// Each row with the same chance; all where `percent` is 100. `hidden_key`: rid, rkey or empty.
SampleText SampleRows(const catalog::Table& table, std::string_view hidden_key, double percent,
                      uint32_t seed);

/// Of a value that is not null and has no order, in a sample.
inline constexpr int kUnordered = 1;

}  // namespace omen::sql
