#include "session/error_position.h"

#include <algorithm>

namespace omen::session {

int CharacterPosition(std::string_view text, int byte_offset) {
  size_t end = std::min(static_cast<size_t>(byte_offset), text.size());
  int characters = 1;
  for (size_t i = 0; i < end; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++characters;
  }
  return characters;
}

void SetErrorPosition(std::string_view text, int origin, ErrorInfo* error) {
  if (error->byte_offset < 0 || error->position > 0) return;
  error->position = CharacterPosition(text, origin + error->byte_offset);
}

}  // namespace omen::session
