// JSON tokens, and the errors that PostgreSQL's reader gives.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace omen::types_internal {

enum class JsonToken : uint8_t {
  kEnd,
  kObjectStart,
  kObjectEnd,
  kArrayStart,
  kArrayEnd,
  kComma,
  kColon,
  kString,
  kNumber,
  kTrue,
  kFalse,
  kNull,
};

/// Reads one token at a time. One thread; the text outlives it.
class JsonLexer {
 public:
  /// `unescape`: string values are wanted, so that their escapes must mean characters.
  JsonLexer(std::string_view text, bool unescape) : text_(text), unescape_(unescape) {}

  Status Next();
  JsonToken token() const { return token_; }
  /// The token as written.
  std::string_view raw() const { return text_.substr(start_, end_ - start_); }
  /// The value of a string token, when unescaping.
  std::string& string() { return string_; }
  /// 22P02: `Expected <what>, but found "<token>".`
  Status Expected(std::string_view what) const;

 private:
  Status NextString();
  Status TakeEscape(size_t* at, int* high_surrogate);
  Status TakeUnicode(size_t* at, int* high_surrogate);
  Status NextNumber();
  Status NextWord();
  Status Fail(std::string detail) const;
  Status FailAt(size_t end, std::string detail);
  Status InvalidToken(size_t end);
  std::string Context() const;
  size_t CharacterEnd(size_t at) const;

  std::string_view text_;
  bool unescape_;
  JsonToken token_ = JsonToken::kEnd;
  size_t start_ = 0, end_ = 0;
  std::string string_;
};

}  // namespace omen::types_internal
