#include "sql/clause/target_match.h"

#include <fmt/format.h>

#include "sql/binding/lookup.h"
#include "sql/clause/group_check.h"
#include "sql/grammar/internal/node_location.h"
#include "sql/operand/copy.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// The name of an unqualified column reference, else null.
const char* BareName(const Node* node) {
  const auto* column = NodeAs<ColumnRef>(node, T_ColumnRef);
  if (column == nullptr || Items<>(column->fields).size() != 1) return nullptr;
  const Node* field = Items<>(column->fields)[0];
  return NodeAs<::String>(field, T_String) ? Text(field) : nullptr;
}

}  // namespace

Result<int> TargetMatcher::IndexOf(const Node* node, Clause clause) {
  std::vector<TargetEntry>& targets = scope_.query->targets;
  int found = -1;
  if (const char* name = BareName(node)) {
    int location = reinterpret_cast<const ColumnRef*>(node)->location;
    if (clause == Clause::kGroupBy) {
      // In GROUP BY a column of FROM at this level wins over an output's name.
      OMEN_ASSIGN_OR_RETURN(ExprPtr column, NameLookup(binding_).FindColumn(name, location));
      if (column && column->levels_up == 0) return -1;
    }
    for (size_t i = 0; i < targets.size(); ++i) {
      if (targets[i].output.name != name) continue;
      if (found < 0) found = static_cast<int>(i);
      if (SameExpr(*targets[static_cast<size_t>(found)].expr, *targets[i].expr)) continue;
      return Status(sqlstate::kAmbiguousColumn,
                    fmt::format("{} \"{}\" is ambiguous", ClauseName(clause), name))
          .At(location);
    }
  }
  if (const auto* constant = NodeAs<A_Const>(node, T_A_Const)) {
    if (constant->isnull || nodeTag(&constant->val) != T_Integer) {
      return Status(sqlstate::kSyntaxError,
                    fmt::format("non-integer constant in {}", ClauseName(clause)))
          .At(constant->location);
    }
    int position = constant->val.ival.ival;
    if (position < 1 || position > static_cast<int>(targets.size())) {
      return Status(
                 sqlstate::kInvalidColumnReference,
                 fmt::format("{} position {} is not in select list", ClauseName(clause), position))
          .At(constant->location);
    }
    found = position - 1;
  }
  if (found >= 0 && clause == Clause::kGroupBy) {
    OMEN_RETURN_IF_ERROR(CheckGroupTarget(*targets[static_cast<size_t>(found)].expr));
  }
  return found;
}

ExprResult TargetMatcher::Match(const Node* node, Clause clause) {
  OMEN_ASSIGN_OR_RETURN(int target, IndexOf(node, clause));
  if (target >= 0) {
    return CopyAt(binding_.state(), *scope_.query->targets[static_cast<size_t>(target)].expr,
                  LeftmostLocation(node));
  }
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, exprs_.BindExpr(node, clause));
  return AsGroupKey(*scope_.query, std::move(expr));
}

}  // namespace omen::sql
