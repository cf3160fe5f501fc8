// The ~ operators and the regexp_ functions.
#include <string>

#include "functions/kernel/rows.h"
#include "functions/kernel/utf8.h"
#include "functions/regex/regex_calls.h"
#include "functions/regex/similar_pattern.h"

namespace omen::functions {

namespace {

template <bool kIgnoreCase, bool kNegated>
Status Matches(CallContext& context, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Regex * regex,
                        Regex::Cached(BytesArg(args, 1), {.ignore_case = kIgnoreCase}));
  // char(n) is matched with the padding it is carried without.
  std::string padded;
  std::string_view text = BytesArg(args, 0);
  if (args.types[0].oid == oid::kBpchar) {
    text = padded = ToText(args.types[0], args.values[0], context.style);
  }
  OMEN_ASSIGN_OR_RETURN(bool found, regex->Test(text));
  return ReturnBool(out, found != kNegated);
}

/// The optional arguments of the regexp_ functions, by their position; -1 where a function
/// has none.
struct ArgumentPositions {
  int start = -1, nth = -1, end_option = -1, flags = -1, group = -1;
};

struct Options {
  RegexFlags flags;
  int64_t start = 1, nth = 1, end_option = 0, group = 0;
  bool has_nth = false;
};

Status BadParameter(const char* name, int64_t value) {
  return Status(sqlstate::kInvalidParameter, std::string("invalid value for parameter \"") + name +
                                                 "\": " + std::to_string(value));
}

bool HasArg(const CallArgs& args, int position) {
  return position >= 0 && static_cast<size_t>(position) < args.values.size();
}

int64_t IntOr(const CallArgs& args, int position, int64_t otherwise) {
  return HasArg(args, position) ? IntArg(args, static_cast<size_t>(position)) : otherwise;
}

Result<Options> ReadOptions(const CallArgs& args, const ArgumentPositions& positions) {
  Options options;
  options.start = IntOr(args, positions.start, 1);
  options.has_nth = HasArg(args, positions.nth);
  options.nth = IntOr(args, positions.nth, 1);
  options.end_option = IntOr(args, positions.end_option, 0);
  options.group = IntOr(args, positions.group, 0);
  if (options.start <= 0) return BadParameter("start", options.start);
  if (options.end_option != 0 && options.end_option != 1) {
    return BadParameter("endoption", options.end_option);
  }
  if (options.group < 0) return BadParameter("subexpr", options.group);
  if (HasArg(args, positions.flags)) {
    OMEN_ASSIGN_OR_RETURN(options.flags,
                          ParseRegexFlags(BytesArg(args, static_cast<size_t>(positions.flags))));
  }
  return options;
}

Status NoGlobal(const Options& options, const char* function) {
  if (!options.flags.global) return Status::Ok();
  return Status(sqlstate::kInvalidParameter,
                std::string(function) + " does not support the \"global\" option");
}

Result<Regex*> Compiled(const CallArgs& args, const Options& options) {
  return Regex::Cached(BytesArg(args, 1), options.flags.options);
}

// A start beyond the text finds nothing, not even an empty match.
size_t StartOffset(std::string_view text, int64_t start) {
  if (start - 1 > CountCharacters(text)) return text.size() + 1;
  return ByteOffset(text, start - 1);
}

Status RegexLike(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Options options, ReadOptions(args, {.flags = 2}));
  OMEN_RETURN_IF_ERROR(NoGlobal(options, "regexp_like()"));
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Compiled(args, options));
  OMEN_ASSIGN_OR_RETURN(bool found, regex->Test(BytesArg(args, 0)));
  return ReturnBool(out, found);
}

Status Match(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Options options, ReadOptions(args, {.flags = 2}));
  if (options.flags.global) {
    return NoGlobal(options, "regexp_match()").Hint("Use the regexp_matches function instead.");
  }
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Compiled(args, options));
  RegexMatch match;
  OMEN_ASSIGN_OR_RETURN(bool found, regex->Find(BytesArg(args, 0), 0, &match));
  return Return(out, found ? MatchArray(BytesArg(args, 0), match) : Value());
}

// \1 to \9 and \& stand for groups and the match; \\ for a backslash; others for themselves.
void AppendReplacement(std::string_view replacement, std::string_view text, const RegexMatch& match,
                       std::string& out) {
  for (size_t i = 0; i < replacement.size(); ++i) {
    char c = replacement[i];
    if (c != '\\' || i + 1 == replacement.size()) {
      out += c;
      continue;
    }
    char next = replacement[i + 1];
    size_t group = next == '&' ? 0 : static_cast<size_t>(next - '0');
    if (next == '&' || (next >= '1' && next <= '9')) {
      if (group < match.size() && match[group].set()) out += match[group].Of(text);
      ++i;
    } else if (next == '\\') {
      out += '\\';
      ++i;
    } else {
      out += c;
    }
  }
}

