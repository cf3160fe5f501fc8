// Assertions that stay on in release: a broken invariant ends its statement, or the process
// where what sessions share may be damaged (docs/decisions/0006-what-a-fault-ends.md).
#pragma once

namespace omen {
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);
}  // namespace omen

#define OMEN_CHECK(condition)                                     \
  do {                                                            \
    if (!(condition)) [[unlikely]]                                \
      ::omen::CheckFailed(#condition, __FILE__, __LINE__);        \
  } while (0)
