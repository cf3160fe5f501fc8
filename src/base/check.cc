#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace omen {

void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "FATAL %s:%d: invariant broken: %s\n", file, line, condition);
  std::abort();
}

}  // namespace omen
