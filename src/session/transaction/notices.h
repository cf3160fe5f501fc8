// What a session says besides its answers: notices and warnings.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "session/setting/settings.h"
#include "session/transaction/notice_sink.h"

namespace omen::session {

/// Passes on what client_min_messages asks for. A client that is gone is noticed by the next
/// answer. One thread.
class Notices {
 public:
  explicit Notices(const Settings* settings) : settings_(settings) {}
  /// From now on; null: they find nobody.
  void SendTo(NoticeSink* sink) { sink_ = sink; }

  void Send(std::string_view severity, const ErrorInfo& info);
  void Warn(SqlState state, std::string message);

 private:
  const Settings* const settings_;
  NoticeSink* sink_ = nullptr;  // of the call in progress
};

}  // namespace omen::session
