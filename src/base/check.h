// Assertions that stay on in release: a broken invariant stops the process
// before it can answer wrongly or write something it should not.
#pragma once

namespace omen {
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);
}  // namespace omen

#define OMEN_CHECK(condition)                                     \
  do {                                                            \
    if (!(condition)) [[unlikely]]                                \
      ::omen::CheckFailed(#condition, __FILE__, __LINE__);        \
  } while (0)
