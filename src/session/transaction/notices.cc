#include "session/transaction/notices.h"

namespace omen::session {
namespace {

MessageLevel LevelOfSeverity(std::string_view severity) {
  if (severity == "WARNING") return MessageLevel::kWarning;
  if (severity == "NOTICE") return MessageLevel::kNotice;
  return severity == "INFO" ? MessageLevel::kError : MessageLevel::kLog;
}

}  // namespace

void Notices::Send(std::string_view severity, const ErrorInfo& info) {
  if (sink_ == nullptr || LevelOfSeverity(severity) < settings_->effective().min_messages) return;
  (void)sink_->Notice(severity, info).ok();
}

void Notices::Warn(SqlState state, std::string message) {
  Send("WARNING", ErrorInfo{state, std::move(message)});
}

}  // namespace omen::session
