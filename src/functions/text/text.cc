// Text functions over characters of UTF-8. Letters outside ASCII have no case, as in
// PostgreSQL's C collation.
#include <algorithm>
#include <string>

#include "functions/kernel/kernel.h"
#include "functions/kernel/letters.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/text_search.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

// char(n) counts with the padding it is carried without.
int64_t PaddedSize(const CallArgs& args) {
  std::string_view text = BytesArg(args, 0);
  int64_t padding = 0;
  if (args.types[0].oid == oid::kBpchar && args.types[0].typmod >= 4) {
    padding = std::max<int64_t>(args.types[0].typmod - 4 - CountCharacters(text), 0);
  }
  return static_cast<int64_t>(text.size()) + padding;
}

Status TextLength(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  if (args.types[0].oid == oid::kBpchar) text = WithoutBlanks(text);
  return ReturnInt(out, CountCharacters(text));
}

Status OctetLength(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, PaddedSize(args));
}

Status TextBitLength(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, PaddedSize(args) * 8);
}

Status ConcatenateTexts(CallContext&, const CallArgs& args, Value* out) {
  std::string_view a = BytesArg(args, 0), b = BytesArg(args, 1);
  std::string text;
  text.reserve(a.size() + b.size());
  text.append(a).append(b);
  return ReturnText(out, text);
}

// As the cast to text prints it, which for bool is not the output form.
void AppendCast(const CallContext& context, const CallArgs& args, size_t i, std::string& out) {
  if (args.types[i].oid == oid::kBool) {
    out += args.values[i].AsBool() ? "true" : "false";
  } else {
    AppendText({args.types[i].oid, -1}, args.values[i], context.style, out);
  }
}

Status ConcatenateAny(CallContext& context, const CallArgs& args, Value* out) {
  std::string text;
  AppendCast(context, args, 0, text);
  AppendCast(context, args, 1, text);
  return ReturnText(out, text);
}

Status Lower(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, LowerText(BytesArg(args, 0)));
}

Status Upper(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, UpperText(BytesArg(args, 0)));
}

template <std::string (*kChange)(std::string_view)>
Result<TextForm> LettersForm(const CallArgs&) {
  TextForm form;
  form.change = [](std::string_view text, std::string* out) -> Result<bool> {
    *out += kChange(text);
    return true;
  };
  return form;
}

Status InitialCapitals(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, CapitalizeText(BytesArg(args, 0)));
}

// Characters [from, from + length) counted from 1, clipped to the text. Without a third
// argument, or when the end overflows, to the end of the text.
Status TextSubstring(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  int64_t from = IntArg(args, 1), end = INT64_MAX;
  if (args.values.size() == 3) {
    int64_t length = IntArg(args, 2);
    if (length < 0) {
      return Status(sqlstate::kSubstringError, "negative substring length not allowed");
    }
    end = from + length;
  }
  from = std::max<int64_t>(from, 1);
  if (end <= from) return ReturnText(out, "");
  text.remove_prefix(ByteOffset(text, from - 1));
  return ReturnText(out, text.substr(0, ByteOffset(text, end - from)));
}

Status Left(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  int64_t count = IntArg(args, 1);
  if (count < 0) count = std::max<int64_t>(CountCharacters(text) + count, 0);
  return ReturnText(out, text.substr(0, ByteOffset(text, count)));
}

Status Right(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  int64_t count = IntArg(args, 1);
  int64_t skip = count < 0 ? -count : std::max<int64_t>(CountCharacters(text) - count, 0);
  return ReturnText(out, text.substr(ByteOffset(text, skip)));
}

Status TextPosition(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  size_t found = FindText(text, BytesArg(args, 1));
  if (found == std::string_view::npos) return ReturnInt(out, 0);
  return ReturnInt(out, CountCharacters(text.substr(0, found)) + 1);
}

Status AppendReplaced(std::string_view text, std::string_view from, std::string_view to,
                      std::string* out) {
  const size_t before = out->size();
  size_t found = from.empty() ? std::string_view::npos : FindText(text, from);
  size_t start = 0;
  for (; found != std::string_view::npos; found = FindText(text, from, start)) {
    out->append(text, start, found - start).append(to);
    start = found + from.size();
    if (out->size() - before > kTextBytesMax) return TextTooLarge();
  }
  out->append(text, start);
  return out->size() - before > kTextBytesMax ? TextTooLarge() : Status::Ok();
}