/// Which matches of a text are replaced, and by what. One thread.
class Replacing {
 public:
  /// nth 0 replaces every match.
  Replacing(Regex* regex, std::string_view replacement, int64_t start, int64_t nth)
      : regex_(regex), replacement_(replacement), start_(start), nth_(nth) {}

  Status Append(std::string_view text, std::string* out) {
    const size_t before = out->size();
    RegexMatches matches(*regex_, text, StartOffset(text, start_), false);
    size_t copied = 0;
    for (int64_t count = 1;; ++count) {
      OMEN_ASSIGN_OR_RETURN(bool found, matches.Next(&match_));
      if (!found) break;
      if (nth_ > 0 && count != nth_) continue;
      *out += text.substr(copied, match_.front().begin - copied);
      AppendReplacement(replacement_, text, match_, *out);
      copied = match_.front().end;
      if (nth_ > 0) break;
    }
    *out += text.substr(copied);
    return out->size() - before > kTextBytesMax ? TextTooLarge() : Status::Ok();
  }

 private:
  Regex* regex_;
  std::string_view replacement_;
  int64_t start_, nth_;
  RegexMatch match_;
};

Status ReplaceMatches(const CallArgs& args, const Options& options, int64_t nth, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Compiled(args, options));
  std::string result;
  OMEN_RETURN_IF_ERROR(
      Replacing(regex, BytesArg(args, 2), options.start, nth).Append(BytesArg(args, 0), &result));
  return ReturnText(out, result);
}

Status RegexReplace(CallContext&, const CallArgs& args, Value* out) {
  return ReplaceMatches(args, {}, 1, out);
}

Result<Options> ReplacingOptions(const CallArgs& args) {
  std::string_view flags = BytesArg(args, 3);
  Result<Options> options = ReadOptions(args, {.flags = 3});
  if (options.ok()) return options;
  bool digit = !flags.empty() && flags[0] >= '0' && flags[0] <= '9';
  if (!digit) return options;
  return std::move(options).status().Hint(
      "If you meant to use regexp_replace() with a start parameter, cast the fourth argument to "
      "integer explicitly.");
}

Status ReplaceWithFlags(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Options options, ReplacingOptions(args));
  return ReplaceMatches(args, options, options.flags.global ? 0 : 1, out);
}

Status ReplaceFrom(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Options options, ReadOptions(args, {.start = 3, .nth = 4, .flags = 5}));
  if (options.has_nth && options.nth < 0) return BadParameter("n", options.nth);
  return ReplaceMatches(args, options, options.has_nth ? options.nth : 1, out);
}

Status SplitToArray(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Options options, ReadOptions(args, {.flags = 2}));
  OMEN_RETURN_IF_ERROR(NoGlobal(options, "regexp_split_to_array()"));
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Compiled(args, options));
  OMEN_ASSIGN_OR_RETURN(auto pieces, SplitByRegex(*regex, BytesArg(args, 0)));
  ArrayData array;
  array.element = oid::kText;
  for (std::string_view piece : pieces) array.elements.push_back(Value::Text(piece));
  return Return(out, Value::Array(std::move(array)));
}

Status RegexCount(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Options options, ReadOptions(args, {.start = 2, .flags = 3}));
  OMEN_RETURN_IF_ERROR(NoGlobal(options, "regexp_count()"));
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Compiled(args, options));
  std::string_view text = BytesArg(args, 0);
  RegexMatches matches(*regex, text, StartOffset(text, options.start), false);
  RegexMatch match;
  for (int64_t count = 0;; ++count) {
    OMEN_ASSIGN_OR_RETURN(bool found, matches.Next(&match));
    if (!found) return ReturnInt(out, count);
  }
}

/// The span of the nth match, or of one of its groups; unset when there is none.
Result<RegexSpan> NthSpan(const CallArgs& args, const Options& options) {
  if (options.nth <= 0) return BadParameter("n", options.nth);
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Compiled(args, options));
  if (options.group > regex->groups()) return RegexSpan();
  std::string_view text = BytesArg(args, 0);
  RegexMatches matches(*regex, text, StartOffset(text, options.start), false);
  RegexMatch match;
  for (int64_t i = 0; i < options.nth; ++i) {
    OMEN_ASSIGN_OR_RETURN(bool found, matches.Next(&match));
    if (!found) return RegexSpan();
  }
  return match[static_cast<size_t>(options.group)];
}

