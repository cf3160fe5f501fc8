// The text form of one-dimensional arrays: {1,NULL,"a b"}, [2:3]={1,2}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace omen::types_internal {

/// An array literal taken apart; its elements are still text, or null.
struct ArrayLiteral {
  int32_t lower_bound = 1;
  std::vector<std::optional<std::string>> elements;
};

/// 22P02 `malformed array literal`; 0A000 for more than one dimension.
Result<ArrayLiteral> ParseArrayLiteral(std::string_view text);
/// Appends an element, quoted if it must be.
void AppendArrayElement(std::string_view text, std::string& out);

}  // namespace omen::types_internal
