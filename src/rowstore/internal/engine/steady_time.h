// Time that never goes back.
#pragma once

#include <chrono>
#include <cstdint>

namespace omen::rowstore {

/// Milliseconds since an arbitrary start.
inline int64_t NowMs() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace omen::rowstore
