// The simple protocol: a script of statements in one message.
#include "base/contention/serving_place.h"
#include "base/work.h"
#include "exec/statement/statement_locks.h"
#include "session/session_impl.h"
#include "sql/lexer/statement_cutter.h"

namespace omen::session {
namespace {

/// One that Parse compiled may have parameters.
bool TakesNoParameters(const Compiled& compiled) {
  return compiled.statement == nullptr || compiled.statement->param_types.empty();
}

}  // namespace

Status Session::Impl::RunScript(std::string_view script, Sink& to) {
  OMEN_ASSIGN_OR_RETURN(bool done, RunKnown(script, true, to));
  if (!done) {
    OMEN_ASSIGN_OR_RETURN(done, RunLiteralRows(script, to));
  }
  if (done) return Status::Ok();
  if (IsKnownScript(script)) return RunKnownScript(script, to);
  return RunStatements(script, 0, to);
}

CompiledPtr Session::Impl::FindText(std::string_view statement) {
  CompiledPtr known = compiler.Find(statement);
  return known != nullptr && TakesNoParameters(*known) ? known : nullptr;
}

Result<bool> Session::Impl::RunKnown(std::string_view statement, bool last, Sink& to) {
  if (CompiledPtr compiled = literal_plans.Find(statement)) {
    Row params;
    if (literal_plans.Values(*compiled->statement, &params)) {
      Status status = RunSimple(std::move(compiled), std::move(params), statement, last, to);
      if (!exec::IsStalePlan(status)) {
        OMEN_RETURN_IF_ERROR(std::move(status));
        return true;
      }
    }
  }
  if (CompiledPtr known = FindText(statement)) {
    Status status = RunSimple(std::move(known), {}, statement, last, to);
    if (!exec::IsStalePlan(status)) {
      OMEN_RETURN_IF_ERROR(std::move(status));
      return true;
    }
  }
  return false;
}

// A plan that is known was made of a text that parses. Were one of them not to, none may run.
bool Session::Impl::IsKnownScript(std::string_view script) {
  if (script.find(';') >= script.size() - 1) return false;
  sql::StatementCutter cutter(script);
  size_t statements = 0;
  for (std::string_view text = cutter.Next(); !text.empty(); text = cutter.Next(), ++statements) {
    if (literal_plans.Find(text) == nullptr && FindText(text) == nullptr) return false;
  }
  return statements > 1;
}

// What is known is asked again where a statement's turn comes: those before it may have changed
// what it means.
Status Session::Impl::RunKnownScript(std::string_view script, Sink& to) {
  block.SetSeveralStatements(true);
  sql::StatementCutter cutter(script);
  std::string_view text = cutter.Next();
  for (size_t number = 0; !text.empty(); ++number) {
    const std::string_view next = cutter.Next();
    OMEN_ASSIGN_OR_RETURN(const bool ran, RunKnown(text, next.empty(), to));
    if (!ran) return RunStatements(script, number, to);
    text = next;
  }
  return Status::Ok();
}

Status Session::Impl::RunStatements(std::string_view script, size_t first, Sink& to) {
  PassPlace();
  MemoryCharge trees;
  OMEN_ASSIGN_OR_RETURN(std::vector<sql::ParsedStatement> parsed,
                        compiler.ParseScript(script, &trees));
  std::erase_if(parsed, [](const sql::ParsedStatement& p) { return p.is_empty(); });
  if (parsed.empty()) return to.EmptyQuery();
  block.SetSeveralStatements(parsed.size() > 1);
  for (size_t i = first; i < parsed.size(); ++i) {
    const bool last = i + 1 == parsed.size();
    bool ran = false;
    if (block.several_statements()) {
      OMEN_ASSIGN_OR_RETURN(ran, RunKnown(parsed[i].text(), last, to));
    }
    if (!ran) OMEN_RETURN_IF_ERROR(RunParsed(parsed[i], script, last, to));
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
    compiler.Remember(block.several_statements() ? statement.text() : script, compiled);
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
