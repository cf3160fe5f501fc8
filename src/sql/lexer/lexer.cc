#include "sql/lexer/lexer.h"

#include <algorithm>

namespace omen::sql {
namespace {

bool IsEscapePrefix(char c) { return c == 'e' || c == 'E'; }

bool IsStringPrefix(char c) {
  return IsEscapePrefix(c) || c == 'b' || c == 'B' || c == 'x' || c == 'X' || c == 'n' || c == 'N';
}

/// Past a comment that begins with /*; they nest.
size_t SkipBlockComment(std::string_view text, size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const std::string_view two = text.substr(at, 2);
    at += two == "/*" || two == "*/" ? 2 : 1;
    if (two == "/*") ++depth;
    if (two == "*/" && --depth == 0) break;
  }
  return at;
}

}  // namespace

// True when there was a comment among them.
bool Lexer::SkipBlanks() {
  bool comment = false;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (ClassOf(c) == CharClass::kBlank) {
      ++at_;
    } else if (c == '-' && next == '-') {
      at_ = std::min(text_.find_first_of("\n\r", at_), text_.size());
      comment = true;
    } else if (c == '/' && next == '*') {
      at_ = SkipBlockComment(text_, at_);
      comment = true;
    } else {
      break;
    }
  }
  return comment;
}

// `escapes` where a backslash takes the next character: E'...'.
size_t Lexer::SkipQuoted(size_t quote, bool escapes) const {
  const char mark = text_[quote];
  for (size_t at = quote + 1; at < text_.size(); ++at) {
    if (escapes && text_[at] == '\\') {
      ++at;
    } else if (text_[at] == mark) {
      if (at + 1 >= text_.size() || text_[at + 1] != mark) return at + 1;
      ++at;
    }
  }
  return text_.size();
}

// The end of a $tag$...$tag$ string, or `at` where none begins.
size_t Lexer::SkipDollarQuoted(size_t at) const {
  size_t end = at + 1;
  if (end < text_.size() && ClassOf(text_[end]) == CharClass::kDigit) return at;
  while (end < text_.size() && text_[end] != '$' && IsWordPart(text_[end])) ++end;
  if (end >= text_.size() || text_[end] != '$') return at;
  const std::string_view tag = text_.substr(at, end + 1 - at);
  const size_t close = text_.find(tag, end + 1);
  return close == std::string_view::npos ? text_.size() : close + tag.size();
}

size_t Lexer::SkipNumber(size_t at) const {
  for (; at < text_.size(); ++at) {
    const char c = text_[at];
    const bool exponent_sign = (c == '+' || c == '-') && IsEscapePrefix(text_[at - 1]);
    if (!IsWordPart(c) && c != '.' && !exponent_sign) break;
  }
  return at;
}

// E'...', U&"..." and their like.
bool Lexer::Prefixed(Token* token) const {
  const char c = text_[at_];
  const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  size_t prefix = 0;
  if (IsStringPrefix(c) && next == '\'') prefix = 1;
  if ((c == 'u' || c == 'U') && next == '&' && at_ + 2 < text_.size() &&
      (text_[at_ + 2] == '\'' || text_[at_ + 2] == '"')) {
    prefix = 2;
  }
  if (prefix == 0) return false;
  token->prefix = static_cast<uint8_t>(prefix);
  token->kind = text_[at_ + prefix] == '"' ? TokenKind::kQuotedName : TokenKind::kString;
  token->end = SkipQuoted(at_ + prefix, IsEscapePrefix(c));
  return true;
}

Token Lexer::Next() {
  Token token;
  token.after_comment = SkipBlanks();
  token.begin = token.end = at_;
  if (at_ >= text_.size()) return token;
  const char c = text_[at_];
  const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  const bool digit_next = ClassOf(next) == CharClass::kDigit;
  if (ClassOf(c) == CharClass::kWord) {
    if (!Prefixed(&token)) {
      token.kind = TokenKind::kWord;
      while (token.end < text_.size() && IsWordPart(text_[token.end])) ++token.end;
    }
  } else if (ClassOf(c) == CharClass::kDigit || (c == '.' && digit_next)) {
    token.kind = TokenKind::kNumber;
    token.end = SkipNumber(at_ + 1);
  } else if (c == '\'' || c == '"') {
    token.kind = c == '"' ? TokenKind::kQuotedName : TokenKind::kString;
    token.end = SkipQuoted(at_, false);
  } else if (c == '$' && digit_next) {
    token.kind = TokenKind::kParameter;
    for (++token.end; token.end < text_.size(); ++token.end) {
      if (ClassOf(text_[token.end]) != CharClass::kDigit) break;
    }
  } else if (const size_t end = c == '$' ? SkipDollarQuoted(at_) : at_; end != at_) {
    token.kind = TokenKind::kString;
    token.end = end;
  } else {
    token.kind = TokenKind::kSymbol;
    token.end = at_ + 1;
  }
  at_ = token.end;
  return token;
}

bool IsKeyword(std::string_view text, const Token& token, std::string_view keyword) {
  if (token.kind != TokenKind::kWord || token.end - token.begin != keyword.size()) return false;
  const std::string_view word = text.substr(token.begin, keyword.size());
  return std::ranges::equal(keyword, word, [](char key, char c) {
    return key == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  });
}

}  // namespace omen::sql
