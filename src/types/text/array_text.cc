#include "types/text/array_text.h"

#include <fmt/format.h>

#include <charconv>

#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

Status MoreDimensions() { return NotSupported("multidimensional arrays"); }

class ArrayReader {
 public:
  explicit ArrayReader(std::string_view text) : text_(text) {}

  Result<ArrayLiteral> Read() {
    SkipSpace();
    bool bounds = Peek() == '[';
    if (bounds) OMEN_RETURN_IF_ERROR(ReadBounds());
    if (Peek() != '{') {
      return bounds ? Malformed("Array contents must start with \"{\".")
                    : Malformed("Array value must start with \"{\" or dimension information.");
    }
    ++at_;
    OMEN_RETURN_IF_ERROR(ReadElements());
    SkipSpace();
    if (at_ != text_.size()) return Malformed("Junk after closing right brace.");
    int64_t count = static_cast<int64_t>(array_.elements.size());
    if (bounds && count != int64_t{upper_} - array_.lower_bound + 1) {
      return Malformed("Specified array dimensions do not match array contents.");
    }
    return std::move(array_);
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool AtEnd() const { return at_ >= text_.size(); }
  void SkipSpace() {
    while (!AtEnd() && IsSpace(text_[at_])) ++at_;
  }
  Status Malformed(std::string detail) const {
    return Status(sqlstate::kInvalidText, fmt::format("malformed array literal: \"{}\"", text_))
        .Detail(std::move(detail));
  }
  Status Unexpected(char c) const {
    return Malformed(fmt::format("Unexpected \"{}\" character.", c));
  }

  bool ReadBound(int32_t* bound) {
    if (Peek() == '+') ++at_;
    auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), *bound);
    if (error == std::errc::invalid_argument) return false;
    if (error == std::errc::result_out_of_range) *bound = INT32_MAX;
    at_ = end - text_.data();
    return true;
  }

  /// [lower:upper]= or [upper]=.
  Status ReadBounds() {
    ++at_;
    SkipSpace();
    int32_t first;
    if (!ReadBound(&first)) {
      return Malformed("\"[\" must introduce explicitly-specified array dimensions.");
    }
    upper_ = first;
    if (Peek() == ':') {
      ++at_;
      array_.lower_bound = first;
      if (!ReadBound(&upper_)) return Malformed("Missing array dimension value.");
    }
    if (Peek() != ']') return Malformed("Missing \"]\" after array dimensions.");
    ++at_;
    if (upper_ < array_.lower_bound) {
      return Status(sqlstate::kArraySubscript, "upper bound cannot be less than lower bound");
    }
    SkipSpace();
    if (Peek() == '[') return MoreDimensions();
    if (Peek() != '=') return Malformed("Missing \"=\" after array dimensions.");
    ++at_;
    SkipSpace();
    return Status::Ok();
  }

  Status ReadElements() {
    SkipSpace();
    if (Peek() == '}') {
      ++at_;
      return Status::Ok();
    }
    while (true) {
      SkipSpace();
      if (AtEnd()) return Malformed("Unexpected end of input.");
      if (Peek() == '{') return array_.elements.empty() ? MoreDimensions() : Unexpected('{');
      OMEN_RETURN_IF_ERROR(Peek() == '"' ? ReadQuoted() : ReadPlain());
      SkipSpace();
      if (AtEnd()) return Malformed("Unexpected end of input.");
      char end = text_[at_++];
      if (end == '}') return Status::Ok();
      if (end == '\\' || end == '{') return Unexpected(end);
      if (end != ',') return Malformed("Unexpected array element.");
    }
  }

  Status ReadQuoted() {
    std::string element;
    for (++at_; !AtEnd(); ++at_) {
      char c = text_[at_];
      if (c == '"') {
        ++at_;
        array_.elements.push_back(std::move(element));
        return Status::Ok();
      }
      if (c == '\\' && ++at_ == text_.size()) break;
      element.push_back(text_[at_]);
    }
    return Malformed("Unexpected end of input.");
  }

  Status ReadPlain() {
    std::string element;
    size_t kept = 0;  // without white space at the end, unless it was escaped
    bool escaped = false;
    for (; !AtEnd(); ++at_) {
      char c = text_[at_];
      if (c == ',' || c == '}') {
        element.resize(kept);
        if (element.empty()) return Unexpected(c);
        if (!escaped && EqualsLower(element, "null")) {
          array_.elements.emplace_back();
        } else {
          array_.elements.emplace_back(std::move(element));
        }
        return Status::Ok();
      }
      if (c == '"') return Malformed("Unexpected array element.");
      if (c == '{') return Unexpected('{');
      bool escape = c == '\\';
      if (escape && ++at_ == text_.size()) break;
      element.push_back(text_[at_]);
      escaped |= escape;
      if (escape || !IsSpace(c)) kept = element.size();
    }
    return Malformed("Unexpected end of input.");
  }

  std::string_view text_;
  size_t at_ = 0;
  int32_t upper_ = 0;
  ArrayLiteral array_;
};

bool NeedsQuotes(std::string_view text) {
  if (text.empty() || EqualsLower(text, "null")) return true;
  for (char c : text) {
    if (c == '"' || c == '\\' || c == '{' || c == '}' || c == ',' || IsSpace(c)) return true;
  }
  return false;
}

}  // namespace

Result<ArrayLiteral> ParseArrayLiteral(std::string_view text) { return ArrayReader(text).Read(); }

void AppendArrayElement(std::string_view text, std::string& out) {
  if (!NeedsQuotes(text)) {
    out += text;
    return;
  }
  out.push_back('"');
  for (char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
}

}  // namespace omen::types_internal
