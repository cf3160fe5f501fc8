// The simple protocol: a script of statements in one message.
#include "base/bytes.h"
#include "base/contention/serving_place.h"
#include "exec/statement/statement_locks.h"
#include "session/session_impl.h"

namespace omen::session {
bool IsStale(const Status& status) { return exec::IsStalePlan(status); }

Status Session::Impl::RunScript(std::string_view script, Sink& to) {
  if (CompiledPtr compiled = FindNormalized(script)) {
    Row params;
    if (LiteralValues(*compiled->statement, &params)) {
      Status status = RunSimple(std::move(compiled), std::move(params), script, true, to);
      if (!IsStale(status)) return status;
    }
  }
  const CompiledPtr known = FindCompiled(script);
  // One that Parse compiled may have parameters.
  if (known != nullptr && (known->statement == nullptr || known->statement->param_types.empty())) {
    Status status = RunSimple(known, {}, script, true, to);
    if (!IsStale(status)) return status;
  }
  PassPlace();
  MemoryCharge trees;
  OMEN_ASSIGN_OR_RETURN(std::vector<sql::ParsedStatement> parsed, ParseScript(script, &trees));
  std::erase_if(parsed, [](const sql::ParsedStatement& p) { return p.is_empty(); });
  if (parsed.empty()) return to.EmptyQuery();
  several_statements = parsed.size() > 1;
  for (const sql::ParsedStatement& statement : parsed) {
    const bool last = &statement == &parsed.back();
    OMEN_RETURN_IF_ERROR(RunParsed(statement, script, last, to));
  }
  return Status::Ok();
}

Status Session::Impl::RunParsed(const sql::ParsedStatement& statement, std::string_view script,
                                bool last, Sink& to) {
  Status status;
  for (int tries = 0; tries < kReplansMax; ++tries) {
    OMEN_ASSIGN_OR_RETURN(CompiledPtr compiled, CompileParsed(statement, {}, false));
    if (!several_statements) Remember(script, compiled);
    status = RunSimple(std::move(compiled), {}, statement.text(), last, to);
    if (!IsStale(status)) break;
  }
  return status;
}

Status Session::Impl::RunSimple(CompiledPtr compiled, Row params, std::string_view text, bool last,
                                Sink& to) {
  simple_portal.Reset();
  simple_portal.compiled = std::move(compiled);
  simple_portal.params = std::move(params);
  RunResult result;
  OMEN_RETURN_IF_ERROR(Run(&simple_portal, text, 0, true, to, &result));
  simple_portal.Reset();
  // The last statement's answer says that all of it is durable.
  if (last) OMEN_RETURN_IF_ERROR(EndImplicit());
  return to.CommandComplete(result.tag);
}

CompiledPtr Session::Impl::FindNormalized(std::string_view script) {
  if (block == BlockState::kFailed || !NormalizeStatement(script, &normalized)) return nullptr;
  std::vector<Oid> types;
  key = normalized.text;
  key.push_back('\0');
  for (size_t i = 0; i < normalized.count; ++i) {
    Oid type = normalized.literals[i].type;
    AppendLittleEndian(key, type);
  }
  const uint64_t version = CatalogVersion();
  CompiledPtr found = plans.Find(key);
  if (found != nullptr && found->catalog_version == version &&
      found->environment == Environment()) {
    return found->statement == nullptr ? nullptr : found;
  }
  if (CompiledPtr other = FindCompiled(key); other != nullptr && other->statement != nullptr) {
    return other;
  }
  for (size_t i = 0; i < normalized.count; ++i) {
    Oid type = normalized.literals[i].type;
    types.push_back(type == oid::kUnknown ? oid::kInvalid : type);
  }
  PassPlace();
  auto parsed = sql::Parse(normalized.text);
  if (parsed.ok() && parsed->size() == 1) {
    auto compiled = CompileParsed(parsed->front(), types, true);
    const bool usable = compiled.ok() && (*compiled)->plan != nullptr &&
                        !(*compiled)->statement->session_literals &&
                        (*compiled)->statement->param_types.size() == normalized.count;
    if (usable) {
      Remember(key, *compiled);
      return *compiled;
    }
  }
  // It fails in this form, or would mean something else: taken as it is, while the catalogue
  // stays the same.
  auto refused = std::make_shared<Compiled>();
  refused->catalog_version = version;
  refused->environment = Environment();
  plans.Put(key, std::move(refused));
  return nullptr;
}

bool Session::Impl::LiteralValues(const sql::Statement& statement, Row* params) {
  params->reserve(normalized.count);
  for (size_t i = 0; i < normalized.count; ++i) {
    const Literal& literal = normalized.literals[i];
    if (literal.type == oid::kUnknown && !IsValidUtf8(literal.text)) return false;
    auto value = ParseText(statement.param_types[i], literal.text, settings.effective().style,
                           block == BlockState::kNone ? statement_micros : transaction_micros);
    if (!value.ok()) return false;  // the plain way gives the error its position
    params->push_back(std::move(*value));
  }
  return true;
}

}  // namespace omen::session
