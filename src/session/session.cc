#include "session/session.h"

#include <fmt/format.h>

#include "session/session_impl.h"

namespace omen::session {
namespace {

/// The settings in the startup parameter `options`: -c name=value, -cname=value, --name=value;
/// a backslash escapes a space. False when malformed.
bool SplitOptions(std::string_view text, std::vector<std::pair<std::string, std::string>>* out) {
  std::vector<std::string> words(1);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      words.back() += text[++i];
    } else if (text[i] == ' ') {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += text[i];
    }
  }
  if (words.back().empty()) words.pop_back();
  for (size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "-c" && i + 1 < words.size()) {
      word = words[++i];
    } else if (word.starts_with("-c") || word.starts_with("--")) {
      word.remove_prefix(2);
    } else {
      return false;
    }
    size_t equals = word.find('=');
    if (equals == std::string_view::npos) return false;
    out->emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return true;
}

MemoryAccountPtr AccountOf(const SharedState& shared) {
  return std::make_shared<MemoryAccount>(INT64_MAX, shared.memory, MemoryAccount::Owner::kSession);
}

}  // namespace

Session::Impl::Impl(exec::Database* db, SessionOptions opts)
    : database(db),
      options(std::move(opts)),
      own_shared(options.shared == nullptr ? std::make_unique<SharedState>() : nullptr),
      shared(options.shared == nullptr ? own_shared.get() : options.shared),
      memory(options.memory != nullptr ? options.memory : AccountOf(*shared)),
      settings_memory(memory),
      settings(options.user),
      notices(&settings),
      block(
          {db, &settings, &portals, &notices, &token, memory, options.backend_pid, options.client}),
      setting_statements(&settings, &block, &notices),
      hooks({&db->rows(), &block, &setting_statements, options.user, options.database,
             options.backend_pid, db->jobs()}),
      compiler(
          {db, &shared->plans, &settings, &block, &token, memory, options.user, options.database}),
      literal_plans(&compiler, &settings, &block),
      prepared(&compiler, memory),
      runner({db, &options, &settings, &block, &portals, &notices, &hooks, &token, memory}),
      cursors({&settings, &block, &portals, &compiler, &runner, &hooks, memory}),
      own_statements({db, &settings, &setting_statements, &block, &portals, &prepared, &compiler,
                      &runner, &cursors, &hooks, &token}) {
  settings.ChargeTo(&settings_memory);
}

// Portals hold cursors, which hold the transaction.
Session::Impl::~Impl() {
  notices.SendTo(nullptr);
  portals.CloseAll();
}

Session::Session(exec::Database* database, SessionOptions options)
    : impl_(std::make_unique<Impl>(database, std::move(options))) {}
Session::~Session() = default;

Status Session::Start(Sink& sink) {
  Impl& s = *impl_;
  const auto catalog = s.database->catalog().Current();
  const catalog::Role* role = catalog->FindRole(s.options.user);
  s.settings.SetFact("is_superuser", role != nullptr && role->superuser ? "on" : "off");
  for (const auto& [name, value] : s.options.facts) s.settings.SetFact(name, value);
  std::vector<std::pair<std::string, std::string>> given;
  for (const auto& [name, value] : s.options.settings) {
    if (name != "options") {
      given.emplace_back(name, value);
    } else if (!SplitOptions(value, &given)) {
      return Status(sqlstate::kSyntaxError,
                    fmt::format("invalid command-line argument for server process: {}", value));
    }
  }
  for (const auto& [name, value] : given) {
    OMEN_RETURN_IF_ERROR(s.settings.SetAtStart(name, value));
  }
  s.settings.ReportAll();
  for (const auto& [name, value] : s.settings.TakeReports()) {
    OMEN_RETURN_IF_ERROR(sink.ParameterStatus(name, value));
  }
  return Status::Ok();
}

Status Session::SimpleQuery(std::string_view script, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  OMEN_RETURN_IF_ERROR(s.Guard(script, sink, false, [&]() -> Status {
    s.BeginCommand(sink);
    // A simple query takes the place of the unnamed statement.
    s.prepared.CloseUnnamed();
    s.portals.CloseUnnamed();
    Status status = s.RunScript(script, sink);
    return status.ok() ? Status::Ok() : s.Report(std::move(status), script, sink);
  }));
  return s.block.commits() ? Status::Ok() : s.Ready(sink);
}

Status Session::Parse(std::string_view name, std::string_view text, std::span<const Oid> types,
                      Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  return s.Guard(text, sink, true, [&]() -> Status {
    s.BeginCommand(sink);
    Status status = s.prepared.Make(name, text, types);
    if (status.ok()) return sink.ParseComplete();
    s.skipping = true;
    return s.Report(std::move(status), text, sink);
  });
}

