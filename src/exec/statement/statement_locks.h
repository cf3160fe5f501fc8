// Relation locks of one statement, taken before its view so that what it was planned
// against still holds when it reads.
#pragma once

#include "base/result.h"
#include "exec/statement/transaction.h"
#include "sql/tree/statement.h"

namespace omen::exec {

/// Locks every table the statement names (AccessShare to read, RowExclusive to write,
/// RowShare for row locks), then checks that none changed since it was bound. A changed one
/// gives the stale-plan error: bind again and retry.
Status LockStatementTables(const sql::Statement& statement, const catalog::Snapshot& bound_against,
                           Transaction* transaction);

/// True for the error that asks the session to bind and plan anew.
bool IsStalePlan(const Status& status);
Status StalePlan();

}  // namespace omen::exec
