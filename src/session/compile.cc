// From text to compiled statements, through the session's cache and the process's.
#include <fmt/format.h>

#include "base/bytes.h"
#include "base/contention/serving_place.h"
#include "base/work.h"
#include "session/session_impl.h"

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

bool SameShape(const std::vector<sql::OutputColumn>& a, const std::vector<sql::OutputColumn>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].name != b[i].name || a[i].type != b[i].type) return false;
  }
  return true;
}

Status TransactionIsAborted() {
  return Status(sqlstate::kFailedTransaction,
                "current transaction is aborted, commands ignored until end of transaction block");
}

}  // namespace

std::shared_ptr<const catalog::Snapshot> Session::Impl::Catalog() const {
  return transaction != nullptr ? transaction->catalog() : database->catalog().Current();
}

uint64_t Session::Impl::CatalogVersion() const {
  return transaction != nullptr ? transaction->catalog_version() : database->catalog().version();
}

uint64_t Session::Impl::Environment() {
  if (environment_generation != settings.generation()) {
    std::string text = options.user + '\0' + options.database;
    for (const std::string& schema : settings.effective().search_path) text += '\0' + schema;
    environment = shared->plans.Environment(text);
    environment_generation = settings.generation();
  }
  return environment;
}

bool Session::Impl::IsCurrent(const Compiled& compiled, uint64_t catalog_version) {
  if (compiled.plan == nullptr) return true;
  return compiled.catalog_version == catalog_version && compiled.environment == Environment();
}

CompiledPtr Session::Impl::FindCompiled(std::string_view cache_key) {
  const uint64_t version = CatalogVersion();
  CompiledPtr found = plans.Find(cache_key);
  if (found != nullptr && IsCurrent(*found, version)) return found;
  found = shared->plans.Find(cache_key, Environment());
  if (found == nullptr || !IsCurrent(*found, version)) return nullptr;
  plans.Put(cache_key, found);
  return found;
}

void Session::Impl::Remember(std::string_view cache_key, const CompiledPtr& compiled) {
  if (cache_key.size() > kCachedTextBytesMax || !IsRepeatable(*compiled)) return;
  plans.Put(cache_key, compiled);
  const bool draft = transaction != nullptr && transaction->has_catalog_draft();
  if (!draft) shared->plans.Put(cache_key, compiled);
}

