// PostgreSQL's advanced regular expressions (AREs) as a tree.
//
// What decides an ARE's match is kept on the nodes: whether a node prefers the longest or
// the shortest text, and whether it holds capturing groups. Back references are not
// supported; everything else of the ARE syntax is.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace omen::functions {

/// A set of code points as sorted, disjoint, closed ranges.
class CharSet {
 public:
  void Add(uint32_t low, uint32_t high) { ranges_.emplace_back(low, high); }
  void Add(const CharSet& other);
  /// Adds the other cases of every letter.
  void FoldCase();
  /// Sorts and merges; the other readers need it done.
  void Normalize();
  CharSet Complement() const;
  bool Contains(uint32_t code) const;
  const std::vector<std::pair<uint32_t, uint32_t>>& ranges() const { return ranges_; }

 private:
  std::vector<std::pair<uint32_t, uint32_t>> ranges_;
};

/// Letters, digits and underscore, as \w has them.
const CharSet& WordCharacters();

enum class RegexPreference : uint8_t { kNone, kLonger, kShorter };

enum class RegexAssertion : uint8_t {
  kTextStart,
  kTextEnd,
  kLineStart,
  kLineEnd,
  kWordStart,
  kWordEnd,
  kWordEdge,
  kNotWordEdge,
};

struct RegexNode {
  enum class Kind : uint8_t {
    kEmpty,
    kChars,
    kConcat,
    kAlternate,
    kRepeat,
    kGroup,
    kAssert,
    kLook,
  };

  Kind kind = Kind::kEmpty;
  RegexPreference preference = RegexPreference::kNone;
  bool has_groups = false;  // a capturing group is below, or here
  bool mixed = false;       // both preferences are below
  bool turn = false;        // one turn of a repetition: it forgets the groups of turns before
  CharSet set;              // kChars
  std::vector<std::unique_ptr<RegexNode>> children;  // one for kRepeat, kGroup, kLook
  int min = 0, max = 0;                              // kRepeat; kUnbounded
  int group = 0;                                     // kGroup, from 1
  RegexAssertion assertion = RegexAssertion::kTextStart;
  bool negative = false, behind = false;  // kLook
  uint32_t start = 0, end = 0;            // states, given by RegexProgram

  static constexpr int kUnbounded = -1;
};

struct RegexOptions {
  bool ignore_case = false;
  bool literal = false;
  bool expanded = false;
  bool newline_stops = false;    // . and [^x] do not match a newline
  bool newline_anchors = false;  // ^ and $ match at lines
  auto operator<=>(const RegexOptions&) const = default;
};

struct RegexTree {
  std::unique_ptr<RegexNode> root;
  int groups = 0;
};

/// 2201B with PostgreSQL's text for what is malformed. `pattern` is valid UTF-8.
Result<RegexTree> ParseRegex(std::string_view pattern, RegexOptions options);

/// 2201B "invalid regular expression: <what>".
Status InvalidRegex(std::string_view what);

}  // namespace omen::functions
