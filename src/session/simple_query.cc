// The simple protocol: a script of statements in one message.
#include "base/contention/serving_place.h"
#include "base/work.h"
#include "exec/statement/statement_locks.h"
#include "session/session_impl.h"

namespace omen::session {

Status Session::Impl::RunScript(std::string_view script, Sink& to) {
  if (CompiledPtr compiled = literal_plans.Find(script)) {
    Row params;
    if (literal_plans.Values(*compiled->statement, &params)) {
      Status status = RunSimple(std::move(compiled), std::move(params), script, true, to);
      if (!exec::IsStalePlan(status)) return status;
    }
  }
  OMEN_ASSIGN_OR_RETURN(const bool done, RunLiteralRows(script, to));
  if (done) return Status::Ok();
  const CompiledPtr known = compiler.Find(script);
  // One that Parse compiled may have parameters.
  if (known != nullptr && (known->statement == nullptr || known->statement->param_types.empty())) {
    Status status = RunSimple(known, {}, script, true, to);
    if (!exec::IsStalePlan(status)) return status;
  }
  PassPlace();
  MemoryCharge trees;
  OMEN_ASSIGN_OR_RETURN(std::vector<sql::ParsedStatement> parsed,
                        compiler.ParseScript(script, &trees));
  std::erase_if(parsed, [](const sql::ParsedStatement& p) { return p.is_empty(); });
  if (parsed.empty()) return to.EmptyQuery();
  block.SetSeveralStatements(parsed.size() > 1);
  for (const sql::ParsedStatement& statement : parsed) {
    const bool last = &statement == &parsed.back();
    OMEN_RETURN_IF_ERROR(RunParsed(statement, script, last, to));
  }
  return Status::Ok();
}

Result<bool> Session::Impl::RunLiteralRows(std::string_view script, Sink& to) {
  CompiledPtr compiled;
  std::vector<Value> values;
  Work::Holding kept(memory);
  OMEN_RETURN_IF_ERROR(
      Work::Run({.cancel = &token, .memory = &memory, .kept = &kept}, [&]() -> Status {
        compiled = literal_plans.FindRows(script);
        if (compiled == nullptr) return Status::Ok();
        if (!literal_plans.RowValues(*compiled->statement, &values)) compiled.reset();
        literal_plans.ForgetRows();
        return Status::Ok();
      }));
  if (compiled == nullptr) return false;
  PassPlace();
  const auto columns = static_cast<ptrdiff_t>(compiled->statement->param_types.size());
  Row first(std::make_move_iterator(values.begin()),
            std::make_move_iterator(values.begin() + columns));
  Status status = RunSimple(std::move(compiled), std::move(first), literal_plans.row_text(), true,
                            to, std::span(values).subspan(static_cast<size_t>(columns)));
  if (exec::IsStalePlan(status)) return false;
  OMEN_RETURN_IF_ERROR(std::move(status));
  return true;
}

Status Session::Impl::RunParsed(const sql::ParsedStatement& statement, std::string_view script,
                                bool last, Sink& to) {
  Status status;
  for (int tries = 0; tries < kReplansMax; ++tries) {
    OMEN_ASSIGN_OR_RETURN(CompiledPtr compiled, compiler.CompileParsed(statement, {}, false));
    if (!block.several_statements()) compiler.Remember(script, compiled);
    status = RunSimple(std::move(compiled), {}, statement.text(), last, to);
    if (!exec::IsStalePlan(status)) break;
  }
  return status;
}

Status Session::Impl::RunSimple(CompiledPtr compiled, Row params, std::string_view text, bool last,
                                Sink& to, std::span<Value> more_rows) {
  Portal* portal = portals.simple();
  portal->Reset();
  portal->compiled = std::move(compiled);
  portal->params = std::move(params);
  RunResult result;
  block.LetCommitWait(last);
  OMEN_RETURN_IF_ERROR(
      Run(portal, {.text = text, .describe = true, .more_rows = more_rows}, to, &result));
  portal->Reset();
  // The last statement's answer says that all of it is durable.
  if (last && !block.commits()) OMEN_RETURN_IF_ERROR(block.EndImplicit());
  if (!block.commits()) return to.CommandComplete(result.tag);
  rest.tag = std::move(result.tag);
  return Status::Ok();
}

}  // namespace omen::session
