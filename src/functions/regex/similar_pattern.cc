#include "functions/regex/similar_pattern.h"

#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

/// Two escaped quotes part a pattern in three; the expression then captures the middle.
Status AppendSeparator(int quotes, std::string& out) {
  if (quotes > 1) {
    return Status(SqlState{"2200C"},
                  "SQL regular expression may not contain more than two escape-double-quote "
                  "separators");
  }
  out += quotes == 0 ? "){1,1}?(" : "){1,1}(?:";
  return Status::Ok();
}

void AppendPlain(std::string_view character, bool* in_class, std::string& out) {
  char c = character.front();
  if (*in_class) {
    if (c == '\\') out += '\\';
    *in_class = c != ']';
    out += character;
  } else if (c == '%') {
    out += ".*";
  } else if (c == '_') {
    out += '.';
  } else if (c == '(') {
    out += "(?:";
  } else {
    if (c == '\\' || c == '.' || c == '^' || c == '$') out += '\\';
    *in_class = c == '[';
    out += character;
  }
}

}  // namespace

Result<std::string> SimilarToRegex(std::string_view pattern, std::string_view escape) {
  if (!escape.empty() && CharacterLength(escape[0]) != escape.size()) {
    return Status(sqlstate::kInvalidEscape, "invalid escape string")
        .Hint("Escape string must be empty or one character.");
  }
  std::string out = "^(?:";
  bool after_escape = false, in_class = false;
  int quotes = 0;
  for (size_t i = 0; i < pattern.size();) {
    std::string_view character = pattern.substr(i, CharacterLength(pattern[i]));
    i += character.size();
    if (after_escape) {
      after_escape = false;
      if (character == "\"" && !in_class) {
        OMEN_RETURN_IF_ERROR(AppendSeparator(quotes++, out));
      } else {
        out.append("\\").append(character);
      }
    } else if (character == escape) {
      after_escape = true;
    } else {
      AppendPlain(character, &in_class, out);
    }
  }
  return out + ")$";
}

}  // namespace omen::functions
