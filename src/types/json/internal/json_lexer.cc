#include "types/json/internal/json_lexer.h"

#include <fmt/format.h>

#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

bool IsWordCharacter(char c) {
  return IsAlpha(c) || IsDigit(c) || c == '_' || static_cast<uint8_t>(c) >= 0x80;
}

void AppendUtf8(int code, std::string& out) {
  auto put = [&](int byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

constexpr const char* kLowWithoutHigh = "Unicode low surrogate must follow a high surrogate.";

}  // namespace

Status JsonLexer::Next() {
  start_ = end_;
  while (start_ < text_.size() && (text_[start_] == ' ' || text_[start_] == '\t' ||
                                   text_[start_] == '\n' || text_[start_] == '\r')) {
    ++start_;
  }
  end_ = start_;
  if (start_ == text_.size()) {
    token_ = JsonToken::kEnd;
    return Status::Ok();
  }
  char c = text_[start_];
  static constexpr std::string_view kSingles = "{}[],:";
  size_t single = kSingles.find(c);
  if (single != std::string_view::npos) {
    token_ = static_cast<JsonToken>(static_cast<size_t>(JsonToken::kObjectStart) + single);
    end_ = start_ + 1;
    return Status::Ok();
  }
  if (c == '"') return NextString();
  if (c == '-' || IsDigit(c)) return NextNumber();
  return NextWord();
}

size_t JsonLexer::CharacterEnd(size_t at) const {
  std::string_view rest = text_.substr(at);
  return at + BytesOfCharacters(rest, 1);
}

Status JsonLexer::NextString() {
  token_ = JsonToken::kString;
  string_.clear();
  int high_surrogate = -1;
  size_t at = start_ + 1;
  while (true) {
    if (at >= text_.size()) return InvalidToken(text_.size());
    char c = text_[at];
    if (c == '"') break;
    if (static_cast<uint8_t>(c) < 0x20) {
      return FailAt(at, fmt::format("Character with value 0x{:02x} must be escaped.",
                                    static_cast<uint8_t>(c)));
    }
    if (c == '\\') {
      OMEN_RETURN_IF_ERROR(TakeEscape(&at, &high_surrogate));
      continue;
    }
    if (high_surrogate >= 0) return FailAt(CharacterEnd(at), kLowWithoutHigh);
    if (unescape_) string_.push_back(c);
    ++at;
  }
  end_ = at + 1;
  if (high_surrogate >= 0) return Fail(kLowWithoutHigh);
  return Status::Ok();
}

Status JsonLexer::TakeEscape(size_t* at, int* high_surrogate) {
  size_t letter = *at + 1;
  if (letter >= text_.size()) return InvalidToken(text_.size());
  char c = text_[letter];
  if (c == 'u') return TakeUnicode(at, high_surrogate);
  static constexpr std::string_view kLetters = "\"\\/bfnrt";
  static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  size_t which = kLetters.find(c);
  if (unescape_ && *high_surrogate >= 0) return FailAt(CharacterEnd(letter), kLowWithoutHigh);
  if (which == std::string_view::npos) {
    size_t end = CharacterEnd(letter);
    return FailAt(end, fmt::format("Escape sequence \"\\{}\" is invalid.",
                                   text_.substr(letter, end - letter)));
  }
  if (unescape_) string_.push_back(kMeanings[which]);
  *at = letter + 1;
  return Status::Ok();
}

Status JsonLexer::TakeUnicode(size_t* at, int* high_surrogate) {
  int code = 0;
  size_t digit = *at + 2;
  for (size_t i = 0; i < 4; ++i, ++digit) {
    if (digit >= text_.size()) return InvalidToken(text_.size());
    int value = HexDigit(text_[digit]);
    if (value < 0) {
      return FailAt(CharacterEnd(digit), "\"\\u\" must be followed by four hexadecimal digits.");
    }
    code = code * 16 + value;
  }
  *at = digit;
  if (!unescape_) return Status::Ok();
  bool high = code >= 0xD800 && code <= 0xDBFF;
  bool low = code >= 0xDC00 && code <= 0xDFFF;
  if (high && *high_surrogate >= 0) {
    return FailAt(digit, "Unicode high surrogate must not follow a high surrogate.");
  }
  if (high) {
    *high_surrogate = code;
    return Status::Ok();
  }
  if (low != (*high_surrogate >= 0)) return FailAt(digit, kLowWithoutHigh);
  if (low) code = 0x10000 + ((*high_surrogate & 0x3FF) << 10) + (code & 0x3FF);
  *high_surrogate = -1;
  if (code == 0) {
    static constexpr SqlState kUntranslatable{"22P05"};
    end_ = digit;
    return Status(kUntranslatable, "unsupported Unicode escape sequence")
        .Detail("\\u0000 cannot be converted to text.")
        .Where(Context());
  }
  AppendUtf8(code, string_);
  return Status::Ok();
}

Status JsonLexer::NextNumber() {
  token_ = JsonToken::kNumber;
  size_t at = start_;
  auto digits = [&] {
    size_t before = at;
    while (at < text_.size() && IsDigit(text_[at])) ++at;
    return at > before;
  };
  auto next_is = [&](std::string_view any) {
    return at < text_.size() && any.find(text_[at]) != std::string_view::npos;
  };
  if (next_is("-")) ++at;
  bool valid = true;
  if (next_is("0")) {
    ++at;
  } else {
    valid = digits();
  }
  if (valid && next_is(".")) {
    ++at;
    valid = digits();
  }
  if (valid && next_is("eE")) {
    ++at;
    if (next_is("+-")) ++at;
    valid = digits();
  }
  for (; at < text_.size() && IsWordCharacter(text_[at]); ++at) valid = false;
  end_ = at;
  return valid ? Status::Ok() : InvalidToken(at);
}

Status JsonLexer::NextWord() {
  size_t at = start_;
  while (at < text_.size() && IsWordCharacter(text_[at])) ++at;
  if (at == start_) return InvalidToken(start_ + 1);
  end_ = at;
  std::string_view word = raw();
  if (word == "true") {
    token_ = JsonToken::kTrue;
  } else if (word == "false") {
    token_ = JsonToken::kFalse;
  } else if (word == "null") {
    token_ = JsonToken::kNull;
  } else {
    return InvalidToken(at);
  }
  return Status::Ok();
}

Status JsonLexer::Fail(std::string detail) const {
  return Status(sqlstate::kInvalidText, "invalid input syntax for type json")
      .Detail(std::move(detail))
      .Where(Context());
}

Status JsonLexer::FailAt(size_t end, std::string detail) {
  end_ = end;
  return Fail(std::move(detail));
}

Status JsonLexer::InvalidToken(size_t end) {
  end_ = end;
  return Fail(fmt::format("Token \"{}\" is invalid.", raw()));
}

Status JsonLexer::Expected(std::string_view what) const {
  if (token_ == JsonToken::kEnd) return Fail("The input string ended unexpectedly.");
  return Fail(fmt::format("Expected {}, but found \"{}\".", what, raw()));
}

/// The line up to the error, at most fifty bytes of it.
std::string JsonLexer::Context() const {
  int line = 1;
  size_t line_start = 0;
  for (size_t i = 0; i < end_; ++i) {
    if (text_[i] != '\n') continue;
    ++line;
    line_start = i + 1;
  }
  size_t from = line_start;
  while (end_ - from >= 50) from = CharacterEnd(from);
  // Cutting off three bytes or less would gain nothing over the dots.
  if (from - line_start <= 3) from = line_start;
  bool more = end_ < text_.size() && text_[end_] != '\n' && text_[end_] != '\r';
  return fmt::format("JSON data, line {}: {}{}{}", line, from > line_start ? "..." : "",
                     text_.substr(from, end_ - from),
                     token_ != JsonToken::kEnd && more ? "..." : "");
}

}  // namespace omen::types_internal
