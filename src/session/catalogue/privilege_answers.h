// has_table_privilege() and its like. There is no GRANT: every role has every privilege on what
// there is, so the answers tell mostly what there is and which words are privileges.
#pragma once

#include <span>
#include <string_view>

#include "session/catalogue/relation_names.h"
#include "types/value.h"

namespace omen::session {

bool IsPrivilegeFunction(std::string_view function);

/// `args`: the role (null: the session's own), whether it is a name; the object, whether it is a
/// name; the privileges. Null for an object's OID that nothing has. 42P01, 3F000, 3D000 and 42704
/// for names of nothing, 22023 for words that are no privileges.
Result<Value> HasPrivilege(const RelationNames& names, std::string_view database,
                           std::string_view function, std::span<const Value> args);

}  // namespace omen::session
