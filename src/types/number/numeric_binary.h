// Numeric's wire form, and what works on carried bytes without taking them apart. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/number/numeric.h"

namespace omen {

/// The binary form that numeric_send and numeric_recv have, of the bytes of a Value.
void AppendNumericBinary(std::string_view carried, std::string& out);
/// 22P03.
Result<Numeric> ParseNumericBinary(std::string_view bytes);

/// Numeric::Compare and Numeric::Hash, on the bytes of a Value.
int CompareCarriedNumerics(std::string_view a, std::string_view b);
uint64_t HashCarriedNumeric(std::string_view bytes);

}  // namespace omen
