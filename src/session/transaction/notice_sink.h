// Whom a session's notices go to.
#pragma once

#include <string_view>

#include "base/status.h"

namespace omen::session {

/// Of a Sink, all that those may use who only warn. One thread.
class NoticeSink {
 public:
  virtual ~NoticeSink() = default;
  virtual Status Notice(std::string_view severity, const ErrorInfo& info) = 0;
};

}  // namespace omen::session
