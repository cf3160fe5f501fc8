// Who may change what. There is no GRANT: reading and writing rows is open to every role,
// definitions belong to their owners and to superusers.
#pragma once

#include "exec/ddl/ddl_run.h"

namespace omen::exec {

/// 42501 in PostgreSQL's words where the user may not run this schema change, before it takes a
/// lock. What does not exist is left to the change itself. A kind of statement that is not
/// known here is refused to all but superusers.
Status CheckPrivileges(DdlRun* run, const sql::StatementBody& body);

/// The same for a table that has been found and locked: between the check and the lock, another
/// may have taken its name.
Status RequireOwner(DdlRun* run, const catalog::Table& table);

}  // namespace omen::exec
