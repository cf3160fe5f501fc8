#include "functions/regex/regex_calls.h"

#include "functions/kernel/utf8.h"

namespace omen::functions {

Result<RegexFlags> ParseRegexFlags(std::string_view text) {
  RegexFlags flags;
  RegexOptions& options = flags.options;
  for (size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case 'g':
        flags.global = true;
        break;
      case 'c':
        options.ignore_case = false;
        break;
      case 'i':
        options.ignore_case = true;
        break;
      case 'm':
      case 'n':
        options.newline_stops = options.newline_anchors = true;
        break;
      case 'p':
        options.newline_stops = true;
        options.newline_anchors = false;
        break;
      case 'w':
        options.newline_stops = false;
        options.newline_anchors = true;
        break;
      case 's':
        options.newline_stops = options.newline_anchors = false;
        break;
      case 'q':
        options.literal = true;
        break;
      case 't':
        options.expanded = false;
        break;
      case 'x':
        options.expanded = true;
        break;
      case 'b':
      case 'e':
        return NotSupported("basic and extended regular expressions");
      default:
        return Status(sqlstate::kInvalidParameter,
                      "invalid regular expression option: \"" +
                          std::string(text.substr(i, CharacterLength(text[i]))) + "\"");
    }
  }
  return flags;
}

Result<RegexFlags> ParseFlagsWithoutGlobal(std::string_view text, std::string_view function) {
  OMEN_ASSIGN_OR_RETURN(RegexFlags flags, ParseRegexFlags(text));
  if (flags.global) {
    return Status(sqlstate::kInvalidParameter,
                  std::string(function) + " does not support the \"global\" option");
  }
  return flags;
}

Result<bool> RegexMatches::Next(RegexMatch* match) {
  while (next_ <= text_.size()) {
    OMEN_ASSIGN_OR_RETURN(bool found, regex_.Find(text_, next_, match));
    if (!found) break;
    RegexSpan whole = match->front();
    bool degenerate = whole.begin >= text_.size() || whole.end <= previous_end_;
    previous_end_ = next_ = whole.end;
    // Past an empty match by one character, or it would be found for ever.
    if (whole.empty()) next_ += whole.end < text_.size() ? CharacterLength(text_[whole.end]) : 1;
    if (!ignore_degenerate_ || !degenerate) return true;
  }
  next_ = text_.size() + 1;
  return false;
}

Value MatchArray(std::string_view text, const RegexMatch& match) {
  ArrayData array;
  array.element = oid::kText;
  for (size_t i = match.size() > 1 ? 1 : 0; i < match.size(); ++i) {
    array.elements.push_back(match[i].set() ? Value::Text(match[i].Of(text)) : Value());
  }
  return Value::Array(std::move(array));
}

Result<std::vector<std::string_view>> SplitByRegex(Regex& regex, std::string_view text) {
  std::vector<std::string_view> pieces;
  RegexMatches matches(regex, text, 0, true);
  RegexMatch match;
  size_t start = 0;
  for (;;) {
    OMEN_ASSIGN_OR_RETURN(bool found, matches.Next(&match));
    if (!found) break;
    pieces.push_back(text.substr(start, match.front().begin - start));
    start = match.front().end;
  }
  pieces.push_back(text.substr(start));
  return pieces;
}

}  // namespace omen::functions
