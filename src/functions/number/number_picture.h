// The format pictures of to_char() for numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace omen::functions {

/// What a picture adds up to (NUMDesc).
struct NumberMeasures {
  enum class SignPlace : uint8_t { kNone, kBefore, kAfter };

  int before = 0, after = 0;  // digits on either side of the point
  int multiply = 0;           // digits after V
  int zero_start = 0, zero_end = 0;
  int before_at_sign = 0;  // digits before an S that comes first
  SignPlace sign_place = SignPlace::kNone;
  bool decimal = false, zero = false, blank = false, fill = false, sign = false, bracket = false;
  bool minus = false, plus = false, roman = false, has_multiply = false, exponent = false;
};

/// A parsed picture.
struct NumberPicture : NumberMeasures {
  enum class Key : uint8_t {
    kText,
    kComma,
    kPoint,
    kZero,
    kNine,
    kBlank,
    kDecimal,
    kExponent,
    kFill,
    kGroup,
    kCurrency,
    kMinus,
    kPlus,
    kBracket,
    kRoman,
    kEither,
    kSign,
    kOrdinal,
    kMultiply,
    kIgnored,
  };
  struct Node {
    Key key = Key::kText;
    bool upper = true;
    std::string text;
  };

  std::vector<Node> nodes;
};

/// 42601 for contradictory pictures.
Result<NumberPicture> ParseNumberPicture(std::string_view text);

/// Appends a number given as the digits of its absolute value (with a point where it has one).
/// `measures` are the picture's, or what a number has made of them; `spaces` is how many places
/// before the point the digits leave free.
void PrintByPicture(const NumberPicture& picture, const NumberMeasures& measures,
                    std::string_view digits, int spaces, char sign, std::string* out);

}  // namespace omen::functions
