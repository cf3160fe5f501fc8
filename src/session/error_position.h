// From byte offsets, as the parser and binder give them, to the characters clients count.
#pragma once

#include <string_view>

#include "base/status.h"

namespace omen::session {

/// 1-based character of a byte offset in UTF-8 text; one past the end for an offset beyond it.
int CharacterPosition(std::string_view text, int byte_offset);
/// Fills `position` from `byte_offset`, which counts from `origin` in `text`.
void SetErrorPosition(std::string_view text, int origin, ErrorInfo* error);

}  // namespace omen::session
