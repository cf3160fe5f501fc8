#include "exec/statement/template_text.h"

#include <cctype>

namespace omen::exec {
namespace {

bool IsWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

class Shortener {
 public:
  explicit Shortener(std::string_view text) : text_(text) { out_.reserve(text.size()); }

  std::string Run() {
    while (at_ < text_.size()) Step();
    while (!out_.empty() && (out_.back() == ' ' || out_.back() == ';')) out_.pop_back();
    return std::move(out_);
  }

 private:
  char Peek(size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void Step() {
    const char c = text_[at_];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
      Blank();
    } else if (c == '-' && Peek(1) == '-') {
      const size_t end = text_.find('\n', at_);
      at_ = end == std::string_view::npos ? text_.size() : end;
      Blank();
    } else if (c == '/' && Peek(1) == '*') {
      SkipBlockComment();
    } else if (c == '\'') {
      SkipQuoted(LastIsEscapePrefix());
      out_ += '?';
    } else if (c == '"') {
      CopyIdentifier();
    } else if (c == '$' && !IsWord(Previous()) && SkipDollarQuoted()) {
      out_ += '?';
    } else if (std::isdigit(static_cast<unsigned char>(c)) != 0 && !IsWord(Previous()) &&
               Previous() != '$') {
      SkipNumber();
      out_ += '?';
    } else {
      out_ += c;
      ++at_;
    }
  }

  char Previous() const { return at_ > 0 ? text_[at_ - 1] : '\0'; }

  void Blank() {
    if (!out_.empty() && out_.back() != ' ') out_ += ' ';
  }

  // E'...' takes backslashes; the prefix of any literal (E, B, X, N, U&) goes with it.
  bool LastIsEscapePrefix() {
    const char before = Previous();
    const char two_before = at_ > 1 ? text_[at_ - 2] : '\0';
    if (before == '&' && (two_before == 'U' || two_before == 'u')) {
      out_.resize(out_.size() - 2);
      return false;
    }
    if (IsWord(two_before) || std::string_view("eEbBxXnN").find(before) == std::string_view::npos ||
        before == '\0') {
      return false;
    }
    out_.pop_back();
    return before == 'e' || before == 'E';
  }

  void SkipQuoted(bool escapes) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (escapes && text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '\'') {
        if (Peek(1) != '\'') break;
        ++at_;
      }
    }
    if (at_ < text_.size()) ++at_;
  }

  void CopyIdentifier() {
    const size_t end = text_.find('"', at_ + 1);
    const size_t stop = end == std::string_view::npos ? text_.size() : end + 1;
    out_.append(text_.substr(at_, stop - at_));
    at_ = stop;
  }

  bool SkipDollarQuoted() {
    size_t tag_end = at_ + 1;
    while (tag_end < text_.size() && IsWord(text_[tag_end])) ++tag_end;
    if (tag_end >= text_.size() || text_[tag_end] != '$') return false;
    if (std::isdigit(static_cast<unsigned char>(text_[at_ + 1])) != 0) return false;
    const std::string_view tag = text_.substr(at_, tag_end + 1 - at_);
    const size_t close = text_.find(tag, tag_end + 1);
    at_ = close == std::string_view::npos ? text_.size() : close + tag.size();
    return true;
  }

  void SkipNumber() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool exponent_sign = (c == '+' || c == '-') && (Previous() == 'e' || Previous() == 'E');
      if (!IsWord(c) && c != '.' && !exponent_sign) break;
      ++at_;
    }
  }

  void SkipBlockComment() {
    int depth = 0;
    while (at_ < text_.size()) {
      if (text_[at_] == '/' && Peek(1) == '*') {
        ++depth;
        at_ += 2;
      } else if (text_[at_] == '*' && Peek(1) == '/') {
        at_ += 2;
        if (--depth == 0) break;
      } else {
        ++at_;
      }
    }
    Blank();
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string TemplateText(std::string_view text) { return Shortener(text).Run(); }

}  // namespace omen::exec
