// The last step of a predicted lookup: how many keys of a short sorted window lie below a key.
// Without branches on the data; with AVX-512 or AVX2 where the machine has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace omen::learn {

/// `length` sorted keys at `first`.
struct Window {
  const uint64_t* first;
  uint32_t length;
};

/// counts[i] = how many keys of windows[i] are less than (or: at most) keys[i].
using WindowCount = void (*)(const Window* windows, const uint64_t* keys, size_t n,
                             uint32_t* counts);

/// One way to search windows; all give the same counts. Pure, any thread.
struct WindowSearch {
  const char* name;
  WindowCount count_less;
  WindowCount count_at_most;
};

/// The fastest this machine can run; decided once.
const WindowSearch& BestWindowSearch();
/// All this machine can run, the plain one first.
std::span<const WindowSearch> WindowSearches();

}  // namespace omen::learn
