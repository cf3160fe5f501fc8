// Variable-scale numerics as the column store keeps them: a BLOB whose front orders and
// equates by value, and whose last two bytes are the display scale.
//
//   byte 0      class: 0 -Infinity, 1 negative, 2 zero, 3 positive, 4 Infinity, 5 NaN
//   negative and positive only:
//   2 bytes     weight of the first base-10000 digit + 32768, big-endian
//   2 bytes     per digit: digit + 1, big-endian, most significant first
//   negative:   weight and digits are inverted bit by bit and followed by FF FF
//   2 bytes     display scale, big-endian
#pragma once

#include <string>
#include <string_view>

#include "types/value.h"

namespace omen::colstore {

/// Appends the carrier of a numeric Value.
void AppendNumericCarrier(const Value& numeric, std::string* out);
/// Throws XX001 to the engine when the bytes are no carrier.
Value NumericFromCarrier(std::string_view carrier);
/// The carrier without its scale: memcmp order is numeric order.
std::string_view NumericKey(std::string_view carrier);

}  // namespace omen::colstore