Status Instr(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(
      Options options,
      ReadOptions(args, {.start = 2, .nth = 3, .end_option = 4, .flags = 5, .group = 6}));
  OMEN_RETURN_IF_ERROR(NoGlobal(options, "regexp_instr()"));
  OMEN_ASSIGN_OR_RETURN(RegexSpan span, NthSpan(args, options));
  if (!span.set()) return ReturnInt(out, 0);
  size_t offset = options.end_option == 1 ? span.end : span.begin;
  return ReturnInt(out, CountCharacters(BytesArg(args, 0).substr(0, offset)) + 1);
}

Status Substr(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Options options,
                        ReadOptions(args, {.start = 2, .nth = 3, .flags = 4, .group = 5}));
  OMEN_RETURN_IF_ERROR(NoGlobal(options, "regexp_substr()"));
  OMEN_ASSIGN_OR_RETURN(RegexSpan span, NthSpan(args, options));
  return Return(out, span.set() ? Value::Text(span.Of(BytesArg(args, 0))) : Value());
}

// substring(text from pattern): the first group, or the match where there is no group.
Status FirstMatch(std::string_view text, std::string_view pattern, Value* out) {
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Regex::Cached(pattern, {}));
  RegexMatch match;
  OMEN_ASSIGN_OR_RETURN(bool found, regex->Find(text, 0, &match));
  if (!found) return Return(out, Value());
  const RegexSpan& span = match.size() > 1 ? match[1] : match[0];
  return Return(out, span.set() ? Value::Text(span.Of(text)) : Value());
}

Status SubstringMatching(CallContext&, const CallArgs& args, Value* out) {
  return FirstMatch(BytesArg(args, 0), BytesArg(args, 1), out);
}

Status SubstringSimilar(CallContext&, const CallArgs& args, Value* out) {
  OMEN_ASSIGN_OR_RETURN(std::string pattern, SimilarToRegex(BytesArg(args, 1), BytesArg(args, 2)));
  return FirstMatch(BytesArg(args, 0), pattern, out);
}

Status SimilarToEscape(CallContext&, const CallArgs& args, Value* out) {
  std::string_view escape = args.values.size() == 2 ? BytesArg(args, 1) : "\\";
  OMEN_ASSIGN_OR_RETURN(std::string pattern, SimilarToRegex(BytesArg(args, 0), escape));
  return ReturnText(out, pattern);
}

Status SimilarEscape(CallContext& context, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, Value());
  if (!args.values[1].is_null()) return SimilarToEscape(context, args, out);
  return SimilarToEscape(context, {args.values.first(1), args.types.first(1), args.result}, out);
}

template <bool kIgnoreCase, bool kNegated>
Result<TextForm> MatchesForm(const CallArgs& args) {
  OMEN_ASSIGN_OR_RETURN(Regex * regex,
                        Regex::Cached(BytesArg(args, 1), {.ignore_case = kIgnoreCase}));
  TextForm form;
  form.test = [regex](std::string_view text) -> Result<bool> {
    OMEN_ASSIGN_OR_RETURN(bool found, regex->Test(text));
    return found != kNegated;
  };
  return form;
}

Result<TextForm> ReplaceForm(const CallArgs& args) {
  Options options;
  if (args.values.size() == 4) {
    OMEN_ASSIGN_OR_RETURN(options, ReplacingOptions(args));
  }
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Compiled(args, options));
  TextForm form;
  form.change = [replacing = Replacing(regex, BytesArg(args, 2), 1, options.flags.global ? 0 : 1)](
                    std::string_view text, std::string* out) mutable -> Result<bool> {
    OMEN_RETURN_IF_ERROR(replacing.Append(text, out));
    return true;
  };
  return form;
}

Result<TextForm> SubstringForm(const CallArgs& args) {
  OMEN_ASSIGN_OR_RETURN(Regex * regex, Regex::Cached(BytesArg(args, 1), {}));
  TextForm form;
  form.change = [regex, match = RegexMatch()](std::string_view text,
                                              std::string* out) mutable -> Result<bool> {
    OMEN_ASSIGN_OR_RETURN(bool found, regex->Find(text, 0, &match));
    const RegexSpan span = found ? match[match.size() > 1 ? 1 : 0] : RegexSpan();
    if (!span.set()) return false;
    *out += span.Of(text);
    return true;
  };
  return form;
}

