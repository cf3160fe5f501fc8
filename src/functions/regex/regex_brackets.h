// The parts of an ARE that denote sets of characters.
#pragma once

#include <string_view>

#include "functions/regex/regex_syntax.h"

namespace omen::functions {

/// Takes a bracket expression from the front of `rest`, case folded and complemented.
Result<CharSet> ParseBracket(std::string_view* rest, const RegexOptions& options);

/// Takes a character or class escape (\n, \x41, \d) from the front of `rest`.
Status ParseEscape(std::string_view* rest, const RegexOptions& options, CharSet* set);

}  // namespace omen::functions
