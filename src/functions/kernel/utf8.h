// Stepping through characters of valid UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "types/utf8.h"

namespace omen::functions {

/// Byte length of the character that starts with `lead`.
inline size_t CharacterLength(char lead) {
  auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Byte offset of character `count` (0-based), or the size when there are fewer.
size_t ByteOffset(std::string_view text, int64_t count);

/// The code point at `*offset`, which moves past it.
uint32_t DecodeCharacter(std::string_view text, size_t* offset);
void AppendCharacter(uint32_t code, std::string& out);

/// Byte offset of a whole character in a set of characters; npos if it is not there.
size_t FindCharacter(std::string_view set, std::string_view character);

std::string LowerAscii(std::string_view text);
std::string UpperAscii(std::string_view text);

}  // namespace omen::functions
