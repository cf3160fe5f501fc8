// Errors of the system about files.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace omen {

/// What errno says: `could not open file "x": No such file or directory`. 53100 where the disk is
/// full, else 58030.
Status FileError(std::string_view doing, const std::string& path);

}  // namespace omen
