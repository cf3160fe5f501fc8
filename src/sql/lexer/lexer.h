// Cuts SQL text into PostgreSQL's tokens: the one place that knows where a string, a quoted name,
// a number or a comment ends. Any text is accepted; what is not closed ends with the text.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace omen::sql {

enum class TokenKind : uint8_t {
  kEnd,
  kWord,        // identifier or keyword
  kQuotedName,  // "a", U&"a"
  kString,      // 'a', E'a', B'1', X'f', N'a', U&'a', $tag$a$tag$
  kNumber,      // 1, 1.5, .5, 1e-3, with whatever letters follow
  kParameter,   // $1
  kSymbol,      // one character
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool after_comment = false;  // a comment stands before it
  uint8_t prefix = 0;          // of a string or quoted name: characters before its quote
  size_t begin = 0, end = 0;
};

/// One pass over a text, which outlives it. One thread.
class Lexer {
 public:
  explicit Lexer(std::string_view text, size_t from = 0) : text_(text), at_(from) {}

  /// The next token; kEnd at the end of the text, again and again.
  Token Next();
  std::string_view TextOf(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

 private:
  bool SkipBlanks();
  size_t SkipQuoted(size_t quote, bool escapes) const;
  size_t SkipDollarQuoted(size_t at) const;
  size_t SkipNumber(size_t at) const;
  bool Prefixed(Token* token) const;

  std::string_view text_;
  size_t at_;
};

/// True when the token is that keyword, given in lower case.
bool IsKeyword(std::string_view text, const Token& token, std::string_view keyword);

enum class CharClass : uint8_t { kOther, kBlank, kWord, kDigit };

constexpr std::array<CharClass, 256> MakeCharClasses() {
  std::array<CharClass, 256> classes{};
  for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'}) {
    classes[static_cast<uint8_t>(c)] = CharClass::kBlank;
  }
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 32] = CharClass::kWord;
  for (int c = 0x80; c < 256; ++c) classes[c] = CharClass::kWord;
  classes['_'] = CharClass::kWord;
  for (int c = '0'; c <= '9'; ++c) classes[c] = CharClass::kDigit;
  return classes;
}
inline constexpr std::array<CharClass, 256> kCharClasses = MakeCharClasses();
inline CharClass ClassOf(char c) { return kCharClasses[static_cast<uint8_t>(c)]; }
/// May the character stand within an identifier?
inline bool IsWordPart(char c) {
  return ClassOf(c) == CharClass::kWord || ClassOf(c) == CharClass::kDigit || c == '$';
}

}  // namespace omen::sql
