// Statements that the session runs itself: settings, PREPARE and EXECUTE, DISCARD.
#include <fmt/format.h>

#include <algorithm>

#include "functions/kernel/watched.h"
#include "session/error_position.h"
#include "session/function_hooks.h"
#include "session/session_impl.h"

namespace omen::session {
namespace {

constexpr std::string_view kIsolationNames[] = {"read uncommitted", "read committed",
                                                "repeatable read", "serializable"};

Row TextRow(std::initializer_list<std::string_view> values) {
  Row row;
  for (std::string_view value : values) row.push_back(Value::Text(value));
  return row;
}

}  // namespace

Status Session::Impl::RunSessionStatement(Portal* portal, std::string_view text, uint64_t max_rows,
                                          bool describe, Sink& to, RunResult* result) {
  // The portal may be gone when a COMMIT or CLOSE returns.
  const CompiledPtr compiled = portal->compiled;
  result->tag = compiled->tag;
  if (const auto* control = compiled->As<sql::TransactionControl>()) {
    return RunTransactionControl(*control, &result->tag);
  }
  if (const auto* set = compiled->As<sql::SetVariable>()) {
    return SetSetting(set->name, set->values, set->local);
  }
  if (const auto* reset = compiled->As<sql::ResetVariable>()) {
    if (reset->name != "all") return SetSetting(reset->name, {}, false);
    return settings.ResetAll();
  }
  if (const auto* set = compiled->As<sql::SetTransaction>()) return SetTransaction(*set);
  if (const auto* prepare = compiled->As<sql::Prepare>()) return RunPrepare(*prepare, text);
  if (const auto* close = compiled->As<sql::CloseCursor>()) return RunClose(*close);
  if (const auto* discard = compiled->As<sql::Discard>()) return RunDiscard(discard->what);
  if (const auto* drop = compiled->As<sql::Deallocate>()) return RunDeallocate(*drop);
  if (compiled->As<sql::DeclareCursor>() != nullptr) return RunDeclare(*portal, text);
  if (compiled->As<sql::Fetch>() != nullptr) {
    return RunFetch(*portal, max_rows, describe, to, result);
  }
  if (const auto* execute = compiled->As<sql::Execute>()) {
    return RunExecute(portal, *execute, text, max_rows, describe, to, result);
  }
  const auto* show = compiled->As<sql::ShowVariable>();
  if (show == nullptr) return Status::Ok();
  std::vector<Row> rows;
  if (show->name == "all") {
    for (const SettingDefinition& definition : AllSettings()) {
      OMEN_ASSIGN_OR_RETURN(std::string value, ShowSetting(definition.name));
      rows.push_back(TextRow({definition.name, value, ""}));
    }
  } else {
    OMEN_ASSIGN_OR_RETURN(std::string value, ShowSetting(show->name));
    rows.push_back(TextRow({value}));
  }
  return SendRows(portal, std::move(rows), describe, to);
}

Status Session::Impl::SendRows(Portal* portal, std::vector<Row> rows, bool describe, Sink& to) {
  const std::vector<sql::OutputColumn> columns = OutputsOf(*portal->compiled);
  if (describe) OMEN_RETURN_IF_ERROR(to.RowDescription(columns, portal->formats));
  if (portal->state == Portal::State::kDone) return Status::Ok();
  for (const Row& row : rows) {
    OMEN_RETURN_IF_ERROR(Work::Run({.cancel = &token}, [&] {
      return to.DataRow(columns, row, portal->formats, settings.effective().style);
    }));
  }
  portal->state = Portal::State::kDone;
  return Status::Ok();
}

Result<std::string> Session::Impl::ShowSetting(std::string_view name) {
  const std::string lower = ToLower(name);
  if (lower == "transaction_isolation") {
    const sql::Isolation isolation =
        transaction != nullptr ? transaction->isolation() : settings.effective().default_isolation;
    return std::string(kIsolationNames[static_cast<size_t>(isolation)]);
  }
  if (lower == "transaction_read_only") {
    const bool read_only =
        transaction != nullptr ? transaction->read_only() : settings.effective().default_read_only;
    return std::string(read_only ? "on" : "off");
  }
  return settings.Show(name);
}

Status Session::Impl::SetSetting(std::string_view name, const std::vector<std::string>& values,
                                 bool local) {
  const std::string lower = ToLower(name);
  if (lower == "transaction_isolation" || lower == "transaction_read_only") {
    const SettingDefinition& definition = AllSettings()[static_cast<size_t>(FindSetting(lower))];
    if (values.empty()) return Status::Ok();
    OMEN_ASSIGN_OR_RETURN(std::string value, Canonical(definition, values));
    sql::SetTransaction set;
    if (lower == "transaction_read_only") {
      set.read_only = value == "on";
    } else {
      auto found = std::ranges::find(kIsolationNames, value) - std::begin(kIsolationNames);
      set.isolation = static_cast<sql::Isolation>(found);
    }
    return SetTransaction(set);
  }
  if (local && !InBlock()) {
    Warn(sqlstate::kNoActiveTransaction, "SET LOCAL can only be used in transaction blocks");
  }
  return settings.Set(name, values, local);
}

Status Session::Impl::RunPrepare(const sql::Prepare& prepare, std::string_view text) {
  if (statements.contains(prepare.name)) {
    return Status(sqlstate::kDuplicateStatement,
                  fmt::format("prepared statement \"{}\" already exists", prepare.name));
  }
  std::vector<Oid> types;
  for (Type type : prepare.types) types.push_back(type.oid);
  Status status = DoParse(prepare.name, prepare.body_sql, types);
  if (!status.ok()) {
    // Offsets count from the body; clients see the whole statement.
    const size_t at = text.find(prepare.body_sql);
    ErrorInfo& info = status.error();
    if (info.byte_offset >= 0 && at != std::string_view::npos) {
      info.byte_offset += static_cast<int>(at);
    }
    return status;
  }
  statements.find(prepare.name)->second->from_sql = true;
  return Status::Ok();
}

Result<Row> Session::Impl::ExecuteArguments(const Portal& portal, const sql::Execute& execute,
                                            const PreparedStatement& prepared) {
  const std::vector<Type>& types = prepared.compiled->statement->param_types;
  if (execute.args.size() != types.size()) {
    return Status(sqlstate::kSyntaxError,
                  fmt::format("wrong number of parameters for prepared statement \"{}\"",
                              prepared.name))
        .Detail(
            fmt::format("Expected {} parameters but got {}.", types.size(), execute.args.size()));
  }
  if (types.empty()) return Row{};
  // One row of the arguments, computed as a SELECT without FROM.
  const std::vector<Type>& given = portal.compiled->statement->param_types;
  const auto catalog = Catalog();
  sql::BindContext context = MakeBindContext(catalog.get());
  for (const Type& type : given) context.param_types.push_back(type.oid);
  auto query = std::make_unique<sql::Query>();
  for (size_t i = 0; i < types.size(); ++i) {
    sql::TargetEntry target;
    OMEN_ASSIGN_OR_RETURN(target.expr, sql::CoerceExecuteArgument(sql::CloneExpr(*execute.args[i]),
                                                                  types[i], i + 1, context));
    target.output = {"?column?", types[i]};
    query->targets.push_back(std::move(target));
  }
  auto statement = std::make_shared<sql::Statement>();
  statement->body = std::move(query);
  statement->tag = "SELECT";
  statement->param_types = given;
  statement->catalog_version = catalog->version();
  OMEN_ASSIGN_OR_RETURN(auto plan, database->MakePlan(std::move(statement), catalog));
  OMEN_RETURN_IF_ERROR(EnsureTransaction());
  Portal arguments;
  FillContext(&arguments, "EXECUTE");
  OMEN_ASSIGN_OR_RETURN(arguments.cursor,
                        database->Open(std::move(plan), portal.params, &arguments.context));
  std::vector<Row> rows;
  OMEN_RETURN_IF_ERROR(arguments.cursor->Next(&rows, 1));
  OMEN_CHECK(rows.size() == 1 && rows.front().size() >= types.size());
  Row values = std::move(rows.front());
  values.resize(types.size());
  return values;
}

Status Session::Impl::RunExecute(Portal* portal, const sql::Execute& execute, std::string_view text,
                                 uint64_t max_rows, bool describe, Sink& to, RunResult* result) {
  const std::string name = execute.name;
  const std::string explain = execute.explain;
  OMEN_RETURN_IF_ERROR(FindStatement(name).status().Clone());
  const std::shared_ptr<PreparedStatement> prepared = statements.find(name)->second;
  if (prepared->compiled->statement == nullptr) return Status::Ok();
  OMEN_RETURN_IF_ERROR(Revalidate(prepared.get()));
  CompiledPtr compiled = prepared->compiled;
  if (portal->state == Portal::State::kReady) {
    OMEN_ASSIGN_OR_RETURN(Row params, ExecuteArguments(*portal, execute, *prepared));
    if (!explain.empty()) {
      OMEN_ASSIGN_OR_RETURN(compiled,
                            CompileText(explain + prepared->text, prepared->declared_types));
    }
    portal->params = std::move(params);
    portal->compiled = compiled;
  }
  if (compiled->plan == nullptr) return NotSupported("EXECUTE of this statement");
  return RunEngine(portal, text, max_rows, describe, to, result);
}

Status Session::Impl::RunDeallocate(const sql::Deallocate& deallocate) {
  if (deallocate.name.empty()) {
    statements.clear();
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(FindStatement(deallocate.name).status().Clone());
  statements.erase(statements.find(deallocate.name));
  return Status::Ok();
}

Status Session::Impl::RunDiscard(sql::Discard::What what) {
  switch (what) {
    case sql::Discard::What::kPlans:
      plans.Clear();
      return Status::Ok();
    case sql::Discard::What::kSequences:
      hooks->ForgetSequences();
      return Status::Ok();
    case sql::Discard::What::kTemp:
      return Status::Ok();
    case sql::Discard::What::kAll:
      break;
  }
  if (InBlock()) {
    return Status(sqlstate::kActiveTransaction,
                  "DISCARD ALL cannot run inside a transaction block");
  }
  std::erase_if(portals, [](const auto& entry) { return entry.second->declared; });
  OMEN_RETURN_IF_ERROR(settings.ResetAll());
  statements.clear();
  plans.Clear();
  hooks->ForgetSequences();
  return Status::Ok();
}

}  // namespace omen::session
