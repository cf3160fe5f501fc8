// Splitting text at a separator, as string_to_array and string_to_table do.
#pragma once

#include <vector>

#include "functions/kernel/kernel.h"

namespace omen::functions {

/// (text, separator [, text that stands for null]). A null separator splits into characters, an
/// empty one does not split. The text is not null.
std::vector<Value> SplitText(const CallArgs& args);

}  // namespace omen::functions
