// to_char() of numbers.
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <limits>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "functions/number/number_picture.h"
#include "types/number/numeric.h"
#include "types/number/short_decimal.h"

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

/// A signed decimal text by the picture, whose measures have `before` places for its whole part.
void PrintNumber(const NumberPicture& picture, const NumberMeasures& measures,
                 std::string_view number, std::string* out) {
  const char sign = number.starts_with('-') ? '-' : '+';
  if (sign == '-') number.remove_prefix(1);
  auto whole = static_cast<int>(std::min(number.find('.'), number.size()));
  const int spaces = std::max(measures.before - whole, 0);
  std::string overflow;
  if (whole > measures.before) {
    overflow.assign(static_cast<size_t>(measures.before + measures.after + 1), '#');
    overflow[static_cast<size_t>(measures.before)] = '.';
    number = overflow;
  }
  PrintByPicture(picture, measures, number, spaces, sign, out);
}

/// What a number that has no exponent form prints: a field of #.
std::string HashedExponent(const NumberMeasures& picture) {
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

Status PrintNumeric(const NumberPicture& picture, Numeric value, std::string* out) {
  if (picture.roman) {
    Result<int64_t> rounded = value.ToInt64("integer");
    if (!rounded.ok()) return std::move(rounded).status();
    if (*rounded > INT32_MAX || *rounded < INT32_MIN) return OutOfRange("integer");
    PrintByPicture(picture, picture, RomanText(*rounded), 0, '+', out);
    return Status::Ok();
  }
  if (picture.exponent) {
    *out += value.is_special() ? HashedExponent(picture) : ScientificText(value, picture.after);
    return Status::Ok();
  }
  NumberMeasures measures = picture;
  if (picture.has_multiply) {
    OMEN_ASSIGN_OR_RETURN(value, ShiftedBy(value, picture.multiply));
    measures.before += picture.multiply;
  }
  const std::string text =
      value.is_special() ? value.ToString() : value.Round(measures.after).ToString();
  PrintNumber(picture, measures, text, out);
  return Status::Ok();
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

struct NumericPrinting {
  static Status Print(const NumberPicture& picture, const Value& value, Oid, std::string* out) {
    const bool plain = !picture.roman && !picture.exponent && !picture.has_multiply;
    if (const ShortResult number = plain ? ShortFromCarried(value.AsBytes()) : std::nullopt) {
      if (const ShortResult rounded = RoundShort(*number, picture.after)) {
        return PrintShort(picture, *rounded, out);
      }
    }
    return PrintNumeric(picture, Numeric::FromValue(value), out);
  }
  static Status PrintShort(const NumberPicture& picture, const ShortDecimal& value,
                           std::string* out) {
    thread_local std::string text;
    text.clear();
    AppendShortText(value, &text);
    PrintNumber(picture, picture, text, out);
    return Status::Ok();
  }
};

struct IntPrinting {
  static Status Print(const NumberPicture& picture, const Value& value, Oid type,
                      std::string* out) {
    if (picture.exponent && type == oid::kInt4) {
      *out += PrintedExponential(picture, static_cast<double>(value.AsInt()));
      return Status::Ok();
    }
    if (picture.has_multiply) {
      OMEN_RETURN_IF_ERROR(CheckShifted(picture, value.AsInt(), type));
    } else if (!picture.roman && !picture.exponent) {
      if (const ShortResult padded = RoundShort({value.AsInt(), 0}, picture.after)) {
        return NumericPrinting::PrintShort(picture, *padded, out);
      }
    }
    return PrintNumeric(picture, Numeric::FromInt(value.AsInt()), out);
  }

 private:
  static Status CheckShifted(const NumberPicture& picture, int64_t number, Oid type) {
    OMEN_ASSIGN_OR_RETURN(Numeric shifted, ShiftedBy(Numeric::FromInt(number), picture.multiply));
    const Result<int64_t> value = shifted.ToInt64();
    const bool wide = type == oid::kInt8;
    if (!value.ok() || (!wide && (*value > INT32_MAX || *value < INT32_MIN))) {
      return OutOfRange(wide ? "bigint" : "integer");
    }
    return Status::Ok();
  }
};

/// The word of a number that is not finite.
std::string_view SpecialWord(double value) {
  if (std::isnan(value)) return "NaN";
  return value < 0 ? "-Infinity" : "Infinity";
}

/// Digits before the point; the word of a number that is not finite counts as such.
int WholePlaces(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? 3 : 8;
  const double whole = std::rint(std::fabs(value));
  if (whole >= 1e15) return static_cast<int>(PrintedBy("%.0f", whole).size());
  int places = 1;
  for (auto rest = static_cast<int64_t>(whole); rest >= 10; rest /= 10) ++places;
  return places;
}

template <typename T>
struct FloatPrinting {
  static Status Print(const NumberPicture& picture, const Value& number, Oid, std::string* out) {
    constexpr int kDigits = std::numeric_limits<T>::digits10;
    double value = number.AsDouble();
    if (picture.roman) return PrintRoman(picture, value, out);
    if (picture.exponent) {
      *out += std::isfinite(value) ? PrintedExponential(picture, value) : HashedExponent(picture);
      return Status::Ok();
    }
    NumberMeasures measures = picture;
    if (picture.has_multiply) {
      value = static_cast<T>(value * static_cast<T>(std::pow(10.0, picture.multiply)));
      measures.before += picture.multiply;
    }
    const int whole = WholePlaces(value);
    measures.after = std::min(measures.after, std::max(kDigits - whole, 0));
    if (!std::isfinite(value)) {
      PrintNumber(picture, measures, SpecialWord(value), out);
    } else {
      PrintNumber(picture, measures, PrintedBy("%.*f", measures.after, value), out);
    }
    return Status::Ok();
  }

 private:
  static Status PrintRoman(const NumberPicture& picture, double value, std::string* out) {
    const double rounded = std::rint(value);
    if (!(rounded >= INT32_MIN && rounded <= INT32_MAX)) return OutOfRange("integer");
    PrintByPicture(picture, picture, RomanText(static_cast<int64_t>(rounded)), 0, '+', out);
    return Status::Ok();
  }
};

template <typename Printing>
Status NumberToChar(CallContext&, const CallArgs& args, Value* out) {
  if (BytesArg(args, 1).empty()) return ReturnText(out, "");
  OMEN_ASSIGN_OR_RETURN(const NumberPicture picture, ParseNumberPicture(BytesArg(args, 1)));
  std::string text;
  OMEN_RETURN_IF_ERROR(Printing::Print(picture, args.values[0], args.types[0].oid, &text));
  return ReturnText(out, text);
}

template <typename Printing>
Result<ValueForm> NumberForm(CallContext&, const CallArgs& args) {
  ValueForm form;
  if (BytesArg(args, 1).empty()) {
    form.print = [](const Value&, std::string*) -> Result<bool> { return true; };
    return form;
  }
  OMEN_ASSIGN_OR_RETURN(NumberPicture picture, ParseNumberPicture(BytesArg(args, 1)));
  form.print = [picture = std::move(picture), type = args.types[0].oid](
                   const Value& value, std::string* out) -> Result<bool> {
    OMEN_RETURN_IF_ERROR(Printing::Print(picture, value, type, out));
    return true;
  };
  return form;
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kToCharNumberRows[] = {
    {1772,
     "to_char",
     {kNumeric, kText},
     kText,
     kStable | kReadsLocale,
     NumberToChar<NumericPrinting>},
    {1773, "to_char", {kInt4, kText}, kText, kStable | kReadsLocale, NumberToChar<IntPrinting>},
    {1774, "to_char", {kInt8, kText}, kText, kStable | kReadsLocale, NumberToChar<IntPrinting>},
    {1776,
     "to_char",
     {kFloat8, kText},
     kText,
     kStable | kReadsLocale,
     NumberToChar<FloatPrinting<double>>},
    {1775,
     "to_char",
     {kFloat4, kText},
     kText,
     kStable | kReadsLocale,
     NumberToChar<FloatPrinting<float>>},
};

constexpr ValueFormRow kToCharNumberForms[] = {
    {1772, 0, NumberForm<NumericPrinting>},      {1773, 0, NumberForm<IntPrinting>},
    {1774, 0, NumberForm<IntPrinting>},          {1776, 0, NumberForm<FloatPrinting<double>>},
    {1775, 0, NumberForm<FloatPrinting<float>>},
};

}  // namespace

std::span<const ValueFormRow> ToCharNumberForms() { return kToCharNumberForms; }

std::span<const FunctionRow> ToCharNumberRows() { return kToCharNumberRows; }

}  // namespace omen::functions
