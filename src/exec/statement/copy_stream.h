// The client's ends of COPY, as `session` gives them to a statement.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace omen::exec {

/// Feeds COPY FROM STDIN: raw bytes as the client sent them.
class CopySource {
 public:
  virtual ~CopySource() = default;
  /// Appends the next chunk; false at CopyDone. 57014 with the client's text on CopyFail.
  virtual Result<bool> Read(std::string* chunk) = 0;
};

/// Takes COPY TO STDOUT: one row (or header) a call, blocking when the client is slow.
class CopySink {
 public:
  virtual ~CopySink() = default;
  virtual Status Write(std::string_view data) = 0;
};

}  // namespace omen::exec
