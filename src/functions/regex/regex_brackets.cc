#include "functions/regex/regex_brackets.h"

#include <optional>

#include "functions/kernel/letters.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

struct NamedClass {
  std::string_view name;
  std::string_view ranges;  // pairs of ASCII ends
};

// What the classes hold of ASCII.
constexpr NamedClass kClasses[] = {
    {"alnum", "09AZaz"}, {"alpha", "AZaz"}, {"blank", "\t\t  "},  {"digit", "09"},
    {"graph", "!~"},     {"lower", "az"},   {"print", " ~"},      {"punct", "!/:@[`{~"},
    {"space", "\t\r  "}, {"upper", "AZ"},   {"word", "09AZ__az"}, {"xdigit", "09AFaf"},
};

bool AddClass(std::string_view name, bool ignore_case, CharSet* set) {
  if (name == "cntrl") {
    set->Add(0, 31);
    set->Add(127, 127);
    for (const auto& [low, high] : LettersBeyondAscii(name)) set->Add(low, high);
    return true;
  }
  if (ignore_case && (name == "upper" || name == "lower")) name = "alpha";
  for (const NamedClass& known : kClasses) {
    if (known.name != name) continue;
    for (size_t i = 0; i < known.ranges.size(); i += 2) {
      set->Add(static_cast<unsigned char>(known.ranges[i]),
               static_cast<unsigned char>(known.ranges[i + 1]));
    }
    for (const auto& [low, high] : LettersBeyondAscii(name)) set->Add(low, high);
    return true;
  }
  return false;
}

void AddComplementOfClass(std::string_view name, bool exclude_newline, CharSet* set) {
  CharSet members;
  AddClass(name, false, &members);
  if (exclude_newline) members.Add('\n', '\n');
  members.Normalize();
  set->Add(members.Complement());
}

Status BadEscape() { return InvalidRegex("invalid escape \\ sequence"); }

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

Status Digits(std::string_view* rest, int base, size_t least, size_t most, uint32_t* code) {
  uint64_t value = 0;
  size_t count = 0;
  while (count < most && !rest->empty() && DigitValue(rest->front()) < base) {
    value = value * static_cast<uint64_t>(base) + static_cast<uint64_t>(DigitValue(rest->front()));
    if (value > 0x7FFFFFFE) return BadEscape();
    rest->remove_prefix(1);
    ++count;
  }
  if (count < least || value > 0x10FFFF) return BadEscape();
  *code = static_cast<uint32_t>(value);
  return Status::Ok();
}

// Octal numbers end before they exceed a byte.
Status Octal(std::string_view* rest, uint32_t* code) {
  std::string_view before = *rest;
  OMEN_RETURN_IF_ERROR(Digits(rest, 8, 1, 3, code));
  if (*code > 0xFF) {
    *rest = before;
    return Digits(rest, 8, 1, 2, code);
  }
  return Status::Ok();
}

bool AddClassEscape(char c, const RegexOptions& options, CharSet* set) {
  switch (c) {
    case 'd':
      return AddClass("digit", false, set);
    case 's':
      return AddClass("space", false, set);
    case 'w':
      return AddClass("word", false, set);
    // \D and \W never match a newline in newline-sensitive mode; \S never does anyway.
    case 'D':
      AddComplementOfClass("digit", options.newline_stops, set);
      return true;
    case 'S':
      AddComplementOfClass("space", false, set);
      return true;
    case 'W':
      AddComplementOfClass("word", options.newline_stops, set);
      return true;
    default:
      return false;
  }
}

Status CharacterEscape(std::string_view* rest, uint32_t* code) {
  static constexpr std::string_view kLetters = "aefnrtvbB";
  static constexpr std::string_view kCodes = "\a\033\f\n\r\t\v\b\\";
  char c = rest->front();
  size_t simple = kLetters.find(c);
  if (simple != std::string_view::npos) {
    *code = static_cast<unsigned char>(kCodes[simple]);
    rest->remove_prefix(1);
    return Status::Ok();
  }
  if (c >= '0' && c <= '9') return Octal(rest, code);
  bool alphabetic = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  size_t length = 0;
  *code = DecodeCharacter(*rest, &length);
  rest->remove_prefix(length);
  if (!alphabetic) return Status::Ok();
  switch (c) {
    case 'c': {
      if (rest->empty()) return BadEscape();
      length = 0;
      *code = DecodeCharacter(*rest, &length) & 037;
      rest->remove_prefix(length);
      return Status::Ok();
    }
    case 'u':
      return Digits(rest, 16, 4, 4, code);
    case 'U':
      return Digits(rest, 16, 8, 8, code);
    case 'x':
      return Digits(rest, 16, 1, 255, code);
    default:
      return BadEscape();
  }
}

