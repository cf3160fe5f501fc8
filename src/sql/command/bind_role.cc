// CREATE, ALTER and DROP of roles.

#include <fmt/format.h>

#include <string>

#include "sql/command/bind_statement.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

// What a role may not be given, because nothing here would do it. A superuser has it anyway.
bool IsPrivilege(std::string_view option) {
  return option == "createdb" || option == "createrole" || option == "isreplication" ||
         option == "bypassrls";
}

Status RoleOption(const DefElem& option, CreateRole* role, const char** privilege) {
  const std::string_view name = option.defname;
  if (name == "password") {
    role->password = option.arg == nullptr ? "" : OptionText(option);
  } else if (name == "superuser") {
    role->superuser = OptionBool(option);
  } else if (name == "canlogin") {
    role->login = OptionBool(option);
  } else if (IsPrivilege(name)) {
    if (OptionBool(option)) *privilege = option.defname;
  } else if (name == "connectionlimit") {
    OMEN_ASSIGN_OR_RETURN(const int64_t limit, OptionInt(option));
    if (limit != -1) return NotSupported("CONNECTION LIMIT of a role").At(option.location);
  } else if (name != "inherit") {
    return NotSupported(fmt::format("role option \"{}\"", name)).At(option.location);
  }
  return Status::Ok();
}

Status RoleOptions(const List* options, CreateRole* role) {
  const char* privilege = nullptr;
  OMEN_RETURN_IF_ERROR(CheckOnce(options));
  for (const DefElem* option : Items<DefElem>(options)) {
    OMEN_RETURN_IF_ERROR(RoleOption(*option, role, &privilege));
  }
  if (privilege == nullptr || role->superuser.value_or(false)) return Status::Ok();
  return NotSupported(fmt::format("role option \"{}\" without SUPERUSER", privilege));
}

}  // namespace

Result<CreateRole> BindCreateRole(const CreateRoleStmt& node) {
  CreateRole role;
  role.name = node.role;
  role.login = node.stmt_type == ROLESTMT_USER;
  OMEN_RETURN_IF_ERROR(RoleOptions(node.options, &role));
  return role;
}

Result<CreateRole> BindAlterRole(UtilityContext* context, const AlterRoleStmt& node) {
  CreateRole role;
  role.alter = true;
  OMEN_ASSIGN_OR_RETURN(role.name, RoleName(*context->state, *node.role));
  OMEN_RETURN_IF_ERROR(RoleOptions(node.options, &role));
  return role;
}

Result<DropRole> BindDropRole(const DropRoleStmt& node) {
  DropRole drop;
  drop.if_exists = node.missing_ok;
  for (const RoleSpec* role : Items<RoleSpec>(node.roles)) {
    if (role->roletype != ROLESPEC_CSTRING) {
      return Status(sqlstate::kInvalidParameter, "cannot use special role specifier in DROP ROLE");
    }
    drop.names.push_back(role->rolename);
  }
  return drop;
}

}  // namespace omen::sql
