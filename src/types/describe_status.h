// How the tests of this folder write a failure down.
#pragma once

#include <string>

#include "base/status.h"

namespace omen {

inline std::string Describe(const Status& status) {
  return std::string(status.error().state.view()) + " " + status.error().message;
}

}  // namespace omen
