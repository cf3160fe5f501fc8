// The extended protocol: Parse, Bind, Describe, Execute, Close.
#include <fmt/format.h>

#include "base/work.h"
#include "session/session_impl.h"

namespace omen::session {
namespace {

constexpr size_t kStatementsMax = 10'000;
constexpr size_t kPortalsMax = 10'000;
constexpr int64_t kUnnamedBytesMax = 64 << 10;  // there is but one, for a moment

int64_t BytesOfPrepared(std::string_view name, std::string_view text) {
  constexpr size_t kNodes = 256;
  return static_cast<int64_t>(sizeof(PreparedStatement) + kNodes + 2 * name.size() + text.size());
}

Status NoStatement(std::string_view name) {
  if (name.empty()) {
    return Status(sqlstate::kInvalidStatementName, "unnamed prepared statement does not exist");
  }
  return Status(sqlstate::kInvalidStatementName,
                fmt::format("prepared statement \"{}\" does not exist", name));
}

}  // namespace

Result<PreparedStatement*> Session::Impl::FindStatement(std::string_view name) {
  if (name.empty()) {
    if (unnamed_statement == nullptr) return NoStatement(name);
    return unnamed_statement.get();
  }
  auto it = statements.find(name);
  if (it == statements.end()) return NoStatement(name);
  return it->second.get();
}

Result<Portal*> Session::Impl::FindPortal(std::string_view name) {
  if (name.empty() && unnamed_portal_bound) return &unnamed_portal;
  auto it = portals.find(name);
  if (name.empty() || it == portals.end()) {
    return Status(sqlstate::kInvalidCursorName, fmt::format("portal \"{}\" does not exist", name));
  }
  return it->second.get();
}

std::string_view Session::Impl::TextOf(std::string_view portal, KeptText* keep) {
  const auto found = FindPortal(portal);
  if (!found.ok()) return {};
  keep->source = (*found)->source;
  if (keep->source != nullptr) return keep->source->text;
  keep->own = (*found)->own_text;
  return keep->own;
}

void Session::Impl::DropPortal(std::string_view name) {
  if (name.empty()) {
    unnamed_portal.Reset();
    unnamed_portal_bound = false;
    return;
  }
  if (auto it = portals.find(name); it != portals.end()) portals.erase(it);
}

void Session::Impl::DropTransactionPortals(size_t from_savepoint_depth) {
  if (unnamed_portal_bound && unnamed_portal.savepoint_depth >= from_savepoint_depth) {
    DropPortal("");
  }
  simple_portal.cursor.reset();
  std::erase_if(portals, [&](const auto& entry) {
    const Portal& portal = *entry.second;
    return !portal.persisted && portal.savepoint_depth >= from_savepoint_depth;
  });
}

Status Session::Impl::DoParse(std::string_view name, std::string_view text,
                              std::span<const Oid> types) {
  if (!name.empty() && statements.contains(name)) {
    return Status(sqlstate::kDuplicateStatement,
                  fmt::format("prepared statement \"{}\" already exists", name));
  }
  if (!name.empty() && statements.size() >= kStatementsMax) {
    return Status(sqlstate::kProgramLimit, "too many prepared statements");
  }
  auto prepared = std::make_shared<PreparedStatement>();
  if (!name.empty() || text.size() > kCachedTextBytesMax) {
    prepared->memory = MemoryCharge(memory);
    OMEN_RETURN_IF_ERROR(prepared->memory.Resize(BytesOfPrepared(name, text)));
  }
  prepared->name = name;
  prepared->text = text;
  prepared->declared_types.assign(types.begin(), types.end());
  prepared->prepared_micros = statement_micros;
  if (name.empty()) unnamed_statement.reset();
  OMEN_ASSIGN_OR_RETURN(prepared->compiled, CompileText(prepared->text, prepared->declared_types));
  if (prepared->compiled->statement != nullptr) {
    // What was inferred stays, should the statement be compiled again.
    prepared->declared_types.clear();
    for (Type type : prepared->compiled->statement->param_types) {
      prepared->declared_types.push_back(type.oid);
    }
  }
  if (name.empty()) {
    unnamed_statement = std::move(prepared);
  } else {
    statements.emplace(name, std::move(prepared));
  }
  return Status::Ok();
}

Status Session::Impl::BindParameters(const BindArgs& args, const std::vector<Type>& types,
                                     Row* params) {
  if (args.params.size() != types.size()) {
    return Status(
        sqlstate::kProtocolViolation,
        fmt::format(
            "bind message supplies {} parameters, but prepared statement \"{}\" requires {}",
            args.params.size(), args.statement, types.size()));
  }
  const int64_t now = block == BlockState::kNone ? statement_micros : transaction_micros;
  params->reserve(types.size());
  for (size_t i = 0; i < types.size(); ++i) {
    if (!args.params[i]) {
      params->push_back(Value::Null());
      continue;
    }
    const std::string_view bytes = *args.params[i];
    const size_t format_at = args.param_formats.size() == 1 ? 0 : i;
    const bool binary =
        !args.param_formats.empty() && args.param_formats[format_at] == Format::kBinary;
    const auto parse = [&]() -> Result<Value> {
      if (binary) return ParseBinary(types[i], bytes);
      OMEN_RETURN_IF_ERROR(CheckUtf8(bytes));
      return ParseText(types[i], bytes, settings.effective().style, now);
    };
    OMEN_ASSIGN_OR_RETURN(Value value, Work::Run({.cancel = &token, .memory = &memory}, parse));
    params->push_back(std::move(value));
  }
  return Status::Ok();
}

Status Session::Impl::Hold(Portal* portal) {
  const int64_t bytes = BytesOfPortal(portal->name, {}, portal->params);
  if (portal->name.empty() && bytes < kUnnamedBytesMax) return Status::Ok();
  portal->held = MemoryCharge(memory);
  return portal->held.Resize(bytes);
}

Status Session::Impl::BindFormats(const BindArgs& args, Portal* portal) {
  const auto& asked = args.result_formats;
  portal->formats.clear();
  if (asked.empty() || (asked.size() == 1 && asked.front() == Format::kText)) return Status::Ok();
  const size_t columns = OutputsOf(*portal->compiled).size();
  if (asked.size() == 1) {
    portal->formats.assign(columns, asked.front());
    return Status::Ok();
  }
  if (asked.size() != columns) {
    return Status(sqlstate::kProtocolViolation,
                  fmt::format("bind message has {} result formats but query has {} columns",
                              asked.size(), columns));
  }
  portal->formats = asked;
  return Status::Ok();
}

Status Session::Impl::DoBind(const BindArgs& args) {
  OMEN_ASSIGN_OR_RETURN(PreparedStatement * prepared, FindStatement(args.statement));
  OMEN_RETURN_IF_ERROR(CheckNotFailed(*prepared->compiled));
  OMEN_RETURN_IF_ERROR(Revalidate(prepared));
  Portal* portal = &unnamed_portal;
  if (args.portal.empty()) {
    DropPortal("");
  } else {
    if (portals.contains(args.portal)) {
      return Status(sqlstate::kDuplicateCursor,
                    fmt::format("cursor \"{}\" already exists", args.portal));
    }
    if (portals.size() >= kPortalsMax) {
      return Status(sqlstate::kProgramLimit, "too many open portals");
    }
    portal = portals.emplace(args.portal, std::make_unique<Portal>()).first->second.get();
    portal->name = args.portal;
  }
  portal->source =
      args.statement.empty() ? unnamed_statement : statements.find(args.statement)->second;
  portal->compiled = prepared->compiled;
  portal->savepoint_depth = savepoints.size();
  if (args.portal.empty()) unnamed_portal_bound = true;
  static const std::vector<Type> kNone;
  const auto& statement = portal->compiled->statement;
  Status status =
      BindParameters(args, statement == nullptr ? kNone : statement->param_types, &portal->params);
  if (status.ok()) status = BindFormats(args, portal);
  if (status.ok()) status = Hold(portal);
  if (!status.ok()) DropPortal(args.portal);
  return status;
}

Status Session::Impl::DoExecute(std::string_view name, uint32_t max_rows, Sink& to) {
  OMEN_ASSIGN_OR_RETURN(Portal * portal, FindPortal(name));
  if (portal->compiled->statement == nullptr) return to.EmptyQuery();
  // A COMMIT drops its own portal: the text must outlive it.
  const std::shared_ptr<PreparedStatement> source = portal->source;
  const std::string own_text = portal->own_text;
  const std::string_view text = source != nullptr ? std::string_view(source->text) : own_text;
  RunResult result;
  Status status = Run(portal, text, max_rows, false, to, &result);
  for (int tries = 1; tries < kReplansMax && IsStale(status) && source != nullptr; ++tries) {
    OMEN_RETURN_IF_ERROR(Revalidate(source.get()));
    portal->compiled = source->compiled;
    status = Run(portal, text, max_rows, false, to, &result);
  }
  OMEN_RETURN_IF_ERROR(std::move(status));
  if (result.suspended) return to.PortalSuspended();
  return to.CommandComplete(result.tag);
}

}  // namespace omen::session
