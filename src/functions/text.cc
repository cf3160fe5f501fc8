// Text functions over characters of UTF-8. Letters outside ASCII have no case, as in
// PostgreSQL's C collation.
#include <string>

#include "functions/kernel.h"
#include "functions/rows.h"
#include "functions/utf8.h"

namespace omen::functions {

namespace {

Status Length(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, CountCharacters(BytesArg(args, 0)));
}

Status Concatenate(CallContext&, const CallArgs& args, Value* out) {
  std::string_view a = BytesArg(args, 0), b = BytesArg(args, 1);
  std::string text;
  text.reserve(a.size() + b.size());
  text.append(a).append(b);
  return ReturnText(out, text);
}

Status Lower(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, LowerAscii(BytesArg(args, 0)));
}

Status Upper(CallContext&, const CallArgs& args, Value* out) {
  std::string text(BytesArg(args, 0));
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return ReturnText(out, text);
}

// The engine's own lower() and upper() know all of Unicode; PostgreSQL's C collation does not.
constexpr Templates kLowerTemplate(
    "translate($1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')");
constexpr Templates kUpperTemplate(
    "translate($1, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')");

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kRows[] = {
    {1317, "length", {kText}, kInt4, kPure, Length, "CAST(length($1) AS INTEGER)"},
    {1318, "length", {kBpchar}, kInt4, kPure, Length, "CAST(length($1) AS INTEGER)"},
    {1381, "char_length", {kText}, kInt4, kPure, Length, "CAST(length($1) AS INTEGER)"},
    {1372, "char_length", {kBpchar}, kInt4, kPure, Length, "CAST(length($1) AS INTEGER)"},
    {1369, "character_length", {kText}, kInt4, kPure, Length, "CAST(length($1) AS INTEGER)"},
    {1367, "character_length", {kBpchar}, kInt4, kPure, Length, "CAST(length($1) AS INTEGER)"},
    {1257, "textlen", {kText}, kInt4, kPure, Length, "CAST(length($1) AS INTEGER)"},
    {1258, "textcat", {kText, kText}, kText, kPure, Concatenate, "($1 || $2)"},
    {870, "lower", {kText}, kText, kPure, Lower, kLowerTemplate},
    {871, "upper", {kText}, kText, kPure, Upper, kUpperTemplate},
};

}  // namespace

std::span<const FunctionRow> TextRows() { return kRows; }

}  // namespace omen::functions
