#include "base/file_error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace omen {

Status FileError(std::string_view doing, const std::string& path) {
  const SqlState state = errno == ENOSPC ? sqlstate::kDiskFull : sqlstate::kIoError;
  return Status(state,
                fmt::format("could not {} file \"{}\": {}", doing, path, std::strerror(errno)));
}

}  // namespace omen