Status ReplaceText(CallContext&, const CallArgs& args, Value* out) {
  std::string result;
  OMEN_RETURN_IF_ERROR(
      AppendReplaced(BytesArg(args, 0), BytesArg(args, 1), BytesArg(args, 2), &result));
  return ReturnText(out, result);
}

Result<TextForm> ReplacedForm(const CallArgs& args) {
  TextForm form;
  form.change = [from = BytesArg(args, 1), to = BytesArg(args, 2)](
                    std::string_view text, std::string* out) -> Result<bool> {
    OMEN_RETURN_IF_ERROR(AppendReplaced(text, from, to, out));
    return true;
  };
  return form;
}

Status Translate(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0), from = BytesArg(args, 1), to = BytesArg(args, 2);
  std::string result;
  for (size_t i = 0; i < text.size();) {
    size_t length = CharacterLength(text[i]);
    std::string_view character = text.substr(i, length);
    size_t found = FindCharacter(from, character);
    Work::Poll(1 + std::min(found, from.size()) / 16);
    i += length;
    if (found == std::string_view::npos) {
      result += character;
      continue;
    }
    size_t target = ByteOffset(to, CountCharacters(from.substr(0, found)));
    if (target < to.size()) result += to.substr(target, CharacterLength(to[target]));
  }
  return ReturnText(out, result);
}

std::string ReversedText(std::string_view text) {
  std::string result(text.size(), '\0');
  size_t end = text.size();
  for (size_t i = 0; i < text.size();) {
    const size_t length = std::min(CharacterLength(text[i]), text.size() - i);
    Work::Poll();
    end -= length;
    std::copy_n(text.data() + i, length, result.data() + end);
    i += length;
  }
  return result;
}

Status Reverse(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, ReversedText(BytesArg(args, 0)));
}

Status Repeat(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  auto count = static_cast<size_t>(std::max<int64_t>(IntArg(args, 1), 0));
  if (!text.empty() && count > kTextBytesMax / text.size()) return TextTooLarge();
  std::string result;
  if (!text.empty()) result.reserve(text.size() * count);
  for (size_t i = 0; i < count && !text.empty(); ++i) {
    Work::Poll();
    result += text;
  }
  return ReturnText(out, result);
}

Status CodeOfFirst(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  size_t offset = 0;
  return ReturnInt(out, text.empty() ? 0 : DecodeCharacter(text, &offset));
}

Status CharacterOfCode(CallContext&, const CallArgs& args, Value* out) {
  int64_t code = IntArg(args, 0);
  if (code < 0) return Status(sqlstate::kInvalidParameter, "character number must be positive");
  if (code == 0) return Status(sqlstate::kProgramLimit, "null character not permitted");
  if (code > 0x10FFFF) {
    return Status(sqlstate::kProgramLimit,
                  "requested character too large for encoding: " + std::to_string(code));
  }
  if (code >= 0xD800 && code <= 0xDFFF) {
    return Status(sqlstate::kProgramLimit,
                  "requested character not valid for encoding: " + std::to_string(code));
  }
  std::string text;
  AppendCharacter(static_cast<uint32_t>(code), text);
  return ReturnText(out, text);
}

Status StartsWith(CallContext&, const CallArgs& args, Value* out) {
  return ReturnBool(out, BytesArg(args, 0).starts_with(BytesArg(args, 1)));
}

// overlay(text placing with from [for]); the length defaults to that of the new text.
Status Overlay(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0), placed = BytesArg(args, 1);
  int64_t from = IntArg(args, 2);
  int64_t length = args.values.size() == 4 ? IntArg(args, 3) : CountCharacters(placed);
  if (from <= 0) {
    return Status(sqlstate::kSubstringError, "negative substring length not allowed");
  }
  if (from + length > INT32_MAX) return OutOfRange("integer");
  std::string result(text.substr(0, ByteOffset(text, from - 1)));
  result += placed;
  result += text.substr(ByteOffset(text, std::max<int64_t>(from + length - 1, 0)));
  return ReturnText(out, result);
}

// Byte range of the nth field (negative from the end); false when there is none.
bool FindField(std::string_view text, std::string_view separator, int64_t n,
               std::string_view* field) {
  std::vector<std::string_view> fields;
  size_t start = 0;
  for (size_t found; (found = FindText(text, separator, start)) != std::string_view::npos;) {
    fields.push_back(text.substr(start, found - start));
    start = found + separator.size();
    if (n > 0 && static_cast<int64_t>(fields.size()) == n) break;
  }
  fields.push_back(text.substr(start));
  int64_t index = n > 0 ? n - 1 : static_cast<int64_t>(fields.size()) + n;
  if (index < 0 || index >= static_cast<int64_t>(fields.size())) return false;
  *field = fields[static_cast<size_t>(index)];
  return true;
}

