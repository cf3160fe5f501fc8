#include "base/version.h"

#include <build_commit.h>  // written by cmake/commit.cmake

namespace omen {

std::string_view ProductVersion() { return "OmenDB " OMEN_VERSION OMEN_COMMIT; }

}  // namespace omen
