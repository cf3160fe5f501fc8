// What is wrong with a value in its binary wire form.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace omen::types_internal {

inline Status Insufficient() {
  return Status(sqlstate::kProtocolViolation, "insufficient data left in message");
}

inline Status Malformed(std::string message) {
  return Status(sqlstate::kInvalidBinary, std::move(message));
}

}  // namespace omen::types_internal
