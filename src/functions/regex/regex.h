// Matching with PostgreSQL's advanced regular expressions: leftmost match, longest or
// shortest as the expression prefers, groups by the same rules. Time is linear in the text
// for each possible start; memory and steps are bounded.
#pragma once

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "functions/regex/regex_program.h"

namespace omen::functions {

/// Byte offsets; unset when begin is kUnset.
struct RegexSpan {
  static constexpr size_t kUnset = static_cast<size_t>(-1);
  size_t begin = kUnset, end = kUnset;
  bool set() const { return begin != kUnset; }
  bool empty() const { return begin == end; }
  std::string_view Of(std::string_view text) const { return text.substr(begin, end - begin); }
};

/// A compiled expression. One thread: matching fills its caches.
class Regex {
 public:
  static Result<std::unique_ptr<Regex>> Compile(std::string_view pattern,
                                                const RegexOptions& options);
  /// As Compile, remembering the expressions this thread used last. Valid until the thread
  /// has asked for many others.
  static Result<Regex*> Cached(std::string_view pattern, const RegexOptions& options);

  /// True for what takes much memory, or soon may.
  bool IsLarge() const { return program_.states() > 2000 || program_.classes() > 500; }
  int groups() const { return tree_.groups; }

  /// Whether the text has a match at or after byte `from`. Errors: the step limit.
  Result<bool> Test(std::string_view text, size_t from = 0);
  /// The first match at or after `from` into spans[0], and its groups into the rest.
  Result<bool> Find(std::string_view text, size_t from, std::vector<RegexSpan>* spans);

 private:
  class Dissection;

  Regex() = default;
  RegexWalker& WalkerFor(uint32_t start, uint32_t target, bool reverse);

  RegexTree tree_;
  RegexProgram program_;
  std::unique_ptr<RegexWalker> scanner_;
  std::unordered_map<uint64_t, std::unique_ptr<RegexWalker>> walkers_;
};

}  // namespace omen::functions
