#include "session/compile/compiler.h"

#include "base/bytes.h"
#include "base/contention/serving_place.h"
#include "base/work.h"

namespace omen::session {
namespace {

bool QueryWrites(const sql::Query& query) {
  if (query.kind != sql::QueryKind::kSelect) return true;
  for (const sql::CommonTable& cte : query.ctes) {
    if (cte.query != nullptr && QueryWrites(*cte.query)) return true;
  }
  return false;
}

bool Writes(const sql::Statement& statement) {
  const sql::StatementBody& body = statement.body;
  if (const auto* query = std::get_if<std::unique_ptr<sql::Query>>(&body)) {
    return QueryWrites(**query);
  }
  if (const auto* copy = std::get_if<sql::Copy>(&body)) return copy->from;
  if (const auto* explain = std::get_if<sql::Explain>(&body)) {
    return explain->analyze && Writes(*explain->statement);
  }
  return true;  // schema changes
}

/// True for what the engine plans; the rest is the session's own.
bool IsForEngine(const sql::StatementBody& body) {
  return !(
      std::holds_alternative<sql::Empty>(body) ||
      std::holds_alternative<sql::TransactionControl>(body) ||
      std::holds_alternative<sql::SetVariable>(body) ||
      std::holds_alternative<sql::ResetVariable>(body) ||
      std::holds_alternative<sql::ShowVariable>(body) ||
      std::holds_alternative<sql::SetTransaction>(body) ||
      std::holds_alternative<sql::Prepare>(body) || std::holds_alternative<sql::Execute>(body) ||
      std::holds_alternative<sql::Deallocate>(body) ||
      std::holds_alternative<sql::DeclareCursor>(body) ||
      std::holds_alternative<sql::Fetch>(body) || std::holds_alternative<sql::CloseCursor>(body) ||
      std::holds_alternative<sql::Discard>(body));
}

/// Worth keeping: what clients repeat.
bool IsRepeatable(const Compiled& compiled) {
  if (compiled.statement == nullptr) return true;
  if (compiled.statement->session_literals) return false;
  return compiled.As<std::unique_ptr<sql::Query>>() != nullptr ||
         compiled.As<sql::TransactionControl>() != nullptr ||
         compiled.As<sql::SetVariable>() != nullptr ||
         compiled.As<sql::ShowVariable>() != nullptr || compiled.As<sql::Fetch>() != nullptr;
}

void MakeKey(std::string_view text, const std::vector<Oid>& types, std::string* key) {
  key->assign(text);
  if (types.empty()) return;
  key->push_back('\0');
  for (Oid type : types) AppendLittleEndian(*key, type);
}

}  // namespace

uint64_t Compiler::Environment() {
  if (environment_generation_ != parts_.settings->generation()) {
    std::string text = parts_.user + '\0' + parts_.database_name;
    for (const std::string& schema : parts_.settings->effective().search_path)
      text += '\0' + schema;
    environment_ = parts_.shared->Environment(text);
    environment_generation_ = parts_.settings->generation();
  }
  return environment_;
}

bool Compiler::IsCurrent(const Compiled& compiled, uint64_t catalog_version) {
  if (compiled.plan == nullptr) return true;
  return compiled.catalog_version == catalog_version && compiled.environment == Environment();
}

bool Compiler::IsCurrent(const Compiled& compiled) {
  return IsCurrent(compiled, parts_.block->CatalogVersion());
}

CompiledPtr Compiler::FindOwn(std::string_view key, uint64_t catalog_version) {
  CompiledPtr found = plans_.Find(key);
  const bool current = found != nullptr && found->catalog_version == catalog_version &&
                       found->environment == Environment();
  return current ? found : nullptr;
}

CompiledPtr Compiler::Find(std::string_view key) {
  const uint64_t version = parts_.block->CatalogVersion();
  CompiledPtr found = plans_.Find(key);
  if (found != nullptr && IsCurrent(*found, version)) return found;
  found = parts_.shared->Find(key, Environment());
  if (found == nullptr || !IsCurrent(*found, version)) return nullptr;
  plans_.Put(key, found);
  return found;
}

void Compiler::Remember(std::string_view key, const CompiledPtr& compiled) {
  if (key.size() > kCachedTextBytesMax || !IsRepeatable(*compiled)) return;
  plans_.Put(key, compiled);
  const exec::Transaction* transaction = parts_.block->transaction();
  const bool draft = transaction != nullptr && transaction->draft().begun();
  if (!draft) parts_.shared->Put(key, compiled);
}

void Compiler::RememberRefusal(std::string_view key, uint64_t catalog_version) {
  auto refused = std::make_shared<Compiled>();
  refused->catalog_version = catalog_version;
  refused->environment = Environment();
  plans_.Put(key, std::move(refused));
}

Result<CompiledPtr> Compiler::CompileText(std::string_view text, const std::vector<Oid>& types) {
  std::string key;
  MakeKey(text, types, &key);
  if (CompiledPtr found = Find(key)) {
    OMEN_RETURN_IF_ERROR(parts_.block->CheckNotFailed(found->may_exit()));
    return found;
  }
  PassPlace();
  MemoryCharge trees;
  OMEN_ASSIGN_OR_RETURN(std::vector<sql::ParsedStatement> parsed, ParseScript(text, &trees));
  if (parsed.size() > 1) {
    return Status(sqlstate::kSyntaxError,
                  "cannot insert multiple commands into a prepared statement");
  }
  if (parsed.empty() || parsed.front().is_empty()) return std::make_shared<const Compiled>();
  OMEN_ASSIGN_OR_RETURN(CompiledPtr compiled, CompileParsed(parsed.front(), types, true));
  Remember(key, compiled);
  return compiled;
}

sql::BindContext Compiler::MakeBindContext(const catalog::Snapshot* catalog) const {
  sql::BindContext context;
  context.catalog = catalog;
  context.search_path = parts_.settings->effective().search_path;
  context.current_user = parts_.user;
  context.current_database = parts_.database_name;
  context.style = parts_.settings->effective().style;
  context.transaction_micros = parts_.block->now_micros();
  return context;
}

Result<CompiledPtr> Compiler::CompileParsed(const sql::ParsedStatement& parsed,
                                            const std::vector<Oid>& types, bool has_params) {
  OMEN_RETURN_IF_ERROR(parts_.block->CheckNotFailed(parsed.is_transaction_exit()));
  const auto catalog = parts_.block->Catalog();
  sql::BindContext context = MakeBindContext(catalog.get());
  context.param_types = types;
  context.has_params = has_params;
  return MakeCharged([&]() -> Result<std::shared_ptr<Compiled>> {
    OMEN_ASSIGN_OR_RETURN(auto statement, sql::Bind(parsed, context));
    OMEN_ASSIGN_OR_RETURN(auto compiled, Compile(std::move(statement), catalog));
    compiled->transaction_exit = parsed.is_transaction_exit();
    return compiled;
  });
}

Result<CompiledPtr> Compiler::CompileStatement(
    std::shared_ptr<const sql::Statement> statement,
    const std::shared_ptr<const catalog::Snapshot>& catalog) {
  return MakeCharged([&] { return Compile(std::move(statement), catalog); });
}

Result<CompiledPtr> Compiler::MakeCharged(
    const std::function<Result<std::shared_ptr<Compiled>>()>& make) {
  Work::Holding kept(parts_.memory);
  OMEN_ASSIGN_OR_RETURN(
      std::shared_ptr<Compiled> compiled,
      Work::Run({.cancel = parts_.token, .memory = &parts_.memory, .kept = &kept, .as_one = true},
                make));
  OMEN_RETURN_IF_ERROR(kept.charge.Resize(kept.bytes));
  compiled->memory = std::move(kept.charge);
  return CompiledPtr(std::move(compiled));
}

Result<std::vector<sql::ParsedStatement>> Compiler::ParseScript(std::string_view text,
                                                                MemoryCharge* trees) const {
  if (text.size() > kCachedTextBytesMax) {
    *trees = MemoryCharge(parts_.memory);
    OMEN_RETURN_IF_ERROR(trees->Resize(sql::EstimateParseBytes(text)));
  }
  return sql::Parse(text);
}

Result<std::shared_ptr<Compiled>> Compiler::Compile(
    std::shared_ptr<const sql::Statement> statement,
    const std::shared_ptr<const catalog::Snapshot>& catalog) {
  auto compiled = std::make_shared<Compiled>();
  compiled->catalog_version = catalog->version();
  compiled->environment = Environment();
  compiled->tag = statement->tag;
  compiled->statement = statement;
  if (IsForEngine(statement->body)) {
    compiled->writes = Writes(*statement);
    OMEN_ASSIGN_OR_RETURN(compiled->plan, parts_.database->MakePlan(std::move(statement), catalog));
  }
  return compiled;
}

}  // namespace omen::session
