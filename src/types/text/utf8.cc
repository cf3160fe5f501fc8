// UTF-8: validity.
#include <fmt/format.h>

#include "types/io.h"

namespace omen {
namespace {

/// Length of the sequence that `lead` starts, 0 if it cannot start one.
size_t SequenceLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

/// The range of the second byte excludes overlong forms, surrogates and what is above U+10FFFF.
bool SecondByteFits(uint8_t lead, uint8_t second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

bool IsSequence(std::string_view text, size_t at, size_t length) {
  if (length == 0 || at + length > text.size()) return false;
  if (length == 1) return text[at] != '\0';
  auto byte = [&](size_t i) { return static_cast<uint8_t>(text[at + i]); };
  if (!SecondByteFits(byte(0), byte(1))) return false;
  for (size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return false;
  }
  return true;
}

/// Offset of the first byte that is not well formed, or the size.
size_t ValidPrefix(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    uint64_t word;
    if (at + sizeof word <= text.size()) {
      std::memcpy(&word, text.data() + at, sizeof word);
      // Eight ASCII bytes, none of them NUL.
      bool no_zero = ((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) == 0;
      if ((word & 0x8080808080808080u) == 0 && no_zero) {
        at += sizeof word;
        continue;
      }
    }
    size_t length = SequenceLength(static_cast<uint8_t>(text[at]));
    if (!IsSequence(text, at, length)) return at;
    at += length;
  }
  return at;
}

}  // namespace

bool IsValidUtf8(std::string_view text) { return ValidPrefix(text) == text.size(); }

Status CheckUtf8(std::string_view text) {
  size_t at = ValidPrefix(text);
  if (at == text.size()) return Status::Ok();
  // PostgreSQL shows as many bytes as the lead byte promises.
  auto lead = static_cast<uint8_t>(text[at]);
  size_t length = lead < 0x80 || (lead & 0xE0) == 0x80 ? 1
                  : (lead & 0xE0) == 0xC0              ? 2
                  : (lead & 0xF0) == 0xE0              ? 3
                  : (lead & 0xF8) == 0xF0              ? 4
                                                       : 1;
  std::string message = "invalid byte sequence for encoding \"UTF8\":";
  for (char c : text.substr(at, length)) {
    fmt::format_to(std::back_inserter(message), " 0x{:02x}", static_cast<uint8_t>(c));
  }
  return Status(sqlstate::kInvalidEncoding, std::move(message));
}

}  // namespace omen
