// Which OmenDB this is.
#pragma once

#include <string_view>

namespace omen {

/// "OmenDB 0.1.0 (commit abc123456789)"; a tree that was changed says so, one without git has no
/// commit.
std::string_view ProductVersion();

}  // namespace omen
