// How a value travels to and from the client.
#pragma once

#include <cstdint>

namespace omen::session {

/// Binary or text per column, as Bind asked.
enum class Format : uint8_t { kText = 0, kBinary = 1 };

}  // namespace omen::session
