// The server as pg_catalog shows it: databases, roles, settings, activity.
#include "exec/system/system_definition.h"

namespace omen::exec {
namespace {

using catalog::kPgCatalogSchema;

functions::SessionHooks* HooksOf(const SystemContext& context) {
  return context.statement->call.hooks;
}

std::string DatabaseName(const SystemContext& context) {
  functions::SessionHooks* hooks = HooksOf(context);
  return hooks != nullptr ? hooks->CurrentDatabase() : "omendb";
}

std::vector<const catalog::Role*> RolesOf(const SystemContext& context) {
  std::vector<const catalog::Role*> roles;
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kRole)) {
    roles.push_back(&std::get<catalog::Role>(*object));
  }
  return roles;
}

Status PgDatabase(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_database", out);
  rows.Begin();
  rows.Int("oid", catalog::kDatabaseOid).Text("datname", DatabaseName(context));
  rows.Int("datdba", OwnerOid(context.catalog, "")).Int("encoding", 6);
  rows.Text("datlocprovider", "c").Bool("datallowconn", true).Int("datconnlimit", -1);
  rows.Int("dattablespace", 1663).Text("datcollate", "C.UTF-8").Text("datctype", "C.UTF-8");
  return Status::Ok();
}

void AddRole(SystemRows* rows, const catalog::Role& role) {
  rows->Begin();
  rows->Int("oid", role.oid).Text("rolname", role.name).Bool("rolsuper", role.superuser);
  rows->Bool("rolinherit", true).Bool("rolcreaterole", role.superuser);
  rows->Bool("rolcreatedb", role.superuser).Bool("rolcanlogin", role.can_login);
  rows->Bool("rolbypassrls", role.superuser).Int("rolconnlimit", -1);
}

Status PgRoles(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_roles", out);
  for (const catalog::Role* role : RolesOf(context)) {
    AddRole(&rows, *role);
    rows.Text("rolpassword", "********");
  }
  return Status::Ok();
}

// Password verifiers are not shown, to superusers either.
Status PgAuthid(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_authid", out);
  for (const catalog::Role* role : RolesOf(context)) AddRole(&rows, *role);
  return Status::Ok();
}

template <bool kShadow>
Status PgUser(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, kShadow ? "pg_shadow" : "pg_user", out);
  for (const catalog::Role* role : RolesOf(context)) {
    if (!role->can_login) continue;
    rows.Begin();
    rows.Text("usename", role->name).Int("usesysid", role->oid);
    rows.Bool("usesuper", role->superuser).Bool("usecreatedb", role->superuser);
    rows.Bool("usebypassrls", role->superuser);
    if (!kShadow) rows.Text("passwd", "********");
  }
  return Status::Ok();
}

Status PgSettings(const SystemContext& context, std::vector<Row>* out) {
  static constexpr const char* kNames[] = {"application_name",
                                           "bytea_output",
                                           "client_encoding",
                                           "client_min_messages",
                                           "DateStyle",
                                           "default_transaction_isolation",
                                           "default_transaction_read_only",
                                           "extra_float_digits",
                                           "idle_in_transaction_session_timeout",
                                           "integer_datetimes",
                                           "IntervalStyle",
                                           "lock_timeout",
                                           "max_identifier_length",
                                           "max_index_keys",
                                           "omendb.freshness",
                                           "omendb.route",
                                           "search_path",
                                           "server_encoding",
                                           "server_version",
                                           "server_version_num",
                                           "standard_conforming_strings",
                                           "statement_timeout",
                                           "TimeZone",
                                           "transaction_isolation",
                                           "transaction_read_only"};
  functions::SessionHooks* hooks = HooksOf(context);
  if (hooks == nullptr) return Status::Ok();
  SystemRows rows(kPgCatalogSchema, "pg_settings", out);
  for (const char* name : kNames) {
    OMEN_ASSIGN_OR_RETURN(Value value, hooks->Setting(name, true));
    if (value.is_null()) continue;
    rows.Begin();
    rows.Text("name", name).Set("setting", value).Text("category", "Session");
    rows.Text("short_desc", "").Text("context", "user").Text("vartype", "string");
    rows.Text("source", "session").Set("boot_val", value).Set("reset_val", value);
  }
  return Status::Ok();
}

Status PgTablespace(const SystemContext& context, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_tablespace", out);
  const std::pair<Oid, const char*> spaces[] = {{1663, "pg_default"}, {1664, "pg_global"}};
  for (const auto& [oid, name] : spaces) {
    rows.Begin();
    rows.Int("oid", oid).Text("spcname", name).Int("spcowner", OwnerOid(context.catalog, ""));
  }
  return Status::Ok();
}

Status PgStatActivity(const SystemContext& context, std::vector<Row>* out) {
  functions::SessionHooks* hooks = HooksOf(context);
  if (hooks == nullptr) return Status::Ok();
  SystemRows rows(kPgCatalogSchema, "pg_stat_activity", out);
  rows.Begin();
  rows.Int("datid", catalog::kDatabaseOid).Text("datname", DatabaseName(context));
  rows.Int("pid", hooks->BackendPid()).Text("usename", context.statement->user);
  rows.Int("usesysid", OwnerOid(context.catalog, context.statement->user));
  rows.Text("state", "active").Text("query", context.statement->text);
  rows.Text("backend_type", "client backend");
  OMEN_ASSIGN_OR_RETURN(Value application, hooks->Setting("application_name", true));
  rows.Set("application_name", application.is_null() ? Value::Text("") : application);
  rows.Set("query_start", Value::Int(context.statement->call.statement_micros));
  rows.Set("xact_start", Value::Int(context.statement->call.transaction_micros));
  return Status::Ok();
}

/// There is no archive, so nothing was ever archived or failed to be.
Status PgStatArchiver(const SystemContext&, std::vector<Row>* out) {
  SystemRows(kPgCatalogSchema, "pg_stat_archiver", out).Begin();
  return Status::Ok();
}

}  // namespace

void AddPgServerProducers(ProducerTable* table) {
  (*table)["pg_database"] = PgDatabase;
  (*table)["pg_roles"] = PgRoles;
  (*table)["pg_authid"] = PgAuthid;
  (*table)["pg_user"] = PgUser<false>;
  (*table)["pg_shadow"] = PgUser<true>;
  (*table)["pg_settings"] = PgSettings;
  (*table)["pg_tablespace"] = PgTablespace;
  (*table)["pg_stat_activity"] = PgStatActivity;
  (*table)["pg_stat_archiver"] = PgStatArchiver;
}

}  // namespace omen::exec
