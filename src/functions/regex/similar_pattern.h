// SIMILAR TO patterns as regular expressions.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace omen::functions {

/// similar_to_escape(): `escape` is empty or one character.
Result<std::string> SimilarToRegex(std::string_view pattern, std::string_view escape);

}  // namespace omen::functions