Result<CompiledPtr> Session::Impl::CompileText(std::string_view text,
                                               const std::vector<Oid>& types) {
  std::string cache_key;
  MakeKey(text, types, &cache_key);
  if (CompiledPtr found = FindCompiled(cache_key)) {
    OMEN_RETURN_IF_ERROR(CheckNotFailed(*found));
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
  Remember(cache_key, compiled);
  return compiled;
}

sql::BindContext Session::Impl::MakeBindContext(const catalog::Snapshot* catalog) const {
  sql::BindContext context;
  context.catalog = catalog;
  context.search_path = settings.effective().search_path;
  context.current_user = options.user;
  context.current_database = options.database;
  context.style = settings.effective().style;
  context.transaction_micros = block == BlockState::kNone ? statement_micros : transaction_micros;
  return context;
}

Result<CompiledPtr> Session::Impl::CompileParsed(const sql::ParsedStatement& parsed,
                                                 const std::vector<Oid>& types, bool has_params) {
  if (block == BlockState::kFailed && !parsed.is_transaction_exit()) return TransactionIsAborted();
  const auto catalog = Catalog();
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

Result<CompiledPtr> Session::Impl::CompileStatement(
    std::shared_ptr<const sql::Statement> statement,
    const std::shared_ptr<const catalog::Snapshot>& catalog) {
  return MakeCharged([&] { return Compile(std::move(statement), catalog); });
}

Result<CompiledPtr> Session::Impl::MakeCharged(
    const std::function<Result<std::shared_ptr<Compiled>>()>& make) {
  Work::Holding kept(memory);
  OMEN_ASSIGN_OR_RETURN(
      std::shared_ptr<Compiled> compiled,
      Work::Run({.cancel = &token, .memory = &memory, .kept = &kept, .as_one = true}, make));
  OMEN_RETURN_IF_ERROR(kept.charge.Resize(kept.bytes));
  compiled->memory = std::move(kept.charge);
  return CompiledPtr(std::move(compiled));
}

Result<std::vector<sql::ParsedStatement>> Session::Impl::ParseScript(std::string_view text,
                                                                     MemoryCharge* trees) const {
  if (text.size() > kCachedTextBytesMax) {
    *trees = MemoryCharge(memory);
    OMEN_RETURN_IF_ERROR(trees->Resize(sql::EstimateParseBytes(text)));
  }
  return sql::Parse(text);
}

Result<std::shared_ptr<Compiled>> Session::Impl::Compile(
    std::shared_ptr<const sql::Statement> statement,
    const std::shared_ptr<const catalog::Snapshot>& catalog) {
  auto compiled = std::make_shared<Compiled>();
  compiled->catalog_version = catalog->version();
  compiled->environment = Environment();
  compiled->tag = statement->tag;
  compiled->statement = statement;
  if (IsForEngine(statement->body)) {
    compiled->writes = Writes(*statement);
    OMEN_ASSIGN_OR_RETURN(compiled->plan, database->MakePlan(std::move(statement), catalog));
  }
  return compiled;
}

Status Session::Impl::Revalidate(PreparedStatement* prepared) {
  const CompiledPtr& old = prepared->compiled;
  if (old->statement == nullptr || old->plan == nullptr) return Status::Ok();
  if (IsCurrent(*old, CatalogVersion())) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(CompiledPtr compiled,
                        CompileText(prepared->text, prepared->declared_types));
  const bool same = compiled->plan != nullptr &&
                    compiled->plan->returns_rows() == old->plan->returns_rows() &&
                    SameShape(compiled->plan->outputs(), old->plan->outputs());
  if (!same) {
    return Status(sqlstate::kFeatureNotSupported, "cached plan must not change result type");
  }
  prepared->compiled = std::move(compiled);
  return Status::Ok();
}

Status Session::Impl::CheckNotFailed(const Compiled& compiled) const {
  if (block != BlockState::kFailed || compiled.transaction_exit || compiled.statement == nullptr) {
    return Status::Ok();
  }
  return TransactionIsAborted();
}

bool Session::Impl::ReturnsRows(const Compiled& compiled) {
  if (compiled.plan != nullptr) return compiled.plan->returns_rows();
  return !OutputsOf(compiled).empty();
}

std::vector<sql::OutputColumn> Session::Impl::OutputsOf(const Compiled& compiled) {
  if (compiled.plan != nullptr) return compiled.plan->outputs();
  if (const auto* show = compiled.As<sql::ShowVariable>()) {
    auto text_column = [](std::string name) {
      return sql::OutputColumn{std::move(name), {oid::kText, -1}};
    };
    if (show->name == "all") {
      return {text_column("name"), text_column("setting"), text_column("description")};
    }
    int index = FindSetting(show->name);
    return {text_column(index < 0 ? show->name
                                  : std::string(AllSettings()[static_cast<size_t>(index)].name))};
  }
  if (const auto* fetch = compiled.As<sql::Fetch>()) {
    if (fetch->move) return {};
    auto cursor = FindCursor(fetch->name);
    return cursor.ok() ? OutputsOf(*(*cursor)->compiled) : std::vector<sql::OutputColumn>();
  }
  if (const auto* execute = compiled.As<sql::Execute>()) {
    auto prepared = FindStatement(execute->name);
    if (!prepared.ok()) return {};
    if (!execute->explain.empty()) return {{"QUERY PLAN", {oid::kText, -1}}};
    return OutputsOf(*(*prepared)->compiled);
  }
  return {};
}

}  // namespace omen::session