std::string_view PartOf(std::string_view text, std::string_view separator, int64_t n) {
  if (text.empty()) return "";
  if (separator.empty()) return n == 1 || n == -1 ? text : "";
  std::string_view field;
  return FindField(text, separator, n, &field) ? field : "";
}

Status CheckPart(int64_t n) {
  if (n != 0) return Status::Ok();
  return Status(sqlstate::kInvalidParameter, "field position must not be zero");
}

Status SplitPart(CallContext&, const CallArgs& args, Value* out) {
  const int64_t n = IntArg(args, 2);
  OMEN_RETURN_IF_ERROR(CheckPart(n));
  return ReturnText(out, PartOf(BytesArg(args, 0), BytesArg(args, 1), n));
}

Result<TextForm> PartForm(const CallArgs& args) {
  const int64_t n = IntArg(args, 2);
  OMEN_RETURN_IF_ERROR(CheckPart(n));
  TextForm form;
  form.change = [separator = BytesArg(args, 1), n](std::string_view text,
                                                   std::string* out) -> Result<bool> {
    *out += PartOf(text, separator, n);
    return true;
  };
  return form;
}

template <bool kLeft, bool kRight>
Status TrimText(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  std::string_view set = args.values.size() == 2 ? BytesArg(args, 1) : " ";
  while (kLeft && !text.empty()) {
    std::string_view first = text.substr(0, CharacterLength(text[0]));
    Work::Poll(1 + set.size() / 16);
    if (FindCharacter(set, first) == std::string_view::npos) break;
    text.remove_prefix(first.size());
  }
  while (kRight && !text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && IsContinuation(text[start])) --start;
    Work::Poll(1 + set.size() / 16);
    if (FindCharacter(set, text.substr(start)) == std::string_view::npos) break;
    text = text.substr(0, start);
  }
  return ReturnText(out, text);
}

template <bool kLeft>
Status Pad(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  std::string_view fill = args.values.size() == 3 ? BytesArg(args, 2) : " ";
  int64_t length = std::max<int64_t>(IntArg(args, 1), 0);
  int64_t missing = length - CountCharacters(text);
  if (missing <= 0 || fill.empty()) {
    return ReturnText(out, text.substr(0, ByteOffset(text, length)));
  }
  if (static_cast<size_t>(missing) > kTextBytesMax / 4) return TextTooLarge();
  std::string padding;
  int64_t fill_length = CountCharacters(fill);
  for (; missing >= fill_length; missing -= fill_length) {
    Work::Poll();
    padding += fill;
  }
  padding += fill.substr(0, ByteOffset(fill, missing));
  return ReturnText(out, kLeft ? padding.append(text) : std::string(text) + padding);
}

Status LargerText(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, args.values[BytesArg(args, 0) > BytesArg(args, 1) ? 0 : 1]);
}

Status SmallerText(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, args.values[BytesArg(args, 0) < BytesArg(args, 1) ? 0 : 1]);
}

// The engine counts a negative start from the end.
constexpr Templates kSubstringTemplate(LiteralRule::kPositive, "substring($1, $2, $3)");
constexpr Templates kSuffixTemplate(LiteralRule::kPositive, "substring($1, $2)");

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr TextFormRow kTextForms[] = {
    {870, LettersForm<LowerText>},
    {871, LettersForm<UpperText>},
    {872, LettersForm<CapitalizeText>},
    {2087, ReplacedForm},
    {2088, PartForm},
    {3062, LettersForm<ReversedText>},
};

