#include "functions/kernel/utf8.h"

#include <algorithm>

namespace omen::functions {

size_t ByteOffset(std::string_view text, int64_t count) {
  size_t offset = 0;
  while (count > 0 && offset < text.size()) {
    offset += CharacterLength(text[offset]);
    --count;
  }
  return std::min(offset, text.size());
}

uint32_t DecodeCharacter(std::string_view text, size_t* offset) {
  size_t length = std::min(CharacterLength(text[*offset]), text.size() - *offset);
  auto lead = static_cast<unsigned char>(text[*offset]);
  uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[*offset + i]) & 0x3Fu);
  }
  *offset += length;
  return code;
}

void AppendCharacter(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  int continuation = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static constexpr unsigned char kLeads[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLeads[continuation] | code >> (6 * continuation));
  while (continuation-- > 0) {
    out += static_cast<char>(0x80 | (code >> (6 * continuation) & 0x3F));
  }
}

size_t FindCharacter(std::string_view set, std::string_view character) {
  // A lead byte never equals a continuation byte, so a byte match is a character match.
  return character.size() == 1 ? set.find(character[0]) : set.find(character);
}

std::string LowerAscii(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

std::string UpperAscii(std::string_view text) {
  std::string raised(text);
  for (char& c : raised) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return raised;
}

}  // namespace omen::functions
