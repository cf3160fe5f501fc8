#include "session/catalogue/relation_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "functions/kernel/quoting.h"
#include "session/setting/setting_definition.h"

namespace omen::session {
namespace {

Oid FindIndexOid(const catalog::Snapshot& snapshot, Oid schema, std::string_view name) {
  const catalog::Table* table = snapshot.FindIndexOwner(schema, name);
  if (table == nullptr) return oid::kInvalid;
  for (const catalog::Index& index : table->indexes) {
    if (index.name == name) return index.oid;
  }
  return oid::kInvalid;
}

std::pair<Oid, std::string> SchemaAndName(const catalog::Object& object) {
  return std::visit(
      [](const auto& o) -> std::pair<Oid, std::string> {
        if constexpr (requires { o.schema; }) return {o.schema, o.name};
        return {oid::kInvalid, std::string()};
      },
      object);
}

/// "a"."B c" or a.b into its parts, unquoted ones in lower case. False when malformed.
bool SplitQualifiedName(std::string_view text, std::vector<std::string>* parts) {
  std::string list;
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    list += c == '.' && !quoted ? ',' : c;
  }
  return SplitIdentifiers(list, parts) && !parts->empty() && parts->size() <= 3;
}

}  // namespace

std::vector<std::string> RelationNames::Schemas(bool include_implicit) const {
  std::vector<std::string> schemas;
  const bool named = std::ranges::find(path, "pg_catalog") != path.end();
  if (include_implicit && !named) schemas.emplace_back("pg_catalog");
  for (const std::string& schema : path) {
    if (snapshot->FindSchema(schema) != nullptr) schemas.push_back(schema);
  }
  return schemas;
}

Result<Oid> RelationNames::Find(std::string_view name) const {
  std::vector<std::string> parts;
  if (!SplitQualifiedName(name, &parts)) {
    return Status(sqlstate::kInvalidName, "invalid name syntax");
  }
  const std::string& relation = parts.back();
  Oid found = oid::kInvalid;
  auto look = [&](const catalog::Schema* schema) {
    if (schema == nullptr || found != oid::kInvalid) return;
    const catalog::Object* object = snapshot->FindRelation(schema->oid, relation);
    found = object != nullptr ? catalog::OidOf(*object)
                              : FindIndexOid(*snapshot, schema->oid, relation);
  };
  if (parts.size() > 1) {
    const std::string& name_of_schema = parts[parts.size() - 2];
    const catalog::Schema* schema = snapshot->FindSchema(name_of_schema);
    if (schema == nullptr) {
      return Status(sqlstate::kInvalidSchemaName,
                    fmt::format("schema \"{}\" does not exist", name_of_schema));
    }
    look(schema);
  } else {
    for (const std::string& schema : Schemas(true)) look(snapshot->FindSchema(schema));
  }
  if (found != oid::kInvalid) return found;
  std::string shown = parts.size() > 1 ? parts[parts.size() - 2] + "." + relation : relation;
  return Status(sqlstate::kUndefinedTable, fmt::format("relation \"{}\" does not exist", shown));
}

std::string RelationNames::NameOf(Oid relation) const {
  std::pair<Oid, std::string> found;
  if (const catalog::Object* object = snapshot->FindRelation(relation)) {
    found = SchemaAndName(*object);
  } else if (auto [table, index] = snapshot->FindIndex(relation); index != nullptr) {
    found = {table->schema, index->name};
  } else {
    return std::string();
  }
  std::string quoted = functions::QuoteIdentifier(found.second);
  auto visible = Find(quoted);
  if (visible.ok() && *visible == relation) return quoted;
  const catalog::Schema* schema = snapshot->FindSchema(found.first);
  return schema == nullptr ? quoted : functions::QuoteQualified(schema->name, found.second);
}

}  // namespace omen::session
