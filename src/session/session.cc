#include "session/session.h"

#include <fmt/format.h>

#include <random>

#include "session/function_hooks.h"
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

}  // namespace

Session::Impl::Impl(exec::Database* db, SessionOptions opts)
    : database(db),
      options(std::move(opts)),
      shared(options.shared),
      settings(options.user),
      hooks(std::make_unique<FunctionHooks>(this)),
      random_state(std::random_device{}()) {
  if (shared == nullptr) {
    own_shared = std::make_unique<SharedState>();
    shared = own_shared.get();
  }
  memory = options.memory;
  if (memory == nullptr) {
    memory =
        std::make_shared<MemoryAccount>(INT64_MAX, shared->memory, MemoryAccount::Owner::kSession);
  }
  settings_memory = MemoryMeter(memory);
  settings.ChargeTo(&settings_memory);
}

Session::Impl::~Impl() {
  sink = nullptr;
  portals.clear();
  unnamed_portal.Reset();
  simple_portal.Reset();
}

Session::Session(exec::Database* database, SessionOptions options)
    : impl_(std::make_unique<Impl>(database, std::move(options))) {}
Session::~Session() = default;

Status Session::Start(Sink& sink) {
  Impl& s = *impl_;
  const auto catalog = s.database->catalog().Current();
  const catalog::Role* role = catalog->FindRole(s.options.user);
  s.settings.SetFact("is_superuser", role != nullptr && role->superuser ? "on" : "off");
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
    s.unnamed_statement.reset();
    if (s.unnamed_portal_bound) s.DropPortal("");
    Status status = s.RunScript(script, sink);
    return status.ok() ? Status::Ok() : s.Report(std::move(status), script, sink);
  }));
  return s.Ready(sink);
}

Status Session::Parse(std::string_view name, std::string_view text, std::span<const Oid> types,
                      Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  return s.Guard(text, sink, true, [&]() -> Status {
    s.BeginCommand(sink);
    Status status = s.DoParse(name, text, types);
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
    auto prepared = s.FindStatement(args.statement);
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
    auto prepared = s.FindStatement(name);
    if (!prepared.ok()) return Fail(std::move(prepared).status(), sink);
    const CompiledPtr compiled = (*prepared)->compiled;
    const bool rows = s.ReturnsRows(*compiled);
    if (rows) {
      Status status = s.CheckNotFailed(*compiled);
      if (!status.ok()) return Fail(std::move(status), sink);
    }
    static const std::vector<Type> kNone;
    const bool empty = compiled->statement == nullptr;
    OMEN_RETURN_IF_ERROR(
        sink.ParameterDescription(empty ? kNone : compiled->statement->param_types));
    return rows ? sink.RowDescription(s.OutputsOf(*compiled), {}) : sink.NoData();
  });
}

Status Session::DescribePortal(std::string_view name, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  return s.Guard({}, sink, true, [&]() -> Status {
    s.BeginCommand(sink);
    auto portal = s.FindPortal(name);
    if (!portal.ok()) return Fail(std::move(portal).status(), sink);
    const Compiled& compiled = *(*portal)->compiled;
    Status status = s.CheckNotFailed(compiled);
    if (!status.ok()) return Fail(std::move(status), sink);
    if (compiled.plan != nullptr) {
      if (!compiled.plan->returns_rows()) return sink.NoData();
      return sink.RowDescription(compiled.plan->outputs(), (*portal)->formats);
    }
    const std::vector<sql::OutputColumn> columns = s.OutputsOf(compiled);
    return columns.empty() ? sink.NoData() : sink.RowDescription(columns, (*portal)->formats);
  });
}

Status Session::Execute(std::string_view portal, uint32_t max_rows, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  KeptText keep;
  const std::string_view text = s.TextOf(portal, &keep);
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
    if (name.empty()) {
      s.unnamed_statement.reset();
    } else if (auto it = s.statements.find(name); it != s.statements.end()) {
      s.statements.erase(it);
    }
    return sink.CloseComplete();
  });
}

Status Session::ClosePortal(std::string_view name, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  return s.Guard({}, sink, true, [&]() -> Status {
    s.DropPortal(name);
    return sink.CloseComplete();
  });
}

Status Session::Sync(Sink& sink) {
  Impl& s = *impl_;
  s.sink = &sink;
  s.skipping = false;
  OMEN_RETURN_IF_ERROR(s.Guard({}, sink, false, [&]() -> Status {
    Status status = s.EndImplicit();
    return status.ok() ? Status::Ok() : s.Report(std::move(status), {}, sink);
  }));
  return s.Ready(sink);
}

Status Session::Fail(Status error, Sink& sink) {
  Impl& s = *impl_;
  if (s.skipping) return Status::Ok();
  s.BeginCommand(sink);
  s.skipping = true;
  return s.Report(std::move(error), {}, sink);
}

char Session::transaction_status() const {
  switch (impl_->block) {
    case BlockState::kExplicit:
      return 'T';
    case BlockState::kFailed:
      return 'E';
    default:
      return 'I';
  }
}

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
