// The order in which the actions of one ALTER TABLE are done.
#pragma once

#include <cstddef>
#include <vector>

#include "base/status.h"
#include "catalog/schema.h"
#include "sql/tree/statement.h"

namespace omen::exec {

/// The actions as PostgreSQL takes them, whatever the order of writing.
std::vector<const sql::AlterAction*> InPasses(const std::vector<sql::AlterAction>& actions);

/// How many actions from `first` on are one change: all type changes are, for each USING reads
/// the row as it was before any of them.
size_t SameChange(const std::vector<const sql::AlterAction*>& actions, size_t first);

/// A column that goes is not there for the other actions: 42703.
Status CheckDropsApart(const catalog::Table& table, const std::vector<sql::AlterAction>& actions);

}  // namespace omen::exec
