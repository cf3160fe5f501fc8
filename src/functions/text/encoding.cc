#include "functions/text/encoding.h"

#include "base/bytes.h"
#include "base/work.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr size_t kLineLength = 76;

Status BadInput(std::string message) {
  return Status(sqlstate::kInvalidParameter, std::move(message));
}

bool IsWhitespace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

std::string FirstCharacter(std::string_view text) {
  return std::string(text.substr(0, CharacterLength(text.front())));
}

}  // namespace

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  size_t line = 0;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    Work::Poll();
    uint32_t group = 0;
    size_t count = std::min<size_t>(3, bytes.size() - i);
    for (size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (size_t j = 0; j < 4; ++j) {
      text += j <= count ? kBase64[group >> (18 - 6 * j) & 63] : '=';
    }
    line += 4;
    if (line >= kLineLength) {
      text += '\n';
      line = 0;
    }
  }
  return text;
}

std::string EncodeEscape(std::string_view bytes) {
  std::string text;
  for (unsigned char byte : bytes) {
    Work::Poll();
    if (byte == 0 || byte >= 0x80) {
      text += '\\';
      for (int shift = 6; shift >= 0; shift -= 3) {
        text += static_cast<char>('0' + (byte >> shift & 7));
      }
    } else {
      if (byte == '\\') text += '\\';
      text += static_cast<char>(byte);
    }
  }
  return text;
}

Result<std::string> DecodeHex(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size();) {
    Work::Poll();
    if (IsWhitespace(text[i])) {
      ++i;
      continue;
    }
    for (size_t j = i; j < std::min(i + 2, text.size()); ++j) {
      if (HexDigit(text[j]) < 0) {
        return BadInput("invalid hexadecimal digit: \"" + FirstCharacter(text.substr(j)) + "\"");
      }
    }
    if (i + 1 == text.size()) return BadInput("invalid hexadecimal data: odd number of digits");
    bytes += static_cast<char>(HexDigit(text[i]) << 4 | HexDigit(text[i + 1]));
    i += 2;
  }
  return bytes;
}

Result<std::string> DecodeBase64(std::string_view text) {
  std::string bytes;
  uint32_t group = 0;
  int position = 0, end = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    Work::Poll();
    char c = text[i];
    if (IsWhitespace(c)) continue;
    size_t digit = 0;
    if (c == '=') {
      if (end == 0) {
        if (position != 2 && position != 3) {
          return BadInput("unexpected \"=\" while decoding base64 sequence");
        }
        end = position == 2 ? 1 : 2;
      }
    } else {
      digit = kBase64.find(c);
      if (digit == std::string_view::npos) {
        return BadInput("invalid symbol \"" + FirstCharacter(text.substr(i)) +
                        "\" found while decoding base64 sequence");
      }
    }
    group = group << 6 | static_cast<uint32_t>(digit);
    if (++position < 4) continue;
    bytes += static_cast<char>(group >> 16);
    if (end == 0 || end > 1) bytes += static_cast<char>(group >> 8);
    if (end == 0) bytes += static_cast<char>(group);
    group = 0;
    position = 0;
  }
  if (position != 0) {
    return BadInput("invalid base64 end sequence")
        .Hint("Input data is missing padding, is truncated, or is otherwise corrupted.");
  }
  return bytes;
}

Result<std::string> DecodeEscape(std::string_view text) {
  std::string bytes;
  auto octal = [&](size_t i, char most) {
    return i < text.size() && text[i] >= '0' && text[i] <= most;
  };
  for (size_t i = 0; i < text.size();) {
    Work::Poll();
    if (text[i] != '\\') {
      bytes += text[i++];
    } else if (octal(i + 1, '3') && octal(i + 2, '7') && octal(i + 3, '7')) {
      bytes += static_cast<char>((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 |
                                 (text[i + 3] - '0'));
      i += 4;
    } else if (i + 1 < text.size() && text[i + 1] == '\\') {
      bytes += '\\';
      i += 2;
    } else {
      return Status(sqlstate::kInvalidText, "invalid input syntax for type bytea");
    }
  }
  return bytes;
}

}  // namespace omen::functions
