#include "session/catalogue/privilege_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "session/setting/setting_definition.h"

namespace omen::session {
namespace {

constexpr std::string_view kTable = "has_table_privilege";
constexpr std::string_view kSchema = "has_schema_privilege";
constexpr std::string_view kDatabase = "has_database_privilege";

constexpr std::string_view kTableWords[] = {"select",   "insert",     "update", "delete",
                                            "truncate", "references", "trigger"};
constexpr std::string_view kSchemaWords[] = {"create", "usage"};
constexpr std::string_view kDatabaseWords[] = {"create", "temporary", "temp", "connect"};

std::span<const std::string_view> WordsOf(std::string_view function) {
  if (function == kTable) return kTableWords;
  if (function == kSchema) return kSchemaWords;
  return kDatabaseWords;
}

std::string_view WithoutSpaces(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\n\v\f\r";
  const size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

/// Whether the list names any privilege that can be had: RULE is none, but may be asked for.
Result<bool> NamesPrivilege(std::string_view function, std::string_view list) {
  constexpr std::string_view kGrantable = " with grant option";
  bool any = false;
  while (true) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string_view chunk = WithoutSpaces(list.substr(0, comma));
    std::string word = ToLower(chunk);
    if (word.ends_with(kGrantable)) word.resize(word.size() - kGrantable.size());
    const bool rule = function == kTable && word == "rule";
    if (!rule && std::ranges::find(WordsOf(function), word) == WordsOf(function).end()) {
      return Status(sqlstate::kInvalidParameter,
                    fmt::format("unrecognized privilege type: \"{}\"", chunk));
    }
    any = any || !rule;
    if (comma == list.size()) return any;
    list.remove_prefix(comma + 1);
  }
}

Result<bool> RoleExists(const catalog::Snapshot& snapshot, const Value& role, bool is_name) {
  if (role.is_null()) return true;
  if (is_name) {
    const std::string_view name = role.AsBytes();
    if (name == "public" || snapshot.FindRole(name) != nullptr) return true;
    return Status(sqlstate::kUndefinedObject, fmt::format("role \"{}\" does not exist", name));
  }
  return std::ranges::any_of(snapshot.All(catalog::ObjectClass::kRole), [&](const auto* object) {
    return catalog::OidOf(*object) == static_cast<Oid>(role.AsInt());
  });
}

Status CheckName(const RelationNames& names, std::string_view database, std::string_view function,
                 std::string_view name) {
  if (function == kTable) return names.Find(name).status();
  if (function == kSchema) {
    if (names.snapshot->FindSchema(name) != nullptr) return Status::Ok();
    return Status(sqlstate::kInvalidSchemaName, fmt::format("schema \"{}\" does not exist", name));
  }
  if (name == database) return Status::Ok();
  return Status(SqlState{"3D000"}, fmt::format("database \"{}\" does not exist", name));
}

bool IsThere(const RelationNames& names, std::string_view function, Oid object) {
  if (function == kTable) return !names.NameOf(object).empty();
  if (function == kSchema) return names.snapshot->FindSchema(object) != nullptr;
  return object == catalog::kDatabaseOid;
}

}  // namespace

bool IsPrivilegeFunction(std::string_view function) {
  return function == kTable || function == kSchema || function == kDatabase;
}

Result<Value> HasPrivilege(const RelationNames& names, std::string_view database,
                           std::string_view function, std::span<const Value> args) {
  OMEN_ASSIGN_OR_RETURN(const bool role, RoleExists(*names.snapshot, args[0], args[1].AsBool()));
  const bool by_name = args[3].AsBool();
  if (by_name) OMEN_RETURN_IF_ERROR(CheckName(names, database, function, args[2].AsBytes()));
  OMEN_ASSIGN_OR_RETURN(const bool privilege, NamesPrivilege(function, args[4].AsBytes()));
  if (!by_name && !IsThere(names, function, static_cast<Oid>(args[2].AsInt()))) {
    return Value::Null();
  }
  return Value::Bool(role && privilege);
}

}  // namespace omen::session
