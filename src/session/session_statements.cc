#include "session/session_statements.h"

#include <fmt/format.h>

namespace omen::session {
namespace {

Row TextRow(std::initializer_list<std::string_view> values) {
  Row row;
  for (std::string_view value : values) row.push_back(Value::Text(value));
  return row;
}

std::vector<sql::OutputColumn> OutputsOfShow(const sql::ShowVariable& show) {
  const auto text_column = [](std::string name) {
    return sql::OutputColumn{std::move(name), {oid::kText, -1}};
  };
  if (show.name == "all") {
    return {text_column("name"), text_column("setting"), text_column("description")};
  }
  const int index = FindSetting(show.name);
  return {text_column(index < 0 ? show.name
                                : std::string(AllSettings()[static_cast<size_t>(index)].name))};
}

}  // namespace

Status SessionStatements::Run(Portal* portal, const RunRequest& request, Sink& to,
                              RunResult* result) {
  // The portal may be gone when a COMMIT or CLOSE returns.
  const CompiledPtr compiled = portal->compiled;
  result->tag = compiled->tag;
  if (const auto* control = compiled->As<sql::TransactionControl>()) {
    return parts_.block->Run(*control, &result->tag);
  }
  if (const auto* set = compiled->As<sql::SetVariable>()) {
    return parts_.setting_statements->Set(set->name, set->values, set->local);
  }
  if (const auto* reset = compiled->As<sql::ResetVariable>()) {
    if (reset->name != "all") return parts_.setting_statements->Set(reset->name, {}, false);
    return parts_.settings->ResetAll();
  }
  if (const auto* set = compiled->As<sql::SetTransaction>()) return parts_.block->Set(*set);
  if (const auto* prepare = compiled->As<sql::Prepare>()) return RunPrepare(*prepare, request.text);
  if (const auto* close = compiled->As<sql::CloseCursor>()) return parts_.cursors->Close(*close);
  if (const auto* discard = compiled->As<sql::Discard>()) return RunDiscard(discard->what);
  if (const auto* drop = compiled->As<sql::Deallocate>()) return RunDeallocate(*drop);
  if (compiled->As<sql::DeclareCursor>() != nullptr)
    return parts_.cursors->Declare(*portal, request.text);
  if (compiled->As<sql::Fetch>() != nullptr) {
    return parts_.cursors->Fetch(*portal, request, to, result);
  }
  if (const auto* execute = compiled->As<sql::Execute>()) {
    return RunExecute(portal, *execute, request, to, result);
  }
  const auto* show = compiled->As<sql::ShowVariable>();
  return show == nullptr ? Status::Ok() : RunShow(portal, *show, request, to);
}

Status SessionStatements::RunShow(Portal* portal, const sql::ShowVariable& show,
                                  const RunRequest& request, Sink& to) {
  std::vector<Row> rows;
  if (show.name == "all") {
    for (const SettingDefinition& definition : AllSettings()) {
      OMEN_ASSIGN_OR_RETURN(std::string value, parts_.setting_statements->Show(definition.name));
      rows.push_back(TextRow({definition.name, value, ""}));
    }
  } else {
    OMEN_ASSIGN_OR_RETURN(std::string value, parts_.setting_statements->Show(show.name));
    rows.push_back(TextRow({value}));
  }
  return SendRows(portal, std::move(rows), request.describe, to);
}

Status SessionStatements::SendRows(Portal* portal, std::vector<Row> rows, bool describe, Sink& to) {
  const std::vector<sql::OutputColumn> columns = OutputsOf(*portal->compiled);
  if (describe) OMEN_RETURN_IF_ERROR(to.RowDescription(columns, portal->formats));
  if (portal->state == Portal::State::kDone) return Status::Ok();
  for (const Row& row : rows) {
    OMEN_RETURN_IF_ERROR(Work::Run({.cancel = parts_.token}, [&] {
      return to.DataRow(columns, row, portal->formats, parts_.settings->effective().style);
    }));
  }
  portal->state = Portal::State::kDone;
  return Status::Ok();
}

Status SessionStatements::RunPrepare(const sql::Prepare& prepare, std::string_view text) {
  std::vector<Oid> types;
  for (Type type : prepare.types) types.push_back(type.oid);
  Status status = parts_.prepared->Make(prepare.name, prepare.body_sql, types);
  if (!status.ok()) {
    // Offsets count from the body; clients see the whole statement.
    const size_t at = text.find(prepare.body_sql);
    ErrorInfo& info = status.error();
    if (info.byte_offset >= 0 && at != std::string_view::npos) {
      info.byte_offset += static_cast<int>(at);
    }
    return status;
  }
  return Status::Ok();
}

Result<Row> SessionStatements::ExecuteArguments(const Portal& portal, const sql::Execute& execute,
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
  const auto catalog = parts_.block->Catalog();
  sql::BindContext context = parts_.compiler->MakeBindContext(catalog.get());
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
  OMEN_ASSIGN_OR_RETURN(auto plan, parts_.database->MakePlan(std::move(statement), catalog));
  OMEN_ASSIGN_OR_RETURN(Row values,
                        parts_.runner->RunOneRow(std::move(plan), portal.params, "EXECUTE"));
  OMEN_CHECK(values.size() >= types.size());
  values.resize(types.size());
  return values;
}

Status SessionStatements::RunExecute(Portal* portal, const sql::Execute& execute,
                                     const RunRequest& request, Sink& to, RunResult* result) {
  const std::string explain = execute.explain;
  OMEN_ASSIGN_OR_RETURN(const std::shared_ptr<PreparedStatement> prepared,
                        parts_.prepared->Find(execute.name));
  if (prepared->compiled->statement == nullptr) return Status::Ok();
  OMEN_RETURN_IF_ERROR(parts_.prepared->Revalidate(prepared.get()));
  CompiledPtr compiled = prepared->compiled;
  if (portal->state == Portal::State::kReady) {
    OMEN_ASSIGN_OR_RETURN(Row params, ExecuteArguments(*portal, execute, *prepared));
    if (!explain.empty()) {
      OMEN_ASSIGN_OR_RETURN(compiled, parts_.compiler->CompileText(explain + prepared->text,
                                                                   prepared->declared_types));
    }
    portal->params = std::move(params);
    portal->compiled = compiled;
  }
  if (compiled->plan == nullptr) return NotSupported("EXECUTE of this statement");
  return parts_.runner->Run(portal, request, to, result);
}

Status SessionStatements::RunDeallocate(const sql::Deallocate& deallocate) {
  if (deallocate.name.empty()) {
    parts_.prepared->CloseNamed();
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(parts_.prepared->Find(deallocate.name).status().Clone());
  parts_.prepared->Close(deallocate.name);
  return Status::Ok();
}

Status SessionStatements::RunDiscard(sql::Discard::What what) {
  switch (what) {
    case sql::Discard::What::kPlans:
      parts_.compiler->ForgetPlans();
      return Status::Ok();
    case sql::Discard::What::kSequences:
      parts_.hooks->ForgetSequences();
      return Status::Ok();
    case sql::Discard::What::kTemp:
      return Status::Ok();
    case sql::Discard::What::kAll:
      break;
  }
  if (parts_.block->InBlock()) {
    return Status(sqlstate::kActiveTransaction,
                  "DISCARD ALL cannot run inside a transaction block");
  }
  parts_.portals->CloseDeclared();
  OMEN_RETURN_IF_ERROR(parts_.settings->ResetAll());
  parts_.prepared->CloseNamed();
  parts_.compiler->ForgetPlans();
  parts_.hooks->ForgetSequences();
  return Status::Ok();
}

bool SessionStatements::ReturnsRows(const Compiled& compiled) const {
  if (compiled.plan != nullptr) return compiled.plan->returns_rows();
  return !OutputsOf(compiled).empty();
}

std::vector<sql::OutputColumn> SessionStatements::OutputsOf(const Compiled& compiled) const {
  if (compiled.plan != nullptr) return compiled.plan->outputs();
  if (const auto* show = compiled.As<sql::ShowVariable>()) return OutputsOfShow(*show);
  if (const auto* fetch = compiled.As<sql::Fetch>()) {
    if (fetch->move) return {};
    auto cursor = parts_.portals->FindCursor(fetch->name);
    return cursor.ok() ? OutputsOf(*(*cursor)->compiled) : std::vector<sql::OutputColumn>();
  }
  if (const auto* execute = compiled.As<sql::Execute>()) {
    auto prepared = parts_.prepared->Find(execute->name);
    if (!prepared.ok()) return {};
    if (!execute->explain.empty()) return {{"QUERY PLAN", {oid::kText, -1}}};
    return OutputsOf(*(*prepared)->compiled);
  }
  return {};
}

}  // namespace omen::session