constexpr FunctionRow kTextRows[] = {
    {1317, "length", {kText}, kInt4, kPure, TextLength, "CAST(length($1) AS INTEGER)"},
    {1318, "length", {kBpchar}, kInt4, kPure, TextLength, "CAST(length($1) AS INTEGER)"},
    {1381, "char_length", {kText}, kInt4, kPure, TextLength, "CAST(length($1) AS INTEGER)"},
    {1372, "char_length", {kBpchar}, kInt4, kPure, TextLength, "CAST(length($1) AS INTEGER)"},
    {1369, "character_length", {kText}, kInt4, kPure, TextLength, "CAST(length($1) AS INTEGER)"},
    {1367, "character_length", {kBpchar}, kInt4, kPure, TextLength, "CAST(length($1) AS INTEGER)"},
    {1257, "textlen", {kText}, kInt4, kPure, TextLength, "CAST(length($1) AS INTEGER)"},
    {1374, "octet_length", {kText}, kInt4, kPure, OctetLength, "CAST(strlen($1) AS INTEGER)"},
    {1375, "octet_length", {kBpchar}, kInt4, kPure, OctetLength},
    {1811, "bit_length", {kText}, kInt4, kPure, TextBitLength, "CAST(bit_length($1) AS INTEGER)"},
    {1258, "textcat", {kText, kText}, kText, kPure, ConcatenateTexts, "($1 || $2)"},
    {2003,
     "textanycat",
     {kText, kAnynonarray},
     kText,
     kStable | kReadsZone | kReadsStyle,
     ConcatenateAny},
    {2004,
     "anytextcat",
     {kAnynonarray, kText},
     kText,
     kStable | kReadsZone | kReadsStyle,
     ConcatenateAny},
    // The engine's own have other letters: upper('ß') there is 'ẞ'.
    {870, "lower", {kText}, kText, kPure, Lower},
    {871, "upper", {kText}, kText, kPure, Upper},
    {872, "initcap", {kText}, kText, kPure, InitialCapitals},
    {936, "substring", {kText, kInt4, kInt4}, kText, kPure, TextSubstring, kSubstringTemplate},
    {937, "substring", {kText, kInt4}, kText, kPure, TextSubstring, kSuffixTemplate},
    {877, "substr", {kText, kInt4, kInt4}, kText, kPure, TextSubstring, kSubstringTemplate},
    {883, "substr", {kText, kInt4}, kText, kPure, TextSubstring, kSuffixTemplate},
    {3060, "left", {kText, kInt4}, kText, kPure, Left, "left($1, $2)"},
    {3061, "right", {kText, kInt4}, kText, kPure, Right, "right($1, $2)"},
    {849,
     "position",
     {kText, kText},
     kInt4,
     kPure,
     TextPosition,
     "CAST(strpos($1, $2) AS INTEGER)"},
    {868, "strpos", {kText, kText}, kInt4, kPure, TextPosition, "CAST(strpos($1, $2) AS INTEGER)"},
    {2087, "replace", {kText, kText, kText}, kText, kPure, ReplaceText},
    {878, "translate", {kText, kText, kText}, kText, kPure, Translate},
    {3062, "reverse", {kText}, kText, kPure, Reverse},
    {1622, "repeat", {kText, kInt4}, kText, kPure, Repeat},
    {1620, "ascii", {kText}, kInt4, kPure, CodeOfFirst},
    {1621, "chr", {kInt4}, kText, kPure, CharacterOfCode},
    {3696, "starts_with", {kText, kText}, kBool, kPure, StartsWith, "starts_with($1, $2)"},
    {2088, "split_part", {kText, kText, kInt4}, kText, kPure, SplitPart},
    {884, "btrim", {kText, kText}, kText, kPure, TrimText<true, true>},
    {885, "btrim", {kText}, kText, kPure, TrimText<true, true>, "trim($1, ' ')"},
    {875, "ltrim", {kText, kText}, kText, kPure, TrimText<true, false>},
    {881, "ltrim", {kText}, kText, kPure, TrimText<true, false>, "ltrim($1, ' ')"},
    {876, "rtrim", {kText, kText}, kText, kPure, TrimText<false, true>},
    {882, "rtrim", {kText}, kText, kPure, TrimText<false, true>, "rtrim($1, ' ')"},
    {873, "lpad", {kText, kInt4, kText}, kText, kPure, Pad<true>},
    {879, "lpad", {kText, kInt4}, kText, kPure, Pad<true>},
    {874, "rpad", {kText, kInt4, kText}, kText, kPure, Pad<false>},
    {880, "rpad", {kText, kInt4}, kText, kPure, Pad<false>},
    {458, "text_larger", {kText, kText}, kText, kPure, LargerText, "greatest($1, $2)"},
    {459, "text_smaller", {kText, kText}, kText, kPure, SmallerText, "least($1, $2)"},
    {1063, "bpchar_larger", {kBpchar, kBpchar}, kBpchar, kPure, LargerText, "greatest($1, $2)"},
    {1064, "bpchar_smaller", {kBpchar, kBpchar}, kBpchar, kPure, SmallerText, "least($1, $2)"},
    {1404, "overlay", {kText, kText, kInt4, kInt4}, kText, kPure, Overlay},
    {1405, "overlay", {kText, kText, kInt4}, kText, kPure, Overlay},
};

}  // namespace

std::span<const TextFormRow> TextForms() { return kTextForms; }
std::span<const FunctionRow> TextRows() { return kTextRows; }

}  // namespace omen::functions