Status NotBalanced() { return InvalidRegex("brackets [] not balanced"); }
Status BadRange() { return InvalidRegex("invalid character range"); }

class BracketParser {
 public:
  BracketParser(std::string_view* rest, const RegexOptions& options)
      : rest_(*rest), options_(options) {}

  Result<CharSet> Run() {
    rest_.remove_prefix(1);
    bool negated = rest_.starts_with('^');
    if (negated) rest_.remove_prefix(1);
    for (bool first = true; first || !rest_.starts_with(']'); first = false) {
      if (rest_.empty()) return NotBalanced();
      OMEN_RETURN_IF_ERROR(Part(first));
    }
    rest_.remove_prefix(1);
    if (options_.ignore_case) set_.FoldCase();
    if (negated && options_.newline_stops) set_.Add('\n', '\n');
    set_.Normalize();
    return negated ? set_.Complement() : std::move(set_);
  }

 private:
  // One character, range or class.
  Status Part(bool first) {
    if (rest_.starts_with('-') && !first && !rest_.starts_with("-]") && !rest_.starts_with("--")) {
      return BadRange();
    }
    std::optional<uint32_t> low;
    OMEN_RETURN_IF_ERROR(Element(&low));
    if (!rest_.starts_with('-') || rest_.starts_with("-]")) {
      if (low) set_.Add(*low, *low);
      return Status::Ok();
    }
    rest_.remove_prefix(1);
    std::optional<uint32_t> high;
    if (rest_.empty()) return NotBalanced();
    OMEN_RETURN_IF_ERROR(Element(&high));
    if (!low || !high || *low > *high) return BadRange();
    set_.Add(*low, *high);
    return Status::Ok();
  }

  // Sets `code` for a single character; adds a class to the set otherwise.
  Status Element(std::optional<uint32_t>* code) {
    if (rest_.starts_with("[:")) return Named(":]");
    if (rest_.starts_with("[=")) return Single("=]", code);
    if (rest_.starts_with("[.")) return Single(".]", code);
    if (rest_.front() == '\\') {
      if (rest_.size() > 1 && AddClassEscape(rest_[1], options_, &set_)) {
        rest_.remove_prefix(2);
        return Status::Ok();
      }
      rest_.remove_prefix(1);
      if (rest_.empty()) return BadEscape();
      uint32_t escaped;
      OMEN_RETURN_IF_ERROR(CharacterEscape(&rest_, &escaped));
      *code = escaped;
      return Status::Ok();
    }
    size_t length = 0;
    *code = DecodeCharacter(rest_, &length);
    rest_.remove_prefix(length);
    return Status::Ok();
  }

  Result<std::string_view> Inside(std::string_view close) {
    rest_.remove_prefix(2);
    size_t end = rest_.find(close);
    if (end == std::string_view::npos) return NotBalanced();
    std::string_view inside = rest_.substr(0, end);
    rest_.remove_prefix(end + 2);
    return inside;
  }

  Status Named(std::string_view close) {
    OMEN_ASSIGN_OR_RETURN(std::string_view name, Inside(close));
    if (AddClass(name, options_.ignore_case, &set_)) return Status::Ok();
    return InvalidRegex("invalid character class");
  }

  // Collating elements and equivalence classes of one character; "hyphen" is the one name in use.
  Status Single(std::string_view close, std::optional<uint32_t>* code) {
    OMEN_ASSIGN_OR_RETURN(std::string_view name, Inside(close));
    if (name == "hyphen") name = "-";
    size_t length = 0;
    if (!name.empty()) *code = DecodeCharacter(name, &length);
    if (name.empty() || length != name.size()) return InvalidRegex("invalid collating element");
    return Status::Ok();
  }

  std::string_view& rest_;
  const RegexOptions& options_;
  CharSet set_;
};

}  // namespace

Result<CharSet> ParseBracket(std::string_view* rest, const RegexOptions& options) {
  return BracketParser(rest, options).Run();
}

Status ParseEscape(std::string_view* rest, const RegexOptions& options, CharSet* set) {
  rest->remove_prefix(1);
  if (rest->empty()) return BadEscape();
  if (AddClassEscape(rest->front(), options, set)) {
    rest->remove_prefix(1);
    return Status::Ok();
  }
  uint32_t code;
  OMEN_RETURN_IF_ERROR(CharacterEscape(rest, &code));
  set->Add(code, code);
  return Status::Ok();
}

}  // namespace omen::functions
