// The extended protocol: Bind and Execute.
#include <fmt/format.h>

#include "base/work.h"
#include "exec/statement/statement_locks.h"
#include "session/session_impl.h"

namespace omen::session {
namespace {

constexpr int64_t kUnnamedBytesMax = 64 << 10;  // there is but one, for a moment

}  // namespace

Status Session::Impl::BindParameters(const BindArgs& args, const std::vector<Type>& types,
                                     Row* params) {
  if (args.params.size() != types.size()) {
    return Status(
        sqlstate::kProtocolViolation,
        fmt::format(
            "bind message supplies {} parameters, but prepared statement \"{}\" requires {}",
            args.params.size(), args.statement, types.size()));
  }
  const int64_t now = block.now_micros();
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
  const size_t columns = own_statements.OutputsOf(*portal->compiled).size();
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

Status Session::Impl::FillPortal(const BindArgs& args, const std::vector<Type>& types,
                                 Portal* portal) {
  OMEN_RETURN_IF_ERROR(BindParameters(args, types, &portal->params));
  OMEN_RETURN_IF_ERROR(BindFormats(args, portal));
  return Hold(portal);
}

Status Session::Impl::DoBind(const BindArgs& args) {
  OMEN_ASSIGN_OR_RETURN(auto source, prepared.Find(args.statement));
  OMEN_RETURN_IF_ERROR(block.CheckNotFailed(source->compiled->may_exit()));
  OMEN_RETURN_IF_ERROR(prepared.Revalidate(source.get()));
  OMEN_ASSIGN_OR_RETURN(Portal * portal, portals.Make(args.portal));
  portal->source = std::move(source);
  portal->compiled = portal->source->compiled;
  portal->savepoint_depth = block.savepoint_depth();
  static const std::vector<Type> kNone;
  const auto& statement = portal->compiled->statement;
  Status status = FillPortal(args, statement == nullptr ? kNone : statement->param_types, portal);
  if (!status.ok()) portals.Close(args.portal);
  return status;
}

Status Session::Impl::DoExecute(std::string_view name, uint32_t max_rows, Sink& to) {
  OMEN_ASSIGN_OR_RETURN(Portal * portal, portals.Find(name));
  if (portal->compiled->statement == nullptr) return to.EmptyQuery();
  // A COMMIT drops its own portal: the text must outlive it.
  const std::shared_ptr<PreparedStatement> source = portal->source;
  const std::string own_text = portal->own_text;
  const std::string_view text = source != nullptr ? std::string_view(source->text) : own_text;
  RunResult result;
  const RunRequest request = {.text = text, .max_rows = max_rows};
  block.LetCommitWait(true);
  Status status = Run(portal, request, to, &result);
  for (int tries = 1; tries < kReplansMax && exec::IsStalePlan(status) && source != nullptr;
       ++tries) {
    OMEN_RETURN_IF_ERROR(prepared.Revalidate(source.get()));
    portal->compiled = source->compiled;
    status = Run(portal, request, to, &result);
  }
  OMEN_RETURN_IF_ERROR(std::move(status));
  if (result.suspended) return to.PortalSuspended();
  if (!block.commits()) return to.CommandComplete(result.tag);
  rest = {.tag = std::move(result.tag), .ready = false};
  return Status::Ok();
}

}  // namespace omen::session
