// What a relation's name in FROM stands for.
#pragma once

#include <memory>

#include "sql/binding/binding.h"
#include "sql/grammar/internal/node_names.h"

namespace omen::sql {

/// The table, view or system relation. 42P01 when there is none.
Result<Relation> RelationOf(Binding& binding, const ::RangeVar& node);
Relation TableRelation(std::shared_ptr<const catalog::Table> table);
/// A common table seen from `scope`: whether there is one, and the error of a reference to it that
/// it does not take.
bool FindCte(Scope* scope, const ::RangeVar& node, Relation* relation, Status* status);

}  // namespace omen::sql
