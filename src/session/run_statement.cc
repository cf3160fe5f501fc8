// Portals to rows: opening a plan, streaming it, COPY, and what an error does.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "functions/kernel/watched.h"
#include "obs/log.h"
#include "session/error_position.h"
#include "session/function_hooks.h"
#include "session/object_names.h"
#include "session/session_impl.h"
#include "sql/lexer/template_text.h"
#include "types/datetime.h"

namespace omen::session {
namespace {

constexpr size_t kBatchRows = 256;

std::string TagWithCount(const std::string& verb, uint64_t count) {
  static constexpr std::string_view kCounted[] = {"SELECT", "UPDATE", "DELETE", "COPY",
                                                  "FETCH",  "MOVE",   "MERGE"};
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, count).ptr;
  std::string_view number(digits, static_cast<size_t>(end - digits));
  std::string tag = verb;
  if (verb == "INSERT") {
    tag += " 0 ";
    tag += number;
  } else if (std::ranges::find(kCounted, verb) != std::end(kCounted)) {
    tag += ' ';
    tag += number;
  }
  return tag;
}

/// Announces COPY FROM STDIN when the engine first asks for data: what fails before that is an
/// ordinary error, with no COPY begun.
class CopyIn final : public exec::CopySource {
 public:
  CopyIn(Sink* sink, bool binary, int columns) : sink_(sink), binary_(binary), columns_(columns) {}

  Result<bool> Read(std::string* chunk) override {
    OMEN_RETURN_IF_ERROR(Announce());
    auto more = sink_->ReadCopyData(chunk);
    ended_ = ended_ || !more.ok() || !*more;
    return more;
  }
  /// After success: the client must have been heard to the end.
  Status Finish() {
    std::string ignored;
    while (!ended_) {
      OMEN_ASSIGN_OR_RETURN(bool more, Read(&ignored));
      ended_ = !more;
      ignored.clear();
    }
    return Status::Ok();
  }

 private:
  Status Announce() {
    if (announced_) return Status::Ok();
    announced_ = true;
    return sink_->CopyInResponse(binary_, columns_);
  }

  Sink* const sink_;
  const bool binary_;
  const int columns_;
  bool announced_ = false, ended_ = false;
};

class CopyOut final : public exec::CopySink {
 public:
  CopyOut(Sink* sink, bool binary, int columns) : sink_(sink), binary_(binary), columns_(columns) {}

  Status Write(std::string_view data) override {
    OMEN_RETURN_IF_ERROR(Announce());
    return sink_->CopyData(data);
  }
  Status Finish() {
    OMEN_RETURN_IF_ERROR(Announce());
    return sink_->CopyDone();
  }

 private:
  Status Announce() {
    if (announced_) return Status::Ok();
    announced_ = true;
    return sink_->CopyOutResponse(binary_, columns_);
  }

  Sink* const sink_;
  const bool binary_;
  const int columns_;
  bool announced_ = false;
};

MessageLevel LevelOfSeverity(std::string_view severity) {
  if (severity == "WARNING") return MessageLevel::kWarning;
  if (severity == "NOTICE") return MessageLevel::kNotice;
  return severity == "INFO" ? MessageLevel::kError : MessageLevel::kLog;
}

}  // namespace

void Session::Impl::BeginCommand(Sink& to) {
  sink = &to;
  if (command_begun) return;
  command_begun = true;
  several_statements = false;
  token.Reset();
  // Terminate() sets the flag before it cancels: seen here, or the token keeps its Cancel.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (terminated.load()) token.Cancel(CancelToken::Reason::kShutdown);
  statement_micros = database->clock().WallMicros() - kUnixToPgSeconds * kMicrosPerSecond;
}

void Session::Impl::FillContext(Portal* portal, std::string_view text) {
  exec::StatementContext& context = portal->context;
  if (portal->context_generation != settings.generation()) {
    const EffectiveSettings& now = settings.effective();
    context.options = now.exec;
    context.call.style = now.style;
    context.search_path = now.search_path;
    context.user = options.user;
    context.cancel = &token;
    context.call.cancel = &token;
    context.call.hooks = hooks.get();
    context.session_id = options.id;
    context.notice = [this](const Status& notice) {
      const bool warning = notice.error().state.view().starts_with("01");
      Notice(warning ? "WARNING" : "NOTICE", notice.error());
    };
    portal->context_generation = settings.generation();
  }
  context.transaction = transaction.get();
  context.session_commit = session_commit;
  context.text = text;
  context.call.transaction_micros = transaction_micros;
  context.call.statement_micros = statement_micros;
  random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
  context.call.random_state = random_state;
  context.copy_source = nullptr;
  context.copy_sink = nullptr;
}

