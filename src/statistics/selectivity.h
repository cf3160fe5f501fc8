// How many of a table's rows a condition keeps: pure functions of statistics and values, in well
// under a microsecond but for LIKE. After PostgreSQL's selfuncs.c and like_support.c, whose
// defaults stand where nothing is known.
//
// A value that is not known when the estimate is made (a parameter, another table's column) is
// given as null pointer; a value that is SQL null keeps nothing. Values must be of the column's
// type, or of one that is comparable with it (AreComparable in image.h).
#pragma once

#include <span>
#include <string_view>

#include "statistics/table_statistics.h"

namespace omen::statistics {

/// What is estimated where nothing is known (selfuncs.h).
inline constexpr double kDefaultEqual = 0.005, kDefaultSide = 1.0 / 3, kDefaultRange = 0.005,
                        kDefaultMatch = 0.005, kDefaultDistinct = 200;

/// One end of a range.
struct RangeEnd {
  enum class Kind : uint8_t { kNone, kUnknown, kValue } kind = Kind::kNone;
  bool inclusive = false;
  const Value* value = nullptr;  // kValue

  static RangeEnd None() { return {}; }
  static RangeEnd Unknown() { return {Kind::kUnknown, false, nullptr}; }
  static RangeEnd At(const Value* value, bool inclusive) {
    return {value != nullptr ? Kind::kValue : Kind::kUnknown, inclusive, value};
  }
};

/// Share of the table's rows. `column` may be null: nothing is known of it.
double NullShare(const ColumnStatistics* column);
double EqualShare(const ColumnStatistics* column, const Value* value);
double NotEqualShare(const ColumnStatistics* column, const Value* value);
/// = any of the list, of which `unknown` more are not known. A null in it keeps nothing.
double InShare(const ColumnStatistics* column, std::span<const Value> values, size_t unknown = 0);
/// <> all of the list; nothing where one is null.
double NotInShare(const ColumnStatistics* column, std::span<const Value> values,
                  size_t unknown = 0);
double RangeShare(const ColumnStatistics* column, const RangeEnd& lower, const RangeEnd& upper);
/// A LIKE pattern with \ as its escape. It is tried on the common values and on the histogram's
/// bounds: a few microseconds.
double LikeShare(const ColumnStatistics* column, const Value* pattern);
double NotLikeShare(const ColumnStatistics* column, const Value* pattern);

/// A condition on one column of a table.
struct Condition {
  enum class Kind : uint8_t {
    kEqual,
    kNotEqual,
    kIn,
    kNotIn,
    kRange,
    kNull,
    kNotNull,
    kLike,
    kNotLike,
  };
  int attnum = 0;
  Kind kind = Kind::kEqual;
  const Value* value = nullptr;   // of = <> LIKE
  std::span<const Value> values;  // of IN, with so many more unknown
  size_t unknown = 0;
  RangeEnd lower, upper;
};

double Share(const ColumnStatistics* column, const Condition& condition);
/// Whether a value, not null, meets the condition; not where that depends on what is unknown.
bool Holds(Type type, const Condition& condition, const Value& value);

/// Of all conditions together: what is known of pairs counts, others are taken for independent.
/// One column's conditions should have been made one. `table` may be null.
double Share(const TableStatistics* table, std::span<const Condition> conditions);

/// What a pattern's matches begin with, and what share of such strings match.
struct PatternPrefix {
  std::string prefix;
  bool exact = false;  // there are no wildcards
  double rest_share = 1;
};
PatternPrefix PrefixOf(std::string_view pattern);
bool MatchesLike(std::string_view text, std::string_view pattern);

}  // namespace omen::statistics
