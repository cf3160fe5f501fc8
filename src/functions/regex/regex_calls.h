// What the regexp_ functions have in common: flags, and walking through all matches.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "functions/kernel/kernel.h"
#include "functions/regex/regex.h"

namespace omen::functions {

struct RegexFlags {
  RegexOptions options;
  bool global = false;
};

/// 22023 for an unknown letter.
Result<RegexFlags> ParseRegexFlags(std::string_view text);
/// As above, but 22023 for "g", which `function` does not take.
Result<RegexFlags> ParseFlagsWithoutGlobal(std::string_view text, std::string_view function);

using RegexMatch = std::vector<RegexSpan>;

/// Yields match after match. With `ignore_degenerate`, empty matches at the end of the text or
/// of the match before are passed over, as splitting wants.
class RegexMatches {
 public:
  RegexMatches(Regex& regex, std::string_view text, size_t from, bool ignore_degenerate)
      : regex_(regex), text_(text), next_(from), ignore_degenerate_(ignore_degenerate) {}

  Result<bool> Next(RegexMatch* match);

 private:
  Regex& regex_;
  std::string_view text_;
  size_t next_, previous_end_ = 0;
  bool ignore_degenerate_;
};

/// The groups of a match, or the whole match where there are none, as regexp_match answers.
Value MatchArray(std::string_view text, const RegexMatch& match);
/// All pieces of `text` between matches.
Result<std::vector<std::string_view>> SplitByRegex(Regex& regex, std::string_view text);

}  // namespace omen::functions