Status Session::Impl::OpenPortal(Portal* portal, std::string_view text) {
  OMEN_RETURN_IF_ERROR(EnsureTransaction());
  if (portal->compiled->writes) OMEN_RETURN_IF_ERROR(DrainPortals(portal));
  ran_query = true;
  FillContext(portal, text);
  portal->savepoint_depth = savepoints.size();
  OMEN_ASSIGN_OR_RETURN(portal->cursor,
                        database->Open(portal->compiled->plan, portal->params, &portal->context));
  portal->state = Portal::State::kOpen;
  return Status::Ok();
}

Status Session::Impl::Stream(Portal* portal, uint64_t max_rows, bool describe, Sink& to,
                             uint64_t* sent) {
  const auto& columns = portal->compiled->plan->outputs();
  const TextStyle& style = settings.effective().style;
  ObjectNames names(columns, portal->formats, this);
  for (;;) {
    size_t want = kBatchRows;
    if (max_rows > 0) want = std::min<uint64_t>(want, max_rows - *sent);
    if (want == 0) return Status::Ok();
    OMEN_RETURN_IF_ERROR(portal->Pull(&batch, want));
    // Only now: a statement that fails at once describes nothing.
    if (std::exchange(describe, false)) {
      OMEN_RETURN_IF_ERROR(to.RowDescription(columns, portal->formats));
    }
    if (batch.empty()) return Status::Ok();
    for (const Row& row : batch) {
      OMEN_RETURN_IF_ERROR(functions::Watched(portal->context.call, [&] {
        return to.DataRow(names.columns(), names.Shown(row), portal->formats, style);
      }));
    }
    *sent += batch.size();
  }
}

void Session::Impl::ChargeRunOf(Portal* portal) {
  const int64_t limit = settings.effective().exec.work_memory_bytes;
  // What an earlier statement left, a value or a cache, stays charged to it.
  MemoryAccountPtr& account = portal->memory;
  if (account == nullptr || account->used() != 0 || account->limit() != limit) {
    account = std::make_shared<MemoryAccount>(limit, memory);
  }
}

Status Session::Impl::Run(Portal* portal, std::string_view text, uint64_t max_rows, bool describe,
                          Sink& to, RunResult* result) {
  OMEN_RETURN_IF_ERROR(CheckNotFailed(*portal->compiled));
  if (portal->state == Portal::State::kReady) ChargeRunOf(portal);
  const Work::Statement charged(portal->memory);
  StatementDeadline deadline(&shared->timer, &token, settings.effective().statement_timeout_ms);
  if (portal->compiled->plan == nullptr) {
    return RunSessionStatement(portal, text, max_rows, describe, to, result);
  }
  return RunEngine(portal, text, max_rows, describe, to, result);
}

Status Session::Impl::RunEngine(Portal* portal, std::string_view text, uint64_t max_rows,
                                bool describe, Sink& to, RunResult* result) {
  if (const auto* copy = portal->compiled->As<sql::Copy>()) {
    return RunCopy(portal, text, *copy, to, result);
  }
  const auto* vacuum = portal->compiled->As<sql::Vacuum>();
  if (vacuum != nullptr && vacuum->vacuum && InBlock()) {
    return Status(sqlstate::kActiveTransaction, "VACUUM cannot run inside a transaction block");
  }
  const bool rows = portal->compiled->plan->returns_rows();
  if (portal->state == Portal::State::kDone && !rows) {
    return Status(sqlstate::kNotInPrerequisiteState,
                  fmt::format("portal \"{}\" cannot be run", portal->name));
  }
  if (portal->state == Portal::State::kReady) OMEN_RETURN_IF_ERROR(OpenPortal(portal, text));
  uint64_t count = 0;
  if (rows) {
    OMEN_RETURN_IF_ERROR(Stream(portal, max_rows, describe, to, &count));
  } else {
    count = portal->cursor->row_count();
  }
  // CREATE TABLE AS answers with the count of its query, as PostgreSQL does.
  const auto* create = portal->compiled->As<sql::CreateTable>();
  const bool filled = create != nullptr && create->as_query != nullptr && create->with_data;
  result->tag = TagWithCount(filled ? "SELECT" : portal->compiled->tag, count);
  result->suspended = rows && max_rows > 0 && count == max_rows;
  if (result->suspended) return Status::Ok();
  portal->state = Portal::State::kDone;
  portal->cursor.reset();
  EndEngineStatement();
  return Status::Ok();
}

