// LIKE and ILIKE.
#include <string>

#include "base/work.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/letters.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

Status TrailingEscape() {
  return Status(sqlstate::kInvalidEscape, "LIKE pattern must not end with escape character");
}

/// Matching with one remembered %: what stands before the last % matched as early as it
/// could, so only the last one can need more text. No recursion, whatever the pattern.
class Matcher {
 public:
  Matcher(std::string_view text, std::string_view pattern, bool characters)
      : text_(text), pattern_(pattern), characters_(characters) {}

  Result<bool> Run() {
    for (;;) {
      Work::Poll();
      if (p_ == pattern_.size()) {
        if (t_ == text_.size()) return true;
        if (!Retry()) return false;
      } else if (pattern_[p_] == '%') {
        if (++p_ == pattern_.size()) return true;
        resume_pattern_ = p_;
        resume_text_ = t_;
        if (!SkipToFirst()) return false;
      } else if (t_ == text_.size()) {
        return false;
      } else {
        OMEN_ASSIGN_OR_RETURN(bool same, One());
        if (!same && !Retry()) return false;
      }
    }
  }

 private:
  size_t CharacterSize(size_t at) const {
    return characters_ ? std::min(CharacterLength(text_[at]), text_.size() - at) : 1;
  }

  /// Matches one pattern element other than %.
  Result<bool> One() {
    if (pattern_[p_] == '_') {
      t_ += CharacterSize(t_);
      ++p_;
      return true;
    }
    if (pattern_[p_] == '\\' && ++p_ == pattern_.size()) return TrailingEscape();
    return text_[t_++] == pattern_[p_++];
  }

  /// Gives the last % one more character; false when there is none to give.
  bool Retry() {
    if (resume_pattern_ == std::string_view::npos || resume_text_ >= text_.size()) return false;
    resume_text_ += CharacterSize(resume_text_);
    return SkipToFirst();
  }

  /// Moves to the next place where what follows the % can start.
  bool SkipToFirst() {
    char first = pattern_[resume_pattern_];
    if (first != '%' && first != '_' && first != '\\') {
      resume_text_ = text_.find(first, resume_text_);
      if (resume_text_ == std::string_view::npos) return false;
    }
    t_ = resume_text_;
    p_ = resume_pattern_;
    return true;
  }

  std::string_view text_, pattern_;
  bool characters_;
  size_t t_ = 0, p_ = 0;
  size_t resume_text_ = 0, resume_pattern_ = std::string_view::npos;
};

Status Answer(std::string_view text, std::string_view pattern, bool characters, bool negated,
              Value* out) {
  OMEN_ASSIGN_OR_RETURN(bool matched, Matcher(text, pattern, characters).Run());
  return ReturnBool(out, matched != negated);
}

template <bool kNegated>
Status Like(CallContext& context, const CallArgs& args, Value* out) {
  if (args.types[0].oid != oid::kBpchar) {
    return Answer(BytesArg(args, 0), BytesArg(args, 1), true, kNegated, out);
  }
  // char(n) is matched with the padding it is carried without.
  return Answer(ToText(args.types[0], args.values[0], context.style), BytesArg(args, 1), true,
                kNegated, out);
}

template <bool kNegated>
Status LikeBytes(CallContext&, const CallArgs& args, Value* out) {
  return Answer(BytesArg(args, 0), BytesArg(args, 1), false, kNegated, out);
}

template <bool kNegated>
Status LikeAnyCase(CallContext& context, const CallArgs& args, Value* out) {
  std::string text = args.types[0].oid == oid::kBpchar
                         ? LowerText(ToText(args.types[0], args.values[0], context.style))
                         : LowerText(BytesArg(args, 0));
  return Answer(text, LowerText(BytesArg(args, 1)), true, kNegated, out);
}

// Rewrites a pattern with another escape character into one with a backslash.
Status LikeEscape(CallContext&, const CallArgs& args, Value* out) {
  std::string_view pattern = BytesArg(args, 0), escape = BytesArg(args, 1);
  std::string result;
  if (!escape.empty() && CharacterLength(escape[0]) != escape.size()) {
    return Status(sqlstate::kInvalidEscape, "invalid escape string")
        .Hint("Escape string must be empty or one character.");
  }
  if (escape == "\\") return Return(out, args.values[0]);
  bool after_escape = false;
  for (size_t i = 0; i < pattern.size();) {
    std::string_view character = pattern.substr(i, CharacterLength(pattern[i]));
    i += character.size();
    if (!escape.empty() && character == escape && !after_escape) {
      result += '\\';
      after_escape = true;
      continue;
    }
    if (character == "\\" && !after_escape) result += '\\';
    result += character;
    after_escape = false;
  }
  return ReturnText(out, result);
}

// The engine's LIKE has no default escape character.
constexpr Templates kLikeTemplate(LiteralRule::kNoBackslash, "($1 LIKE $2)");
constexpr Templates kNotLikeTemplate(LiteralRule::kNoBackslash, "($1 NOT LIKE $2)");

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kLikeRows[] = {
    {1569, "like", {kText, kText}, kBool, kPure, Like<false>, kLikeTemplate},
    {850, "textlike", {kText, kText}, kBool, kPure, Like<false>, kLikeTemplate},
    {1570, "notlike", {kText, kText}, kBool, kPure, Like<true>, kNotLikeTemplate},
    {851, "textnlike", {kText, kText}, kBool, kPure, Like<true>, kNotLikeTemplate},
    {858, "namelike", {kName, kText}, kBool, kPure, Like<false>, kLikeTemplate},
    {859, "namenlike", {kName, kText}, kBool, kPure, Like<true>, kNotLikeTemplate},
    {1631, "bpcharlike", {kBpchar, kText}, kBool, kPure, Like<false>},
    {1632, "bpcharnlike", {kBpchar, kText}, kBool, kPure, Like<true>},
    {2007, "like", {kBytea, kBytea}, kBool, kPure, LikeBytes<false>},
    {2005, "bytealike", {kBytea, kBytea}, kBool, kPure, LikeBytes<false>},
    {2008, "notlike", {kBytea, kBytea}, kBool, kPure, LikeBytes<true>},
    {2006, "byteanlike", {kBytea, kBytea}, kBool, kPure, LikeBytes<true>},
    {1633, "texticlike", {kText, kText}, kBool, kPure, LikeAnyCase<false>},
    {1634, "texticnlike", {kText, kText}, kBool, kPure, LikeAnyCase<true>},
    {1635, "nameiclike", {kName, kText}, kBool, kPure, LikeAnyCase<false>},
    {1636, "nameicnlike", {kName, kText}, kBool, kPure, LikeAnyCase<true>},
    {1660, "bpchariclike", {kBpchar, kText}, kBool, kPure, LikeAnyCase<false>},
    {1661, "bpcharicnlike", {kBpchar, kText}, kBool, kPure, LikeAnyCase<true>},
    {1637, "like_escape", {kText, kText}, kText, kPure, LikeEscape},
    {2009, "like_escape", {kBytea, kBytea}, kBytea, kPure, LikeEscape},
};

}  // namespace

std::span<const FunctionRow> LikeRows() { return kLikeRows; }

}  // namespace omen::functions
