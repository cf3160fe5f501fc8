// The state of a session's transaction block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace omen::session {

/// Where a session stands between its statements.
enum class BlockState : uint8_t {
  kNone,      // nothing begun
  kImplicit,  // begun by a statement, ends with it (or with its message, or at Sync)
  kExplicit,  // between BEGIN and COMMIT
  kFailed,    // the same after an error
};

struct SavepointMark {
  std::string name;
  size_t settings_mark;
};

}  // namespace omen::session
