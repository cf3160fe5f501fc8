// The column store's carrier of numeric (types/number/numeric_blob.h) to and from Value's.
#pragma once

#include <string>
#include <string_view>

#include "types/type.h"
#include "types/value.h"

namespace omen::colstore {

inline constexpr Type kNumericType{oid::kNumeric, -1};

/// Appends the carrier of a numeric Value.
void AppendNumericCarrier(const Value& numeric, std::string* out);
/// Throws XX001 to the engine when the bytes are no carrier.
Value NumericFromCarrier(std::string_view carrier);

}  // namespace omen::colstore
