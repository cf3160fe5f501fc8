// The order of two things as an integer.
#pragma once

namespace omen::types_internal {

/// -1, 0 or 1.
template <typename T>
constexpr int ThreeWay(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace omen::types_internal
