// to_char() of numbers.
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <limits>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "functions/number/number_picture.h"
#include "types/number/numeric.h"

namespace omen::functions {

namespace {

std::string RomanText(int64_t number) {
  static constexpr struct {
    int value;
    const char* text;
  } kNumerals[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                   {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                   {5, "V"},    {4, "IV"},   {1, "I"}};
  if (number < 1 || number > 3999) return std::string(15, '#');
  std::string text;
  for (const auto& numeral : kNumerals) {
    for (; number >= numeral.value; number -= numeral.value) text += numeral.text;
  }
  return text;
}

/// A signed decimal text by the picture, which has `before` places for its whole part.
Status PrintNumber(NumberPicture picture, std::string_view number, Value* out) {
  char sign = number.starts_with('-') ? '-' : '+';
  if (sign == '-') number.remove_prefix(1);
  auto whole = static_cast<int>(std::min(number.find('.'), number.size()));
  int spaces = std::max(picture.before - whole, 0);
  std::string overflow;
  if (whole > picture.before) {
    overflow.assign(static_cast<size_t>(picture.before + picture.after + 1), '#');
    overflow[static_cast<size_t>(picture.before)] = '.';
    number = overflow;
  }
  return ReturnText(out, PrintByPicture(std::move(picture), number, spaces, sign));
}

/// What a number that has no exponent form prints: a field of #.
std::string HashedExponent(const NumberPicture& picture) {
  std::string text(static_cast<size_t>(picture.before + picture.after + 6), '#');
  text[0] = ' ';
  text[static_cast<size_t>(picture.before) + 1] = '.';
  return text;
}

/// numeric_out_sci(): one digit before the point, or two where 9.99 is rounded up.
std::string ScientificText(const Numeric& value, int digits) {
  int exponent = 0;
  if (!value.is_zero()) exponent = value.FirstPlace() - 1;
  const Decimal power = Decimal::FromDigits("1", exponent, 0);
  std::string mantissa;
  DivideDecimals(value.decimal(), power, digits).AppendTo(mantissa);
  char text[16];
  std::snprintf(text, sizeof text, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
  return (mantissa[0] == '-' ? "" : " ") + mantissa + text;
}

Result<Numeric> ShiftedBy(const Numeric& value, int places) {
  OMEN_ASSIGN_OR_RETURN(Numeric power, Numeric::Parse("1e" + std::to_string(places)));
  return Numeric::Multiply(value, power);
}

Status PrintNumeric(NumberPicture picture, Numeric value, Value* out) {
  if (picture.roman) {
    Result<int64_t> rounded = value.ToInt64("integer");
    if (!rounded.ok()) return std::move(rounded).status();
    if (*rounded > INT32_MAX || *rounded < INT32_MIN) return OutOfRange("integer");
    return ReturnText(out, PrintByPicture(std::move(picture), RomanText(*rounded), 0, '+'));
  }
  if (picture.exponent) {
    if (value.is_special()) return ReturnText(out, HashedExponent(picture));
    return ReturnText(out, ScientificText(value, picture.after));
  }
  if (picture.has_multiply) {
    OMEN_ASSIGN_OR_RETURN(value, ShiftedBy(value, picture.multiply));
    picture.before += picture.multiply;
  }
  std::string text = value.is_special() ? value.ToString() : value.Round(picture.after).ToString();
  return PrintNumber(std::move(picture), text, out);
}

Status FromNumeric(CallContext&, const CallArgs& args, Value* out) {
  if (BytesArg(args, 1).empty()) return ReturnText(out, "");
  OMEN_ASSIGN_OR_RETURN(NumberPicture picture, ParseNumberPicture(BytesArg(args, 1)));
  return PrintNumeric(std::move(picture), Numeric::FromValue(args.values[0]), out);
}

template <typename... Args>
std::string PrintedBy(const char* format, Args... args) {
  char text[400];
  int length = std::snprintf(text, sizeof text, format, args...);
  return {text, std::min(static_cast<size_t>(length), sizeof text - 1)};
}

std::string PrintedExponential(const NumberPicture& picture, double value) {
  std::string text = PrintedBy("%+.*e", picture.after, value);
  if (text[0] == '+') text[0] = ' ';
  return text;
}

Status FromInt(CallContext&, const CallArgs& args, Value* out) {
  if (BytesArg(args, 1).empty()) return ReturnText(out, "");
  OMEN_ASSIGN_OR_RETURN(NumberPicture picture, ParseNumberPicture(BytesArg(args, 1)));
  if (picture.exponent && args.types[0].oid == oid::kInt4) {
    return ReturnText(out, PrintedExponential(picture, static_cast<double>(IntArg(args, 0))));
  }
  if (picture.has_multiply) {
    OMEN_ASSIGN_OR_RETURN(Numeric shifted,
                          ShiftedBy(Numeric::FromInt(IntArg(args, 0)), picture.multiply));
    Result<int64_t> value = shifted.ToInt64();
    bool wide = args.types[0].oid == oid::kInt8;
    if (!value.ok() || (!wide && (*value > INT32_MAX || *value < INT32_MIN))) {
      return OutOfRange(wide ? "bigint" : "integer");
    }
  }
  return PrintNumeric(std::move(picture), Numeric::FromInt(IntArg(args, 0)), out);
}

template <typename T>
Status FromFloat(CallContext&, const CallArgs& args, Value* out) {
  constexpr int kDigits = std::numeric_limits<T>::digits10;
  if (BytesArg(args, 1).empty()) return ReturnText(out, "");
  OMEN_ASSIGN_OR_RETURN(NumberPicture picture, ParseNumberPicture(BytesArg(args, 1)));
  double value = DoubleArg(args, 0);
  if (picture.roman) {
    double rounded = std::rint(value);
    if (!(rounded >= INT32_MIN && rounded <= INT32_MAX)) return OutOfRange("integer");
    std::string text = RomanText(static_cast<int64_t>(rounded));
    return ReturnText(out, PrintByPicture(std::move(picture), text, 0, '+'));
  }
  if (picture.exponent) {
    if (!std::isfinite(value)) return ReturnText(out, HashedExponent(picture));
    return ReturnText(out, PrintedExponential(picture, value));
  }
  if (picture.has_multiply) {
    value = static_cast<T>(value * static_cast<T>(std::pow(10.0, picture.multiply)));
    picture.before += picture.multiply;
  }
  if (!std::isfinite(value)) {
    // The word counts as digits before the point, as a number's own do below.
    const int letters = std::isnan(value) ? 3 : 8;
    picture.after = std::min(picture.after, std::max(kDigits - letters, 0));
    return PrintNumber(std::move(picture),
                       std::isnan(value) ? "NaN"
                       : value < 0       ? "-Infinity"
                                         : "Infinity",
                       out);
  }
  auto whole = static_cast<int>(PrintedBy("%.0f", std::fabs(value)).size());
  picture.after = std::min(picture.after, std::max(kDigits - whole, 0));
  std::string text = PrintedBy("%.*f", picture.after, value);
  return PrintNumber(std::move(picture), text, out);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kToCharNumberRows[] = {
    {1772, "to_char", {kNumeric, kText}, kText, kStable | kReadsLocale, FromNumeric},
    {1773, "to_char", {kInt4, kText}, kText, kStable | kReadsLocale, FromInt},
    {1774, "to_char", {kInt8, kText}, kText, kStable | kReadsLocale, FromInt},
    {1776, "to_char", {kFloat8, kText}, kText, kStable | kReadsLocale, FromFloat<double>},
    {1775, "to_char", {kFloat4, kText}, kText, kStable | kReadsLocale, FromFloat<float>},
};

}  // namespace

std::span<const FunctionRow> ToCharNumberRows() { return kToCharNumberRows; }

}  // namespace omen::functions
