// The carrier of numeric without a declared precision in the column store: a byte
// string whose memcmp order is the numeric order.
//
//   byte 0       class: 1 -Infinity, 2 negative, 3 zero, 4 positive, 5 Infinity, 6 NaN
//   2 bytes      weight of the first base-10000 digit + 32768, big-endian
//   2 bytes each digit + 256, big-endian (so that no digit starts with the end mark)
//   1 byte       end mark, 0
//   2 bytes      display scale, big-endian
//
// Weight, digits and end mark are absent for all but negative and positive, and inverted bit by
// bit for negative. All but the last two bytes are the key: equal for equal values (1.0 and
// 1.00). Compare, join, group and hash by the key; ORDER BY may use the whole blob.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "types/number/numeric.h"

namespace omen {

std::string EncodeNumericBlob(const Numeric& value);
/// XX001 on bytes that no encoding gives.
Result<Numeric> DecodeNumericBlob(std::string_view blob);
/// The blob without its display scale. The column store spells it kNumKey.
std::string_view NumericBlobKey(std::string_view blob);

}  // namespace omen
