// Shares of LIKE: the pattern is tried on what is known of the column's values, and what it
// begins with is a range of them (like_support.c).
#include <algorithm>

#include "statistics/image.h"
#include "statistics/selectivity.h"

namespace omen::statistics {
namespace {

// How a pattern's rest narrows what its prefix leaves, by character.
constexpr double kFixedCharacter = 0.20, kAnyCharacter = 0.9, kAnyString = 5.0;
constexpr size_t kFirmHistogram = 100;  // of so many bounds the histogram is believed

double RestShare(std::string_view rest) {
  double share = 1;
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '%') {
      share *= kAnyString;
    } else if (rest[i] == '_') {
      share *= kAnyCharacter;
    } else {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      share *= kFixedCharacter;
    }
  }
  return std::min(share, 1.0);
}

/// The first string behind all that begin with the prefix; empty: there is none.
std::string BehindPrefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

double PrefixShare(const ColumnStatistics& column, const std::string& prefix) {
  if (prefix.empty()) return 1 - column.null_share;
  const Value from = Value::Text(prefix), to = Value::Text(BehindPrefix(prefix));
  const RangeEnd upper = to.AsBytes().empty() ? RangeEnd::None() : RangeEnd::At(&to, false);
  return RangeShare(&column, RangeEnd::At(&from, true), upper);
}

/// Of the rows that are neither null nor common.
double HistogramMatches(const ColumnStatistics& column, std::string_view pattern) {
  const auto matches = [&](const Value& bound) { return MatchesLike(bound.AsBytes(), pattern); };
  const auto count = static_cast<double>(std::ranges::count_if(column.bounds, matches));
  return count / static_cast<double>(column.bounds.size());
}

double GuessedShare(const ColumnStatistics& column, const PatternPrefix& prefix) {
  if (column.bounds.empty() && column.common.empty()) return kDefaultMatch;
  return PrefixShare(column, prefix.prefix) * prefix.rest_share;
}

/// Of the rest's rows, by histogram and by guess, the less the histogram is believed.
double RestMatches(const ColumnStatistics& column, std::string_view pattern, double guess) {
  if (column.bounds.empty()) return guess;
  const double tried = HistogramMatches(column, pattern);
  const auto bounds = static_cast<double>(column.bounds.size());
  if (tried == 0) return std::min(guess, 0.5 / bounds);
  const double belief = std::min(1.0, bounds / static_cast<double>(kFirmHistogram));
  return tried * belief + guess * (1 - belief);
}

}  // namespace

bool MatchesLike(std::string_view text, std::string_view pattern) {
  constexpr size_t kNone = std::string_view::npos;
  size_t at = 0, next = 0;             // in text, in pattern
  size_t again_at = 0, again = kNone;  // where the last % stands, and what it has taken
  while (at < text.size()) {
    const bool escaped = next + 1 < pattern.size() && pattern[next] == '\\';
    const size_t letter = escaped ? next + 1 : next;
    if (!escaped && next < pattern.size() && pattern[next] == '%') {
      again = ++next;
      again_at = at;
    } else if (!escaped && next < pattern.size() && pattern[next] == '_') {
      ++next;
      ++at;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
    } else if (letter < pattern.size() && pattern[letter] == text[at]) {
      next = letter + 1;
      ++at;
    } else if (again != kNone) {
      next = again;
      at = ++again_at;
    } else {
      return false;
    }
  }
  while (next < pattern.size() && pattern[next] == '%') ++next;
  return next == pattern.size();
}

PatternPrefix PrefixOf(std::string_view pattern) {
  PatternPrefix found;
  size_t at = 0;
  for (; at < pattern.size() && pattern[at] != '%' && pattern[at] != '_'; ++at) {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    found.prefix += pattern[at];
  }
  found.exact = at == pattern.size();
  found.rest_share = RestShare(pattern.substr(at));
  return found;
}

double LikeShare(const ColumnStatistics* column, const Value* pattern) {
  if (pattern != nullptr && pattern->is_null()) return 0;
  if (column == nullptr || pattern == nullptr ||
      InfoOf(column->type.oid).category != TypeCategory::kString) {
    return kDefaultMatch;
  }
  const std::string_view text = pattern->AsBytes();
  const PatternPrefix prefix = PrefixOf(text);
  if (prefix.exact) {
    const Value value = Value::Text(prefix.prefix);
    return EqualShare(column, &value);
  }
  double common = 0;
  for (const CommonValue& value : column->common) {
    if (MatchesLike(value.value.AsBytes(), text)) common += value.share;
  }
  const double guess = GuessedShare(*column, prefix);
  const double rest = RestMatches(*column, text, guess) * column->rest_share();
  return std::clamp(common + rest, 0.0, 1 - column->null_share);
}

double NotLikeShare(const ColumnStatistics* column, const Value* pattern) {
  if (pattern != nullptr && pattern->is_null()) return 0;
  return std::max(0.0, 1 - NullShare(column) - LikeShare(column, pattern));
}

}  // namespace omen::statistics