Status Session::Bind(const BindArgs& args, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  return s.Guard({}, sink, true, [&]() -> Status {
    s.BeginCommand(sink);
    Status status = s.DoBind(args);
    if (status.ok()) return sink.BindComplete();
    // Compiling again may fail at a place in the statement's text.
    auto prepared = s.prepared.Find(args.statement);
    const std::string text = prepared.ok() ? (*prepared)->text : std::string();
    s.skipping = true;
    return s.Report(std::move(status), text, sink);
  });
}

Status Session::DescribeStatement(std::string_view name, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  return s.Guard({}, sink, true, [&]() -> Status {
    s.BeginCommand(sink);
    auto prepared = s.prepared.Find(name);
    if (!prepared.ok()) return Fail(std::move(prepared).status(), sink);
    const CompiledPtr compiled = (*prepared)->compiled;
    const bool rows = s.own_statements.ReturnsRows(*compiled);
    if (rows) {
      Status status = s.block.CheckNotFailed(compiled->may_exit());
      if (!status.ok()) return Fail(std::move(status), sink);
    }
    static const std::vector<Type> kNone;
    const bool empty = compiled->statement == nullptr;
    OMEN_RETURN_IF_ERROR(
        sink.ParameterDescription(empty ? kNone : compiled->statement->param_types));
    return rows ? sink.RowDescription(s.own_statements.OutputsOf(*compiled), {}) : sink.NoData();
  });
}

Status Session::DescribePortal(std::string_view name, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  return s.Guard({}, sink, true, [&]() -> Status {
    s.BeginCommand(sink);
    auto portal = s.portals.Find(name);
    if (!portal.ok()) return Fail(std::move(portal).status(), sink);
    const Compiled& compiled = *(*portal)->compiled;
    Status status = s.block.CheckNotFailed(compiled.may_exit());
    if (!status.ok()) return Fail(std::move(status), sink);
    if (compiled.plan != nullptr) {
      if (!compiled.plan->returns_rows()) return sink.NoData();
      return sink.RowDescription(compiled.plan->outputs(), (*portal)->formats);
    }
    const std::vector<sql::OutputColumn> columns = s.own_statements.OutputsOf(compiled);
    return columns.empty() ? sink.NoData() : sink.RowDescription(columns, (*portal)->formats);
  });
}

Status Session::Execute(std::string_view portal, uint32_t max_rows, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  KeptText keep;
  const std::string_view text = s.portals.TextOf(portal, &keep);
  return s.Guard(text, sink, true, [&]() -> Status {
    s.BeginCommand(sink);
    Status status = s.DoExecute(portal, max_rows, sink);
    if (status.ok()) return Status::Ok();
    return Fail(std::move(status), sink);
  });
}

Status Session::CloseStatement(std::string_view name, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  return s.Guard({}, sink, true, [&]() -> Status {
    s.prepared.Close(name);
    return sink.CloseComplete();
  });
}

Status Session::ClosePortal(std::string_view name, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  return s.Guard({}, sink, true, [&]() -> Status {
    s.portals.Close(name);
    return sink.CloseComplete();
  });
}

Status Session::Sync(Sink& sink) {
  Impl& s = *impl_;
  s.notices.SendTo(&sink);
  s.skipping = false;
  OMEN_RETURN_IF_ERROR(s.Guard({}, sink, false, [&]() -> Status {
    s.block.LetCommitWait(true);
    Status status = s.block.EndImplicit();
    return status.ok() ? Status::Ok() : s.Report(std::move(status), {}, sink);
  }));
  return s.block.commits() ? Status::Ok() : s.Ready(sink);
}

bool Session::commits() const { return impl_->block.commits(); }

Status Session::EndCommit(Sink& sink) {
  Impl& s = *impl_;
  const RestOfAnswer rest = std::exchange(s.rest, {});
  OMEN_RETURN_IF_ERROR(s.Guard({}, sink, !rest.ready, [&]() -> Status {
    Status status = s.block.EndCommit();
    if (status.ok()) return rest.tag ? sink.CommandComplete(*rest.tag) : Status::Ok();
    s.skipping = !rest.ready;
    return s.Report(std::move(status), {}, sink);
  }));
  return rest.ready ? s.Ready(sink) : Status::Ok();
}

Status Session::Fail(Status error, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  s.BeginCommand(sink);
  s.skipping = true;
  return s.Report(std::move(error), {}, sink);
}

char Session::transaction_status() const { return impl_->block.status(); }

CancelToken& Session::token() { return impl_->token; }

void Session::Terminate() {
  impl_->terminated.store(true);
  impl_->token.Cancel(CancelToken::Reason::kShutdown);
}

int64_t Session::statement_timeout_ms() const {
  return impl_->settings.effective().statement_timeout_ms;
}
int64_t Session::idle_in_transaction_timeout_ms() const {
  return impl_->settings.effective().idle_in_transaction_timeout_ms;
}
int64_t Session::idle_session_timeout_ms() const {
  return impl_->settings.effective().idle_session_timeout_ms;
}

}  // namespace omen::session