Result<int> Session::Impl::CopyColumns(const sql::Copy& copy) {
  if (copy.query != nullptr) return static_cast<int>(copy.query->Outputs().size());
  if (!copy.columns.empty()) return static_cast<int>(copy.columns.size());
  const auto snapshot = Catalog();
  const catalog::Object* object = nullptr;
  if (copy.table.schema.empty()) {
    object = snapshot->FindRelation(settings.effective().search_path, copy.table.name);
  } else if (const catalog::Schema* schema = snapshot->FindSchema(copy.table.schema)) {
    object = snapshot->FindRelation(schema->oid, copy.table.name);
  }
  const auto* table = object == nullptr ? nullptr : std::get_if<catalog::Table>(object);
  if (table == nullptr) return 0;  // the engine says what is wrong
  return static_cast<int>(
      std::ranges::count_if(table->columns, [](const catalog::Column& c) { return !c.dropped; }));
}

Status Session::Impl::RunCopy(Portal* portal, std::string_view text, const sql::Copy& copy,
                              Sink& to, RunResult* result) {
  OMEN_RETURN_IF_ERROR(EnsureTransaction());
  if (copy.from) OMEN_RETURN_IF_ERROR(DrainPortals(portal));
  ran_query = true;
  FillContext(portal, text);
  OMEN_ASSIGN_OR_RETURN(int columns, CopyColumns(copy));
  const bool binary = copy.format == sql::Copy::Format::kBinary;
  CopyIn in(&to, binary, columns);
  CopyOut out(&to, binary, columns);
  portal->context.copy_source = &in;
  portal->context.copy_sink = &out;
  auto cursor = database->Open(portal->compiled->plan, portal->params, &portal->context);
  if (!cursor.ok()) return std::move(cursor).status();
  std::vector<Row> none;
  OMEN_RETURN_IF_ERROR((*cursor)->Next(&none, 1));
  OMEN_RETURN_IF_ERROR(copy.from ? in.Finish() : out.Finish());
  result->tag = TagWithCount("COPY", (*cursor)->row_count());
  portal->state = Portal::State::kDone;
  cursor->reset();
  EndEngineStatement();
  return Status::Ok();
}

Status Session::Impl::DrainPortals(const Portal* except) {
  if (unnamed_portal.live() && &unnamed_portal != except) {
    OMEN_RETURN_IF_ERROR(unnamed_portal.Store());
  }
  for (auto& [name, portal] : portals) {
    if (portal->live() && portal.get() != except) OMEN_RETURN_IF_ERROR(portal->Store());
  }
  return Status::Ok();
}

void Session::Impl::EndEngineStatement() {
  if (unnamed_portal.live() || simple_portal.live()) return;
  for (const auto& [name, portal] : portals) {
    if (portal->live()) return;
  }
  if (transaction != nullptr) transaction->EndStatement();
}

Status Session::Impl::Report(Status error, std::string_view text, Sink& to) {
  ErrorInfo& info = error.error();
  if (IsStale(error)) {
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
  FailTransaction();
  return to.Error(info);
}

Status Session::Impl::EndFaulty(const Fault& fault, std::string_view text, Sink& to) {
  obs::Log(obs::LogLevel::kError, "a fault ended a statement",
           {{"what", fault.what},
            {"template", sql::TemplateText(text)},
            {"session", options.id},
            {"stack", fault.stack}});
  // Nothing of the transaction is trusted: savepoints go with it.
  const bool explicit_block = block == BlockState::kExplicit || block == BlockState::kFailed;
  RollbackTransaction();
  if (explicit_block) block = BlockState::kFailed;
  return to.Error(fault.ToStatus().error());
}

void Session::Impl::Notice(std::string_view severity, const ErrorInfo& info) {
  if (sink == nullptr || LevelOfSeverity(severity) < settings.effective().min_messages) return;
  // A client that is gone is noticed by the next answer.
  (void)sink->Notice(severity, info).ok();
}

void Session::Impl::Warn(SqlState state, std::string message) {
  Notice("WARNING", ErrorInfo{state, std::move(message)});
}

Status Session::Impl::Ready(Sink& to) {
  if (settings.has_reports()) {
    for (const auto& [name, value] : settings.TakeReports()) {
      OMEN_RETURN_IF_ERROR(to.ParameterStatus(name, value));
    }
  }
  command_begun = false;
  const char status = block == BlockState::kNone || block == BlockState::kImplicit ? 'I'
                      : block == BlockState::kExplicit                             ? 'T'
                                                                                   : 'E';
  return to.ReadyForQuery(status);
}

}  // namespace omen::session
