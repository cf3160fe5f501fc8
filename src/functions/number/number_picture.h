// The format pictures of to_char() for numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace omen::functions {

/// A parsed picture and what it adds up to (NUMDesc).
struct NumberPicture {
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
  enum class SignPlace : uint8_t { kNone, kBefore, kAfter };

  std::vector<Node> nodes;
  int before = 0, after = 0;  // digits on either side of the point
  int multiply = 0;           // digits after V
  int zero_start = 0, zero_end = 0;
  int before_at_sign = 0;  // digits before an S that comes first
  SignPlace sign_place = SignPlace::kNone;
  bool decimal = false, zero = false, blank = false, fill = false, sign = false, bracket = false;
  bool minus = false, plus = false, roman = false, has_multiply = false, exponent = false;
};

/// 42601 for contradictory pictures.
Result<NumberPicture> ParseNumberPicture(std::string_view text);

/// Prints a number given as the digits of its absolute value (with a point where it has one).
/// `spaces` is how many places before the point the digits leave free.
std::string PrintByPicture(NumberPicture picture, std::string_view digits, int spaces, char sign);

}  // namespace omen::functions