constexpr TextFormRow kRegexForms[] = {
    {1254, MatchesForm<false, false>},
    {1256, MatchesForm<false, true>},
    {1238, MatchesForm<true, false>},
    {1239, MatchesForm<true, true>},
    {2284, ReplaceForm},
    {2285, ReplaceForm},
    {2073, SubstringForm},
};

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kRegexRows[] = {
    {1254, "textregexeq", {kText, kText}, kBool, kPure, Matches<false, false>},
    {1256, "textregexne", {kText, kText}, kBool, kPure, Matches<false, true>},
    {1238, "texticregexeq", {kText, kText}, kBool, kPure, Matches<true, false>},
    {1239, "texticregexne", {kText, kText}, kBool, kPure, Matches<true, true>},
    {79, "nameregexeq", {kName, kText}, kBool, kPure, Matches<false, false>},
    {1252, "nameregexne", {kName, kText}, kBool, kPure, Matches<false, true>},
    {1240, "nameicregexeq", {kName, kText}, kBool, kPure, Matches<true, false>},
    {1241, "nameicregexne", {kName, kText}, kBool, kPure, Matches<true, true>},
    {1658, "bpcharregexeq", {kBpchar, kText}, kBool, kPure, Matches<false, false>},
    {1659, "bpcharregexne", {kBpchar, kText}, kBool, kPure, Matches<false, true>},
    {1656, "bpcharicregexeq", {kBpchar, kText}, kBool, kPure, Matches<true, false>},
    {1657, "bpcharicregexne", {kBpchar, kText}, kBool, kPure, Matches<true, true>},
    {6263, "regexp_like", {kText, kText}, kBool, kPure, RegexLike},
    {6264, "regexp_like", {kText, kText, kText}, kBool, kPure, RegexLike},
    {3396, "regexp_match", {kText, kText}, kTextArray, kPure, Match},
    {3397, "regexp_match", {kText, kText, kText}, kTextArray, kPure, Match},
    {2284, "regexp_replace", {kText, kText, kText}, kText, kPure, RegexReplace},
    {2285, "regexp_replace", {kText, kText, kText, kText}, kText, kPure, ReplaceWithFlags},
    {6253, "regexp_replace", {kText, kText, kText, kInt4}, kText, kPure, ReplaceFrom},
    {6252, "regexp_replace", {kText, kText, kText, kInt4, kInt4}, kText, kPure, ReplaceFrom},
    {6251, "regexp_replace", {kText, kText, kText, kInt4, kInt4, kText}, kText, kPure, ReplaceFrom},
    {2767, "regexp_split_to_array", {kText, kText}, kTextArray, kPure, SplitToArray},
    {2768, "regexp_split_to_array", {kText, kText, kText}, kTextArray, kPure, SplitToArray},
    {6254, "regexp_count", {kText, kText}, kInt4, kPure, RegexCount},
    {6255, "regexp_count", {kText, kText, kInt4}, kInt4, kPure, RegexCount},
    {6256, "regexp_count", {kText, kText, kInt4, kText}, kInt4, kPure, RegexCount},
    {6257, "regexp_instr", {kText, kText}, kInt4, kPure, Instr},
    {6258, "regexp_instr", {kText, kText, kInt4}, kInt4, kPure, Instr},
    {6259, "regexp_instr", {kText, kText, kInt4, kInt4}, kInt4, kPure, Instr},
    {6260, "regexp_instr", {kText, kText, kInt4, kInt4, kInt4}, kInt4, kPure, Instr},
    {6261, "regexp_instr", {kText, kText, kInt4, kInt4, kInt4, kText}, kInt4, kPure, Instr},
    {6262, "regexp_instr", {kText, kText, kInt4, kInt4, kInt4, kText, kInt4}, kInt4, kPure, Instr},
    {6265, "regexp_substr", {kText, kText}, kText, kPure, Substr},
    {6266, "regexp_substr", {kText, kText, kInt4}, kText, kPure, Substr},
    {6267, "regexp_substr", {kText, kText, kInt4, kInt4}, kText, kPure, Substr},
    {6268, "regexp_substr", {kText, kText, kInt4, kInt4, kText}, kText, kPure, Substr},
    {6269, "regexp_substr", {kText, kText, kInt4, kInt4, kText, kInt4}, kText, kPure, Substr},
    {2073, "substring", {kText, kText}, kText, kPure, SubstringMatching},
    {2074, "substring", {kText, kText, kText}, kText, kPure, SubstringSimilar},
    {1987, "similar_to_escape", {kText}, kText, kPure, SimilarToEscape},
    {1986, "similar_to_escape", {kText, kText}, kText, kPure, SimilarToEscape},
    {1623, "similar_escape", {kText, kText}, kText, kNotStrict, SimilarEscape},
};

}  // namespace

std::span<const FunctionRow> RegexRows() { return kRegexRows; }
std::span<const TextFormRow> RegexForms() { return kRegexForms; }

}  // namespace omen::functions
