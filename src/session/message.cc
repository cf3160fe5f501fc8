// What all messages of a client share: their begin, their run, their errors, their end.
#include "exec/statement/statement_locks.h"
#include "obs/log.h"
#include "session/error_position.h"
#include "session/session_impl.h"
#include "sql/lexer/template_text.h"
#include "types/datetime/datetime.h"

namespace omen::session {

void Session::Impl::BeginCommand(Sink& to) {
  notices.SendTo(&to);
  if (command_begun) return;
  command_begun = true;
  token.Reset();
  // Terminate() sets the flag before it cancels: seen here, or the token keeps its Cancel.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (terminated.load()) token.Cancel(CancelToken::Reason::kShutdown);
  block.BeginMessage(database->clock().WallMicros() - kUnixToPgSeconds * kMicrosPerSecond);
}

Status Session::Impl::Run(Portal* portal, const RunRequest& request, Sink& to, RunResult* result) {
  OMEN_RETURN_IF_ERROR(block.CheckNotFailed(portal->compiled->may_exit()));
  if (portal->state == Portal::State::kReady) runner.ChargeRunOf(portal);
  const Work::Statement charged(portal->memory);
  StatementDeadline deadline(&shared->timer, &token, settings.effective().statement_timeout_ms);
  if (portal->compiled->plan == nullptr) return own_statements.Run(portal, request, to, result);
  return runner.Run(portal, request, to, result);
}

Status Session::Impl::Report(Status error, std::string_view text, Sink& to) {
  ErrorInfo& info = error.error();
  if (exec::IsStalePlan(error)) {
    error = InternalError("the schema kept changing while the statement was planned");
    return Report(std::move(error), text, to);
  }
  SetErrorPosition(text, 0, &info);
  // It came through an engine, which made text of it.
  if (const std::string stack = StackOf(info.message); !stack.empty()) {
    obs::Log(obs::LogLevel::kError, "a fault ended a statement",
             {{"what", info.message},
              {"template", sql::TemplateText(text)},
              {"session", options.id},
              {"stack", stack}});
  }
  block.Fail();
  return to.Error(info);
}

Status Session::Impl::EndFaulty(const Fault& fault, std::string_view text, Sink& to) {
  obs::Log(obs::LogLevel::kError, "a fault ended a statement",
           {{"what", fault.what},
            {"template", sql::TemplateText(text)},
            {"session", options.id},
            {"stack", fault.stack}});
  block.Abandon();
  return to.Error(fault.ToStatus().error());
}

Status Session::Impl::Ready(Sink& to) {
  if (settings.has_reports()) {
    for (const auto& [name, value] : settings.TakeReports()) {
      OMEN_RETURN_IF_ERROR(to.ParameterStatus(name, value));
    }
  }
  command_begun = false;
  return to.ReadyForQuery(block.status());
}

}  // namespace omen::session
